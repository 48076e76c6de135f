"""Goes on counting rows without ids where the file stopped from which they come back."""

import duckdb

from ingest.match import Match
from ingest.returning.slip import SlipTable
from ingest.sql import fill, identifier

_NUMBER_ON = """
    update typed
    set <<key>> = numbers.base || '-' || (numbers.own + numbers.held)
    from (
        with asked as (
            select
                _row,
                regexp_extract(<<key>>, '^([0-9a-f]{16})(?:-([0-9]+))?$', ['base', 'own']) as part,
            from conformed
        ),
        kept as (
            select left(core.<<key>>, 16) as base, count(*) as held
            from lake.core.<<table>> as core
            join lake.meta.batch as batch using (batch_id)
            where
                (
                    batch.file_sha256 = $sha256
                    or (
                        batch.replays_sha256 = $sha256
                        and (core.batch_id, core.source_row) not in (
                            select (again.batch_id, again.source_row)
                            from lake.meta.replayed_row as again
                            join stage_slip using (original_row)
                            where again.replays_sha256 = $sha256
                        )
                    )
                )
                and regexp_matches(core.<<key>>, '^[0-9a-f]{16}(-[0-9]+)?$')
            group by all
        )
        select
            asked._row as row_number,
            kept.base,
            coalesce(try_cast(asked.part.own as bigint), 1) as own,
            kept.held,
        from asked
        join kept on kept.base = asked.part.base
    ) as numbers
    where typed._row = numbers.row_number
"""


def number_on(con: duckdb.DuckDBPyConnection, match: Match, key: str) -> None:
    """Go on counting rows that share a digest where the original file stopped.

    Without it the second of two equal events would overwrite the first when it comes back alone.
    """
    if isinstance(match.table, SlipTable):
        con.execute(
            fill(_NUMBER_ON, key=identifier(key), table=identifier(match.contract.entity)),
            {"sha256": match.table.mark.sha256},
        )
