"""Says of a file that comes again which of its rows later files have changed since."""

import duckdb

from ingest.errors import Problem, without_persons
from ingest.sql import fill, identifier, names
from warehouse.entities import entities

RULE = "changed_since"

_BATCHES = """
    select entity, batch_id, snapshot_id
    from lake.meta.batch
    where file_sha256 = $sha256
    qualify row_number() over (
        partition by contract_id, sheet, header_row order by loaded_at desc
    ) = 1
"""
_CHANGED = """
    select batch.file_name, count(*), max(batch.loaded_at) as last_at
    from (from lake.core.<<table>> at (version => $snapshot)) as was
    join lake.core.<<table>> as held using (<<key>>)
    join lake.meta.batch as batch on held.batch_id = batch.batch_id
    where was.batch_id = $batch and batch.file_sha256 <> $sha256
    group by batch.file_name
    order by last_at desc
"""


def changed_since(con: duckdb.DuckDBPyConnection, sha256: str, file: str) -> tuple[Problem, ...]:
    """A note where rows that these bytes wrote last hold what later files brought.

    Of a state that was cleared away by the rules of retention nothing can be said.
    """
    kept = {row[0] for row in con.execute("select snapshot_id from lake.snapshots()").fetchall()}
    found: list[tuple[str, int]] = []
    for entity, batch, snapshot in con.execute(_BATCHES, {"sha256": sha256}).fetchall():
        if snapshot in kept:
            statement = fill(_CHANGED, table=identifier(entity), key=names(entities()[entity].key))
            given = {"snapshot": snapshot, "batch": batch, "sha256": sha256}
            found += [row[:2] for row in con.execute(statement, given).fetchall()]
    if not found:
        return ()
    rows = sum(count for _, count in found)
    by = "、".join(f"“{name}”" for name in dict.fromkeys(name for name, _ in found))
    shown = f'"{file}"' if " " in file else file
    message = (
        f"内容以前装载过，这次没有再装载；但当时写入的行中有 {rows} 行后来被{by}改过，"
        f"仓库里不再是这一份的内容；确要以这一份为准，请运行 python -m ingest --confirm {shown}"
        "（文件要先放回收件箱，或写明它的位置）"
    )
    return without_persons([Problem(None, None, None, RULE, message)])
