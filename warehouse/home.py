"""Where the folders of one installation lie; the only reader of DASHBOARD_HOME."""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    """The folders of one installation, all below one root."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Folder in which analysts drop extracts."""
        return self.root / "ingest" / "inbox"

    @property
    def archive(self) -> Path:
        """Folder that keeps every loaded extract as delivered."""
        return self.root / "ingest" / "archive"

    @property
    def archive_journal(self) -> Path:
        """Which files were loaded, in which order, and where each is kept; only added to."""
        return self.root / "ingest" / "archive_journal.jsonl"

    @property
    def returned(self) -> Path:
        """Folder that holds refused extracts, each with its report."""
        return self.root / "ingest" / "returned"

    @property
    def held(self) -> Path:
        """Folder with a note on each file of the inbox that waits for a confirmation."""
        return self.root / "ingest" / "held"

    @property
    def data(self) -> Path:
        """Folder of the lake: its catalogue and its Parquet files."""
        return self.root / "warehouse" / "data"

    @property
    def catalogue(self) -> Path:
        """SQLite file with the lake's catalogue."""
        return self.data / "catalogue.sqlite"

    @property
    def lake_files(self) -> Path:
        """Folder with the lake's Parquet files."""
        return self.data / "lake"

    @property
    def checksums(self) -> Path:
        """What every file of the lake weighed and its digest when it was written."""
        return self.data / "checksums.jsonl"

    @property
    def issued(self) -> Path:
        """Every hand-out that was issued, with its snapshot and its numbers; only added to."""
        return self.data / "issued.jsonl"

    @property
    def writer_lock(self) -> Path:
        """File whose lock the one writer holds."""
        return self.data / "writer.lock"

    @property
    def scratch(self) -> Path:
        """Folder for what only lives while the writer works; wiped when the next one starts."""
        return self.data / "scratch"

    @property
    def uploads(self) -> Path:
        """Folder in which uploaded files wait until they are loaded or given up."""
        return self.root / "ingest" / "uploads"

    @property
    def watcher_lock(self) -> Path:
        """File whose lock the one watcher of the inbox holds."""
        return self.data / "watcher.lock"

    @property
    def progress(self) -> Path:
        """How far the running load has come; there only while one is running."""
        return self.data / "progress.json"

    @property
    def outcomes(self) -> Path:
        """What became of the files that were tried last."""
        return self.data / "outcomes.json"

    @property
    def logs(self) -> Path:
        """Folder with the technical details of unexpected errors."""
        return self.data / "logs"

    @property
    def acknowledgements(self) -> Path:
        """CSV file of who took on which alert; lines are only ever added."""
        return self.data / "acknowledgements.csv"

    def make_folders(self) -> None:
        """Create every folder that is missing."""
        for folder in (self.inbox, self.archive, self.returned, self.lake_files):
            folder.mkdir(parents=True, exist_ok=True)


def current_home() -> Home:
    """The installation that DASHBOARD_HOME names, by default the repository itself."""
    return Home(Path(os.environ.get("DASHBOARD_HOME") or REPOSITORY).resolve())
