"""Checks of the lake's rows: against the catalogue, the batches, the keys and the marts."""

import sqlite3
from contextlib import closing

import duckdb

from warehouse import marts
from warehouse.entities import Entity, entities
from warehouse.home import Home
from warehouse.lake_check.finding import Findings
from warehouse.lake_files import REPAIR
from warehouse.registry import Subject, subjects

REBUILD = "请用 python -m warehouse rebuild 从归档重建；有备份时也可以恢复备份"
_TOLERANCE = 1e-9

# Rows that each table must show: those of its files and those kept in the catalogue itself.
_FILE_ROWS = """
    select
        s.schema_name,
        t.table_name,
        t.table_id,
        coalesce((
            select sum(f.record_count) from ducklake_data_file as f
            where f.table_id = t.table_id and f.end_snapshot is null
        ), 0) - coalesce((
            select sum(d.delete_count) from ducklake_delete_file as d
            inner join ducklake_data_file as f on d.data_file_id = f.data_file_id
            where
                d.table_id = t.table_id
                and d.end_snapshot is null
                and f.end_snapshot is null
        ), 0)
    from ducklake_table as t
    inner join ducklake_schema as s on t.schema_id = s.schema_id
    where t.end_snapshot is null
    order by 1, 2
"""


def expected_rows(home: Home) -> dict[tuple[str, str], int]:
    """How many rows each table has by the catalogue's own book-keeping."""
    with closing(sqlite3.connect(f"{home.catalogue.as_uri()}?mode=ro", uri=True)) as con:
        counts = {}
        names = {name for (name,) in con.execute("select name from sqlite_master")}
        for schema, table, table_id, rows in con.execute(_FILE_ROWS).fetchall():
            inlined = con.execute(
                "select table_name from ducklake_inlined_data_tables where table_id = ?",
                (table_id,),
            ).fetchall()
            for (name,) in inlined:
                if name in names:
                    (kept,) = con.execute(
                        f'select count(*) from "{name}" where end_snapshot is null'
                    ).fetchone()
                    rows += kept
            deletions = f"ducklake_inlined_delete_{table_id}"
            if deletions in names:
                (gone,) = con.execute(f'select count(*) from "{deletions}"').fetchone()
                rows -= gone
            counts[(schema, table)] = rows
        return counts


def check_counts(home: Home, cursor: duckdb.DuckDBPyConnection, findings: Findings) -> None:
    """Every table can be read and shows as many rows as the catalogue says."""
    expected = expected_rows(home)
    findings.looked_at |= {"tables": len(expected), "rows": 0}
    for (schema, table), rows in expected.items():
        where = f"{schema}.{table}"
        try:
            # Reading every column finds pages that no longer unpack.
            (count, *_) = cursor.execute(
                f'select count(*), count(columns(*)) from lake.{schema}."{table}"'
            ).fetchone() or (0,)
        except duckdb.Error as error:
            findings.fault("unreadable", where, f"表无法读取（{type(error).__name__}）", REPAIR)
            # An error ends the transaction; the sound tables after it could not be read either.
            cursor.execute("rollback")
            cursor.execute("begin transaction")
            continue
        findings.looked_at["rows"] += count
        if count != rows:
            findings.fault("count", where, f"有 {count} 行，目录记录为 {rows} 行", REPAIR)


def check_batches(cursor: duckdb.DuckDBPyConnection, findings: Findings) -> None:
    """Each batch adds up, and each returned or ignored row of it is on record."""
    rows = cursor.execute(
        """
        with noted as (
            select
                batch_id,
                count(distinct source_row) filter (disposition = 'quarantined') as quarantined,
                count(distinct source_row) filter (disposition = 'ignored') as ignored,
            from lake.meta.row_issue
            group by batch_id
        )

        select
            b.batch_id,
            b.file_name,
            b.rows_read = b.rows_inserted + b.rows_updated + b.rows_unchanged
                + b.rows_quarantined + b.rows_ignored as adds_up,
            b.rows_quarantined,
            coalesce(n.quarantined, 0) as noted_quarantined,
            b.rows_ignored,
            coalesce(n.ignored, 0) as noted_ignored,
        from lake.meta.batch as b
        left join noted as n on b.batch_id = n.batch_id
        order by b.loaded_at
        """
    ).fetchall()
    findings.looked_at["batches"] = len(rows)
    for batch_id, name, adds_up, bad, noted_bad, ignored, noted_ignored in rows:
        where = f"批次 {batch_id}（{name}）"
        if not adds_up:
            message = "读入行数不等于新增、更新、未变、退回与忽略之和"
            findings.fault("conservation", where, message, REBUILD)
        if bad != noted_bad:
            message = f"退回 {bad} 行，但只记有 {noted_bad} 行的原因"
            findings.fault("issues", where, message, REBUILD)
        if ignored != noted_ignored:
            message = f"忽略 {ignored} 行，但记有 {noted_ignored} 行的原因"
            findings.fault("issues", where, message, REBUILD)
    twice = cursor.execute(
        "select batch_id from lake.meta.batch group by all having count(*) > 1"
    ).fetchall()
    for (batch_id,) in twice:
        findings.fault("batch_twice", f"批次 {batch_id}", "登记了不止一次", REBUILD)


