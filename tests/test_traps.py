"""The traps of YAML and of a Chinese keyboard: each means what it says, or is told where it stands with what to write.

One row a trap: what is written instead of a line of a sound file, and what it means or how it is told.
"""

import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from fpcheck import document
from fpcheck.cli import app
from fpcheck.document import MAX_DEPTH, read_text, read_yaml
from fpcheck.intake import Forms, read_paths
from fpcheck.reading import every_name
from fpcheck.rulebook.load import RulebookFault, load_rulebook
from fpcheck.schema import plain
from fpcheck.terms import rules_folder, shipped_glossary
from fpcheck.unquoted import trimmed

HERE = Path(__file__).parent
RULE = """编号: FP999
名称: 支出比例低
类型: spending-low
类别: 资金
级别: 一般
把握: 高
依据:
  - 五华2023: 四（二）
生效: 2020-02-25
对象: 项目
适用:
  - 下达金额 > 0
条件:
  - 支出金额 / 下达金额 < 参数.下达执行率下限
标注: 支出金额
问题: "{实施单位}支出{支出金额}，低于{参数.下达执行率下限}。"
整改: 请说明原因。
建议: 提高完成及时率
样例:
  - 名称: 低
    给定: {年度: 2023, 下达金额: 100元, 支出金额: 53元}
    结论: 命中
  - 名称: 够
    给定: {年度: 2023, 下达金额: 100元, 支出金额: 95元}
    结论: 通过
  - 名称: 缺
    给定: {年度: 2023, 表种: 综合, 下达金额: 100元}
    结论: 无法判断
"""
FORM = """项目名称: 五个先锋
实施单位: 一街
年度: 2023
表种: 综合
支出金额: 53元
下达金额: 100元
年度目标: 发放奖励
指标:
  - 三级指标: 社区数
    指标性质: "="
    指标值: 6
    度量单位: 个
  - {三级指标: 满意度, 指标性质: "≥", 指标值: 90, 度量单位: "%"}
材料:
  - 材料名称: 通知
    是否提供: 是
"""


def told(place, message, write):
    """A trap that is told: line:column, a part of what is wrong, a part of what to write."""
    return "told", place, message, write


def means(key, value):
    """A trap that means what it says: `key` then has `value`."""
    return "means", key, value, ""


LEVEL = "级别: 一般"
FIX = "整改: 请说明原因。"
WHEN = "  - 下达金额 > 0"
GIVEN = "    给定: {年度: 2023, 下达金额: 100元, 支出金额: 53元}"
MESSAGE = '问题: "{实施单位}支出{支出金额}，低于{参数.下达执行率下限}。"'

