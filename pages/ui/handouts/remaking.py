"""An issued hand-out made once more from the snapshot that it was issued from."""

import duckdb

from pages.ui.handouts.kinds import kind_of
from pages.ui.handouts.shelf import Again
from pages.ui.profile import archive
from pages.ui.profile.archive import Archive, DetailedArchive
from warehouse.handouts import issued, restatements
from warehouse.handouts.handout import Handout
from warehouse.handouts.issued import Issued, Stated
from warehouse.home import Home
from warehouse.lake import open_state, reading


def again(home: Home, one: Issued) -> Again:
    """The hand-out and how much of it is as it was; raises SnapshotMissing, IssuedError."""
    with reading(open_state(home, one.state)) as cursor:
        made = _made(cursor, home, one)
    kind = kind_of(one.kind)
    return Again(
        number=one.number,
        content=made.content,
        mime=kind.mime if kind else "application/octet-stream",
        is_same_file=made.sha256 == one.sha256,
        differing=len(set(map(_key, one.stated)) - set(map(_key, issued.stated(made.facts)))),
    )


def _key(one: Stated) -> tuple[object, ...]:
    where = tuple(sorted((name, tuple(values)) for name, values in one.where.items()))
    return one.indicator_id, one.period.id, where, one.value, one.numerator, one.denominator


def _made(cursor: duckdb.DuckDBPyConnection, home: Home, one: Issued) -> Handout:
    if one.kind not in (Archive.kind, DetailedArchive.kind):
        return restatements.made_again(cursor, home, one)
    return archive.make(
        cursor,
        one.period,
        scope=one.scope,
        where=one.where,
        details=one.kind == DetailedArchive.kind,
    )