def check_entities(cursor: duckdb.DuckDBPyConnection, findings: Findings) -> None:
    """Keys are unique, parts have their main row, rows belong to batches and none is missing."""
    for entity in entities().values():
        _check_keys(cursor, entity, findings)
        _check_lineage(cursor, entity, findings)


def _check_keys(cursor: duckdb.DuckDBPyConnection, entity: Entity, findings: Findings) -> None:
    for table, key in {entity.id: entity.key, **entity.children}.items():
        (twice,) = cursor.execute(
            f"""
            select count(*) from (
                select 1 from lake.core.{table} group by {", ".join(key)} having count(*) > 1
            )
            """
        ).fetchone() or (0,)
        if twice:
            message = f"{twice} 个编号各有不止一行"
            findings.fault("key", f"core.{table}", message, REBUILD)
    for child in entity.children:
        (orphans,) = cursor.execute(
            f"""
            select count(*) from lake.core.{child} as part
            anti join lake.core.{entity.id} as main using ({", ".join(entity.key)})
            """
        ).fetchone() or (0,)
        if orphans:
            message = f"{orphans} 行没有对应的{entity.name_zh}主记录"
            findings.fault("parent", f"core.{child}", message, REBUILD)


def _check_lineage(cursor: duckdb.DuckDBPyConnection, entity: Entity, findings: Findings) -> None:
    tables = " union all ".join(
        f"select batch_id, source_row from lake.core.{table}"
        for table in (entity.id, *entity.children)
    )
    rows = cursor.execute(
        f"""
        with held as (
            select batch_id, count(distinct source_row) as file_rows from ({tables}) group by all
        )

        select
            h.batch_id,
            h.file_rows,
            b.file_name,
            b.rows_inserted + b.rows_updated as brought,
        from held as h
        left join lake.meta.batch as b on h.batch_id = b.batch_id
        where b.batch_id is null or h.file_rows > b.rows_inserted + b.rows_updated
        order by h.batch_id
        """
    ).fetchall()
    for batch_id, file_rows, name, brought in rows:
        if name is None:
            message = f"{file_rows} 行属于没有登记的批次 {batch_id}"
        else:
            message = f"批次 {batch_id}（{name}）只带来 {brought} 行，表里却有 {file_rows} 行"
        findings.fault("lineage", f"core.{entity.id}", message, REBUILD)
    if entity.children:
        return
    # Nothing is ever deleted, so where one file row is one row of the table, the sums agree.
    (rows_held, inserted) = cursor.execute(
        f"""
        select
            (select count(*) from lake.core.{entity.id}),
            (
                select coalesce(sum(rows_inserted), 0) from lake.meta.batch
                where entity = $entity
            ),
        """,
        {"entity": entity.id},
    ).fetchone() or (0, 0)
    if rows_held != inserted:
        message = f"有 {rows_held} 行，各批次共新增 {inserted} 行"
        findings.fault("sum", f"core.{entity.id}", message, REBUILD)


def check_marts(cursor: duckdb.DuckDBPyConnection, findings: Findings) -> None:
    """Every mart holds what its rows sum up to at this moment."""
    wanted = [(subject, mart) for subject in subjects().values() for mart in subject.marts]
    findings.looked_at["marts"] = len(wanted)
    for subject, mart in wanted:
        (different,) = cursor.execute(_difference_sql(subject, mart)).fetchone() or (0,)
        if different:
            where = f"月度汇总表 {subject.id}/{mart}"
            message = f"{different} 组与按明细重新汇总的结果不同"
            findings.fault("mart", where, message, REBUILD)


def _difference_sql(subject: Subject, mart: str) -> str:
    cut = ["event_date", *subject.marts[mart], *([subject.value] if subject.value else [])]
    apart = " or ".join(
        f"abs(sum(sign * {measure})) > {_TOLERANCE} * (1 + sum(abs({measure})))"
        for measure in subject.measures
    )
    return f"""
        select count(*) from (
            select 1
            from (
                select *, 1 as sign from {marts.relation(subject, mart)}
                union all by name
                select *, -1 as sign from ({marts.select_sql(subject, mart, "true")})
            )
            group by {", ".join(cut)}
            having sum(sign) <> 0 or {apart}
        )
    """