RULE_TRAPS = [
    # YAML's own types: everything is text until a key says otherwise
    (FIX, "整改: no", means("整改", "no")),
    (FIX, "整改: yes", means("整改", "yes")),
    (FIX, "整改: 12:30", means("整改", "12:30")),
    (FIX, "整改: 0123", means("整改", "0123")),
    (FIX, "整改: 1_000", means("整改", "1_000")),
    (FIX, "整改: 12e3", means("整改", "12e3")),
    (FIX, "整改: 1.10", means("整改", "1.10")),
    (FIX, "整改: 0871", means("整改", "0871")),
    (FIX, "整改: =", means("整改", "=")),
    (FIX, "整改: 2020-02-25", means("整改", "2020-02-25")),
    (FIX, "整改: http://x.cn/a:b", means("整改", "http://x.cn/a:b")),
    (LEVEL, f"{LEVEL}\non: 是", told("6:1", "没有“on”这一项", "可以写的有")),
    (LEVEL, f"{LEVEL}\n启用: yes", told("6:1", "没有“启用”这一项", "可以写的有")),
    # a value that begins with a sign of YAML's
    (FIX, "整改: >= 95%", told("17:5", "以 > 开头", "单引号")),
    (FIX, "整改: >", told("17:5", "单独一个 >", "'>'")),
    (FIX, "整改: |", told("17:5", "单独一个 |", "没有内容就不写")),
    (FIX, "整改: {支出金额}低于", told("17:5", "以 { 开头，后面还有文字", "单引号")),
    (FIX, "整改: {支出金额}", told("17:6", "“支出金额”后面没有冒号", "整句加半角引号")),
    (FIX, "整改: [错误]后", told("17:5", "以 [ 开头，后面还有文字", "单引号")),
    (FIX, "整改: [错误]", told("17:5", "这里要写文字", "去掉方括号")),
    (FIX, "整改: '十四五'规划", told("17:5", "以 ' 开头，后面还有文字", "单引号")),
    (FIX, "整改: *必填", told("17:5", "以 * 开头", "单引号")),
    (FIX, "整改: &必填", told("17:5", "以 & 开头", "单引号")),
    (FIX, "整改: !重要", told("17:5", "以 ! 开头", "单引号")),
    (FIX, "整改: @全体", told("17:5", "以 @ 开头", "单引号")),
    (FIX, "整改: %x", told("17:5", "以 % 开头", "单引号")),
    (FIX, "整改: `x`", told("17:5", "以 ` 开头", "单引号")),
    (FIX, "整改: - 先查", told("17:5", "“- ”的位置不对", "另起一行")),
    (FIX, "整改: 原因: 未执行", told("17:7", "冒号的位置不对", "要加引号")),
    (WHEN, "  - 原因: 未执行", told("12:5", "要写文字", "整句加引号")),
    ("编号: FP999", "%规则\n编号: FP999", told("1:1", "以 % 开头，YAML 当作指令", "前面加 #")),
    ("编号: FP999", "%YAML 1.2\n---\n编号: FP999", told("1:1", "以 % 开头", "请删去")),
    ("编号: FP999", "规则一\n编号: FP999", told("1:1", "这一行缺少冒号", "前面加 #")),
    # colons
    (LEVEL, "级别：一般", told("5:3", "冒号要用半角", "级别: ")),
    (LEVEL, "级别:一般", told("5:4", "后面要空一格", "级别: …")),
    (LEVEL, "级别；一般", told("5:1", "缺少冒号", "名称: 内容")),
    (LEVEL, "级别=一般", told("5:1", "缺少冒号", "名称: 内容")),
    (LEVEL, "级别 一般", told("5:1", "缺少冒号", "名称: 内容")),
    (LEVEL, "级别 : 一般", means("级别", "一般")),
    ("名称: 支出比例低", "名称：支出比例低", told("2:3", "冒号要用半角", "名称: ")),
    ("  - 名称: 低", "  - 名称：低", told("20:7", "冒号要用半角", "名称: ")),
    (GIVEN, "    给定：{年度: 2023}", told("21:7", "冒号要用半角", "给定: ")),
    (GIVEN, "    给定:{年度: 2023}", told("21:8", "后面要空一格", "给定: …")),
    ("    结论: 命中", "    结论：命中", told("22:7", "冒号要用半角", "结论: ")),
    ("    结论: 命中", "    结论:命中", told("22:8", "后面要空一格", "结论: …")),
    ("  - 五华2023: 四（二）", "  - 五华2023：四（二）", told("8:3", "写成“来源: 条款”", "五华2023: 四（二）")),
    ("  - 五华2023: 四（二）", "  - 五华2023:四（二）", told("8:3", "写成“来源: 条款”", "五华2023: 四（二）")),
    (GIVEN, GIVEN.replace("年度: ", "年度："), told("21:10", "“年度：2023”后面没有冒号", "冒号要用半角")),
    (GIVEN, GIVEN.replace("年度: ", "年度:"), told("21:10", "“年度:2023”后面没有冒号", "冒号后面要空一格")),
    (GIVEN, "    给定:\n      年度：2023\n      下达金额: 1元", told("22:9", "冒号要用半角", "空一格")),
    (GIVEN, "    给定:\n      年度：2023\n      下达金额：1元", told("22:7", "字段: 内容", "半角")),
    # brackets and commas
    (GIVEN, GIVEN.replace(", 下", "，下"), told("21:18", "逗号要用半角", "文字里的逗号不用改")),
    (GIVEN, "    给定: {年度: 2023，下达金额：100元}", told("21:14", "“下达金额”没有读入", "半角")),
    (GIVEN, GIVEN.replace("{", "｛").replace("}", "｝"), told("21:9", "括号要用半角", "半角")),
    (GIVEN, GIVEN.replace("}", "｝"), told("21:41", "括号要用半角", "半角")),
    (GIVEN, "    给定: ｛年度：2023，下达金额：100元｝", told("21:9", "字段: 内容", "半角")),
    (GIVEN, GIVEN.removesuffix("}"), told("21:9", "{ 没有配对", "补上另一半")),
    (GIVEN, "    给定: 甲", told("21:9", "字段: 内容", "项目名称: …")),
    (GIVEN, GIVEN.replace("2023,", "2023, 实施单位: 甲（东, 西）,"), told("21:31", "“西）”后面没有冒号", "加半角引号")),
    (WHEN, "  - 实施单位 属于 【“甲”】", told("12:13", "认不出“【”", "[ 或 (")),
    (WHEN, "  - 下达金额 》 0", told("12:10", "没有“》”这个写法", "写成 >")),
    (WHEN, "  - 下达金额 ＞ ０", means("适用", ("下达金额 ＞ ０",))),
    (WHEN, "  - 下达金额（ > 0", told("12:11", "这里不该是“>”", "名称")),
    # quotes
    (LEVEL, "级别: “一般”", told("5:5", "只能写", "中文引号")),
    ("标注: 支出金额", "“标注”: 支出金额", told("15:1", "没有““标注””", "请写 标注")),
    ("生效: 2020-02-25", "生效: “2020-02-25”", told("9:5", "不是日期", "2023-12-31")),
    ("生效: 2020-02-25", "生效: '2020-02-25'", means("名称", "支出比例低")),
    (WHEN, "  - “下达金额 > 0”", told("12:5", "要写一个判断", "不要再加引号")),
    (WHEN, '  - "下达金额 > 0"', means("适用", ("下达金额 > 0",))),
    (MESSAGE, "问题: “{实施单位}支出: 多”", told("16:5", "中文引号不起引号的作用", "半角引号")),
    (MESSAGE, "问题: “{实施单位}”支出多", means("问题", "“{实施单位}”支出多")),
    (FIX, '整改: "请说明原因。', told("17:5", "引号没有配对", '补上 "')),
    (FIX, '整改: "请说明原因。”', told("17:5", "引号没有配对", "中文引号“ ”不能当作另一半")),
    (WHEN, "  - \"实施单位 匹配 '\\d'\"", told("12:15", "反斜线", "改用单引号")),
    # blanks and what cannot be seen
    (WHEN, "\u3000- 下达金额 > 0", told("12:1", "行首缩进用了全角空格", "半角空格")),
    (WHEN, "\u00a0\u00a0- 下达金额 > 0", told("12:1", "行首缩进用了全角空格", "半角空格")),
    (WHEN, "\t- 下达金额 > 0", told("12:1", "制表符", "半角空格")),
    (WHEN, "  -\u3000下达金额 > 0", told("12:4", "“-”后面的空格要用半角", "- 下达金额 > 0")),
    (WHEN, "  -\u00a0下达金额 > 0", told("12:4", "“-”后面的空格要用半角", "- 下达金额 > 0")),
    (WHEN, "  -\t下达金额 > 0", told("12:4", "“-”后面的空格要用半角", "- 下达金额 > 0")),
    (LEVEL, "级别:\t一般", means("级别", "一般")),
    (LEVEL, "级别:\u3000一般", told("5:4", "后面要空一格", "级别: …")),
    (LEVEL, "级别:\u00a0一般", told("5:4", "后面要空一格", "级别: …")),
    (LEVEL, "级别: \u3000一般", means("级别", "一般")),
    (LEVEL, "级别: 一般\u3000", means("级别", "一般")),
    (LEVEL, "级别: 一般\u00a0", means("级别", "一般")),
    (LEVEL, "级别: 一般\u200b", means("级别", "一般")),
    (LEVEL, "\u200b级别: 一般", means("级别", "一般")),
    (LEVEL, "级别\u3000: 一般", means("级别", "一般")),
    (FIX, "整改: 请说明\u2028原因。", means("整改", "请说明 原因。")),
    (FIX, "整改: 请说明\x85原因。", means("整改", "请说明 原因。")),
    (FIX, "整改: 请说明\x07原因。", told("", "看不见的控制字符", "删去")),
    # list marks
    (WHEN, "  -下达金额 > 0", told("12:3", "“-”后面要空一格", "- 下达金额 > 0")),
    (WHEN, "  － 下达金额 > 0", told("12:3", "不是“－”", "- 下达金额 > 0")),
    (WHEN, "  – 下达金额 > 0", told("12:3", "不是“–”", "- 下达金额 > 0")),
    (WHEN, "  —— 下达金额 > 0", told("12:3", "不是“—”", "- 下达金额 > 0")),
    (WHEN, "  − 下达金额 > 0", told("12:3", "不是“−”", "- 下达金额 > 0")),
    (WHEN, "  • 下达金额 > 0", told("12:3", "不是“•”", "- 下达金额 > 0")),
    (WHEN, "  · 下达金额 > 0", told("12:3", "不是“·”", "- 下达金额 > 0")),
    (WHEN, "  * 下达金额 > 0", told("12:3", "以 * 开头", "单引号")),
    (WHEN, "  1. 下达金额 > 0", told("12:3", "要写列表", "1. 下达金额")),
    (WHEN, f"{WHEN}\n  － 支出金额 > 0", told("13:3", "不是“－”", "- 支出金额 > 0")),
    # comments that are none
    (FIX, "整改: 请说明原因 #见附件", told("17:11", "“#见附件”", "整句加半角引号")),
    (FIX, "整改: 请说明原因  # 见附件", means("整改", "请说明原因")),
    (FIX, "整改: 请说明#原因", means("整改", "请说明#原因")),
    (FIX, '整改: "请说明 #1"', means("整改", "请说明 #1")),
    (FIX, "整改: #请说明原因", told("17:5", "“#请说明原因”", "整句加半角引号")),
    (FIX, "整改: 请说明（第 # 3 项）原因", told("17:11", "“# 3 项）原因”", "整句加半角引号")),
    (WHEN, '  - 实施单位 含有 " #1"', told("12:15", '“#1"”', "整句加半角引号")),
    (WHEN, '  - 实施单位 含有 " # 1"', told("12:15", '“# 1"”', "整句加半角引号")),
    (WHEN, "  - 下达金额 > 0 #注", told("12:14", "“#注”", "# 后面空一格")),
    (WHEN, "  - 下达金额 > 0 # 注", means("适用", ("下达金额 > 0",))),
    ("条件:\n", "条件: #都要成立\n", means("名称", "支出比例低")),
    (GIVEN, GIVEN.replace("2023,", "2023, 实施单位: 甲 #1,"), told("21:28", "“#1, 下达金额", "整句加半角引号")),
    # twice, several, borrowed
    (LEVEL, f"{LEVEL}\n级别: 提示", told("6:1", "“级别”写了两次（第一次在第 5 行）", "只留一个")),
    (LEVEL, f"{LEVEL}\n级别\u3000: 提示", told("6:1", "“级别”写了两次", "只留一个")),
    ("样例:\n", "---\n样例:\n", told("1:1", "一个文件只写一份", "对照")),
    (LEVEL, f"{LEVEL}\n<<: {{甲: 乙}}", told("6:1", "没有“<<”这一项", "可以写的有")),
    (LEVEL, f"{LEVEL}\n<<: *a", told("6:5", "不能用 * 引用", "原样再写一遍")),
    (LEVEL, "级别: &a 一般", told("5:5", "以 & 开头", "单引号")),
    (LEVEL, "级别: !!str 一般", told("5:5", "以 ! 开头", "单引号")),
    (LEVEL, "? 级别\n: 一般", means("级别", "一般")),
    (FIX, f"整改: {'[' * 99}{']' * 99}", told("17:24", f"嵌套超过 {MAX_DEPTH} 层", "括号")),
    # left empty
    (LEVEL, "级别:", told("5:4", "只能写 严重、重要", "现在是空的")),
    ("建议: 提高完成及时率", "建议:", told("18:4", "“建议”是空的", "删去")),
    ("建议: 提高完成及时率", "建议: ''", told("18:5", "“建议”是空的", "删去")),
    # not in line
    ("    结论: 命中", "   结论: 命中", told("22:4", "缩进没有对齐", "左对齐")),
    ("    结论: 命中", "     结论: 命中", told("22:6", "缩进没有对齐", "左对齐")),
    ("类别: 资金", " 类别: 资金", told("4:4", "冒号的位置不对", "左对齐")),
    (FIX, "整改: 请说明\n原因。", told("18:1", "缺少冒号", "往里缩两格")),
    (FIX, "整改: 请说明\n  原因。", means("整改", "请说明 原因。")),
]
FORM_TRAPS = [
    # YAML's own types
    ("项目名称: 五个先锋", "项目名称: no", means("项目名称", "no")),
    ("项目名称: 五个先锋", "项目名称: 12:30", means("项目名称", "12:30")),
    ("项目名称: 五个先锋", "项目名称: 0123", means("项目名称", "0123")),
    ("项目名称: 五个先锋", "项目名称: 0871", means("项目名称", "0871")),
    ("项目名称: 五个先锋", "项目名称: 1.10", means("项目名称", "1.10")),
    ("项目名称: 五个先锋", "项目名称: 2020-02-25", means("项目名称", "2020-02-25")),
    ("    是否提供: 是", "    是否提供: yes", means("材料.0.是否提供", True)),
    ("    是否提供: 是", "    是否提供: on", told("16:11", "看不出", "是 或 否")),
    ("支出金额: 53元", "支出金额: 1_000元", told("5:7", "不是数", "57.69万元")),
    ("支出金额: 53元", "支出金额: 1,000元", means("支出金额", 100_000)),
    ("支出金额: 53元", "支出金额: 1，000元", means("支出金额", 100_000)),
    ("支出金额: 53元", "支出金额: 12e3元", means("支出金额", 1_200_000)),
    ("支出金额: 53元", "支出金额: 1.10元", means("支出金额", 110)),
    ("支出金额: 53元", "支出金额: ５３元", means("支出金额", 5300)),
    ('指标性质: "="', "指标性质: =", means("指标.0.指标性质", "=")),
    ('指标性质: "="', "指标性质: <", means("指标.0.指标性质", "<")),
    ('指标性质: "="', "指标性质: ≥", means("指标.0.指标性质", "≥")),
    ("表种: 综合", "表种: 综合\non: 1", told("5:1", "没有“on”这个字段", "")),
    # a value that begins with a sign of YAML's
    ('指标性质: "="', "指标性质: >=", told("10:11", "以 > 开头", "单引号")),
    ('指标性质: "="', "指标性质: >", told("10:11", "单独一个 >", "'>'")),
    ("    是否提供: 是", "    是否提供: >", told("16:11", "单独一个 >", "'>'")),
    ('指标性质: "≥"', "指标性质: >", told("13:23", "以特殊符号开头", "加上引号")),
    ('指标性质: "≥"', "指标性质: >=", told("13:23", "以特殊符号开头", "加上引号")),
    ('度量单位: "%"', "度量单位: %", told("13:43", "以特殊符号开头", "加上引号")),
    ("度量单位: 个", "度量单位: %", told("12:11", "以 % 开头", "单引号")),
    ("年度目标: 发放奖励", "年度目标: {甲}发放", told("7:7", "以 { 开头，后面还有文字", "单引号")),
    ("年度目标: 发放奖励", "年度目标: {甲}", told("7:8", "“甲”后面没有冒号", "加半角引号")),
    ("年度目标: 发放奖励", "年度目标: [甲]", told("7:7", "只能写一个值", "整句加引号")),
    ("年度目标: 发放奖励", "年度目标: [甲]后", told("7:7", "以 [ 开头，后面还有文字", "单引号")),
    ("年度目标: 发放奖励", "年度目标: *必填", told("7:7", "以 * 开头", "单引号")),
    ("年度目标: 发放奖励", "年度目标: !重要", told("7:7", "以 ! 开头", "单引号")),
    ("年度目标: 发放奖励", "年度目标: 目标: 发放", told("7:9", "冒号的位置不对", "要加引号")),
    ("年度目标: 发放奖励", "年度目标: '十四五'规划", told("7:7", "以 ' 开头，后面还有文字", "单引号")),
    ("项目名称: 五个先锋", "绩效目标申报表\n项目名称: 五个先锋", told("1:1", "缺少冒号", "前面加 #")),
    ("项目名称: 五个先锋", "%表\n项目名称: 五个先锋", told("1:1", "以 % 开头", "请删去")),
    # colons
    ("年度: 2023", "年度：2023", told("3:3", "冒号要用半角", "年度: ")),
    ("项目名称: 五个先锋", "项目名称：五个先锋", told("1:5", "冒号要用半角", "项目名称: ")),
    ("年度: 2023", "年度:2023", told("3:4", "后面要空一格", "年度: …")),
    ("年度: 2023", "年度；2023", told("3:1", "缺少冒号", "名称: 内容")),
    ("    指标值: 6", "    指标值：6", told("11:8", "冒号要用半角", "指标值: ")),
    ("  - 三级指标: 社区数", "  - 三级指标：社区数", told("9:9", "冒号要用半角", "三级指标: ")),
    ("    指标值: 6", "    指标值:6", told("11:9", "后面要空一格", "指标值: …")),
    ("  - 三级指标: 社区数", "  - 三级指标:社区数", told("9:10", "后面要空一格", "三级指标: …")),
    ("指标值: 90", "指标值：90", told("13:28", "“指标值：90”后面没有冒号", "半角")),
    ("指标值: 90", "指标值:90", told("13:28", "“指标值:90”后面没有冒号", "空一格")),
    # brackets and commas
    ("满意度, ", "满意度，", told("13:15", "逗号要用半角", "“, ”")),
    ("满意度, 指标性质: ", "满意度，指标性质：", told("13:12", "“指标性质”没有读入", "半角")),
    ("满意度, ", "满意度（社区, 居民）, ", told("13:20", "“居民）”后面没有冒号", "加半角引号")),
    ("{三级指标", "｛三级指标", told("13:5", "括号要用半角", "半角")),
    ('"%"}', '"%"｝', told("13:46", "括号要用半角", "半角")),
    ('"%"}', '"%"', told("13:5", "{ 没有配对", "补上另一半")),
    ("材料:\n  - 材料名称: 通知\n    是否提供: 是\n", "材料: ［］\n", told("14:5", "应是列表", "半角的 []")),
    ("材料:\n  - 材料名称: 通知\n    是否提供: 是\n", "材料: 【】\n", told("14:5", "应是列表", "半角的 []")),
    ("材料:\n  - 材料名称: 通知\n    是否提供: 是\n", "材料: 无\n", told("14:5", "应是列表", "没有就写")),
    ("材料:\n  - 材料名称: 通知\n    是否提供: 是\n", "材料: []\n", means("材料", [])),
    # quotes
    ("支出金额: 53元", "支出金额: “53元”", told("5:7", "“53元”外面有引号", "写成 53元")),
    ("年度: 2023", "年度: “2023”", told("3:5", "“2023”外面有引号", "写成 2023")),
    ("表种: 综合", "表种: “综合”", told("4:5", "“综合”外面有引号", "写成 综合")),
    ("年度: 2023", "年度: '2023'", means("年度", 2023)),
    ("项目名称: 五个先锋", "项目名称: “五个先锋”", means("项目名称", "“五个先锋”")),
    ("项目名称: 五个先锋", "项目名称: “五个先锋: 二期”", told("1:7", "中文引号不起引号的作用", "半角引号")),
    ("项目名称: 五个先锋", '项目名称: "五个先锋', told("1:7", "引号没有配对", '补上 "')),
    # blanks and what cannot be seen
    ("    指标值: 6", "　　指标值: 6", told("11:1", "行首缩进用了全角空格", "半角空格")),
    ("  - 三级指标: 社区数", "　- 三级指标: 社区数", told("9:1", "行首缩进用了全角空格", "半角空格")),
    ("  - 三级指标: 社区数", "  -　三级指标: 社区数", told("9:4", "“-”后面的空格要用半角", "- 三级指标")),
    ("表种: 综合", "表种: 综合　", means("表种", "综合")),
    ("表种: 综合", "表种: 综合\u200b", means("表种", "综合")),
    ("表种: 综合", "\u200b表种: 综合", means("表种", "综合")),
    ("表种: 综合", "表种　: 综合", means("表种", "综合")),
    ("年度目标: 发放奖励", "年度目标: 发放\u2028奖励", means("年度目标", "发放 奖励")),
    # list marks
    ("  - 三级指标: 社区数", "  -三级指标: 社区数", told("9:3", "“-”后面要空一格", "- 三级指标")),
    ("  - 三级指标: 社区数", "  － 三级指标: 社区数", told("9:3", "不是“－”", "- 三级指标")),
    ("  - 三级指标: 社区数", "  — 三级指标: 社区数", told("9:3", "不是“—”", "- 三级指标")),
    ("  - 材料名称: 通知\n    是否提供: 是", "  ● 通知", told("15:3", "不是“●”", "- 通知")),
    # comments that are none
    ("项目名称: 五个先锋", "项目名称: 五个先锋 #2期", told("1:12", "“#2期”", "整句加半角引号")),
    ("项目名称: 五个先锋", "项目名称: #2期", told("1:7", "“#2期”", "整句加半角引号")),
    ("项目名称: 五个先锋", "项目名称: 五个先锋（第 # 2期）", told("1:14", "“# 2期）”", "整句加半角引号")),
    ("支出金额: 53元", "支出金额: 53元 #见凭证", told("5:11", "“#见凭证”", "# 后面空一格")),
    ("支出金额: 53元", "支出金额: 53元 # 见凭证", means("支出金额", 5300)),
    ("满意度, ", "满意度 #1, ", told("13:16", "“#1, 指标性质", "整句加半角引号")),
    ("材料:\n", "材料: #没有\n", means("材料.0.材料名称", "通知")),
    # twice, several, borrowed
    ("年度: 2023", "年度: 2023\n年度: 2024", told("4:1", "“年度”写了两次（第一次在第 3 行）", "只留一个")),
    ("年度: 2023", "年度: 2023\n<<: {实施单位: 甲}", told("4:1", "没有“<<”这个字段", "")),
    ("年度: 2023", "年度: &a 2023", told("3:5", "以 & 开头", "单引号")),
    ("年度: 2023", "预算年度: 2023", told("3:1", "没有“预算年度”这个字段", "这里应写“年度”")),
    ("年度目标: 发放奖励", f"年度目标: {'[' * 99}{']' * 99}", told("7:26", f"嵌套超过 {MAX_DEPTH} 层", "括号")),
    # not in line
    ("年度目标: 发放奖励", "年度目标: 发放奖励\n覆盖全部社区", told("8:1", "缺少冒号", "往里缩两格")),
    ("年度目标: 发放奖励", "年度目标: 发放奖励\n  覆盖全部社区", means("年度目标", "发放奖励 覆盖全部社区")),
    ("年度目标: 发放奖励", "年度目标: |\n  一是：甲 #1\n  -二", means("年度目标", "一是:甲 #1-二")),
]


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    shutil.copytree(HERE / "pack", folder / "pack")
    shutil.copy(rules_folder() / "terms.yaml", folder / "pack")
    (folder / "more").mkdir()
    return folder


