"""The quarterly check in every sub-branch of whether the policies are carried out."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ingest.demo import story
from ingest.demo.draws import pick, stream
from ingest.demo.timeline import Timeline, stated_period
from ingest.demo.writers import Cell, write_csv

POLICIES = {
    "消费投诉处理管理办法": ("投诉渠道在网点公示", "投诉登记要素完整", "按期告知处理结果"),
    "消保审查管理办法": ("应审事项全部送审", "审查意见落实后上线", "审查资料留存"),
    "个人客户信息保护细则": ("客户信息查询有授权", "含客户信息资料入柜", "外发信息经审批"),
    "适当性管理实施细则": ("风险测评由本人完成", "产品与客户风险等级匹配", "销售过程双录留痕"),
    "特殊群体服务指引": ("爱心窗口正常启用", "适老用品齐全", "上门服务有登记"),
}
_HEADER = ("序号", "受检机构", "制度名称", "检查事项", "检查日期", "执行情况", "检查人")
_RESULTS = {"已执行": 96.0, "未执行": 2.2, "不适用": 1.8}
_WEAK_RESULTS = {"已执行": 88.0, "未执行": 10.0, "不适用": 2.0}


@dataclass(frozen=True)
class Finding:
    """One checked item of one sub-branch."""

    sub_branch: str
    policy: str
    item: str
    day: date
    result: str


def make_policy_checks(timeline: Timeline, seed: int) -> list[Finding]:
    """Every checked item of the covered quarters; the checks are made in the middle month."""
    rng = stream(seed, "policy checks")
    found = []
    for first in timeline.months:
        if first.month % 3 != 2:
            continue
        for number, sub in enumerate(story.SUB_BRANCHES):
            day = first + timedelta(10 + number // 2)
            if day > timeline.end:
                continue
            results = _WEAK_RESULTS if sub.name in story.WEAK_POLICY_SUB_BRANCHES else _RESULTS
            for policy, items in POLICIES.items():
                found += [Finding(sub.name, policy, i, day, pick(rng, results)) for i in items]
    return found


def write_policy_checks(folder: Path, timeline: Timeline, findings: list[Finding]) -> Path:
    """Write the checks as GB18030 CSV."""
    path = folder / f"{story.PREFIX}制度执行检查表.csv"
    period = stated_period(timeline.start, timeline.end)
    rows: list[list[Cell]] = [[f"{story.BRANCH}制度执行检查表{story.MARK}"], [period], [*_HEADER]]
    rows += [
        [seq, f.sub_branch, f.policy, f.item, f"{f.day:%Y/%m/%d}", f.result, "演示丙"]
        for seq, f in enumerate(findings, start=1)
    ]
    write_csv(path, rows, encoding="gb18030")
    return path
