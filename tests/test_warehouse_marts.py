"""Marts stay equal to the rows, whatever a load touches."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse import marts
from warehouse.home import Home
from warehouse.lake import open_writer
from warehouse.registry import subjects

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
        insert into lake.meta.batch
        select
            $1, 'f', 'x', 1, 'c', 'd', 'complaint', 't', null, null, null, false, 1, 1, 0, 0, 0, 0,
            min(received_at::date), max(greatest(received_at, decided_at)::date), now()
        from lake.core.complaint where batch_id = $1
        """,
        [str(number)],
    )
    after = marts.affected_months(con, "complaint", "changed")
    marts.refresh(con, "complaint", before | after)
    con.execute("commit")


def _differences(con, subject, mart):
    table = f"(select * from lake.marts.{marts.mart_name(subject, mart)})"
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


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(loads=st.lists(load, min_size=1, max_size=4))
def test_after_any_loads_every_mart_equals_its_rows(loads, tmp_path):
    home = Home(tmp_path)
    with open_writer(home) as con:
        con.execute("begin transaction")
        con.execute("delete from lake.core.complaint")
        con.execute("delete from lake.meta.batch")
        marts.refresh(con, "complaint", marts.Affected(frozenset(), frozenset(), True))
        con.execute("commit")
        for number, cases in enumerate(loads):
            _apply(con, number, cases)
        for subject in subjects().values():
            for mart in subject.marts:
                assert _differences(con, subject, mart) == []
