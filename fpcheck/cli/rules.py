"""`fpcheck rules …`: for those who write rules."""

import json
import sys
from datetime import date
from pathlib import Path

import click

from fpcheck.cli.options import USAGE, day, known_region, known_rules, loaded, rulebook_options, rules_option
from fpcheck.document import Unreadable
from fpcheck.problem import Problem, why_not
from fpcheck.rulebook.fault import RulebookFault
from fpcheck.rulebook.pack import TABLES, is_yaml

KIND = click.Choice(["rule", *TABLES, "wordlists"])
LISTS = ("text", "json", "markdown")
OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), metavar="文件", help="写到文件，不写到屏幕。")
SHAPE = click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="输出的样式。")


@click.group(options_metavar="[选项]", subcommand_metavar="命令 …")
def rules() -> None:
    """看规则、查规则的错、跑规则的样例。"""


@rules.command("list", options_metavar="[选项]")
@click.option(
    "--format", "shape", type=click.Choice(LISTS), default="text", help="输出的样式；markdown 是整本规则目录。"
)
@OUTPUT
@rulebook_options
def list_rules(shape: str, output: Path | None, folders: tuple[Path, ...], without: tuple[str, ...]) -> None:
    """列出全部规则，一行一条；markdown 还列出界限、词表和没有做成规则的。"""
    from fpcheck.authoring.catalogue import Catalogue  # noqa: PLC0415 - each command imports what it needs
    from fpcheck.authoring.describe import as_record, in_a_line  # noqa: PLC0415

    rulebook = loaded(folders, without)
    listed = [rule for _, rule in sorted(rulebook.by_id.items())]
    if shape == "markdown":
        text = Catalogue(rulebook, folders, without).text()
    elif shape == "json":
        text = json.dumps([as_record(rule, rulebook) for rule in listed], ensure_ascii=False, indent=2)
    else:
        text = "\n".join(in_a_line(rule, rulebook) for rule in listed)
    _put(text, output, data=shape != "text")


@rules.command("show", options_metavar="[选项]")
@click.argument("number", metavar="编号")
@click.option("--as-of", callback=day, metavar="日期", help="看哪一天的界限。")
@click.option("--region", metavar="地区", help="看哪里的界限；不写就看规则自己的地区。")
@rulebook_options
def show_rule(
    number: str, as_of: date | None, region: str | None, folders: tuple[Path, ...], without: tuple[str, ...]
) -> None:
    """看一条规则：条件、界限及其来历、依据、样例。"""
    from fpcheck.authoring.describe import describe  # noqa: PLC0415

    rulebook = loaded(folders, without)
    known_rules(rulebook, [number])
    rule = rulebook.by_id[number]
    where = known_region(rulebook, rule.rule.region if region is None else region)
    click.echo("\n".join(describe(rule, rulebook, where, as_of or date.max)))


@rules.command("lint", options_metavar="[选项]")
@SHAPE
@rulebook_options
def lint_rules(shape: str, folders: tuple[Path, ...], without: tuple[str, ...]) -> None:
    """查规则文件的错，一次全部列出。没有错时退出码为 0，有错为 2；“提醒”的不算错。"""
    from fpcheck.authoring.describe import replacements  # noqa: PLC0415
    from fpcheck.rulebook.load import load_rulebook  # noqa: PLC0415

    problems: list[Problem] = []
    hints: tuple[Problem, ...] = ()
    sound = ""
    try:
        rulebook = load_rulebook(folders, without)
        hints = rulebook.hints
        remarks = [f"提醒：{hint}" for hint in hints]
        sound = "\n".join([f"{len(rulebook.by_id)} 条规则，没有错。", *replacements(rulebook), *remarks])
    except RulebookFault as fault:
        problems = fault.problems
    if shape == "json":
        click.echo(json.dumps([problem.as_json() for problem in problems], ensure_ascii=False, indent=2))
        for hint in hints:
            click.echo(f"提醒：{hint}", err=True)
    else:
        click.echo("\n".join(map(str, problems)) or sound)
    sys.exit(USAGE if problems else 0)


