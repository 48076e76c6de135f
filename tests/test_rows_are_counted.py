"""The rows listed behind a number are exactly the rows counted: every indicator, every cut."""

import polars as pl
import pytest

from tests.reference.lakes import lake_of
from warehouse import lineage, registry
from warehouse.detail import counted_sql, rows
from warehouse.explain import explain
from warehouse.indicators import compute, request_for, stock_ends
from warehouse.periods import parse_period
from warehouse.registry import TIME_DIMENSIONS, Indicator
from warehouse.request import run
from warehouse.scope import Scope

EVERYTHING = Scope.everything()
PERIOD = parse_period("2025")
# Months in which nothing is a whole one, so that no mart can answer.
ODD = parse_period("2025-03-10..2025-11-20")
BASED = [one.id for one in registry.indicators().values() if one.base]


@pytest.fixture(scope="module")
def cursor(demo_home):
    return lake_of(demo_home).cursor


def counted_by(cursor, asked: Indicator, period, dimensions) -> dict[str, dict]:
    """What the counted rows add up to, per value of each dimension: one pass over the rows."""
    request = request_for(asked, period, dimensions, {}, EVERYTHING).over_rows()
    counted = counted_sql(cursor, asked, request)
    once = "count(distinct counted_once)" if asked.key else "null"
    sql = f"""
        select
            grouping_id({", ".join(dimensions)}) as cut,
            {", ".join(dimensions)},
            count(*)::double as n,
            sum(numerator) as numerator,
            sum(denominator) as denominator,
            {once}::double as different,
        from (select {", ".join(request.columns())}, * exclude ({without(dimensions)}) from ({counted}))
        group by grouping sets ({", ".join(f"({name})" for name in dimensions)})
    """
    found: dict[str, dict] = {name: {} for name in dimensions}
    for row in run(cursor, sql, request.parameters).iter_rows(named=True):
        at = len(dimensions) - 1 - (~row["cut"] & (2 ** len(dimensions) - 1)).bit_length() + 1
        name = dimensions[at]
        found[name][row[name]] = row
    return found


def without(dimensions) -> str:
    """Columns of the view that the cut itself brings."""
    return ", ".join(name for name in dimensions if name not in TIME_DIMENSIONS)


def assert_same(asked: Indicator, cell: dict, behind: dict | None) -> None:
    """A cell of the cut beside what its rows add up to."""
    if behind is None:
        # Over a base, a cell is there for everybody: then nobody counted in it.
        assert not cell["numerator"], cell
        return
    if asked.kind in ("distinct", "coverage"):
        assert behind["different"] == cell["numerator"]
    elif cell["numerator"] is not None:
        assert behind["numerator"] == pytest.approx(cell["numerator"])
    if asked.base is None and cell["denominator"] is not None:
        assert behind["denominator"] == pytest.approx(cell["denominator"])


FLOWS = [one.id for one in registry.indicators().values() if one.kind != "stock"]
ONE_OF_EACH = {
    (one.subject, one.kind): one.id for one in registry.indicators().values() if one.id in FLOWS
}


@pytest.mark.parametrize(
    ("what", "period"),
    [
        *(pytest.param(what, PERIOD, id=f"{what}-year") for what in FLOWS),
        *(pytest.param(what, ODD, id=f"{what}-odd") for what in ONE_OF_EACH.values()),
    ],
)
def test_every_cell_of_every_cut_is_its_rows(cursor, what, period):
    asked = registry.indicator(what)
    dimensions = asked.dimensions
    behind = counted_by(cursor, asked, period, dimensions)
    for name in dimensions:
        cells = compute(cursor, what, period, by=(name,), scope=EVERYTHING)
        values = cells[name].to_list()
        assert len(values) == len(set(values))
        for cell in cells.iter_rows(named=True):
            assert_same(asked, cell, behind[name].get(cell[name]))
        # No row stands behind a cell that the number does not show.
        shown = set(values)
        for value, row in behind[name].items():
            assert value in shown or row["different"] == 0, (name, value)


def sampled(values: list) -> list:
    """The first, the middle and the last value, blanks among them."""
    return list(dict.fromkeys([values[0], values[len(values) // 2], values[-1]]))


@pytest.mark.parametrize("what", registry.indicators())
def test_the_listed_rows_of_a_cell_add_up_to_it(cursor, what):
    asked = registry.indicator(what)
    names = [name for name in asked.dimensions if name not in TIME_DIMENSIONS]
    for name in names[:8] if asked.kind == "stock" else names[:2]:
        cells = compute(cursor, what, PERIOD, by=(name,), scope=EVERYTHING)
        for value in sampled(cells[name].to_list()) if len(cells) else []:
            where = {name: [value]}
            cell = compute(cursor, what, PERIOD, where=where, scope=EVERYTHING).row(0, named=True)
            listed = rows(cursor, what, PERIOD, where=where, scope=EVERYTHING)
            once = listed["counted_once"].drop_nulls().n_unique() if asked.key else None
            held = {
                "n": listed.height,
                "numerator": listed["numerator"].sum(),
                "denominator": listed["denominator"].sum(),
                "different": once,
            }
            assert_same(asked, cell, held)
            if asked.kind == "percentile":
                assert listed["counted_value"].null_count() == 0
            assert listed["source_row"].null_count() == 0
            assert listed["file_name"].null_count() == 0


@pytest.mark.parametrize("what", registry.indicators())
def test_the_sources_count_every_row_once(cursor, what):
    asked = registry.indicator(what)
    found = explain(cursor, what, PERIOD, scope=EVERYTHING)
    listed = rows(cursor, what, PERIOD, scope=EVERYTHING)
    assert found.row_count == listed.height
    by_file = dict(listed.group_by("file_name").len().iter_rows())
    sources = found.sources.group_by("file_name").agg(pl.col("row_count").sum())
    assert dict(sources.iter_rows()) == by_file
    for row in found.sources.iter_rows(named=True):
        of_file = listed.filter(listed["file_name"] == row["file_name"])
        assert (of_file["source_row"].min(), of_file["source_row"].max()) == (
            row["first_row"],
            row["last_row"],
        )
    assert asked.name_zh in found.formula_zh


@pytest.mark.parametrize("what", BASED)
def test_the_base_is_the_sum_of_its_rows(cursor, what):
    asked = registry.indicator(what)
    branches = compute(cursor, "complaint_count", PERIOD, by=("sub_branch",), scope=EVERYTHING)
    for branch in [None, *sampled(branches["sub_branch"].to_list())]:
        where = {"sub_branch": [branch]} if branch else {}
        cell = compute(cursor, what, PERIOD, where=where, scope=EVERYTHING).row(0, named=True)
        if cell["denominator"] is None:
            continue
        request = request_for(asked, PERIOD, (), where, EVERYTHING).over_rows()
        ends = stock_ends(cursor, asked, PERIOD, None)
        base = lineage.base_rows(cursor, asked, request, ends)
        assert base["held"].sum() == pytest.approx(cell["denominator"])
        assert base["source_row"].null_count() == 0


def test_pages_of_rows_are_the_rows(cursor):
    whole = rows(cursor, "complaint_count", PERIOD, scope=EVERYTHING)
    pages = [
        rows(cursor, "complaint_count", PERIOD, scope=EVERYTHING, limit=1000, offset=offset)
        for offset in range(0, whole.height + 1, 1000)
    ]
    listed = [key for page in pages for key in page["complaint_id"]]
    assert listed == whole["complaint_id"].to_list()
