"""The story that the demo data tell: every parameter a reader may want to change, as data."""

from dataclasses import dataclass
from datetime import date

PREFIX = "演示数据_"
MARK = "（演示数据）"
BANK = "江州银行"
BRANCH = "江州银行滨海分行"
DEFAULT_SEED = 20260616
DEFAULT_END = date(2026, 6, 16)
MONTH_COUNT = 30

# Months of the story are counted from the first of the 30 months, so that they move with --end;
# by default month 0 is 2024-01, month 20 is 2025-09 and month 29 is 2026-06.
WAVE_EXTRA_CASES = {20: 46, 21: 80, 22: 92, 23: 70, 24: 42}
WAVE_SUB_BRANCHES = ("城东支行", "望海支行", "高新区第2支行")
WAVE_CONCENTRATION = 0.62
SLOW_SUB_BRANCH = "港湾支行"
TRAINING_MONTH = 22
WEAK_POST = "大堂经理"
UNDELIVERED = ("青石支行", "柳林支行", "高新区第11支行")
CLOSED_OUTLET_MONTH = 14
OPENED_OUTLET_MONTH = 18

COMPLAINTS_PER_MONTH = 335
COMPLAINT_GROWTH_PER_MONTH = 0.003
COMPLAINT_SEASON = {1: 1.02, 2: 0.98, 3: 1.2, 4: 1.03, 7: 0.97, 8: 0.96, 10: 0.94, 12: 1.06}
COMPLAINT_SPRING_FESTIVAL = 0.74
OUTREACH_PER_MONTH = 25.5
OUTREACH_SEASON = {2: 0.45, 3: 2.6, 6: 1.6, 7: 0.9, 8: 0.8, 9: 2.8, 10: 0.7, 12: 0.8}
REVIEWS_PER_MONTH = 8.4
DEPOSIT_GROWTH_PER_MONTH = 0.006

TRAINING_ATTENDANCE = 0.93
# In these two the same people never come; and those of the weak post could not leave the hall.
LOW_TRAINING_SUB_BRANCHES = ("东岭支行", "新港支行")
WEAK_POST_IN_PUSH = 0.35
REGULATORY_INSPECTION_MONTH = 21
SLOW_RECTIFICATION_SHARE = 0.62
POOR_RECORDING_SUB_BRANCH = "云台支行"
POOR_RECORDING_SHARE, RECORDING_SHARE = 0.74, 0.965
WEAK_POLICY_SUB_BRANCHES = ("港湾支行", "柳林支行")

# Values that no code list knows; they have to survive under their own names.
UNKNOWN_CATEGORIES = ("数字人民币", "数字人民币", "数字人民币", "开放银行", "开放银行")
UNKNOWN_INTAKE_CHANNEL = "电话（远程银行中心）"


@dataclass(frozen=True)
class Pace:
    """How fast a sub-branch decides; shares are those of all its cases."""

    median_days: float
    sigma: float
    extended_share: float
    late_share_from_month: dict[int, float]

    def late_share(self, month: int) -> float:
        """Share of cases decided after 15 days without an extension, in one month."""
        return [share for start, share in self.late_share_from_month.items() if start <= month][-1]


USUAL_PACE = Pace(5.0, 0.87, 0.03, {0: 0.012})
SLOW_PACE = Pace(11.0, 0.42, 0.05, {0: 0.05, 9: 0.10, 18: 0.20, 24: 0.36})


@dataclass(frozen=True)
class SubBranch:
    """One sub-branch: its size at the start, and how inclined its customers are to complain."""

    name: str
    outlets: int
    staff: int
    customers: int
    complaint_factor: float = 1.0


SUB_BRANCHES = (
    SubBranch("城东支行", 5, 29, 96_400, 1.15),
    SubBranch("城西支行", 5, 27, 88_200),
    SubBranch("城南支行", 4, 24, 79_500, 0.9),
    SubBranch("城北支行", 4, 23, 74_100, 1.05),
    SubBranch("港湾支行", 4, 24, 71_800, 1.1),
    SubBranch("高新区第2支行", 4, 22, 66_300, 1.15),
    SubBranch("高新区第11支行", 3, 18, 41_700, 1.2),
    SubBranch("望海支行", 5, 25, 83_600),
    SubBranch("临江支行", 4, 22, 63_900, 0.85),
    SubBranch("金沙支行", 4, 21, 58_200),
    SubBranch("青石支行", 3, 17, 39_400, 0.8),
    SubBranch("白鹭支行", 4, 20, 55_700, 1.1),
    SubBranch("云台支行", 3, 17, 42_500, 0.95),
    SubBranch("南湖支行", 4, 21, 61_000),
    SubBranch("北塘支行", 3, 18, 44_800, 0.75),
    SubBranch("东岭支行", 4, 19, 48_600, 0.9),
    SubBranch("西溪支行", 5, 21, 57_300),
    SubBranch("梧桐支行", 4, 19, 50_900, 1.05),
    SubBranch("柳林支行", 3, 16, 35_200, 0.85),
    SubBranch("新港支行", 3, 17, 43_600, 1.25),
)

# Full marks of the three sections in ordinary exams and in the managers' exam.
SECTION_MARKS = {"法律法规": 40, "实务操作": 35, "投诉处理": 25}
MANAGER_SECTION_MARKS = {"法律法规": 50, "实务操作": 30, "投诉处理": 40}
# Mean share of the marks reached before and after the training push.
SECTION_LEVEL = {
    "法律法规": (0.655, 0.815),
    "实务操作": (0.775, 0.825),
    "投诉处理": (0.765, 0.830),
}
WEAK_POST_LEVEL = {
    "法律法规": (0.575, 0.600),
    "实务操作": (0.680, 0.690),
    "投诉处理": (0.640, 0.650),
}
