"""Marts stay equal to the rows, whatever a load touches."""

from datetime import date, timedelta
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edges import Asked
from tests.reference import wild
from tests.reference.lakes import wild_lake
from tests.tables import insert_rows, log_batch, parse_table
from warehouse import codes, marts, schema
from warehouse.entities import entities
from warehouse.registry import TIME_DIMENSIONS, dimensions, indicators, subjects

FIRST = date(2024, 1, 1)
case = st.fixed_dictionaries(
    {
        "complaint_id": st.integers(1, 6).map(str),
        "received": st.integers(0, 100),
        "days": st.none() | st.integers(0, 70),
        "category": st.sampled_from(["信用卡", "贷款", "新业务", None]),
        "org_name": st.sampled_from(["城东支行", "城西支行", None]),
    }
)
load = st.lists(case, min_size=1, max_size=4, unique_by=lambda c: c["complaint_id"])


def _empty_lake() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:")
    con.execute("attach ':memory:' as lake")
    schema.bring_up_to_date(con)
    codes.store_code_lists(con)
    schema.create_views(con)
    marts.bring_up_to_date(con)
    return con


def _apply(con, number, cases):
    con.execute("create or replace temp table changed(row_key varchar)")
    con.executemany("insert into changed values ($1)", [[f"t:{c['complaint_id']}"] for c in cases])
    con.execute("begin transaction")
    before = marts.affected_months(con, "complaint", "changed")
    for c in cases:
        received = FIRST + timedelta(days=c["received"])
        decided = None if c["days"] is None else received + timedelta(days=c["days"])
        con.execute("delete from lake.core.complaint where complaint_id = $1", [c["complaint_id"]])
        con.execute(
            """
            insert into lake.core.complaint
                (source, complaint_id, received_at, decided_at, category, org_name,
                 batch_id, source_row)
            values ('t', $1, $2, $3, $4, $5, $6, 1)
            """,
            [c["complaint_id"], received, decided, c["category"], c["org_name"], str(number)],
        )
    con.execute(
        """
        insert into lake.meta.batch by name
        select
            $1 as batch_id, 'f' as file_name, 'x' as file_sha256, 1 as file_bytes,
            'c' as contract_id, 'd' as contract_digest, 'complaint' as entity, 't' as source,
            false as is_demo, 1 as rows_read, 1 as rows_inserted, 0 as rows_updated,
            0 as rows_unchanged, 0 as rows_quarantined, 0 as rows_ignored,
            min(received_at::date) as coverage_from,
            max(greatest(received_at, decided_at)::date) as coverage_to, now() as loaded_at
        from lake.core.complaint where batch_id = $1
        """,
        [str(number)],
    )
    after = marts.affected_months(con, "complaint", "changed")
    marts.refresh(con, "complaint", before | after)
    con.execute("commit")


def _differences(con, subject, mart):
    table = marts.relation(subject, mart)
    fresh = f"({marts.select_sql(subject, mart, 'true')})"
    columns = "event_date, " + ", ".join(
        [*subject.marts[mart], *([subject.value] if subject.value else []), *subject.measures]
    )
    return con.execute(
        f"""
        (select {columns} from {table} except all select {columns} from {fresh})
        union all
        (select {columns} from {fresh} except all select {columns} from {table})
        """
    ).fetchall()


@settings(max_examples=10, deadline=None)
@given(loads=st.lists(load, min_size=1, max_size=4))
def test_after_any_loads_every_mart_equals_its_rows(loads):
    with _empty_lake() as con:
        for number, cases in enumerate(loads):
            _apply(con, number, cases)
        for subject in subjects().values():
            for mart in subject.marts if subject.entity == "complaint" else ():
                assert _differences(con, subject, mart) == []


ENTITIES = sorted({subject.entity for subject in subjects().values()})
# The data date moves on between the loads, so that more and more falls due.
DATA_DATES = ("2024-05-15", "2024-10-31", "2025-02-14")


def _loads(entity_id: str, seed: int) -> list[list[tuple]]:
    """Three loads of keys with new rows and children; some cases come back quite different."""
    random, drawn, entity = Random(seed), wild.tables(seed), entities()[entity_id]

    def key(row):
        return tuple(str(row.get(name, "test")) for name in entity.key)

    told = {}
    for row in drawn[entity_id]:
        children = {
            name: [child for child in drawn[name] if key(child) == key(row)]
            for name in entity.children
        }
        told[key(row)] = (row, children)
    contents, found = list(told.values()), []
    for share in (0.9, 0.3, 0.05):
        chosen = [name for name in told if random.random() < share]
        other = {name: random.choice(contents) if share < 0.5 else told[name] for name in chosen}
        found.append([(name, *other[name]) for name in chosen])
    return found


def _bring(con, entity_id: str, load: list[tuple], data_date: str) -> None:
    """One load as the loader does it: the touched months before and after, and only these."""
    entity = entities()[entity_id]
    con.execute("create or replace temp table changed(row_key varchar)")
    con.executemany("insert into changed values ($1)", [[":".join(name)] for name, *_ in load])
    before = marts.affected_months(con, entity_id, "changed")
    told = {entity_id: [], **{name: [] for name in entity.children}}
    for name, row, children in load:
        same = dict(zip(entity.key, name, strict=True))
        told[entity_id].append({**row, **same})
        for table, rows in children.items():
            told[table].extend({**one, **same} for one in rows)
    for table, rows in told.items():
        key = ", ".join(f"{column}::varchar" for column in entity.key)
        con.execute(
            f"delete from lake.core.{table} "
            f"where concat_ws(':', {key}) in (select row_key from changed)"
        )
        if rows:
            insert_rows(con, table, entity_id, rows)
    log_batch(con, entity_id, len(load), (DATA_DATES[0], data_date))
    after = marts.affected_months(con, entity_id, "changed")
    marts.refresh(con, entity_id, before | after)


@pytest.mark.parametrize("entity_id", ENTITIES)
@settings(max_examples=2, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 1000))
def test_after_loads_of_any_entity_its_marts_equal_its_rows(entity_id, seed):
    with _empty_lake() as con:
        insert_rows(con, "organisation", "organisation", parse_table(wild.ORGANISATIONS))
        for load, data_date in zip(_loads(entity_id, seed), DATA_DATES, strict=True):
            _bring(con, entity_id, load, data_date)
            for subject in subjects().values():
                for mart in subject.marts if subject.entity == entity_id else ():
                    assert _differences(con, subject, mart) == [], (subject.id, mart)


@pytest.mark.parametrize("one", indicators().values(), ids=list(indicators()))
def test_whole_months_come_out_the_same_from_marts_and_from_rows(one):
    lake = wild_lake()
    ask = Asked(lake.cursor)
    # No mart holds the source, so that a filter on all of them goes to the rows.
    everywhere = {"source": lake.values["source"]}
    held = {name for mart in subjects()[one.subject].marts.values() for name in mart}
    groups = {g.id for g in dimensions().values() if g.group_of in held}
    for name in (*sorted(held | groups), *TIME_DIMENSIONS):
        if name in one.dimensions and "source" in one.dimensions:
            rows = ask.cells(one.id, "2024H1", (name,), everywhere)
            assert ask.cells(one.id, "2024H1", (name,)) == {
                cell: pytest.approx(figures) for cell, figures in rows.items()
            }, name
