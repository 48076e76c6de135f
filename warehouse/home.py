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
    def returned(self) -> Path:
        """Folder that holds refused extracts, each with its report."""
        return self.root / "ingest" / "returned"

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
    def writer_lock(self) -> Path:
        """File whose lock the one writer holds."""
        return self.data / "writer.lock"

    def make_folders(self) -> None:
        """Create every folder that is missing."""
        for folder in (self.inbox, self.archive, self.returned, self.lake_files):
            folder.mkdir(parents=True, exist_ok=True)


def current_home() -> Home:
    """The installation that DASHBOARD_HOME names, by default the repository itself."""
    return Home(Path(os.environ.get("DASHBOARD_HOME") or REPOSITORY).resolve())
