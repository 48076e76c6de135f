"""A light in Chinese words: what it looks at, its numbers, whether it is chance, what next."""

from warehouse.alert_rules import CountRule, LevelRule, Rule, TrendRule
from warehouse.alert_verdicts import Point
from warehouse.alerts import Alert, rule_of
from warehouse.numerals import written
from warehouse.periods import parse_period
from warehouse.registry import Indicator, indicator

WHOLE, SELECTED, BLANK = "全辖", "所选范围", "未填报"
COLOURS = {"red": "红", "yellow": "黄", "green": "绿", "none": "不作判定"}
# Rarer than this is not worth a figure.
RARE = 0.001


def plain(value: float) -> str:
    """The value as it was written down: 98, 99.5."""
    return f"{value:,g}"


def amount(asked: Indicator, value: float) -> str:
    """A value of the indicator with its unit."""
    return written(value, asked.decimals) + _unit(asked)


def _unit(asked: Indicator) -> str:
    return "%" if asked.unit == "%" else f" {asked.unit}"


def _step(asked: Indicator) -> str:
    """The unit of a difference."""
    return " 个百分点" if asked.unit == "%" else f" {asked.unit}"


def odds(probability: float) -> str:
    """A chance as people say it."""
    if probability < RARE:
        return "不到 0.1%"
    return f"约 {written(100 * probability, 1)}%"


def cell(alert: Alert) -> str:
    """What the light looks at: a sub-branch, a category and a cause, or everything."""
    if not alert.cell:
        return SELECTED if alert.is_partial else WHOLE
    name = " × ".join(BLANK if value is None else value for value in alert.cell)
    return f"{name}（{SELECTED}）" if alert.is_partial else name


def month(month_id: str) -> str:
    """A month as 2026年3月."""
    return parse_period(month_id).label_zh


def span(first: str, last: str) -> str:
    """Months from one to another, the year said once where it is the same."""
    if first == last:
        return month(first)
    end = month(last)
    return f"{month(first)}至{end.split('年')[1] if first[:4] == last[:4] else end}"


def since(alert: Alert) -> str:
    """Since when the light has its colour."""
    if alert.state.since is None:
        return "—"
    return month(alert.state.since) + ("或更早" if alert.is_oldest else "")


def value(alert: Alert, *, has_counts: bool = True) -> str:
    """The value with what it rests on, unless the counts of a share are not to be told."""
    rule, point = rule_of(alert), alert.point
    asked = indicator(rule.indicator)
    if point.value is None or asked.is_too_few(point.denominator):
        return "—"
    text = _told_apart(asked, point)
    if asked.kind == "ratio" and has_counts:
        return f"{text}（{written(point.numerator or 0)}/{written(point.denominator or 0)}）"
    if asked.kind == "percentile":
        return f"{text}（{written(point.denominator or 0)} {rule.cases_zh}）"
    return text


def _told_apart(asked: Indicator, point: Point) -> str:
    """The value with as many decimals as it takes not to read like the limit that it misses."""
    found, decimals = point.value or 0.0, asked.decimals
    if point.limit is not None and found != point.limit:
        while decimals < asked.decimals + 2 and written(found, decimals) == written(
            point.limit, decimals
        ):
            decimals += 1
    return written(found, decimals) + _unit(asked)


def interval(alert: Alert) -> str:
    """What the true value may be."""
    asked, point = indicator(rule_of(alert).indicator), alert.point
    if point.low is None or point.high is None or asked.is_too_few(point.denominator):
        return "—"
    low = written(point.low, asked.decimals)
    return f"{low}–{written(point.high, asked.decimals)}{_unit(asked)}"


def limit(alert: Alert) -> str:
    """What it is measured by."""
    rule, point = rule_of(alert), alert.point
    asked = indicator(rule.indicator)
    if point.limit is None:
        return "—"
    match rule:
        case LevelRule():
            sign = "≥" if asked.direction == "up" else "≤"
            standing = "（示例）" if alert.threshold and alert.threshold.kind == "example" else ""
            return f"阈值 {sign} {plain(point.limit)}{_unit(asked)}{standing}"
        case TrendRule():
            cases = f"（{written(point.base_cases or 0)} {rule.cases_zh}）"
            return f"此前 {rule.against_months} 个月 {amount(asked, point.limit)}{cases}"
        case CountRule():
            usual = written(point.centre or 0)
            return f"控制限 {written(point.limit)} {asked.unit}（平常 {usual} {asked.unit}）"