def the_rule(pack, data):
    """Load the rule among the small pack's: the rule, or what is said about it."""
    file = pack / "more" / "x.yaml"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    try:
        return load_rulebook([pack / "pack", pack / "more"]).by_id["FP999"].rule, []
    except RulebookFault as fault:
        return None, fault.problems


def the_form(folder, data):
    """Read the form: its values by name, `表.行.字段` for those of a row, and what is said about it."""
    file = folder / "form.yaml"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    intake = read_paths([file], Forms(shipped_glossary()))
    values = {}
    for submission in intake.submissions:
        rows = {(table, n): row for table, found in submission.tables.items() for n, row in enumerate(found)}
        values |= {name: cell.value for name, cell in submission.project.cells.items()}
        values |= {f"{t}.{n}.{name}": c.value for (t, n), row in rows.items() for name, c in row.cells.items()}
        values |= {table: [] for table, found in submission.tables.items() if not found}
    return values, intake.problems


def is_told(problems, place, message, write):
    assert len(problems) == 1, problems
    assert ":".join(str(n) for n in (problems[0].where.line, problems[0].where.column) if n) == place
    assert message in problems[0].message
    assert write in problems[0].hint


def row_id(row):
    return repr(row[1].split("\n")[-1] if len(row[1]) > 60 else row[1])


