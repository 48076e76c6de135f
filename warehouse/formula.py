"""An indicator's formula in words with its numbers put in."""

from datetime import date
from decimal import Decimal

from warehouse.detail import Between
from warehouse.numerals import written
from warehouse.registry import BASES, Indicator, indicators, subjects

# What the counted rows of a subject are called, where no indicator of the registry counts them.
_ROWS_ZH = {
    "complaint": "件",
    "exam_result": "人次",
    "review": "项",
    "outreach_event": "场",
    "training_attendance": "人次",
    "inspection": "个",
    "double_recording": "笔",
    "policy_check": "条",
    "product_launch": "项",
}
# Measures that count something else than rows.
_OTHERS_ZH = {"issue_count": "个", "rectified_count": "个"}
_BASES_ZH = {
    "outlet_count": "家",
    "personal_customer_count": "户",
    "staff_count": "人",
    "manager_count": "人",
    "new_staff_count": "人",
    "deposit_balance_yuan": "元",
}
_KEYS_ZH = {"person_key": "人", "session_key": "场", "inspected_outlet": "家"}
_VALUES_ZH = {
    "handling_days": "处理天数",
    "score_pct": "成绩（百分制）",
    "response_minutes": "响应分钟数",
    "start": "自收到之日起天数",
}
_QUANTILES_ZH = {0.5: "中位数"}


def value_zh(asked: Indicator, value: float) -> str:
    """A value of an indicator with its unit."""
    return _with_unit(written(value, asked.decimals), asked.unit)


def formula_zh(
    asked: Indicator,
    value: float | None,
    numerator: float | None,
    denominator: float | None,
    *,
    at: date | None = None,
    between: Between | None = None,
) -> str:
    """How the value came about: “办结率 = 已办结 8 件 ÷ 已受理 10 件 = 80.0%”.

    `at` is the day of which a stock is told, `between` what a count is limited to.
    """
    if value is None and numerator is None and denominator is None:
        return f"{asked.name_zh}：没有数据"
    if asked.is_too_few(denominator):
        result = f"少于 {asked.minimum_n}，不显示数值"
    elif value is None:
        result = _without_value_zh(asked, denominator)
    else:
        result = value_zh(asked, value)
    terms = _terms_zh(asked, numerator, denominator)
    if asked.kind == "stock":
        terms = f"{asked.numerator_zh}（{at}）"
    if between is not None:
        terms = f"{terms}，其中{between_zh(asked, between)}"
    return f"{asked.name_zh} = {terms} = {result}"


def between_zh(asked: Indicator, between: Between) -> str:
    """Limits of a value in words: “处理天数 ≥ 5 且 < 6”."""
    value = "start" if asked.kind == "stock" else subjects()[asked.subject].value or ""
    words = f"{_VALUES_ZH.get(value, '数值')} ≥ {between.low:g}"
    return words if between.high is None else f"{words} 且 < {between.high:g}"


def _terms_zh(asked: Indicator, numerator: float | None, denominator: float | None) -> str:
    above = _amount_zh(asked, "numerator", numerator)
    below = _amount_zh(asked, "denominator", denominator)
    match asked.kind:
        case "ratio" | "mean":
            return f"{above} ÷ {below}"
        case "coverage":
            return f"{above}（去重）÷ {below}"
        case "rate":
            per = "" if asked.per == 1 else f" × {written(asked.per or 1)}"
            return f"{above} ÷ {below}{per}"
        case "sum":
            return f"{asked.numerator_zh}（{below}）"
        case "percentile":
            return f"{below}按数值从小到大排列，{_place_zh(asked, denominator)}"
        case "distinct":
            return f"{asked.numerator_zh}（相同的只计一次）"
        case _:
            return f"{asked.numerator_zh}"


def _amount_zh(asked: Indicator, side: str, amount: float | None) -> str:
    name = getattr(asked, f"{side}_zh") or ""
    if amount is None:
        return f"{name} 无数据"
    decimals = 0 if float(amount).is_integer() else 1
    return _with_unit(f"{name} {written(amount, decimals)}", _unit_zh(asked, side))


def _unit_zh(asked: Indicator, side: str) -> str:
    """What the numerator or the denominator is counted in; nothing where nobody says."""
    if side == "denominator" and asked.base is not None:
        return _BASES_ZH[asked.base]
    if side == "numerator" and asked.kind == "coverage":
        return _KEYS_ZH.get(asked.key or "", "")
    if side == "numerator" and asked.kind == "mean":
        return asked.unit
    measure = getattr(asked, side)
    if asked.subject == "review_case" and measure in _OTHERS_ZH:
        return _OTHERS_ZH[measure]
    for other in indicators().values():
        is_same = (other.subject, other.numerator) == (asked.subject, measure)
        if is_same and other.kind in ("count", "sum"):
            return other.unit
    return "条" if asked.subject == "review_opinion" else _ROWS_ZH.get(asked.entity, "")


def _place_zh(asked: Indicator, count: float | None) -> str:
    """Where in the order the percentile stands, counted from one."""
    name = _QUANTILES_ZH.get(asked.quantile or 0) or f"{written(100 * (asked.quantile or 0))} 分位"
    place = Decimal(str(asked.quantile)) * Decimal(int(count or 1) - 1) + 1
    lower = int(place)
    if place == lower:
        return f"{name}在第 {lower:,} 位"
    return f"{name}在第 {lower:,} 与第 {lower + 1:,} 位之间（按线性插值）"


def _without_value_zh(asked: Indicator, denominator: float | None) -> str:
    if denominator == 0:
        return f"分母“{asked.denominator_zh}”为 0，无法计算"
    if asked.base is not None and denominator is None:
        return f"缺少期末的{BASES[asked.base]}，无法计算"
    return "没有数据"


def _with_unit(text: str, unit: str) -> str:
    return f"{text}{unit}" if unit == "%" or not unit else f"{text} {unit}"
