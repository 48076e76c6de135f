"""Marks that a workbook stores as shares of the full mark: 85% is shown where 0.85 is read."""

import duckdb

from ingest.conform import Staging
from ingest.errors import refuse
from ingest.sql import fill, identifier

# Of so few points, a mark below 1 is an ordinary one.
_FEWEST_POINTS = 10
_FEWEST_SHARES = 2


def refuse_shares(con: duckdb.DuckDBPyConnection, staging: Staging) -> None:
    """Refuse a table whose marks are all at most 1 and mostly below, of a full mark that is not."""
    columns = staging.contract.columns.items()
    for name, full in ((n, c.full_score) for n, c in columns if c.full_score):
        if name not in staging.match.targets:
            continue
        largest, shares, points = con.execute(
            fill(
                "select max(<<mark>>), count_if(<<mark>> > 0 and <<mark>> < 1), min(<<full>>)"
                " from conformed where <<mark>> > 0",
                mark=identifier(name),
                full=identifier(full),
            )
        ).fetchone() or (None, 0, None)
        if largest is None or points is None or largest > 1 or points < _FEWEST_POINTS:
            continue
        if shares >= _FEWEST_SHARES:
            message = (
                f"列“{staging.match.column_name(name)}”的分数都不超过 1（如 0.85），"
                f"像是百分比去掉了百分号，满分却是 {points.normalize():f}，没有猜测；"
                "请写成分数，如 85，或 85%"
            )
            raise refuse("score_shares", message)
