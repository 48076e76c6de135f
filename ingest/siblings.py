"""Finds rows that contradict another table of the same file: nobody can tell which is right."""

from dataclasses import replace

import duckdb

from ingest.errors import Problem
from ingest.prepare import Prepared
from ingest.split import create_accepted
from ingest.sql import fill, identifier, names
from warehouse.entities import entities

RULE = "contradicts_other_table"

# By what two rows are one case, and how to keep two cases apart.
_CALLED = {
    "exam_result": (
        "的工号和考试名称",
        "；若是另一场考试，请在考试名称中写明年份或期次",
    )
}

_FIND = """
    create or replace table contradictions as
    select
        state.source_row as _row,
        '与' || coalesce('工作表“' || held.source_sheet || '”', '同一文件的另一张表')
        || '第 ' || held.source_row || ' 行' || $called || '相同但内容不同，无法判断以哪一行为准'
        || $advice as message,
    from <<state>> as state
    join lake.core.<<table>> as held using (<<key>>)
    where
        state.state = 'updated'
        and held.batch_id in (select batch_id from lake.meta.batch where file_sha256 = $sha256)
"""


def return_contradictions(
    con: duckdb.DuckDBPyConnection, prepared: Prepared, *, sha256: str
) -> Prepared:
    """Quarantine the rows whose key an earlier table of the file loaded with other content."""
    staging = prepared.staging
    entity = entities()[staging.contract.entity]
    called, advice = _CALLED.get(entity.id, ("编号", ""))
    con.execute(
        fill(
            _FIND,
            state=identifier(f"state_{entity.id}"),
            table=identifier(entity.id),
            key=names(entity.key),
        ),
        {"sha256": sha256, "called": called, "advice": advice},
    )
    found = con.execute("select _row, message from contradictions order by _row").fetchall()
    if not found:
        return prepared
    column = staging.match.column_name(entity.key[-1])
    con.execute(
        """
        insert into issues
        select _row, 'quarantined', $rule, $column, null, message from contradictions
        """,
        {"rule": RULE, "column": column},
    )
    con.execute("insert into quarantined select _row from contradictions")
    con.execute("delete from issues where disposition = 'warned' and _row in (from quarantined)")
    create_accepted(con)
    problems = [
        Problem(row, column, None, RULE, message, is_returned=True) for row, message in found
    ]
    return replace(
        prepared,
        quarantined=prepared.quarantined + len(found),
        problems=(*problems, *prepared.problems),
    )
