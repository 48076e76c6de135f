"""The parts of a report that fill a whole paragraph: tables, charts, cases, people's own words."""

from collections.abc import Callable, Sequence

import polars as pl
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.text.paragraph import Paragraph

from warehouse import numerals
from warehouse.compare import COUNT_KINDS
from warehouse.detail import rows
from warehouse.handouts import word
from warehouse.handouts.answers import Answers
from warehouse.handouts.facts import Fact, MissingFactError, written
from warehouse.handouts.settings import small_counts
from warehouse.handouts.slots import SLOT, Slot, SlotError, read_slot
from warehouse.handouts.suppression import together
from warehouse.periods import Period, months_between, parse_period
from warehouse.registry import (
    Indicator,
    dimensions,
    indicator,
    indicators,
    judge,
    listed_indicators,
)

MONTHS = 13
BARS = 12
CASES = 3
EXCERPT = 120
VERDICTS = {"met": "●达标", "near": "▲接近", "missed": "■未达标"}


def slot_of(paragraph: Paragraph) -> Slot | None:
    """The block that a paragraph asks for, if it is nothing but that."""
    match = SLOT.fullmatch(paragraph.text.strip())
    slot = read_slot(match[1]) if match else None
    return slot if slot and slot.name in (*_DRAWN, "write") else None


def draw(document: Document, paragraph: Paragraph, slot: Slot, answers: Answers) -> None:
    """Put the block in place of its paragraph; a gap where there is nothing to draw."""
    if slot.name == "write":
        word.make_control(paragraph, slot.option(0), slot.option(1) or "（请填写）")
        return
    answers.asked += 1
    try:
        _DRAWN[slot.name](document, paragraph, slot, answers)
    except MissingFactError as missing:
        paragraph.clear()
        run = paragraph.add_run(answers.gap(str(missing)))
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _of(slot: Slot) -> Indicator:
    if slot.option(0) not in indicators():
        message = f"模板里的 {slot.text}：没有指标“{slot.option(0)}”"
        raise SlotError(message)
    return indicator(slot.option(0))


def _dimension(slot: Slot, asked: Indicator) -> str:
    by = slot.option(1)
    if by not in asked.dimensions:
        message = f"模板里的 {slot.text}：{asked.name_zh}不能按“{by}”划分"
        raise SlotError(message)
    return by


def _replace(
    document: Document,
    paragraph: Paragraph,
    table: Sequence[Sequence[str]],
    widths_cm: Sequence[float] | None = None,
) -> None:
    word.table_before(document, paragraph, table, widths_cm=widths_cm)
    paragraph.clear()


def _table(document: Document, paragraph: Paragraph, slot: Slot, answers: Answers) -> None:
    if slot.option(0) == "attainment":
        _replace(document, paragraph, _attainment(answers), (3.6, 2, 3, 2.2, 4.8))
        return
    if slot.option(0) == "definitions":
        _replace(document, paragraph, _definitions(answers), (4, 11.6))
        return
    asked = _of(slot)
    by = _dimension(slot, asked)
    parts = answers.facts.parts(asked.id, by)
    kept = together(parts, small_counts().limit(asked))
    body = [
        (row["label"], _count(asked, row["value"]), f"{numerals.written(row['share'], 1)}%")
        for row in kept.iter_rows(named=True)
    ]
    total = ("合计", written(asked, float(parts["value"].sum())), "100.0%")
    _replace(document, paragraph, [(dimensions()[by].name_zh, asked.name_zh, "占比"), *body, total])


def _count(asked: Indicator, value: float | None) -> str:
    return (
        written(asked, value)
        if value is not None
        else f"少于{small_counts().limit(asked)}{asked.unit}"
    )


def _attainment(answers: Answers) -> list[tuple[str, ...]]:
    """Every indicator with a threshold: value, threshold, verdict, change."""
    lines: list[tuple[str, ...]] = [("指标", "本期", "阈值", "判定", "较上期")]
    facts = answers.facts
    for asked in listed_indicators():
        try:
            limit = facts.threshold(asked.id)
        except MissingFactError:
            continue
        named = f"{written(asked, limit.value)}（{limit.status}）"
        if limit.status in ("official", "own"):
            named = written(asked, limit.value)
        try:
            fact = facts.fact(asked.id)
        except MissingFactError:
            lines.append((asked.name_zh, "—", named, "○无数据", "—"))
            continue
        try:
            facts.against(asked.id)
            verdict = VERDICTS[judge(asked, fact.value, limit)]
        except MissingFactError:
            verdict = "○不作判定"
        try:
            change = facts.change(asked.id, "previous").removeprefix("较上期")
        except MissingFactError:
            change = "—"
        lines.append((asked.name_zh, fact.text, named, verdict, change))
    if len(lines) == 1:
        message = "没有在用的阈值"
        raise MissingFactError(message)
    return lines


