"""Lakes of any number of sub-branches, most of them with something to complain of."""

from datetime import date, timedelta
from itertools import count as numbers
from pathlib import Path

from tests.tables import fill_lake
from warehouse.home import Home
from warehouse.lake import open_writer

LONG = "某某市高新技术产业开发区科技金融创新服务示范先行第{}支行（社区支行）"
CATEGORIES = (
    "信用卡使用和还款", "信用卡市场活动、积分及增值服务", "信用卡申请、开卡及换卡", "借记卡使用",
    "借记卡账户管理", "个人住房贷款", "个人其他消费贷款", "人民币储蓄", "代理保险", "代理基金",
    "银行代理业务", "贵金属", "自营理财", "债务催收", "支付结算",
)  # fmt: skip
CAUSES = (
    "定价收费", "服务态度及服务质量", "管理制度、业务规则与流程", "信息披露", "营销方式和手段",
    "服务设施、设备、业务系统", "合同条款", "消费者资金安全", "债务催收方式和手段", "其他",
)  # fmt: skip
A_MONTH = 12
LAST = date(2025, 12, 31)


def crowded(root: Path, count: int, name: str = LONG) -> Home:
    """A year of complaints; every second sub-branch is slow, many are near their time limit.

    They pass for demo data, so that the thresholds that are examples burn red lights.
    """
    serial = numbers()
    rows = [
        _complaint(next(serial), name.format(branch), branch, month, nth)
        for branch in range(1, count + 1)
        for month in range(1, 13)
        for nth in range(A_MONTH)
    ]
    home = fill_lake(root, ("2025-01-01", f"{LAST}"), complaint=rows)
    with open_writer(home) as con:
        con.execute("update lake.meta.batch set is_demo = true")
    return home


def _complaint(
    serial: int, org_name: str, branch: int, month: int, nth: int
) -> dict[str, str | None]:
    received = date(2025, month, 1 + 2 * nth)
    days = 25 if branch % 2 and nth % 3 == 0 else 3 + nth % 9
    ended = received + timedelta(days)
    is_ended = ended <= LAST
    return {
        "complaint_id": f"T{serial}",
        "org_name": org_name,
        "received_at": f"{received}",
        "decided_at": f"{ended}" if is_ended else None,
        "status": "已办结" if is_ended else "处理中",
        "category": CATEGORIES[serial * serial % 31 % len(CATEGORIES)],
        "cause": CAUSES[serial * serial % 23 % len(CAUSES)],
        "intake_channel": "网点",
        "satisfaction": ("满意", "不满意")[nth % 4 == 0],
    }
