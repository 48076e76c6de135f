"""The slides of a meeting, one function each: what is drawn, and what the speaker needs to know."""

from collections.abc import Callable, Sequence

import polars as pl

from warehouse import alert_words, numerals, peers
from warehouse.acknowledgements import Acknowledgements
from warehouse.alerts import Alert, Evaluation, rule_of
from warehouse.compare import base_period, movers
from warehouse.coverage import uncovered
from warehouse.due_soon import DAYS, due_soon
from warehouse.entities import entities
from warehouse.handouts.answers import Answers
from warehouse.handouts.canvas import (
    BODY,
    BOTTOM,
    COUNTS,
    RATES,
    SOFT,
    WORDS,
    Box,
    Canvas,
    Chart,
    Series,
    Tile,
)
from warehouse.handouts.facts import Facts, MissingFactError, written
from warehouse.handouts.settings import small_counts
from warehouse.handouts.suppression import tells_few, together, told_apart
from warehouse.periods import months_between, parse_period
from warehouse.registry import dimensions, indicator, judge, listed_indicators

COUNT, TIMELY = "complaint_count", "complaint_timely_rate"
HEADLINES = (
    COUNT,
    TIMELY,
    "handling_days_median",
    "open_complaint_count",
    "satisfaction_rate",
    "exam_pass_rate",
    "review_first_pass_rate",
    "outreach_audience",
)
HANDLING = (
    TIMELY,
    "handling_days_mean",
    "handling_days_p90",
    "first_response_within_hour_rate",
)
LEARNING = (
    "training_coverage",
    "exam_participation_rate",
    "exam_mean_score",
    "exam_pass_rate",
)
REVIEWING = (
    "review_count",
    "review_coverage",
    "review_first_pass_rate",
    "opinion_adoption_rate",
    "outreach_event_count",
    "outreach_audience",
    "outreach_leaflets",
    "outreach_reads",
)
MOST_BARS, AT_EACH_END, MOST_LIGHTS, MONTHS = 10, 10, 8, 13
NO_DATA = "—"