@pytest.mark.parametrize("row", RULE_TRAPS, ids=row_id)
def test_a_trap_in_a_rule(row, pack):
    old, new, (outcome, *rest) = row
    assert RULE.count(old) == 1
    rule, problems = the_rule(pack, RULE.replace(old, new))
    if outcome == "told":
        is_told(problems, *rest)
    else:
        key, value, _ = rest
        assert problems == []
        assert rule.model_dump(by_alias=True)[key] == value


@pytest.fixture(params=["CBaseLoader", "BaseLoader"])
def parser(request, monkeypatch):
    """Both of PyYAML's parsers: libyaml, and the one in Python where that is not built in."""
    monkeypatch.setattr(document, "_LOADER", getattr(yaml, request.param))


@pytest.mark.parametrize("row", FORM_TRAPS, ids=row_id)
def test_a_trap_in_a_form(row, tmp_path, parser):
    old, new, (outcome, *rest) = row
    assert FORM.count(old) == 1
    values, problems = the_form(tmp_path, FORM.replace(old, new))
    if outcome == "told":
        is_told(problems, *rest)
    else:
        key, value, _ = rest
        assert problems == []
        assert values[key] == value


WORDS = "名称: 试词\n含义: 试写\n词: [明显, 显著]\n"
WORD_TRAPS = [
    ("词: [明显，显著]", told("3:5", "会当作一项，“，”不分开各项", "半角逗号")),
    ("词: [明显、显著]", told("3:5", "会当作一项，“、”不分开各项", "半角逗号")),
    ("词: [“明显”, 显著]", told("3:5", "“明显” 的中文引号会当作内容", "去掉引号")),
    ("词: [“明显, 显著]", told("3:5", "“明显 的中文引号会当作内容", "去掉引号")),
    ("词: 【明显, 显著】", told("3:4", "要写列表", "现在写的是")),
    ("词:[明显, 显著]", told("3:3", "后面要空一格", "词: …")),
    ("词：[明显, 显著]", told("3:2", "冒号要用半角", "词: ")),
    ("词: 明显，显著", told("3:4", "要写列表", "现在写的是")),
    ('词: ["“明显”", "显、著"]', None),
    ("词:\n  - “明显”\n  - 显、著", None),
    ("词: [明显, 显著]  # 注", None),
]


