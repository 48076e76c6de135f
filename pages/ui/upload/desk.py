"""The uploads of one reader on their way from the browser to the lake, kept in the session."""

import contextlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

import streamlit as st

from pages.ui.upload import loader, store
from pages.ui.upload.loader import Running
from warehouse import loading
from warehouse.home import Home
from warehouse.loading import Outcome

Stage = Literal["checking", "checked", "loading", "done", "stuck"]
_DESK = "upload.desk"
UPLOADS = "uploads"
_REPORT = dict[str, Any]
# The loader's rule for bytes that come again after others have changed what they wrote.
_CHANGED_SINCE = "changed_since"


@dataclass(eq=False)
class Upload:
    """One uploaded file: what the check said, where it lies now, what became of it."""

    path: Path
    checker: Running
    # What was checked before it by the same process, whose preview builds on theirs.
    after: "tuple[Upload, ...]" = ()
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    stage: Stage = "checking"
    report: Mapping[str, Any] = field(default_factory=dict)
    complaint: str = ""
    moved_at: datetime | None = None
    loader: Running | None = None
    outcome: Outcome | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is going on with it at this moment."""
        return self.stage in ("checking", "loading")

    @property
    def is_changed_since(self) -> bool:
        """Whether it was loaded before, others changed its rows since, and it could count again."""
        problems = self.report.get("problems") or ()
        return self.report.get("preview") is not None and any(
            one["rule"] == _CHANGED_SINCE for one in problems
        )

    @property
    def counted_in(self) -> list[str]:
        """The files that its preview takes for loaded already."""
        loadable = ("loaded", "held")
        return [one.path.name for one in self.after if one.report.get("status") in loadable]

    @property
    def concerns(self) -> Sequence[Mapping[str, Any]]:
        """What somebody has to confirm before it is loaded."""
        return (self.report.get("preview") or {}).get("concerns") or ()


@dataclass
class Desk:
    """All uploads of one reader, newest first."""

    home: Home
    uploads: list[Upload] = field(default_factory=list)
    loads: list[Running] = field(default_factory=list)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    # The last load of the inbox that the reader asked for, and of which files.
    asked: tuple[Running, Sequence[str]] | None = None

    def take(self, files: Sequence[tuple[str, BinaryIO]]) -> None:
        """Save uploaded files and have them checked, all by one process."""
        paths = store.save(self.home, files)
        checker = loader.check(self.home, paths, paths[0].parent / ".check")
        taken: list[Upload] = []
        for path in paths:
            taken.append(Upload(path, checker, after=tuple(taken)))
        self.uploads[:0] = taken

    def look(self) -> None:
        """Bring every upload up to date with what the loaders have said."""
        for upload in self.uploads:
            if upload.stage == "checking":
                _look_at_check(upload)
            elif upload.stage == "loading":
                _look_at_load(self.home, upload)

    def drop(self, upload: Upload) -> None:
        """Take an upload off the list; what was not loaded is thrown away."""
        if upload.stage in ("checked", "stuck"):
            with contextlib.suppress(OSError):
                store.discard(upload.path)
        # The same desk may be open in a second window.
        with contextlib.suppress(ValueError):
            self.uploads.remove(upload)

    def load(self, upload: Upload, *, is_confirmed: bool) -> None:
        """Move a checked file into the inbox, where the watcher takes it, or a process of ours."""
        upload.moved_at = datetime.now(UTC)
        if upload.path.parent != self.home.inbox:
            upload.path = store.into_inbox(self.home, upload.path)
        upload.stage, upload.outcome = "loading", None
        if is_confirmed or not loading.is_watched(self.home):
            upload.loader = self.load_from_inbox([upload.path.name], is_confirmed=is_confirmed)

    def load_from_inbox(self, names: Sequence[str], *, is_confirmed: bool) -> Running:
        """Load files that lie in the inbox, by a process of their own."""
        folder = self.home.uploads / uuid.uuid4().hex
        files = [self.home.inbox / name for name in names]
        running = loader.load(self.home, files, folder, is_confirmed=is_confirmed)
        self.loads = [one for one in self.loads if one.is_running] + [running]
        return running

    @property
    def failure(self) -> str | None:
        """What the load that was asked for said when it ended and left every file as it lay."""
        if self.asked is None:
            return None
        running, names = self.asked
        is_left = not running.is_running and not running.lines()
        lies = any((self.home.inbox / name).exists() for name in names)
        return running.complaint() if is_left and lies else None

    @property
    def is_busy(self) -> bool:
        """Whether anything is going on, so that the page looks more often."""
        return any(upload.is_busy for upload in self.uploads)


@st.cache_resource
def _kept() -> dict[str, Desk]:
    """The desks on which something lies, by the name that the page's address has for each."""
    return {}


def desk(home: Home) -> Desk:
    """The uploads of the reader in front of the screen; their address brings them back."""
    held: Desk | None = st.session_state.get(_DESK)
    if held is None or held.home != home:
        named = _kept().get(st.query_params.get(UPLOADS, ""))
        held = named if named is not None and named.home == home else Desk(home)
        st.session_state[_DESK] = held
    return held


def remember(held: Desk) -> None:
    """Name the desk in the page's address while something lies on it."""
    if held.uploads:
        _kept()[held.id] = held
        st.query_params[UPLOADS] = held.id
        return
    _kept().pop(held.id, None)
    if UPLOADS in st.query_params:
        del st.query_params[UPLOADS]


def uploader_key() -> str:
    """Key of the upload widget; a new one empties it, which frees the memory of its files."""
    return f"upload.files.{st.session_state.get('upload.taken', 0)}"


def empty_uploader() -> None:
    """Have a fresh upload widget drawn at the next run."""
    st.session_state["upload.taken"] = st.session_state.get("upload.taken", 0) + 1


def _look_at_check(upload: Upload) -> None:
    # Whether it is running is asked first: what it said before it ended is then complete.
    is_running = upload.checker.is_running
    for line in upload.checker.lines():
        report = _parsed(line)
        if report.get("file") == upload.path.name:
            upload.report, upload.stage = report, "checked"
            return
    if not is_running:
        upload.stage, upload.complaint = "stuck", upload.checker.complaint()


def _look_at_load(home: Home, upload: Upload) -> None:
    is_running = upload.loader is not None and upload.loader.is_running
    outcome = next((one for one in loading.outcomes(home) if _is_of(one, upload)), None)
    # While a confirmed load is running, the watcher may meanwhile say that the file is held.
    if outcome is not None and not (is_running and outcome.status == "held"):
        upload.outcome, upload.stage = outcome, "done"
    elif upload.loader is not None and not is_running:
        upload.stage, upload.complaint = "stuck", upload.loader.complaint()


def _is_of(outcome: Outcome, upload: Upload) -> bool:
    return (
        outcome.file == upload.path.name
        and upload.moved_at is not None
        and outcome.at >= upload.moved_at
    )


def _parsed(line: str) -> _REPORT:
    try:
        report = json.loads(line)
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}
