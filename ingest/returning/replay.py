"""Rows that come back in a 退回单: what they may change, and what is said and kept of them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb

from ingest.conform import Staging
from ingest.coverage import Coverage
from ingest.errors import Problem
from ingest.load import table_keys
from ingest.match import Match
from ingest.prepare import Prepared
from ingest.returning.mark import ORIGINAL_ROW
from ingest.returning.slip import SlipTable
from ingest.split import create_accepted
from ingest.sql import fill, identifier, names

TAKEN, SUPERSEDED = "replay_contradicts", "replay_superseded"


@dataclass(frozen=True)
class Root:
    """The batch whose rows come back; known only where the file was loaded in part."""

    batch_id: str
    loaded_at: datetime
    coverage_from: date | None
    coverage_to: date | None


def slip_of(match: Match) -> list[SlipTable]:
    """The sheet of a 退回单 that a match is of; none where the table is a file's own."""
    return [match.table] if isinstance(match.table, SlipTable) else []


def roots(con: duckdb.DuckDBPyConnection, table: SlipTable) -> list[Root]:
    """The batches of the table that sent the rows back, newest first; none if it was refused."""
    rows = con.execute(
        """
        select batch_id, loaded_at, coverage_from, coverage_to
        from lake.meta.batch
        where
            file_sha256 = $sha256
            and contract_id = $contract
            and sheet is not distinct from $sheet
            and header_row = $header_row
        order by loaded_at desc
        """,
        {
            "sha256": table.mark.sha256,
            "contract": table.original.contract,
            "sheet": table.original.original_sheet,
            "header_row": table.original.original_header_row,
        },
    ).fetchall()
    return [Root(*row) for row in rows]


_UPDATED = """
    insert into stage_updated
    select
        state.source_row,
        held.source_row,
        batch.file_name,
        $is_single and held.batch_id in (select unnest($own::varchar[])) as is_own,
        coalesce(
            batch.loaded_at > $root_at
            and batch.replays_sha256 is distinct from $sha256
            and batch.file_sha256 <> $sha256,
            false
        ) as is_newer,
    from <<state>> as state
    join lake.core.<<table>> as held using (<<key>>)
    join lake.meta.batch as batch on batch.batch_id = held.batch_id
    where state.state = 'updated'
"""
_CREATE_UPDATED = """
    create or replace table stage_updated (
        _row bigint, held_row bigint, file_name varchar, is_own boolean, is_newer boolean
    )
"""


def _find_updated(
    con: duckdb.DuckDBPyConnection, staging: Staging, own: list[Root], sha256: str
) -> list[tuple[int, int, str, bool]]:
    """Rows that would change what another row of the file, or a newer file, has loaded."""
    con.execute(_CREATE_UPDATED)
    for table, key in table_keys(staging).items():
        con.execute(
            fill(
                _UPDATED,
                state=identifier(f"state_{table}"),
                table=identifier(table),
                key=names(key),
            ),
            {
                "own": [root.batch_id for root in own],
                # Several rows of one case share its key, and all of them came back.
                "is_single": staging.contract.row_child is None,
                # However often the file is loaded, what it says is as old as its first load.
                "root_at": own[-1].loaded_at,
                "sha256": sha256,
            },
        )
    return con.execute(
        """
        select _row, min(held_row), min(file_name), bool_or(is_own)
        from stage_updated
        where is_own or is_newer
        group by _row
        order by _row
        """
    ).fetchall()


def settle(
    con: duckdb.DuckDBPyConnection, prepared: Prepared, table: SlipTable
) -> tuple[Prepared, bool]:
    """What the replay may load, with what is said of it, and whether rows were taken out again.

    A row that would overwrite another row of the same file goes back; one whose case a newer file
    has brought meanwhile is left out, for what the newer file says must stay.
    """
    own = roots(con, table)
    prepared = replace(prepared, problems=(*_notes(con, table, own), *prepared.problems))
    if not own:
        return prepared, False
    rows = _find_updated(con, prepared.staging, own, table.mark.sha256)
    if not rows:
        return prepared, False
    problems = [
        Problem(row, None, None, TAKEN, _taken(held), is_returned=True)
        if is_own
        else Problem(row, None, None, SUPERSEDED, _superseded(file))
        for row, held, file, is_own in rows
    ]
    _take_out(con, problems)
    taken = sum(1 for problem in problems if problem.rule == TAKEN)
    return replace(
        prepared,
        quarantined=prepared.quarantined + taken,
        ignored=prepared.ignored + len(problems) - taken,
        problems=(*problems, *prepared.problems),
    ), True