@pytest.mark.parametrize(("written", "outcome"), WORD_TRAPS, ids=[repr(row[0]) for row in WORD_TRAPS])
def test_a_trap_in_a_word_list(written, outcome, pack):
    file = pack / "more" / "wordlists" / "试词.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(WORDS.replace("词: [明显, 显著]", written), encoding="utf-8")
    _, problems = the_rule(pack, RULE)
    file.unlink()
    if outcome:
        is_told(problems, *outcome[1:])
    else:
        assert problems == []


def test_the_parser_in_python_reads_what_is_shipped(monkeypatch):
    monkeypatch.setattr(document, "_LOADER", yaml.BaseLoader)
    for path in sorted(rules_folder().rglob("*.yaml")):
        assert read_yaml(read_text(path, path.name), path.name)


# what is no trap

SIGNS = [
    *"#&*!|>@`%{}[],:?-'\"\\ 　：，、；。“”（）【】－—·~=<≥0１aA",
    "甲",
    "年度",
    "指标值",
    "\n",
    " #",
    ": ",
    "- ",
    "\u200b",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=12).map("".join))
def test_what_a_program_writes_as_yaml_is_never_a_slip(text):
    """A text that a YAML library wrote, in quotes where they are needed, is read as it is."""
    form = {"项目名称": text, "指标": [{"三级指标": text, "指标值": text}]}
    written = yaml.safe_dump(form, allow_unicode=True, width=10_000)
    [node] = read_yaml(written, "form.yaml", every_name(shipped_glossary()))
    assert plain(node)["项目名称"] in (text, trimmed(text), None)
    assert plain(node)["指标"][0]["指标值"] == plain(node)["项目名称"]


