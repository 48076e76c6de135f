"""The moment of a load: in the order of the loads, whatever the computer's clock says."""

from datetime import UTC, datetime, timedelta

import duckdb

from ingest.errors import Problem

_INSTANT = timedelta(milliseconds=1)
# Less may be a clock that was put right.
_FAR = timedelta(days=1)


def _newest(con: duckdb.DuckDBPyConnection) -> datetime | None:
    asked = "select strftime(max(loaded_at), '%Y-%m-%dT%H:%M:%S.%f%z') from lake.meta.batch"
    (newest,) = con.execute(asked).fetchone() or (None,)
    return datetime.fromisoformat(newest).astimezone(UTC) if newest else None


def next_moment(con: duckdb.DuckDBPyConnection) -> datetime:
    """This moment, later than every load before it even where the clock was set back.

    A rebuild loads in the order of these moments, and the state of the last one stays.
    """
    newest, now = _newest(con), datetime.now(UTC)
    return max(now, newest + _INSTANT) if newest else now


def clock_notes(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Says that a load is not dated truly, as an earlier one lies in what is now the future."""
    newest, now = _newest(con), datetime.now(UTC)
    if newest is None or newest <= now + _FAR:
        return []
    message = (
        f"电脑时钟现在是 {now.astimezone():%Y-%m-%d %H:%M}，而此前已有装载记在 "
        f"{newest.astimezone():%Y-%m-%d %H:%M}：时钟当时或现在不对；为保持先后次序，"
        "本次装载时间记在那之后，不是真实时间；请核对电脑的日期和时间"
    )
    return [Problem(None, None, None, "clock", message)]