def _taken(held_row: int) -> str:
    return f"编号与原文件第 {held_row} 行（已装载）相同但内容不同，无法判断以哪一行为准；请核对编号"


def _superseded(file: str) -> str:
    return f"同一编号已由较新的文件“{file}”装载，没有用退回单中较早的内容覆盖"


def _take_out(con: duckdb.DuckDBPyConnection, problems: list[Problem]) -> None:
    for problem in problems:
        if problem.rule == TAKEN:
            con.execute(
                "insert into issues values ($row, 'quarantined', $rule, null, null, $message)",
                {"row": problem.row, "rule": problem.rule, "message": problem.message},
            )
            con.execute("insert into quarantined values ($row)", {"row": problem.row})
        else:
            con.execute(
                "insert into ignored values ($row, $rule, $message)",
                {"row": problem.row, "rule": problem.rule, "message": problem.message},
            )
            con.execute("delete from typed where _row = $row", {"row": problem.row})
    con.execute(
        "delete from issues where disposition = 'warned' "
        "and (_row in (from quarantined) or _row in (select _row from ignored))"
    )
    create_accepted(con)


# Rows that the file, or a 退回单 of it, has sent back, by the numbers that a 退回单 gives them.
_SENT_BACK = """
    select coalesce(again.original_row, issue.source_row) as row_number
    from lake.meta.row_issue as issue
    left join lake.meta.replayed_row as again using (batch_id, source_row)
    where
        issue.disposition = 'quarantined'
        and (
            issue.batch_id in (select unnest($own::varchar[]))
            or issue.batch_id in (
                select batch_id from lake.meta.batch where replays_sha256 = $sha256
            )
        )
"""


def _notes(con: duckdb.DuckDBPyConnection, table: SlipTable, own: list[Root]) -> list[Problem]:
    """How many listed rows were deleted, left as they were or added."""
    present, unknown, added, same = con.execute(
        fill(
            """
            select
                count(distinct original_row) filter (is_known),
                count(*) filter (not is_known),
                count(*) filter (original_row is null),
                count(*) filter (
                    is_unchanged and _row in (
                        select _row from issues where disposition = 'quarantined'
                    )
                ),
            from (
                select
                    *,
                    -- Of a file that was refused whole the lake knows no rows.
                    case when original_row is not null
                        then $is_refused or original_row in (<<sent_back>>) end as is_known,
                from stage_slip
            )
            """,
            sent_back=_SENT_BACK,
        ),
        {
            "is_refused": not own,
            "own": [root.batch_id for root in own],
            "sha256": table.mark.sha256,
        },
    ).fetchone() or (0, 0, 0, 0)
    listed = table.original.rows
    missing = listed - present
    not_found = f"退回单所列 {listed} 行中有 {missing} 行"
    if unknown or added:
        not_found += "没有找到：已删除，或原行号被改动"
    else:
        not_found += "已删除，没有装载"
    said = [
        (missing, not_found),
        (same, f"有 {same} 行没有改动，仍有原来的问题，再次退回"),
        (unknown, f"有 {unknown} 行的原行号不在退回过的行中，请核对“{ORIGINAL_ROW}”"),
        (added, f"有 {added} 行没有原行号，按新增的行处理"),
    ]
    if added and not present and not unknown:
        without = (
            f"退回单里已没有“{ORIGINAL_ROW}”，无法核对所列的 {listed} 行是否都在；"
            f"有 {added} 行按新增的行处理"
        )
        said = [(added, without)]
    return [
        Problem(None, None, None, "replay", message, sheet=table.sheet)
        for count, message in said
        if count > 0
    ]


def replay_coverage(con: duckdb.DuckDBPyConnection, table: SlipTable, found: Coverage) -> Coverage:
    """What the original covered, extended by the rows that came back; a few rows shrink nothing."""
    own = roots(con, table)
    if not own:
        return found
    firsts = [day for day in (own[0].coverage_from, found[0]) if day]
    lasts = [day for day in (own[0].coverage_to, found[1]) if day]
    return min(firsts, default=None), max(lasts, default=None)


def log_replayed(
    con: duckdb.DuckDBPyConnection, staging: Staging, table: SlipTable, *, batch_id: str
) -> None:
    """Note each row that came back, and whether it is loaded now; inside the transaction."""
    con.execute(
        """
        insert into lake.meta.replayed_row
        select
            $batch_id, _row, $sha256, $contract, $sheet, $header_row, original_row,
            _row in (select _row from accepted),
        from stage_slip
        where original_row is not null
        """,
        {
            "batch_id": batch_id,
            "sha256": table.mark.sha256,
            "contract": staging.contract.id,
            "sheet": table.original.original_sheet,
            "header_row": table.original.original_header_row,
        },
    )
