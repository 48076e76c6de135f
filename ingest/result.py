"""What became of one extract: status, counts and reasons, as `--json` and the reports give them."""

from dataclasses import asdict, dataclass, field
from typing import Literal

from ingest.errors import Problem

Status = Literal["loaded", "unchanged", "refused"]


@dataclass(frozen=True)
class RowCounts:
    """read = inserted + updated + unchanged + quarantined + ignored."""

    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    quarantined: int = 0
    ignored: int = 0


@dataclass(frozen=True)
class Result:
    """The outcome for one file."""

    file: str
    sha256: str | None
    contract: str | None
    entity: str | None
    status: Status
    rows: RowCounts = RowCounts()
    problems: tuple[Problem, ...] = ()
    snapshot: int | None = None
    sheet: str | None = field(default=None, compare=False)

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "contract": self.contract,
            "entity": self.entity,
            "status": self.status,
            "rows": asdict(self.rows),
            "problems": [problem.as_json() for problem in self.problems],
            "snapshot": self.snapshot,
        }
