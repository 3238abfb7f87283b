"""`fpcheck form …`: the forms themselves."""

import json

import click


@click.group(options_metavar="[选项]", subcommand_metavar="命令 …")
def form() -> None:
    """填报材料的格式。"""


@form.command("schema", options_metavar="[选项]")
def schema() -> None:
    """输出填报材料的 JSON Schema（中文名和英文名）。"""
    from fpcheck.submission import json_schema  # noqa: PLC0415 - each command imports what it needs
    from fpcheck.terms import shipped_glossary  # noqa: PLC0415

    click.echo(json.dumps(json_schema(shipped_glossary()), ensure_ascii=False, indent=2))
