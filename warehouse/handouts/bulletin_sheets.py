"""The sheets of a bulletin: totals, cross tables, definitions and, where asked for, the rows."""

import duckdb
import polars as pl

from warehouse import numerals
from warehouse.compare import COUNT_KINDS, Basis
from warehouse.coverage import in_display_order, is_complete
from warehouse.detail import rows
from warehouse.handouts import cross_table
from warehouse.handouts.answers import Answers
from warehouse.handouts.cross_table import CrossTable, Side, Suppressed, suppress
from warehouse.handouts.facts import Fact, MissingFactError
from warehouse.handouts.settings import small_counts
from warehouse.handouts.sheets import Book, Gap, Mark, Number, Sheet, Value
from warehouse.labels import label_of
from warehouse.registry import Indicator, dimensions, indicator

COUNT = "complaint_count"
FIGURES = (
    COUNT,
    "merged_complaint_count",
    "complaint_ended_count",
    "open_complaint_count",
    "complaint_timely_rate",
    "handling_days_median",
    "handling_days_mean",
)
# Every table has this dimension on one side. Its small values are put together, so that all its
# totals are shown and the tables say no more together than each does alone.
SHARED = "category_group"
TABLES = (
    (SHARED, "intake_channel_group"),
    (SHARED, "cause_group"),
    ("sub_branch", SHARED),
)
BLANK, TOTAL, NOTHING = "未填报", "合计", "—"
NO_NUMBER = Mark(NOTHING)
MOST_ROWS = 20_000
INTERNAL = "内部使用 不得外传"
LINEAGE = {"file_name": "来源文件", "source_sheet": "工作表", "source_row": "行号"}
# How wide a column of the rows is; the others are as wide as a moment.
WIDTHS = {"content_masked": 50, "reply_masked": 50, "subject_masked": 30, "file_name": 28}
USUAL_WIDTH = 17


