"""Decides whether a batch may count: shows what it changes and asks where a rule says so."""

from typing import Literal

import duckdb

from ingest.concerns import Loading, find_concerns
from ingest.confirmations import confirmations
from ingest.errors import IngestError, Problem
from ingest.preview import Preview, changes
from warehouse.lake import reading

# "holds" waits for a person where a rule says so, "confirmed" is what that person then asks for;
# what was loaded once, as in a rebuild, is not judged again.
Judging = Literal["nothing", "holds", "confirmed"]


class Held(IngestError):  # noqa: N818 - an outcome, not a malfunction
    """The batch waits for a confirmation; nothing of it was written."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("\n".join(concern.message for concern in preview.concerns))
        self.preview = preview


def judge(con: duckdb.DuckDBPyConnection, loading: Loading, *, shows_all: bool) -> Preview:
    """What the open transaction changes, in full where it is of concern or asked for."""
    # A cursor of its own sees the lake without what this transaction has written.
    with reading(con) as before:
        found = find_concerns(before, con, loading, confirmations())
        shown = changes(before, con, loading.record.entity) if shows_all or found else ()
    return Preview(shown, found)


def reasons_to_wait(preview: Preview, file: str) -> tuple[Problem, ...]:
    """Each concern as a problem of the file that says how to confirm it."""
    name = f'"{file}"' if " " in file else file
    how = f"核对后运行 python -m ingest --confirm {name}，或在“上传”页确认"
    return tuple(
        Problem(None, None, None, concern.rule, f"{concern.message}；{how}")
        for concern in preview.concerns
    )