# how a file is stored


STORED = {
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "GB18030": lambda text: text.encode("gb18030"),
    "lines end in CR": lambda text: text.replace("\n", "\r").encode(),
    "lines end in CR LF": lambda text: text.replace("\n", "\r\n").encode(),
    "no end of the last line": lambda text: text.rstrip("\n").encode(),
    "between --- and ...": lambda text: f"---\n{text}...\n".encode(),
}


@pytest.mark.parametrize("how", STORED)
def test_a_rule_means_the_same_however_it_is_stored(how, pack):
    wanted, _ = the_rule(pack, RULE)
    found, problems = the_rule(pack, STORED[how](RULE))
    assert problems == []
    assert found == wanted


@pytest.mark.parametrize("how", STORED)
def test_a_form_means_the_same_however_it_is_stored(how, tmp_path):
    wanted, _ = the_form(tmp_path, FORM)
    found, problems = the_form(tmp_path, STORED[how](FORM))
    assert problems == []
    assert found == wanted


@pytest.mark.parametrize("how", ["lines end in CR", "GB18030"])
def test_a_faulty_rule_is_left_out_by_number_however_it_is_stored(how, pack):
    the_rule(pack, STORED[how](RULE.replace(LEVEL, "级别：一般")))
    folders = ["--rules", str(pack / "pack"), "--rules", str(pack / "more")]
    assert CliRunner().invoke(app, ["rules", "lint", *folders]).exit_code == 2
    assert CliRunner().invoke(app, ["rules", "lint", *folders, "--without", "FP999"]).exit_code == 0


@pytest.mark.parametrize("what", ["x\0y", "\ufffe", ""])
def test_what_is_no_text_is_told(what, pack):
    _, problems = the_rule(pack, what)
    assert len(problems) == 1
    assert problems[0].hint


def test_every_trap_of_a_file_comes_out_at_once(pack):
    text = (
        RULE.replace(LEVEL, "级别：一般").replace(WHEN, "  － 下达金额 > 0").replace("    结论: 命中", "    结论:命中")
    )
    assert [problem.where.line for problem in the_rule(pack, text)[1]] == [5, 12, 22]