def verdict(alert: Alert) -> str:
    """Whether chance explains the last judgement."""
    rule, point = rule_of(alert), alert.point
    asked = indicator(rule.indicator)
    cases = f"{written(point.denominator or 0)} {rule.cases_zh}"
    likely = odds(point.probability or 0.0)
    match point.reason:
        case "beyond_chance":
            return f"不是偶然：若恰达阈值，这么差的机会{likely}"
        case "maybe_chance":
            return f"{cases}，不显著：若恰达阈值，也有{likely} 的机会这么差"
        case "near":
            return f"{cases}，未达标，在黄灯边际内"
        case "met":
            return "本期达标"
        case "worse":
            return f"不是偶然：{_gap(rule, asked, point)}"
        case "run":
            return f"连续变差但不显著：没有变化时也有{likely} 的机会"
        case "steady":
            return "本期与此前没有显著差别"
        case "above":
            return f"不是偶然：平常月份这么多的机会{likely}"
        case "raised":
            floor = f"{written(point.warning or 0)} {asked.unit}"
            return f"不显著：高于警戒限 {floor}，平常月份也有{likely} 的机会"
        case "usual":
            return "本月在平常范围内"
    return _unjudged(rule, asked, point, cases)


def _gap(rule: Rule, asked: Indicator, point: Point) -> str:
    size = abs((point.value or 0.0) - (point.limit or 0.0))
    text = f"比此前差 {written(size, asked.decimals)}{_step(asked)}"
    if point.gap_low is None or point.gap_high is None or not isinstance(rule, TrendRule):
        return text
    reach = f"{written(point.gap_low, asked.decimals)}–{written(point.gap_high, asked.decimals)}"
    return f"{text}（{plain(100 * rule.confidence)}% 区间 {reach}）"


def _unjudged(rule: Rule, asked: Indicator, point: Point, cases: str) -> str:
    match point.reason:
        case "few":
            return f"{cases}，样本少，不作判定（少于 {asked.judged_from_n or asked.minimum_n}）"
        case "no_threshold":
            return "没有在用的阈值"
        case "no_history":
            months = 0 if isinstance(rule, LevelRule) else rule.against_months
            return f"此前不足 {months} 个月，暂不判断"
    return "没有数据"


def way_back(alert: Alert) -> str:
    """What the rule still asks for before the light gets better."""
    text = leaving(rule_of(alert))
    if alert.state.better_months:
        text += f"；已好转 {alert.state.better_months} 个月"
    return text


def leaving(rule: Rule) -> str:
    """What a rule asks for before a light turns green."""
    asked, leave = indicator(rule.indicator), rule.leave
    good = {"level": "达标", "trend": "不显著变差", "count": "不高于警戒限"}[rule.kind]
    months = f"连续 {leave.after_months} 个月" if leave.after_months > 1 else "有一个月"
    text = f"{months}{good}即转绿"
    if leave.margin is not None:
        text += f"，或一次好于阈值 {plain(leave.margin)}{_step(asked)}"
    return text


def rule_words(rule: Rule) -> str:
    """The rule as a few sentences, every parameter in them."""
    asked = indicator(rule.indicator)
    window = f"近 {rule.window_months} 个月合计的" if rule.window_months > 1 else "每月的"
    enter = rule.enter.red_after_months
    lasting = f"连续 {enter} 个月" if enter > 1 else ""
    match rule:
        case LevelRule():
            return f"{window}{asked.name_zh}{_level_words(rule, lasting)}"
        case TrendRule():
            return f"{window}{asked.name_zh}{_trend_words(rule, asked, lasting)}"
        case CountRule():
            return f"{window}{asked.name_zh}{_count_words(rule, asked, lasting)}"


def _level_words(rule: LevelRule, lasting: str) -> str:
    sure = plain(100 * rule.confidence)
    return (
        f"对照当时的阈值。{lasting}超出黄灯边际、且按 {sure}% 区间最好的一端也不达标时为红；"
        "未达标但在边际内，或可能是偶然的，为黄。"
    )


def _trend_words(rule: TrendRule, asked: Indicator, lasting: str) -> str:
    sure, least = plain(100 * rule.confidence), plain(rule.smallest_change)
    size = f"差 {least}{_step(asked)}以上、且" if rule.smallest_change else ""
    run = f"连续 {rule.worsening_months} 个月逐月变差为黄。" if rule.worsening_months else ""
    return (
        f"对照此前 {rule.against_months} 个月。{lasting}{size}按 {sure}% 区间不是偶然时为红。{run}"
    )


def _count_words(rule: CountRule, asked: Indicator, lasting: str) -> str:
    control, warning = (plain(round(100 * (1 - p), 3)) for p in (rule.control, rule.warning))
    least = f"少于 {rule.at_least} {asked.unit}不亮灯。" if rule.at_least > 1 else ""
    return (
        f"对照此前 {rule.against_months} 个月的波动。{lasting}高于控制限（平常月份超过它的机会"
        f"不到 {control}%）为红，高于警戒限（不到 {warning}%）为黄。{least}"
    )
