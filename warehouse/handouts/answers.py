"""What each slot of a report asks for, in words: numbers, changes, thresholds, leading parts."""

from collections.abc import Callable
from datetime import date
from typing import get_args

from warehouse import numerals
from warehouse.compare import COUNT_KINDS, Basis, base_period
from warehouse.entities import entities
from warehouse.errors import QueryError
from warehouse.handouts.facts import Fact, Facts, MissingFactError, written
from warehouse.handouts.settings import small_counts
from warehouse.handouts.slots import Filled, Slot, SlotError
from warehouse.handouts.suppression import together
from warehouse.registry import dimensions, indicator, indicators, judge, listed_indicators
from warehouse.request import Where

AGAINST = "against"
BASES: tuple[Basis, ...] = get_args(Basis)
LEADING = 3


class Answers:
    """Answers slots for one period; counts how many there were, and keeps the gaps."""

    def __init__(self, facts: Facts, *, snapshot: int) -> None:
        self.facts = facts
        self.snapshot = snapshot
        self.asked = 0
        self.gaps: list[str] = []
        self._plain: dict[str, Callable[[], str]] = {
            "period": lambda: facts.period.label_zh,
            "previous_period": lambda: self._base("previous"),
            "last_year_period": lambda: self._base("last_year"),
            "data_dates": self._data_dates,
            "snapshot": lambda: f"#{snapshot}",
            "scope": self.scope_zh,
            "filters": self.filters_zh,
            "missed": self._missed,
            "demo": lambda: "演示数据，数字为程序生成，不代表任何机构" if facts.is_demo else "",
        }

    def filled(self, slot: Slot) -> Filled:
        """The text in place of a slot, or the gap and its reason; raises SlotError."""
        self.asked += 1
        try:
            return Filled(self._text(slot))
        except MissingFactError as missing:
            return Filled(self.gap(str(missing)), is_gap=True)
        except QueryError as error:
            message = f"模板里的 {slot.text}：{error}"
            raise SlotError(message) from None

    def gap(self, reason: str) -> str:
        """Note a gap; what is written in its place."""
        self.gaps.append(reason)
        return f"【{reason}】"

    def coverage_line(self) -> str:
        """How many slots could be filled from the data."""
        line = f"本稿 {self.asked - len(self.gaps)}/{self.asked} 处已由数据填充"
        if self.gaps:
            line += f"，{len(self.gaps)} 处缺数据，已标黄并写明原因"
        return line

    def _text(self, slot: Slot) -> str:
        if slot.name in self._plain:
            return self._plain[slot.name]()
        if slot.name == "top":
            return self._top(slot)
        if slot.name not in indicators():
            message = f"模板里的 {slot.text}：没有这样的指标或字段"
            raise SlotError(message)
        where = self._where(slot)
        how = [option for option in slot.options if "=" not in option]
        match how:
            case []:
                return self.shown(self.facts.fact(slot.name, where=where))
            case [basis] if basis in BASES:
                return self.facts.change(slot.name, basis, where=where)
            case ["against"]:
                return self.facts.against(slot.name)
            case _:
                known = "previous、last_year、against、维度=值"
                message = f"模板里的 {slot.text}：看不懂“{'|'.join(how)}”；可用 {known}"
                raise SlotError(message)

    @staticmethod
    def shown(fact: Fact) -> str:
        """A fact as it may leave the room; a small count of customers says only so."""
        limit = small_counts().limit(fact.asked)
        is_count = fact.asked.kind in COUNT_KINDS
        if is_count and 0 < fact.value < limit:
            return f"少于{limit}{fact.asked.unit}"
        return fact.text

    def _where(self, slot: Slot) -> Where:
        where: dict[str, tuple[str | None, ...]] = {}
        for option in slot.options:
            name, equals, value = option.partition("=")
            if not equals:
                continue
            if name not in indicator(slot.name).dimensions:
                message = f"模板里的 {slot.text}：{slot.name} 不能按 {name} 筛选"
                raise SlotError(message)
            where[name] = (value or None,)
        return where

    def _top(self, slot: Slot) -> str:
        what, by = slot.option(0), slot.option(1)
        if what not in indicators() or by not in dimensions():
            message = f"模板里的 {slot.text}：应写作 top|指标|维度|个数"
            raise SlotError(message)
        asked = indicator(what)
        count = int(slot.option(2)) if slot.option(2).isdigit() else LEADING
        parts = together(self.facts.parts(what, by), small_counts().limit(asked))
        said = [
            f"{row['label']}{written(asked, row['value'])}（{numerals.written(row['share'], 1)}%）"
            for row in parts.head(count).iter_rows(named=True)
            if row["value"] is not None
        ]
        return "、".join(said)

    def _base(self, basis: Basis) -> str:
        found = base_period(self.facts.period, basis)
        if found is None:
            message = "全部期间没有对比期"
            raise MissingFactError(message)
        return found.label_zh

    def _data_dates(self) -> str:
        """Until when each kind of extract reaches; one day where all agree."""
        held = self.last_days()
        if len(set(held.values())) == 1:
            return f"{next(iter(held.values()))}"
        return "、".join(f"{entities()[name].name_zh}{day}" for name, day in held.items())

    def last_days(self) -> dict[str, date]:
        """The last day that the extracts of each entity cover; raises MissingFactError."""
        wanted = {one.entity for one in listed_indicators()}
        held = {n: c.last for n, c in self.facts.coverage.items() if n in wanted}
        if not held:
            message = "还没有装载任何数据"
            raise MissingFactError(message)
        return held

    def scope_zh(self) -> str:
        """What the reader may see, in words."""
        held = self.facts.scope.sub_branches
        return "全辖" if held is None else "、".join(sorted(held))

    def filters_zh(self) -> str:
        """The chosen filters in words."""
        said = [
            f"{dimensions()[name].name_zh}：{'、'.join(v or '未填报' for v in values)}"
            for name, values in self.facts.where.items()
        ]
        return "；".join(said) or "未筛选"

    def _missed(self) -> str:
        """The indicators that miss their thresholds, each with how far."""
        said, judged = [], 0
        for asked in listed_indicators():
            try:
                limit, against = self.facts.threshold(asked.id), self.facts.against(asked.id)
                fact = self.facts.fact(asked.id)
            except MissingFactError:
                continue
            judged += 1
            if judge(asked, fact.value, limit) == "missed":
                said.append(f"{asked.name_zh}{fact.text}，{against}")
        if not judged:
            message = f"{self.facts.period.label_zh}没有可以对照阈值的数据"
            raise MissingFactError(message)
        return "；".join(said) or f"对照阈值的{judged}项指标没有未达标的"
