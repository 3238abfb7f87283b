"""What can be checked is judged by word lists of the rule pack: the shipped ones, or one's own."""

import shutil
from pathlib import Path

import pytest

import fpcheck
from fpcheck.quantity import parse
from fpcheck.rulebook.load import load_rulebook
from fpcheck.terms import rules_folder
from fpcheck.wording import JUDGING, JUDGING_LISTS, Listed, Wording, hits, wording_of
from fpcheck.wordlists import shipped_lists, shipped_wording

JUDGED = Path(__file__).parent / "quantity" / "judged.tsv"


def rows() -> list[list[str]]:
    lines = JUDGED.read_text(encoding="utf-8").splitlines()
    return [[text.replace("\\n", "\n").replace("\\t", "\t") for text in line.split("\t")] for line in lines]


def test_the_cells_of_the_labelled_set_are_judged_as_they_were() -> None:
    """The golden file was written when the lists still stood in the package: 可衡量, cell, name, unit.

    Five cells of it were not read at that time and are now; 优良 has since become a grade. A figure without a unit is
    judged by its name now, a change by its figure, and more names are slogans.
    """
    other = [(row, found) for row in rows() if (found := parse(*row[1:]).measurable) != row[0]]
    assert other == []
    assert len(rows()) > 900
    assert {row[0] for row in rows()} == {"yes", "partly", "no"}


def test_the_parser_alone_judges_by_the_lists_of_the_shipped_rules() -> None:
    lists = load_rulebook().wording.lists
    assert shipped_wording() == Wording({name: plain(lists[name]) for name in JUDGING})


def plain(words) -> Listed:
    return Listed(words.words, words.exceptions, words.patterns)


def test_every_list_that_judges_is_shipped_and_does_judge() -> None:
    assert {*shipped_lists()} >= {*JUDGING}
    for name in JUDGING_LISTS:
        lists = {one: words for one, words in shipped_lists().items() if one.partition(".")[0] != name}
        without = wording_of(lists)
        cells = [
            *(row[1:] for row in rows()),
            ["主汛期前", "", ""],
            ["填写完成情况", "", ""],
            ["2023年", "完成时间", ""],
            ["90%", "提高规范程度", ""],
            ["前三", "全县考核排名", ""],
        ]
        assert any(parse(*cell, without) != parse(*cell) for cell in cells), name


# a pack of one's own