@rules.command("test", options_metavar="[选项]")
@click.argument("numbers", nargs=-1, metavar="[编号]…")
@rulebook_options
def test_rules(numbers: tuple[str, ...], folders: tuple[Path, ...], without: tuple[str, ...]) -> None:
    """跑规则自带的样例。全部相符时退出码为 0，有不符为 1。"""
    from fpcheck.authoring.examples import run_examples  # noqa: PLC0415

    rulebook = loaded(folders, without)
    known_rules(rulebook, numbers)
    results = list(run_examples(rulebook, numbers))
    failed = [result for result in results if not result.right]
    for result in failed:
        click.echo(str(result))
    click.echo(f"{len(results)} 个样例，{len(failed)} 个不符。")
    sys.exit(1 if failed else 0)


@rules.command("schema", options_metavar="[选项]")
@click.option("--kind", type=KIND, default="rule", help="给哪种文件用：rule 规则，wordlists 词表，其余同文件名。")
@OUTPUT
@rules_option
def schema_of_rules(kind: str, output: Path | None, folders: tuple[Path, ...]) -> None:
    """输出规则文件的 JSON Schema：编辑器靠它提示名称和选项、解释、标出错处。规则有错时也能用。"""
    from fpcheck.authoring.offers import find_offers  # noqa: PLC0415
    from fpcheck.authoring.rule_schema import rule_schema  # noqa: PLC0415

    if output and (output.suffix.lower() in (".yaml", ".yml") or output.name.split() != [output.name]):
        raise click.BadParameter("文件名要以 .json 结尾，中间没有空格，如 规则.schema.json", param_hint="--output")
    try:
        offers = find_offers(folders)
    except Unreadable as unreadable:
        raise click.BadParameter(str(unreadable), param_hint="--rules") from None
    for remark in offers.remarks:
        click.echo(str(remark), err=True)
    if offers.remarks:
        click.echo("以上文件里的名称没有列入，改用随附规则的名称；改好以后请再生成一次。", err=True)
    text = json.dumps(rule_schema(offers, kind), ensure_ascii=False, indent=1)
    _put(text, output)
    if output is None:
        return
    click.echo(f"写好了。规则文件的第一行写：# yaml-language-server: $schema={output.name}", err=True)
    click.echo(f"规则放在下一级文件夹里的，写 $schema=../{output.name}", err=True)


def _put(text: str, output: Path | None, *, data: bool = True) -> None:
    """Write to a file, which must not be taken for a rule, or to stdout."""
    if output is None:
        click.echo(text.encode() if data else text)  # data are UTF-8 on any console
        return
    if is_yaml(output.name):
        raise click.BadParameter("文件名不能以 .yaml 结尾，会被当作规则", param_hint="--output")
    try:
        output.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.BadParameter(f"写不了 {output}（{why_not(error)}）", param_hint="--output") from None


@rules.command("score", options_metavar="[选项]")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="标注文件或文件夹…")
@SHAPE
@rulebook_options
def score_rules(paths: tuple[Path, ...], shape: str, folders: tuple[Path, ...], without: tuple[str, ...]) -> None:
    """拿专家标注过的指标和目标量一量规则：查准多少、查全多少、错在哪里。

    退出码：0 全部读出，2 用法或规则有误，3 有标注没有读出（其余照样评）。
    """
    from fpcheck.authoring.corpus import read_corpus  # noqa: PLC0415
    from fpcheck.authoring.score import score  # noqa: PLC0415
    from fpcheck.authoring.score_text import as_dict, lines  # noqa: PLC0415

    rulebook = loaded(folders, without)
    corpus = read_corpus(paths)
    scores = score(corpus, rulebook)
    if shape == "json":
        click.echo(json.dumps(as_dict(scores, corpus, rulebook.digest), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines(scores, corpus)))
    for problem in (*corpus.problems, *corpus.remarks):
        click.echo(str(problem), err=True)
    sys.exit(3 if corpus.problems or not scores else 0)
