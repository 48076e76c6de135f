"""Compares the rows of a rebuilt lake with those of the lake that it is to replace."""

from contextlib import closing

import duckdb

from ingest.sql import names
from warehouse.entities import entities
from warehouse.home import Home
from warehouse.lake import attach, connect


def compared(home: Home, beside: Home) -> str:
    """How the rows of both lakes differ, without batch ids, which are new."""
    if not home.catalogue.exists():
        return "原来没有可以比较的仓库"
    try:
        with closing(connect(":memory:")) as con:
            attach(con, beside, read_only=True)
            tables = [t for e in entities().values() for t in (e.id, *e.children)]
            con.execute("create schema anew")
            for table in tables:
                con.execute(f"create table anew.{table} as from lake.core.{table}")
            con.execute("detach lake")
            attach(con, home, read_only=True)
            told = [line for table in tables if (line := _difference(con, table))]
    except duckdb.Error:
        return "原有仓库无法读取，没有比较"
    return "\n".join(told) if told else "与原有仓库逐行比较：全部一致"


def _difference(con: duckdb.DuckDBPyConnection, table: str) -> str:
    # An older lake may lack columns; batch ids are new in any case.
    rows = con.execute(
        """
        select column_name from duckdb_columns()
        where table_name = $table and schema_name in ('core', 'anew') and column_name <> 'batch_id'
        group by column_name having count(*) = 2
        """,
        {"table": table},
    ).fetchall()
    columns = names([name for (name,) in rows])
    old = f"select {columns} from lake.core.{table}"
    new = f"select {columns} from anew.{table}"
    counts = [
        con.execute(f"select count(*) from ({first} except all {second})").fetchone() or (0,)
        for first, second in ((old, new), (new, old))
    ]
    (gone,), (come,) = counts
    if not gone and not come:
        return ""
    return f"core.{table}：原有 {gone} 行不再相同，新有 {come} 行；请核对合约、规则或更正的改动"