def _definitions(answers: Answers) -> list[tuple[str, ...]]:
    """What each indicator that the report used means."""
    used = dict.fromkeys(fact.asked.id for fact in answers.facts.used)
    if not used:
        message = "本稿没有用到任何指标"
        raise MissingFactError(message)
    return [
        ("指标", "口径"),
        *(
            (
                indicator(name).name_zh,
                f"{indicator(name).definition_zh}（{indicator(name).basis_zh}）",
            )
            for name in used
        ),
    ]


def _chart(document: Document, paragraph: Paragraph, slot: Slot, answers: Answers) -> None:
    asked = _of(slot)
    if slot.option(1) == "month":
        labels, values = _months(asked, answers)
        kind, height = "months", 6.5
    else:
        by = _dimension(slot, asked)
        parts = together(answers.facts.parts(asked.id, by), small_counts().limit(asked)).head(BARS)
        labels, values = parts["label"].to_list(), parts["value"].to_list()
        kind, height = "bar", 2.0 + 0.65 * len(labels)
    number_format = "#,##0" if asked.decimals == 0 else f"#,##0.{'0' * asked.decimals}"
    word.chart_in(
        document,
        paragraph,
        kind=kind,
        labels=labels,
        name=f"{asked.name_zh}（{asked.unit}）",
        values=values,
        number_format=number_format,
        height_cm=height,
    )


def _months(asked: Indicator, answers: Answers) -> tuple[list[str], list[float | None]]:
    """The last months up to the end of the period, no later than the data reach."""
    facts = answers.facts
    held = facts.coverage.get(asked.entity)
    if held is None or not held.touches(facts.period):
        facts.fact(asked.id)
        message = f"缺{facts.period.label_zh}{asked.name_zh}"
        raise MissingFactError(message)
    end = min(facts.period.end or held.last, held.last)
    months = list(months_between(held.first, end))[-MONTHS:]
    window: Period = parse_period(f"{months[0].start}..{months[-1].end}")
    where = facts.where_of(asked)
    found = facts.compute(asked, window, by=("month",), where=where)
    by_month = {row["month"]: row for row in found.iter_rows(named=True)}
    values: list[float | None] = []
    for month in months:
        row = by_month.get(month.id)
        values.append(_point(asked, month, row, facts.used))
    if not any(value is not None for value in values):
        message = f"缺{window.label_zh}{asked.name_zh}"
        raise MissingFactError(message)
    return [month.id for month in months], values


def _point(
    asked: Indicator, month: Period, row: dict[str, float] | None, used: list[Fact]
) -> float | None:
    if row is None or row["value"] is None or asked.is_too_few(row["denominator"]):
        return 0.0 if row is None and asked.kind in COUNT_KINDS else None
    used.append(Fact(asked, month, {}, row["value"], row["numerator"], row["denominator"]))
    return float(numerals.half_up(row["value"], asked.decimals))


def _cases(_document: Document, paragraph: Paragraph, slot: Slot, answers: Answers) -> None:
    """Typical cases, by a stated rule: the largest categories' longest-running ended cases."""
    facts = answers.facts
    count = int(slot.option(0)) if slot.option(0).isdigit() else CASES
    facts.fact("complaint_count")
    found = rows(
        facts.cursor, "complaint_count", facts.period, where=facts.where, scope=facts.scope
    )
    chosen = typical(found, count)
    if chosen.is_empty():
        message = f"{facts.period.label_zh}没有写明内容的已办结投诉，不能选典型案例"
        raise MissingFactError(message)
    for at, row in enumerate(chosen.iter_rows(named=True), start=1):
        line = paragraph.insert_paragraph_before("", style=paragraph.style)
        line.add_run(f"案例{at}：{row['category']}，{row['cause']}。").bold = True
        line.add_run(
            f"{row['content_masked'][:EXCERPT]}（{row['intake_channel']}受理，"
            f"{row['days']}天作出处理；{row['outcome'] or '处理结果未填报'}）"
        )
    paragraph.clear()
    paragraph.add_run(
        "选取规则：本期已作出处理决定、写明内容的投诉中，件数最多的业务类别各取处理时间最长的一件；"
        "内容已遮蔽个人信息，不写机构和日期。"
    ).italic = True


def typical(found: pl.DataFrame, count: int) -> pl.DataFrame:
    """Of each of the largest categories the ended case with a text that took longest."""
    sized = found.filter(pl.col("category").is_not_null()).group_by("category").len()
    days = (pl.col("decided_at").dt.date() - pl.col("received_at").dt.date()).dt.total_days()
    wanted = ("category", "cause", "content_masked", "decided_at", "received_at")
    return (
        found.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in wanted))
        .with_columns(days=days)
        .join(sized, on="category")
        .sort("len", "category", "days", "complaint_id", descending=[True, False, True, False])
        .unique("category", keep="first", maintain_order=True)
        .head(count)
    )


_DRAWN: dict[str, Callable[[Document, Paragraph, Slot, Answers], None]] = {
    "table": _table,
    "chart": _chart,
    "cases": _cases,
}
