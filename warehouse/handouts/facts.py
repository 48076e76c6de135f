"""Numbers and their words for hand-outs: a fact is right, or says why it is not there."""

from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from warehouse import chance, numerals, quality
from warehouse.compare import COUNT_KINDS, Basis, base_period, delta
from warehouse.coverage import Coverage, coverage, is_complete
from warehouse.entities import entities
from warehouse.handouts.settings import small_counts
from warehouse.indicators import compute
from warehouse.periods import Period
from warehouse.registry import Indicator, Threshold, binding_threshold, indicator
from warehouse.request import Where
from warehouse.scope import Scope

NO_WHERE: Where = {}
BASIS_ZH: dict[Basis, str] = {"previous": "上期", "last_year": "上年同期"}
# Dimensions whose values have an order of their own, whatever their size.
IN_ORDER = ("score_band",)
KIND_ZH = {
    "regulatory": "监管要求",
    "head_office": "总行要求",
    "own": "本行目标",
    "example": "示例阈值",
}


class MissingFactError(Exception):
    """There is no such number; the message says in Chinese what is missing."""


@dataclass(frozen=True)
class Fact:
    """One number of a hand-out as it is written, and what it was made of."""

    asked: Indicator
    period: Period
    where: Where
    value: float
    numerator: float | None
    denominator: float | None

    @property
    def text(self) -> str:
        """The value with its unit."""
        return written(self.asked, self.value)

    @property
    def n(self) -> float | None:
        """How many cases stand behind it."""
        return self.numerator if self.asked.kind in COUNT_KINDS else self.denominator


def written(asked: Indicator, value: float) -> str:
    """A value of this indicator with its unit, as Chinese prose has it: 98.1%, 1,260件."""
    return f"{numerals.written(value, asked.decimals)}{asked.unit}"