def own(folder: Path, *lists: str) -> Path:
    (folder / "wordlists").mkdir(parents=True)
    for text in lists:
        name = text.partition("\n")[0].removeprefix("名称: ")
        (folder / "wordlists" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def found(value: str, *folders: Path, name: str = "社区服务", without: tuple[str, ...] = ()) -> set[str]:
    """The rules about how a value is worded that hit."""
    form = {"年度": "2023", "表种": "综合", "指标": [{"三级指标": name, "指标值": value}]}
    result = fpcheck.check(form, load_rulebook(folders, without))
    return {one.rule for one in result.findings} & {"FP301", "FP302", "FP304", "FP327", "FP328", "FP309"}


ADDED = {
    "a state": ("颗粒归仓", "FP328", "FP304", "名称: 可核对状态\n含义: 试写\n补充: 是\n词: [归仓]\n"),
    "a state of one character": ("绿", "FP302", "FP304", "名称: 可核对状态\n含义: 试写\n补充: 是\n词: [绿]\n"),
    "what can be proved": (
        "登上央视新闻",
        "FP328",
        None,
        '名称: 可核对说法\n含义: 试写\n补充: 是\n匹配: ["登上.{0,6}新闻"]\n',
    ),
    "a degree": (
        "圆满完成",
        "FP304",
        "FP301",
        "名称: 含糊词\n含义: 试写\n补充: 是\n词: [圆满]\n分级:\n  程度: [圆满]\n",
    ),
    "a word that is only named": (
        "圆满完成",
        "FP304",
        "FP304",
        "名称: 含糊词\n含义: 试写\n补充: 是\n词: [圆满]\n分级:\n  口气: [圆满]\n",
    ),
    "a grade": ("甲优/乙优", "FP328", "FP327", "名称: 档名\n含义: 试写\n补充: 是\n词: [甲优, 乙优]\n"),
    "a class": ("国标乙档", "FP328", "FP327", '名称: 等级名\n含义: 试写\n补充: 是\n匹配: ["国标.档"]\n'),
    "an exception": ("大体完成", "FP304", "FP328", "名称: 可核对状态\n含义: 试写\n补充: 是\n除外: [大体完成]\n"),
    "a word taken out": ("已完成", "FP304", "FP328", "名称: 可核对状态\n含义: 试写\n补充: 是\n除外: [完成]\n"),
    "a list replaced": ("已完成", "FP304", "FP328", "名称: 可核对状态\n含义: 试写\n词: [归仓]\n"),
    "a list replaced without levels": ("圆满完成", "FP304", "FP301", "名称: 含糊词\n含义: 试写\n词: [圆满]\n"),
}


@pytest.mark.parametrize(("value", "before", "after", "written"), ADDED.values(), ids=ADDED)
def test_ones_own_list_decides(tmp_path, value, before, after, written) -> None:
    assert found(value) == {before}
    assert found(value, own(tmp_path / "own", written)) == ({after} if after else set())


def test_a_slogan_for_a_name_is_judged_by_ones_own_list(tmp_path) -> None:
    folder = own(tmp_path / "own", '名称: 名称口号\n含义: 试写\n补充: 是\n匹配: ["^赋能"]\n')
    assert parse("90%", "赋能产业", None).measurable == "partly"
    assert parse("90%", "赋能产业", None, load_rulebook(folder).wording).measurable == "no"


def test_explaining_shows_how_the_value_is_judged(tmp_path) -> None:
    folder = own(tmp_path / "own", ADDED["a state"][-1])
    form = {"年度": "2023", "表种": "综合", "指标": [{"三级指标": "秋收", "指标值": "颗粒归仓"}]}
    told = [str(fpcheck.explain(form, "FP328", load_rulebook(folders))) for folders in ((), (folder,))]
    assert ["partly" in text for text in told] == [False, True]


def test_two_layers_may_add(tmp_path) -> None:
    more = own(tmp_path / "more", "名称: 可核对状态\n含义: 试写\n补充: 是\n词: [绿]\n")
    folders = (own(tmp_path / "own", ADDED["a state"][-1]), more)
    assert found("颗粒归仓", *folders) == found("绿", *folders) == found("已完成", *folders) == {"FP304"}


def test_a_word_graded_again_leaves_its_level(tmp_path) -> None:
    folder = own(tmp_path / "own", "名称: 含糊词\n含义: 试写\n补充: 是\n分级:\n  口气: [基本]\n")
    assert found("基本完成") == {"FP301"}
    assert found("基本完成", folder) == {"FP304"}


def test_of_what_a_whole_pack_lacks_the_shipped_list_is_taken(tmp_path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(rules_folder(), whole)
    (whole / "wordlists" / "可核对状态.yaml").unlink()
    assert found("已完成", whole) == {"FP304"}


def test_a_list_left_out_has_no_words() -> None:
    assert found("已完成", without=("可核对状态.yaml",)) == {"FP328"}


def test_a_list_that_judges_is_used(tmp_path) -> None:
    hints = load_rulebook(
        own(tmp_path / "own", *(written for *_, written in [ADDED["a state"], ADDED["a class"]]))
    ).hints
    assert [hint for hint in hints if "词表" in hint.message] == []


# looking for words


def test_what_a_pattern_finds_is_told_once_and_not_inside_an_exception() -> None:
    listed = Listed(("完成", "较好"), ("较好水平",), ("较[高好快]",))
    assert hits("较快较高完成，较快", listed) == ["完成", "较快", "较高"]
    assert hits("达到较好水平", listed) == []
    assert hits("较好，达到较好水平", listed) == ["较好"]


def test_without_lists_nothing_is_found() -> None:
    empty = Wording({})
    assert not any(empty.has(name, "完成") for name in JUDGING)
    assert {parse(text, None, None, empty).measurable for text in ("完成", "优/良", "优:90", "一等奖", "明显")} == {
        "no"
    }
