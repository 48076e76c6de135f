"""A survey of sub-branches as it may leave the room: no small count, nor what would tell one.

Places: see `withheld`. Courses: months of the period add up to a place that may be told, so they
are a cross table whose row totals are known; other months stand alone. Mixes: a cross table of
sub-branches by parts whose row totals are known, small parts put together; from its own totals
come the shares of the group. Sub-branches whose number of complaints is not told are one row there
and are told nothing of. Every order is one that no count decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from warehouse.coverage import in_display_order
from warehouse.handouts import withheld
from warehouse.handouts.cross_table import WITHHELD, CrossTable, Suppressed, pooled, suppress
from warehouse.handouts.settings import small_counts
from warehouse.handouts.withheld import Key, counted
from warehouse.indicators import FIGURES
from warehouse.periods import Period, parse_period
from warehouse.profile import EXAM_CUTS, MIX, Survey
from warehouse.registry import Indicator, indicator
from warehouse.scope import Scope
from warehouse.standing import Cell

# A sub-branch and a month, or another part.
Place = tuple[str, str]
Counts = Mapping[Place, int]
BLANK, REST = "未填报", "其余支行合计"


def outward(held: Survey, *, scope: Scope) -> Survey:
    """The survey of all sub-branches as it may be told, for the reader of a scope."""
    limited = [what for what in held.places if small_counts().limit(indicator(what))]
    hidden = withheld.withheld(
        {what: _cells(held.places[what]) for what in limited}, small_counts().suppress_below
    )

    def closed(what: str) -> set[str]:
        return hidden.get(what, set())

    return replace(
        held,
        scope=scope,
        limit=small_counts().suppress_below if limited else 0,
        places={
            what: withheld.told(indicator(what), found, closed(what))
            for what, found in held.places.items()
        },
        courses={
            what: _course(indicator(what), found, closed(what), held.period)
            for what, found in held.courses.items()
        },
        exams={
            by: _parts(indicator(what), held.exams[by], by, closed(what))
            for what, by in EXAM_CUTS
            if by in held.exams
        },
        mixes={by: _mix(found, by, closed(MIX)) for by, found in held.mixes.items()},
    )


def _cells(found: pl.DataFrame) -> dict[str, Cell]:
    return {name: Cell(*figures) for name, *figures in _figures(found, "sub_branch")}


def _figures(found: pl.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
    return found.select(*names, *FIGURES).iter_rows()


def _counts(asked: Indicator, found: pl.DataFrame, cut: str) -> dict[Key, dict[Place, int]]:
    """What the cells count, by what is counted."""
    by_key: dict[Key, dict[Place, int]] = {}
    for name, part, *figures in _figures(found, "sub_branch", cut):
        for key, count in counted(asked, Cell(*map(_number, figures))).items():
            by_key.setdefault(key, {})[name, part] = count
    return by_key


def _number(figure: object) -> float | None:
    return float(figure) if isinstance(figure, int | float) else None


def _within(counts: Counts, closed: set[str], limit: int) -> set[Place]:
    """The hidden places of a table whose row totals are known, but for those of closed rows."""
    totals: dict[str, int] = {}
    for (name, _part), count in counts.items():
        totals[name] = totals.get(name, 0) + count
    shut = closed | {name for name, total in totals.items() if 0 < total < limit}
    names = [name for name in totals if name not in shut]
    parts = list(dict.fromkeys(part for _name, part in counts))
    hidden = {place for place in counts if place[0] in shut}
    if not names:
        return hidden
    table = _table(names, parts, counts)
    shown = suppress(table, limit, kept="rows")
    if shown is None:
        return set(counts)
    return hidden | {
        (names[row], parts[column])
        for row, column in shown.hidden
        if not table.is_total((row, column))
    }


def _table(names: list[str], parts: list[str], counts: Counts) -> CrossTable:
    lines = tuple(tuple(counts.get((name, part), 0) for part in parts) for name in names)
    return CrossTable(tuple(names), tuple(parts), lines)


def _course(
    asked: Indicator, found: pl.DataFrame, closed: set[str], period: Period
) -> pl.DataFrame:
    """The months of all sub-branches, with a mark in place of what is not told."""
    limit = small_counts().limit(asked)
    if not limit:
        return found
    hidden: set[Place] = set()
    for counts in _counts(asked, found, "month").values():
        inside = {place: n for place, n in counts.items() if _is_in(place[1], period)}
        hidden |= _within(inside, closed, limit)
        for month in {month for _name, month in counts.keys() - inside.keys()}:
            column = {name: n for (name, of), n in counts.items() if of == month}
            hidden |= {(name, month) for name in withheld.small(column, limit)}
    return _marked(found, "month", hidden)


def _is_in(month: str, period: Period) -> bool:
    span = parse_period(month)
    if period.start is None or period.end is None or span.start is None or span.end is None:
        return True
    return span.start <= period.end and span.end >= period.start


def _marked(found: pl.DataFrame, cut: str, hidden: set[Place]) -> pl.DataFrame:
    """The figures of hidden places and the medians beside them replaced by a mark."""
    places = list(found.select("sub_branch", cut).iter_rows())
    beside = {part for _name, part in hidden}
    own = [place in hidden for place in places]
    near = [part in beside for _name, part in places]
    return found.with_columns(
        _with_marks(found[name], near if name == "median" else own) for name in (*FIGURES, "median")
    )


def _with_marks(values: pl.Series, is_hidden: list[bool]) -> pl.Series:
    held = [WITHHELD if off else value for value, off in zip(values, is_hidden, strict=True)]
    return pl.Series(values.name, held, dtype=pl.Object)


def _parts(asked: Indicator, found: pl.DataFrame, cut: str, closed: set[str]) -> pl.DataFrame:
    """The parts of an exam without those that are not told, and without the medians beside them."""
    limit = small_counts().limit(asked)
    if not limit:
        return found
    hidden: set[Place] = set()
    for counts in _counts(asked, found, cut).values():
        hidden |= _within(counts, closed, limit)
    beside = sorted({part for _name, part in hidden})
    is_hidden = [place in hidden for place in found.select("sub_branch", cut).iter_rows()]
    return found.with_columns(
        pl.when(~pl.col(cut).is_in(beside)).then(pl.col("median")).alias("median")
    ).filter(~pl.Series(is_hidden, dtype=pl.Boolean))


def _mix(found: pl.DataFrame, by: str, closed: set[str]) -> pl.DataFrame:
    """Complaints by a dimension; nothing where no way of hiding is enough."""
    limit = small_counts().limit(indicator(MIX))
    if not limit:
        return found
    labels = _labels(found, by, limit)
    counts: dict[Place, int] = {}
    for name, part, count in found.select("sub_branch", by, "count").iter_rows():
        place = (REST if name in closed else name, labels[part or BLANK])
        counts[place] = counts.get(place, 0) + round(count)
    names = list(dict.fromkeys(name for name, _part in counts if name != REST))
    rows = [*names, *([REST] if closed else [])]
    parts = list(dict.fromkeys(labels.values()))
    table = _table(rows, parts, counts)
    shown = suppress(table, limit, kept="rows") if names else None
    lines = [
        (name, part, *_told_of(shown, (row, column)))
        for row, name in enumerate(names)
        for column, part in enumerate(parts)
        if shown is not None and table.at((row, column))
    ]
    schema: dict[str, Any] = {"sub_branch": pl.String, by: pl.String}
    schema |= dict.fromkeys(("count", "share", "group_share"), pl.Object)
    return pl.DataFrame(
        {name: [line[at] for line in lines] for at, name in enumerate(schema)}, schema=schema
    )


def _labels(found: pl.DataFrame, by: str, limit: int) -> dict[str, str]:
    """What each part is called, in display order; small ones are put together and stand last."""
    totals = dict(found.group_by(pl.col(by).fill_null(BLANK)).agg(pl.col("count").sum()).rows())
    order = [part or BLANK for part in in_display_order(None, by, found[by].to_list())]
    names = pooled({part: round(totals[part]) for part in order}, limit)
    return dict(sorted(names.items(), key=lambda one: one[0] != one[1]))


def _told_of(shown: Suppressed, at: tuple[int, int]) -> tuple[object, object, object]:
    """Count, its share of the sub-branch, and the share of the whole group."""
    last_row, last_column = shown.table.corner

    def share(part: tuple[int, int], whole: tuple[int, int]) -> object:
        if part in shown.hidden:
            return WITHHELD
        return 100 * shown.table.at(part) / shown.table.at(whole)

    own = share(at, (at[0], last_column))
    return shown.shown(at), own, share((last_row, at[1]), shown.table.corner)