@dataclass
class Facts:
    """The numbers of one period and scope, all of the cursor's snapshot; keeps what was asked."""

    cursor: duckdb.DuckDBPyConnection
    period: Period
    scope: Scope
    where: Where = field(default_factory=dict)
    # Off only where single cases stand in the same file.
    hides_small: bool = True
    used: list[Fact] = field(default_factory=list)
    _held: dict[tuple[object, ...], pl.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.coverage: dict[str, Coverage] = coverage(self.cursor)
        self.is_demo = quality.is_demo(self.cursor)

    def fact(
        self, indicator_id: str, *, period: Period | None = None, where: Where = NO_WHERE
    ) -> Fact:
        """The number; raises MissingFactError where there is none to write."""
        asked, span = indicator(indicator_id), period or self.period
        own = self.where_of(asked, where)
        row = self.compute(asked, span, where=own).row(0, named=True)
        if row["value"] is None:
            raise MissingFactError(self._missing(asked, span, row["denominator"]))
        if asked.is_too_few(row["denominator"]):
            sample = self.sample(asked, row["denominator"])
            message = f"{span.label_zh}{asked.name_zh}样本过少（{sample}），不予列示"
            raise MissingFactError(message)
        fact = Fact(asked, span, own, row["value"], row["numerator"], row["denominator"])
        self.used.append(fact)
        return fact

    def compute(
        self, asked: Indicator, period: Period, *, by: tuple[str, ...] = (), where: Where
    ) -> pl.DataFrame:
        """The indicator under these filters, each question put to the lake once."""
        key = (asked.id, period, by, tuple((n, tuple(v)) for n, v in sorted(where.items())))
        if key not in self._held:
            self._held[key] = compute(
                self.cursor, asked.id, period, by=by, where=where, scope=self.scope
            )
        return self._held[key]

    def parts(self, indicator_id: str, by: str, *, where: Where = NO_WHERE) -> pl.DataFrame:
        """A count by one dimension, largest first (bands in order): label, value, share in %."""
        asked = indicator(indicator_id)
        if asked.kind not in COUNT_KINDS:
            message = f"{asked.name_zh}不是计数，不能列占比"
            raise MissingFactError(message)
        own = self.where_of(asked, where)
        found = self.compute(asked, self.period, by=(by,), where=own).filter(pl.col("value") > 0)
        if found.is_empty():
            raise MissingFactError(self._missing(asked, self.period, None))
        order = by if by in IN_ORDER else "value"
        found = found.sort(order, by, descending=[order == "value", False], nulls_last=True)
        shares = [float(share) for share in numerals.shares(found["value"].to_list())]
        return found.select(
            pl.col(by).fill_null("未填报").alias("label"), "value", pl.Series("share", shares)
        )

    def where_of(self, asked: Indicator, extra: Where = NO_WHERE) -> Where:
        """The chosen filters that this indicator knows, and these."""
        chosen = {n: v for n, v in self.where.items() if n in asked.dimensions}
        return {**chosen, **extra}

    def limit(self, asked: Indicator) -> int:
        """The smallest count of this indicator that may be told; 0 where any may."""
        return small_counts().limit(asked) if self.hides_small else 0

    def sample(self, asked: Indicator, n: float) -> str:
        """How many cases a figure is made of, in words that tell no small number."""
        limit = self.limit(asked)
        return f"n<{limit}" if 0 < n < limit else f"n={numerals.written(n)}"

    def _missing(self, asked: Indicator, period: Period, denominator: float | None) -> str:
        held = self.coverage.get(asked.entity)
        if held is None or not held.touches(period):
            return f"缺{period.label_zh}《{entities()[asked.entity].file_zh}》（{asked.name_zh}）"
        if denominator == 0:
            below = asked.denominator_zh or "分母"
            return f"{period.label_zh}{asked.name_zh}无法计算：{below}为0"
        return f"缺{period.label_zh}{asked.name_zh}"

    def is_settled(self, asked: Indicator) -> bool:
        """Whether the extracts cover the period, and the days in which its figure settles."""
        held = self.coverage.get(asked.entity)
        return is_complete(self.period, held, settles_after_days=asked.settles_after_days)

    def change(self, indicator_id: str, basis: Basis, *, where: Where = NO_WHERE) -> str:
        """The change in words; 显著 only where it is larger than chance.

        Raises MissingFactError where either side is missing or the period is not over.
        """
        asked = indicator(indicator_id)
        earlier = base_period(self.period, basis)
        if earlier is None:
            message = "全部期间没有对比期"
            raise MissingFactError(message)
        now = self.fact(asked.id, where=where)
        then = self.fact(asked.id, period=earlier, where=where)
        if asked.needs_whole_period and not self.is_settled(asked):
            last = self.coverage[asked.entity].last
            message = f"{self.period.label_zh}未满期（数据截至{last}），不与整期比较"
            raise MissingFactError(message)
        limit = small_counts().limit(asked)
        if asked.kind in COUNT_KINDS and any(0 < one.value < limit for one in (now, then)):
            return f"较{BASIS_ZH[basis]}的变化因件数少于{limit}不列"
        return self._change_words(now, then, BASIS_ZH[basis])

    def threshold(self, indicator_id: str) -> Threshold:
        """The threshold in force at the end of the period; raises MissingFactError without one."""
        asked = indicator(indicator_id)
        held = self.coverage.get(asked.entity)
        on = self.period.end or (held.last if held else date.max)
        found = binding_threshold(asked.id, on, demo=self.is_demo)
        if found is None:
            message = f"{asked.name_zh}没有在用的阈值"
            raise MissingFactError(message)
        return found

    def against(self, indicator_id: str) -> str:
        """Above, at or below the threshold, how binding it is, and by how much.

        Raises MissingFactError where there is no threshold, or too little to judge by.
        """
        asked, limit = indicator(indicator_id), self.threshold(indicator_id)
        fact = self.fact(asked.id)
        if fact.denominator is not None and fact.denominator < asked.judged_from_n:
            sample = self.sample(asked, fact.denominator)
            message = f"{asked.name_zh}样本少（{sample}），不与阈值比较"
            raise MissingFactError(message)
        if asked.needs_whole_period and not self.is_settled(asked):
            message = f"{self.period.label_zh}{asked.name_zh}未满期，不与阈值比较"
            raise MissingFactError(message)
        status = "" if limit.status in ("official", "own", "示例") else f"（{limit.status}）"
        named = f"{KIND_ZH[limit.kind]}{written(asked, limit.value)}{status}"
        gap = float(numerals.half_up(fact.value - limit.value, asked.decimals))
        if gap == 0:
            return f"达到{named}"
        size = numerals.written(abs(gap), asked.decimals)
        unit = {"%": "个百分点"}.get(asked.unit, asked.unit)
        return f"{'高于' if gap > 0 else '低于'}{named}，相差{size}{unit}"

    def _change_words(self, now: Fact, then: Fact, basis: str) -> str:
        asked = now.asked
        change, unit = delta(asked, now.value, then.value)
        if change is None:
            return f"{basis}为{then.text}"
        decimals = asked.decimals if unit == asked.unit != "%" else 1
        size = numerals.written(abs(change), decimals)
        if float(numerals.half_up(abs(change), decimals)) == 0:
            return f"与{basis}持平"
        word = "上升" if change > 0 else "下降"
        unit = {"百分点": "个百分点"}.get(unit, unit)
        fewest = min((n for n in (now.n, then.n) if n is not None), default=None)
        if asked.kind not in COUNT_KINDS and fewest is not None and fewest < asked.judged_from_n:
            sample = self.sample(asked, fewest)
            return f"较{basis}{word}{size}{unit}，样本少（{sample}），不判断是否显著"
        beyond = is_beyond_chance(now, then)
        if beyond is None:
            return f"较{basis}{word}{size}{unit}"
        if beyond:
            return f"较{basis}显著{word}{size}{unit}"
        sample = self.sample(asked, now.n or 0)
        return f"较{basis}{word}{size}{unit}，变化不显著（{sample}）"


def is_beyond_chance(now: Fact, then: Fact) -> bool | None:
    """Whether two numbers differ by more than chance (95 %); None where no test is known.

    Rates by Newcombe's interval; counts as two Poisson counts of equal time, by the exact
    binomial test of the one among both.
    """
    if now.asked.kind == "ratio":
        counts = (now.numerator, now.denominator, then.numerator, then.denominator)
        if any(count is None for count in counts) or not now.denominator or not then.denominator:
            return None
        reach = chance.difference(*(float(count or 0) for count in counts))
        return reach.low > 0 or reach.high < 0
    if now.asked.kind == "count":
        least, both = min(now.value, then.value), now.value + then.value
        return 2 * chance.at_most(round(least), round(both), 0.5) < 1 - chance.CONFIDENCE
    return None
