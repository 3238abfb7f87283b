"""The choices that the keys of a rule file leave, and what each means."""

from typing import Annotated, Literal, get_args

from fpcheck.schema import Meanings

Severity = Annotated[
    Literal["严重", "重要", "一般", "提示"],
    Meanings(
        严重="违反法律法规，要有法规或地方文件作依据",
        重要="违反文件的明确要求，要有法规或地方文件作依据",
        一般="不合规范，应当改；界限或依据只是惯例的，最多到这一级",
        提示="提醒看一看，不影响报送",
    ),
]
Confidence = Annotated[
    Literal["高", "中", "低"],
    Meanings(
        高="按数或明文判断，命中了就是毛病",
        中="多半是毛病，少数情形另有道理",
        低="看措辞，由人看一遍再定",
    ),
]
Category = Annotated[
    Literal["目标", "指标", "资金", "产出", "效益", "管理制度", "过程", "自评质量", "报送"],
    Meanings(
        目标="绩效目标：有没有、清不清楚、和计划预算合不合",
        指标="绩效指标：全不全、能不能衡量",
        资金="预算、到位、支出和执行率",
        产出="做了多少、及时不及时",
        效益="带来的效果、满意度",
        管理制度="项目和资金的管理办法",
        过程="实施过程：分工、公示、核对",
        自评质量="自评的打分和得分",
        报送="表填得齐不齐、日期对不对",
    ),
]
CATEGORIES: tuple[str, ...] = get_args(get_args(Category)[0])
Role = Annotated[
    Literal["问题", "亮点", "结论", "核对"],
    Meanings(
        问题="查出毛病，计入问题数；不写“结果”就是它",
        亮点="值得肯定，不计入问题数",
        结论="看前面的规则发现了什么，说一句总的话",
        核对="表上看不出来、要人对照资料才能定的事：命中和无法判断的列入核对清单，不计入问题数",
    ),
]
CrossCheck = Annotated[
    Literal["是", "否"],
    Meanings(
        是="只要表填对了，这几个数就一定对得上",
        否="不用来推算；不写“勾稽”就是它",
    ),
]
Adding = Annotated[
    Literal["是", "否"],
    Meanings(
        是="加进下面一层的同名词表",
        否="代替下面一层的同名词表；不写“补充”就是它",
    ),
]
Verdict = Annotated[
    Literal["命中", "通过", "无法判断", "不适用"],
    Meanings(
        命中="适用、条件全部成立，除非一句也不成立",
        通过="有一处确定不成立",
        无法判断="缺了数，定不下来",
        不适用="有一句“适用”不成立，或这种表没有规则要看的字段",
    ),
]
Force = Annotated[
    Literal["法规", "地方", "惯例"],
    Meanings(
        法规="全国适用的法律、行政法规和财政部文件",
        地方="本地的文件",
        惯例="评价报告、表样等，只支持“一般”和“提示”",
    ),
]
FORCES: tuple[str, ...] = get_args(get_args(Force)[0])  # the strongest first
Decision = Annotated[
    Literal["可报送", "需修改", "需人工核对"],
    Meanings(
        可报送="没有要改的，可以报送",
        需修改="有要改的问题",
        需人工核对="要由人看一遍再定",
    ),
]
Seen = Annotated[
    Literal["全部", "部分"],
    Meanings(
        全部="程序看得全：没有命中就得满分，比率多少就得多少",
        部分="程序只看得出一部分：没有命中也要人再看，比率只是最多能得的；不写“可判”就是它",
    ),
]
Listed = Annotated[
    Literal["是", "否"],
    Meanings(
        是="列进报告的汇总；不写“列出”就是它",
        否="只供评分等别处用，不列进汇总",
    ),
]