class Slides:
    """Draws the slides of one period onto a canvas."""

    def __init__(
        self,
        canvas: Canvas,
        answers: Answers,
        lights: Evaluation,
        taken: Acknowledgements,
        foot: str,
    ) -> None:
        self.canvas, self.answers, self.facts = canvas, answers, answers.facts
        self.lights, self.taken, self.foot = lights, taken, foot

    def every(self) -> Sequence[Callable[[], None]]:
        """The slides in the order of the meeting: are we red, why, what do we do."""
        return (
            self.headline,
            self.missed,
            self.changes,
            self.red_lights,
            self.mix,
            self.timeliness,
            self.learning,
            self.reviewing,
            self.ranking,
            self.decisions,
        )

    def _new(self, title: str, told: Sequence[str], extra: str = "") -> None:
        """A slide whose notes say what its indicators mean."""
        meanings = [
            f"{indicator(name).name_zh}：{indicator(name).definition_zh}（{indicator(name).basis_zh}）"
            for name in dict.fromkeys(told)
        ]
        notes = "\n".join([*([extra] if extra else []), "口径：", *meanings, self.foot])
        self.canvas.new_slide(title, self.foot, notes)

    def _gap(self, reason: str, box: Box = BODY) -> None:
        """Say what is missing instead of an empty place."""
        self.canvas.text(box, self.answers.gap(reason), largest=18)

    def _tiles(self, names: Sequence[str]) -> list[Tile]:
        return [self._tile(name) for name in names]

    def _tile(self, name: str) -> Tile:
        asked, facts = indicator(name), self.facts
        try:
            value = Answers.shown(facts.fact(name))
        except MissingFactError as missing:
            return Tile(asked.name_zh, NO_DATA, str(missing))
        try:
            note = facts.change(name, "previous")
        except MissingFactError as missing:
            note = str(missing)
        return Tile(asked.name_zh, value, note, self._verdict(name))

    def _verdict(self, name: str) -> str:
        try:
            limit, fact = self.facts.threshold(name), self.facts.fact(name)
            self.facts.against(name)
        except MissingFactError:
            return ""
        return judge(indicator(name), fact.value, limit)

    def headline(self) -> None:
        """The few numbers that matter, each with its verdict and change."""
        self._new(f"{self.facts.period.label_zh}消保工作：主要数字", HEADLINES)
        self.canvas.tiles(BODY, self._tiles(HEADLINES))

    def missed(self) -> None:
        """Every indicator that misses its threshold or nearly does."""
        rows: list[tuple[str, ...]] = [("判定", "指标", "本期", "阈值", "较上期")]
        told = []
        for verdict in ("missed", "near"):
            for asked in listed_indicators():
                if self._verdict(asked.id) == verdict:
                    told.append(asked.id)
                    tile, limit = self._tile(asked.id), self.facts.threshold(asked.id)
                    status = "" if limit.status in ("official", "own") else f"（{limit.status}）"
                    rows.append(
                        (
                            WORDS[verdict],
                            asked.name_zh,
                            tile.value,
                            written(asked, limit.value) + status,
                            tile.note,
                        )
                    )
        self._new("未达标和接近阈值的指标", told or [COUNT])
        if len(rows) == 1:
            met = sum(self._verdict(one.id) == "met" for one in listed_indicators())
            words = f"● 能够对照阈值的 {met} 项指标都达标" if met else "没有能够对照阈值的指标"
            self.canvas.text(BODY, words)
            return
        left = self.canvas.table(BODY, rows, (2.6, 5, 3.5, 4.5, 9))
        self._more(left)

    def _more(self, left: int) -> None:
        if left:
            place = Box(BODY.left, BOTTOM - 0.6, BODY.width, 0.7)
            self.canvas.text(place, f"另有 {left} 项见看板", largest=12)

    def changes(self) -> None:
        """What moved most against the period before, by category and by sub-branch."""
        self._new("投诉：哪些变了", [COUNT], "变化＝本期件数减上期件数，按变化大小排列。")
        for box, by in zip(BODY.columns(2, 1.2), ("category_group", "sub_branch"), strict=True):
            try:
                self._moved(box, by)
            except MissingFactError as missing:
                self._gap(str(missing), box)

    def _moved(self, box: Box, by: str) -> None:
        facts, base = self.facts, base_period(self.facts.period, "previous")
        facts.fact(COUNT)
        if base is None:
            message = "全部期间没有对比期"
            raise MissingFactError(message)
        facts.fact(COUNT, period=base)
        found = movers(
            facts.cursor, COUNT, facts.period, "previous", by, where=facts.where, scope=facts.scope
        )
        limit = small_counts().limit(indicator(COUNT))
        shown = told_apart(found, limit).filter(pl.col("change") != 0).head(MOST_BARS)
        if shown.is_empty():
            message = f"按{dimensions()[by].name_zh}没有可列的变化（件数少于{limit}的不列）"
            raise MissingFactError(message)
        labels = [label or "未填报" for label in shown[by].to_list()]
        series = [
            Series(facts.period.label_zh, shown["current"].to_list()),
            Series(base.label_zh, shown["base"].to_list(), SOFT),
        ]
        self._bars(box, f"按{dimensions()[by].name_zh}（件）", labels, series)

    def _bars(
        self,
        box: Box,
        title: str,
        labels: Sequence[str],
        series: Sequence[Series],
        number_format: str = COUNTS,
    ) -> None:
        self.canvas.chart(box, Chart(title, labels, series, "bar", number_format))

    def red_lights(self) -> None:
        """The red lights with what they measure, since when, what turns them, and who has them."""
        red = self.lights.of("red")
        until = self.lights.until
        rested = f"，截至 {alert_words.month(until)}" if until else ""
        told = [rule_of(one).indicator for one in red[:MOST_LIGHTS]] or [COUNT]
        self._new(
            f"红灯 {len(red)} 项（按内部预警规则{rested}）",
            told,
            "预警规则是内部规则，不是监管要求。",
        )
        if not red:
            judged = len(self.lights.of("red", "yellow", "green"))
            words = f"● 能判定的 {judged} 项没有红灯" if judged else "没有能够判定的预警"
            self.canvas.text(BODY, words)
            return
        rows: list[tuple[str, ...]] = [
            ("预警", "对象", "自何时", "数值", "对照", "是不是偶然", "由谁跟进")
        ]
        rows += [self._light(one) for one in red[:MOST_LIGHTS]]
        left = self.canvas.table(BODY, rows, (5, 3.2, 3.4, 4.6, 4.6, 5.2, 2.6), size=12)
        self._more(left + max(len(red) - MOST_LIGHTS, 0))

    def _light(self, alert: Alert) -> tuple[str, ...]:
        held = self.taken.of(alert)
        return (
            rule_of(alert).name_zh,
            alert_words.cell(alert),
            alert_words.since(alert),
            _value(alert),
            alert_words.limit(alert),
            alert_words.verdict(alert),
            f"{held.name}{f'，限{held.due}' if held.due else ''}" if held else "未认领",
        )

    def mix(self) -> None:
        """What complaints are about, and why."""
        self._new("投诉结构", [COUNT])
        limit = small_counts().limit(indicator(COUNT))
        for box, by in zip(BODY.columns(2, 1.2), ("category_group", "cause_group"), strict=True):
            try:
                parts = self.facts.parts(COUNT, by)
            except MissingFactError as missing:
                self._gap(str(missing), box)
                continue
            kept = together(parts, limit).filter(pl.col("value").is_not_null()).head(MOST_BARS)
            total = numerals.written(float(parts["value"].sum()))
            series = [Series(indicator(COUNT).name_zh, kept["value"].to_list())]
            title = f"按{dimensions()[by].name_zh}（件，N={total}）"
            self._bars(box, title, kept["label"].to_list(), series)

    def timeliness(self) -> None:
        """In time or not: the course of the rate, and the numbers beside it."""
        self._new("处理时效", HANDLING)
        left, right = (
            Box(BODY.left, BODY.top, 19.5, BODY.height),
            Box(22, BODY.top, 10.6, BODY.height),
        )
        try:
            labels, values = self._months(TIMELY)
            series = [Series("处理及时率", values)]
            course = Chart("每月处理及时率（%）", labels, series, "line", RATES)
            self.canvas.chart(left, course)
        except MissingFactError as missing:
            self._gap(str(missing), left)
        self.canvas.tiles(right, self._tiles(HANDLING), per_row=2)

    def _months(self, name: str) -> tuple[list[str], list[float | None]]:
        """A rate by month up to the end of the period; months of too few cases are left open."""
        asked, facts = indicator(name), self.facts
        facts.fact(name)
        held = facts.coverage[asked.entity]
        end = min(facts.period.end or held.last, held.last)
        months = list(months_between(held.first, end))[-MONTHS:]
        window = parse_period(f"{months[0].start}..{months[-1].end}")
        where = facts.where_of(asked)
        found = facts.compute(asked, window, by=("month",), where=where)
        by_month = {row["month"]: row for row in found.iter_rows(named=True)}
        values: list[float | None] = []
        for month in months:
            row = by_month.get(month.id)
            is_shown = row and row["value"] is not None and not asked.is_too_few(row["denominator"])
            values.append(
                float(numerals.half_up(row["value"], asked.decimals)) if row and is_shown else None
            )
        return [month.id for month in months], values

    def learning(self) -> None:
        """Training and exams: who, how well, and how scores spread."""
        self._new("培训与考试", (*LEARNING, "exam_scored_count"))
        left, right = BODY.columns(2, 1.2)
        self.canvas.tiles(left, self._tiles(LEARNING), per_row=2)
        try:
            parts = self.facts.parts("exam_scored_count", "score_band")
            title = f"分数段（人次，N={numerals.written(float(parts['value'].sum()))}）"
            series = [Series("人次", parts["value"].to_list())]
            self._bars(right, title, parts["label"].to_list(), series)
        except MissingFactError as missing:
            self._gap(str(missing), right)

    def reviewing(self) -> None:
        """Reviews before launch, and outreach."""
        self._new("消保审查与宣传教育", REVIEWING, "人次不是人数：同一人参加多场重复计算。")
        self.canvas.tiles(BODY, self._tiles(REVIEWING))

    def ranking(self) -> None:
        """Sub-branches by the timely rate, with the median of the group."""
        self._new("支行排名：处理及时率", [TIMELY], "中位数取全部参与排名的支行。")
        facts = self.facts
        where = {n: v for n, v in facts.where.items() if n != "sub_branch"}
        found = peers.peers(facts.cursor, TIMELY, facts.period, where=where, scope=facts.scope)
        ranked = found.filter(pl.col("is_ranked") & pl.col("value").is_not_null())
        if ranked.is_empty():
            self._gap(f"{facts.period.label_zh}没有可以排名的支行")
            return
        is_cut = ranked.height > 2 * AT_EACH_END
        shown = ranked
        if is_cut:
            shown = pl.concat([ranked.head(AT_EACH_END), ranked.tail(AT_EACH_END)])
        asked = indicator(TIMELY)
        middle = float(ranked["median"][0])
        title = f"及时率（%），支行中位数 {numerals.written(middle, asked.decimals)}%"
        title += f"；共 {ranked.height} 家，列前、后各 {AT_EACH_END} 家" if is_cut else ""
        limit = small_counts().limit(asked)
        labels = _ranked_labels(shown, limit)
        if not all("N=" in label for label in labels):
            title += f"；及时或超时不足{limit}件的支行不列N"
        values = [float(numerals.half_up(v, asked.decimals)) for v in shown["value"].to_list()]
        self._bars(BODY, title, labels, [Series("处理及时率", values)], RATES)

    def decisions(self) -> None:
        """What the meeting is asked to decide."""
        red = [one for one in self.lights.of("red") if self.taken.of(one) is None]
        items = [
            f"由谁负责、何时改完：{rule_of(one).name_zh}（{alert_words.cell(one)}）"
            f"{_value(one)}，{alert_words.limit(one)}"
            for one in red[:5]
        ]
        if len(red) > len(items):
            items.append(f"另有 {len(red) - len(items)} 项红灯未认领")
        due = self._due()
        if due:
            items.append(due)
        missing = self._missing()
        if missing:
            items.append(f"{self.facts.period.label_zh}还缺：{missing}，由谁何时补交")
        self._new("请会议决定", [TIMELY])
        words = "\n".join(f"{at}. {item}" for at, item in enumerate(items, start=1))
        self.canvas.text(BODY, words or "没有需要会议决定的事项", largest=22, smallest=12)

    def _missing(self) -> str:
        """The extracts that hold no day of the period, by the names that people know."""
        missing = uncovered(self.facts.coverage, self.facts.period)
        return "、".join(f"《{entities()[name].file_zh}》" for name in missing)

    def _due(self) -> str:
        held = self.facts.coverage.get("complaint")
        if held is None:
            return ""
        found = due_soon(
            self.facts.cursor, held.last, where=self.facts.where, scope=self.facts.scope
        )
        if found.is_empty():
            return ""
        count = numerals.written(found.height)
        return f"自 {held.last} 起 {DAYS} 天内到期、仍未办结的投诉 {count} 件，确保按时答复"


def _value(alert: Alert) -> str:
    """What a light measures, without counts that are too small to be told."""
    point, limit = alert.point, small_counts().limit(indicator(rule_of(alert).indicator))
    is_few = tells_few(point.numerator or 0, point.denominator or 0, limit)
    return alert_words.value(alert, has_counts=not is_few)


def _ranked_labels(ranked: pl.DataFrame, limit: int) -> list[str]:
    """Rank and name of each sub-branch, and N where that does not tell a small count."""
    labels = []
    for row in ranked.iter_rows(named=True):
        is_few = tells_few(row["numerator"], row["denominator"], limit)
        size = "" if is_few else f" N={numerals.written(row['denominator'])}"
        labels.append(f"{row['rank']} {row['sub_branch']}{size}")
    return labels


def told_by(facts: Facts, snapshot: int, dates: str, scope: str, filters: str) -> str:
    """The foot of every slide: period, filters, data date, snapshot and scope."""
    demo = "演示数据 · " if facts.is_demo else ""
    return (
        f"{demo}{facts.period.label_zh} · 范围：{scope} · 筛选：{filters} · "
        f"数据截至：{dates} · 快照 #{snapshot}"
    )