class Writer:
    """Writes the sheets of one bulletin."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.facts = answers, answers.facts
        self.has_details = has_details = not answers.facts.hides_small
        marks = ["演示数据"] if self.facts.is_demo else []
        self.book = Book("　".join([*marks, *([INTERNAL] if has_details else [])]))

    def content(self) -> bytes:
        """The workbook as a file."""
        totals = self.book.sheet("通报", (22, 13, 9, 38, 38, 44, 10))
        self._totals(totals)
        self._cross_tables()
        self._definitions(self.book.sheet("口径", (22, 10, 60, 24, 52)))
        if self.has_details:
            self._details()
        # How much could be filled is known only after all the sheets.
        totals.line(self.answers.coverage_line(), is_gap=bool(self.answers.gaps))
        return self.book.content()

    def _told(self, sheet: Sheet, name: str) -> None:
        """What stands above every sheet."""
        facts, held = self.facts, self.facts.coverage.get(indicator(COUNT).entity)
        sheet.title(f"{facts.period.label_zh}{name}")
        sheet.line(
            f"期间：{facts.period.label_zh}　范围：{self.answers.scope_zh()}　"
            f"筛选：{self.answers.filters_zh()}　数据截至：{held.last if held else NOTHING}　"
            f"数据快照：#{self.answers.snapshot}"
        )
        if facts.is_demo:
            sheet.line("演示数据，数字为程序生成，不代表任何机构")
        if self.has_details:
            sheet.line(f"{INTERNAL}：本文件含逐件明细，较小的件数未作隐藏")
        warning = self._coverage_warning()
        if warning:
            sheet.line(warning, is_gap=True)

    def _coverage_warning(self) -> str:
        held = self.facts.coverage.get(indicator(COUNT).entity)
        if held is None:
            return "注意：还没有装载投诉数据"
        if is_complete(self.facts.period, held):
            return ""
        return f"注意：投诉数据只有 {held.first} 至 {held.last}，没有覆盖整个期间"

    def _totals(self, sheet: Sheet) -> None:
        self._told(sheet, "投诉情况通报")
        head_row = sheet.row
        sheet.table(
            ("指标", "本期", "单位", "较上期", "较上年同期", "对照阈值", "N"),
            [self._figure(indicator(name)) for name in FIGURES],
        )
        sheet.repeat_above(head_row)

    def _figure(self, asked: Indicator) -> list[Value]:
        """One indicator with its change, its threshold and how many cases stand behind it."""
        self.answers.asked += 1
        try:
            fact = self.facts.fact(asked.id)
        except MissingFactError as missing:
            gap = self._gap(missing)
            return [asked.name_zh, gap, asked.unit, *[NOTHING] * 3, NO_NUMBER]
        return [
            asked.name_zh,
            self._value(fact),
            asked.unit,
            self._change(asked, "previous"),
            self._change(asked, "last_year"),
            self._against(asked),
            self._cases(fact),
        ]

    def _gap(self, missing: MissingFactError) -> Gap:
        """Note why there is no number."""
        return Gap(self.answers.gap(str(missing)))

    def _value(self, fact: Fact) -> Value:
        limit = self.facts.limit(fact.asked)
        if fact.asked.kind in COUNT_KINDS and 0 < fact.value < limit:
            return Mark(f"少于{limit}")
        return Number(fact.value, fact.asked.decimals)

    def _cases(self, fact: Fact) -> Value:
        if fact.denominator is None or fact.asked.kind in COUNT_KINDS:
            return NO_NUMBER
        limit = self.facts.limit(fact.asked)
        return Mark(f"少于{limit}") if 0 < fact.denominator < limit else Number(fact.denominator)

    def _change(self, asked: Indicator, basis: Basis) -> Value:
        self.answers.asked += 1
        try:
            return self.facts.change(asked.id, basis)
        except MissingFactError as missing:
            return self._gap(missing)

    def _against(self, asked: Indicator) -> Value:
        try:
            self.facts.threshold(asked.id)
        except MissingFactError:
            # Nobody set one: that is not a gap in the data.
            return "没有在用的阈值"
        self.answers.asked += 1
        try:
            return self.facts.against(asked.id)
        except MissingFactError as missing:
            return self._gap(missing)

    def _cross_tables(self) -> None:
        held = [(pair, self._counted(*pair)) for pair in TABLES]
        widest = max((len(found.columns) for _pair, found in held if found), default=0)
        sheet = self.book.sheet("交叉表", (24, *[11] * (widest + 2)))
        self._told(sheet, "投诉情况交叉表")
        sheet.repeat_above(1)
        for (row, column), found in held:
            names = f"{dimensions()[row].name_zh} × {dimensions()[column].name_zh}"
            total = self._total()
            sheet.section(f"{names}（件，N={total}）" if total else names)
            if isinstance(found, CrossTable):
                self._cross_table(sheet, row, found)
            else:
                self._why_none(sheet)

    def _total(self) -> str:
        """The number of all complaints as it may be told; empty where there is none."""
        try:
            fact = self.facts.fact(COUNT)
        except MissingFactError:
            return ""
        limit = self.facts.limit(fact.asked)
        return f"少于{limit}" if 0 < fact.value < limit else numerals.written(fact.value)

    def _why_none(self, sheet: Sheet) -> None:
        """Say why there is no table: a gap, or nothing to list."""
        month = self.facts.period.label_zh
        try:
            fact = self.facts.fact(COUNT)
        except MissingFactError as missing:
            self.answers.asked += 1
            sheet.line(self.answers.gap(str(missing)), is_gap=True)
            return
        if fact.value == 0:
            sheet.line(f"{month}没有收到投诉")
        else:
            sheet.line(f"{month}投诉少于{self.facts.limit(fact.asked)}件，不列交叉表")

    def _counted(self, row: str, column: str) -> CrossTable | None:
        """The complaints by two dimensions, small values of the shared one put together."""
        facts, asked = self.facts, indicator(COUNT)
        where = facts.where_of(asked)
        found = facts.compute(asked, facts.period, by=(row, column), where=where)
        found = found.filter(pl.col("value") > 0)
        limit = self.facts.limit(asked)
        if found.is_empty() or float(found["value"].sum()) < limit:
            return None
        return counts_of(facts.cursor, found, row, column, limit=limit)

    def _cross_table(self, sheet: Sheet, row: str, table: CrossTable) -> None:
        limit = self.facts.limit(indicator(COUNT))
        kept: Side = "rows" if row == SHARED else "columns"
        shown = suppress(table, limit, kept=kept) if limit else Suppressed(table)
        if shown is None:
            sheet.line("件数少，无论隐去哪些格都可以推算出较小的件数，本表不列")
            return
        head = (dimensions()[row].name_zh, *table.columns, TOTAL, "占比（%）")
        sheet.table(head, _lines(shown), has_total=True)

    def _definitions(self, sheet: Sheet) -> None:
        self._told(sheet, "投诉情况通报口径")
        head_row = sheet.row
        sheet.table(
            ("指标", "单位", "口径", "归期", "注意"),
            [
                (
                    asked.name_zh,
                    asked.unit,
                    asked.definition_zh,
                    asked.basis_zh,
                    "；".join(asked.caveats_zh) or NOTHING,
                )
                for asked in map(indicator, FIGURES)
            ],
        )
        sheet.repeat_above(head_row)
        sheet.section("说明")
        for text in self._remarks():
            sheet.line(text)

    def _remarks(self) -> list[str]:
        limit = small_counts().limit(indicator(COUNT))
        always = [
            "N：交叉表为本期投诉量，指标表为比率和天数的样本数。占比：占全部投诉的百分比。",
            "没有投诉的行和列不列。没有数字的格写明原因，没有用估计值填充。",
        ]
        if self.has_details:
            return [*always, f"小件数：本文件含逐件明细，较小的件数未作隐藏。{INTERNAL}。"]
        if not limit:
            return [*always, "小件数：按设置不作隐藏。"]
        return [
            *always,
            f"小件数：少于{limit}件的写作“<{limit}”（0件照列）；为使其不能由合计推算，另有"
            f"若干格写作“{cross_table.WITHHELD}”，并非没有投诉。",
            f"合计少于{limit}件的{dimensions()[SHARED].name_zh}与件数较少的其他类合并为“其余…项合计”；"
            "占比按列出的合计计算。",
            f"界限{limit}件是本行设置，不是监管要求。",
        ]

    def _details(self) -> None:
        facts, asked = self.facts, indicator(COUNT)
        where = facts.where_of(asked)
        found = rows(
            facts.cursor, COUNT, facts.period, where=where, scope=facts.scope, limit=MOST_ROWS
        ).drop("numerator", "denominator")
        # A column that says nothing of any row only makes the others harder to read.
        names = [name for name in found.columns if found[name].null_count() < found.height]
        widths = [WIDTHS.get(name, USUAL_WIDTH) for name in names] or [60]
        sheet = self.book.sheet("明细", widths)
        self._told(sheet, "投诉明细")
        if found.is_empty():
            self._why_none(sheet)
            return
        sheet.line(
            f"共{self._total()}件，本表列出{numerals.written(found.height)}件"
            f"（最多列{numerals.written(MOST_ROWS)}件）；只供范围内内部使用，个人信息已遮蔽"
        )
        head_row = sheet.row
        head = [LINEAGE.get(name) or label_of(asked.entity, name) for name in names]
        sheet.table(head, found.select(names).rows(), wraps=False)
        sheet.listing(head_row)


def counts_of(
    cursor: duckdb.DuckDBPyConnection, found: pl.DataFrame, row: str, column: str, *, limit: int
) -> CrossTable:
    """Counts (row, column, value) as a table in display order, the shared dimension's small values
    put together.
    """
    order = {
        name: [value or BLANK for value in in_display_order(cursor, name, found[name].to_list())]
        for name in (row, column)
    }
    named = found.with_columns(pl.col(row, column).fill_null(BLANK))
    if SHARED in order:
        sizes = named.group_by(SHARED).agg(pl.col("value").sum()).sort("value", SHARED)
        totals = {name: round(value) for name, value in sizes.select(SHARED, "value").iter_rows()}
        names = cross_table.pooled(totals, limit)
        named = named.with_columns(pl.col(SHARED).replace_strict(names))
        # The rest stands last, whichever of its parts came first.
        plain = [name for name in order[SHARED] if names[name] == name]
        order[SHARED] = [*plain, *sorted(set(names.values()) - set(plain))]
    sums = named.group_by(row, column).agg(pl.col("value").sum())
    held = {(one, other): round(value) for one, other, value in sums.iter_rows()}
    return CrossTable(
        rows=tuple(order[row]),
        columns=tuple(order[column]),
        counts=tuple(tuple(held.get((one, two), 0) for two in order[column]) for one in order[row]),
    )


def _lines(shown: Suppressed) -> list[list[Value]]:
    """The rows of a cross table with their totals and shares, the total row last."""
    table = shown.table
    last_row, last_column = table.corner
    everything = table.at(table.corner)
    totals = [shown.shown((row, last_column)) for row in range(last_row)]
    share = iter(numerals.shares(cross_table.shares(totals, everything)))
    lines: list[list[Value]] = []
    for row, label in enumerate(table.rows):
        part = Number(float(next(share)), 1) if isinstance(totals[row], int) else NO_NUMBER
        lines.append([label, *_counts(shown, row), part])
    return [*lines, [TOTAL, *_counts(shown, last_row), Number(100, 1)]]


def _counts(shown: Suppressed, row: int) -> list[Value]:
    columns = range(shown.table.corner[1] + 1)
    found = (shown.shown((row, column)) for column in columns)
    return [Mark(one) if isinstance(one, str) else one for one in found]
