"""Rows of one file that repeat one another: the same once more, or one key more than once."""

import duckdb

from ingest.match import Match
from ingest.sql import fill, identifier, names
from warehouse.entities import entities

_FIND_REPEATED = """
    create or replace table repeated as
    with suspects as (
        select _row, <<key>> from conformed
        qualify count(*) over (partition by <<key>>) > 1
    )
    select
        cells._row,
        first_value(cells._row) over same as first_row,
        row_number() over same as occurrence,
    from cells
    join suspects using (_row)
    window same as (partition by <<suspect_key>>, <<cells>> order by cells._row)
    qualify occurrence > 1
"""


def find_duplicates(
    con: duckdb.DuckDBPyConnection, match: Match, *, numbered: str | None = None
) -> None:
    """Move rows that repeat an earlier one in every loaded cell from `conformed` to `ignored`.

    `numbered` is a key column whose remaining repeats are told apart by a number.
    """
    key = [name for name in entities()[match.contract.entity].key if name != "source"]
    # Without a number of its own a row is what it says in full; else unloaded cells do not count.
    used = sorted({*match.targets.values(), *match.sections, *match.levels})
    if numbered is not None:
        used = list(range(len(match.header.columns)))
    con.execute(
        fill(
            _FIND_REPEATED,
            key=names(key),
            suspect_key=names(key, prefix="suspects."),
            cells=", ".join(f"c{i}" for i in used),
        )
    )
    con.execute(
        """
        insert into ignored
        select
            _row, 'duplicate_row', '与第 ' || first_row || ' 行重复（装载的各列完全相同）',
        from repeated
        """
    )
    con.execute("delete from typed where _row in (select _row from repeated)")
    if numbered is not None:
        _number_repeats(con, numbered)


def _number_repeats(con: duckdb.DuckDBPyConnection, numbered: str) -> None:
    """Tell the second, third … row of one key apart by a number behind the key."""
    con.execute(
        fill(
            """
            update typed
            set <<key>> = <<key>> || '-' || occurrence
            from (
                select
                    _row as row_number,
                    row_number() over (partition by <<key>> order by _row) as occurrence,
                from conformed
                qualify occurrence > 1
            ) as repeats
            where typed._row = repeats.row_number
            """,
            key=identifier(numbered),
        )
    )
