"""来源久未更新: sources whose next extract is overdue by their own habit."""

from datetime import date

from warehouse.entities import entities
from warehouse.periods import Period
from warehouse.radar.data import Data, not_run
from warehouse.radar.question import Answer, Bar, Picture, Question, Ran
from warehouse.radar.settings import signal

ID = "late_source"


def look(data: Data) -> Answer:
    """Every contract with a habit: days since its last covered day against its longest gap.

    A rule and no chance: how regular deliveries are is a matter of people.
    """
    if data.scope.sub_branches is not None:
        return not_run(ID, "按来源的检验只对可看全行的读者进行")
    until = max(
        (
            min(data.asked.end or one.last, one.last)
            for one in data.held.values()
            if one.touches(data.asked)
        ),
        default=None,
    )
    found = data.frame(
        """
        select
            contract_id,
            any_value(source) as source,
            any_value(entity) as entity,
            list(distinct coverage_to order by coverage_to) as ends,
        from lake.meta.batch
        where coverage_to is not null and coverage_to <= $until
        group by contract_id
        order by contract_id
        """,
        until=until,
    )
    habits = [
        (str(contract), str(source), str(entity), list(ends))
        for contract, source, entity, ends in found.iter_rows()
        if len(ends) >= signal(ID).whole("least_deliveries")
    ]
    if until is None or not habits:
        return not_run(ID, f"没有至少报送过 {signal(ID).whole('least_deliveries')} 次的来源")
    asked = [_question(*habit, until) for habit in habits]
    return Answer(
        Ran(ID, 0, len(habits), "个来源"), ruled=tuple(one for one in asked if one is not None)
    )


def _question(
    contract: str, source: str, entity: str, ends: list[date], until: date
) -> Question | None:
    longest = max((b - a).days for a, b in zip(ends, ends[1:], strict=False))
    gap = (until - ends[-1]).days
    if gap < signal(ID).number("least_ratio") * longest:
        return None
    file = entities()[entity].file_zh
    bars = tuple(
        Bar(f"{b}", (b - a).days, longest, False) for a, b in zip(ends, ends[1:], strict=False)
    )
    return Question(
        ID,
        contract,
        (),
        f"《{file}》（来源 {source}）最后一份只到 {ends[-1]}，到 {until} 已 {gap} 天没有更新；"
        f"以往 {len(ends)} 份之间最长隔 {longest} 天。下一份在哪里？",
        f"以往最长间隔 {longest} 天",
        0,
        len(ends),
        "份",
        Picture(
            f"《{file}》（来源 {source}）各份之间的天数",
            "数据截止日",
            "天",
            (*bars, Bar(f"{until}（未到）", gap, longest, True)),
        ),
        Period(f"{ends[-1]}..{until}", ends[-1], until),
    )
