"""What became of one extract: status, counts and reasons, as `--json` and the reports give them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from ingest.errors import Problem
from ingest.preview import Preview, one_after_another

# The rule of a table that says that there is nothing to report.
ZERO_REPORT = "zero_report"
Status = Literal["loaded", "unchanged", "refused", "held", "failed"]
# What a file with several tables is called: the first of these that one of its tables is.
_STRONGEST: tuple[Status, ...] = ("held", "loaded", "refused", "unchanged")


@dataclass(frozen=True)
class RowCounts:
    """read = inserted + updated + unchanged + quarantined + ignored."""

    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    quarantined: int = 0
    ignored: int = 0

    def __add__(self, other: "RowCounts") -> "RowCounts":
        both = zip(asdict(self).values(), asdict(other).values(), strict=True)
        return RowCounts(*(mine + theirs for mine, theirs in both))


@dataclass(frozen=True)
class TableResult:
    """The outcome for one table of a file: a batch of its own, unless it was refused."""

    contract: str
    entity: str
    sheet: str | None
    header_row: int
    status: Status
    rows: RowCounts = RowCounts()
    problems: tuple[Problem, ...] = ()
    snapshot: int | None = None
    preview: Preview | None = None

    @property
    def state(self) -> str:
        """The status as people read it: a report that there is nothing changes nothing."""
        return _state(self.status, self.rows, self.problems)

    def as_json(self) -> dict[str, object]:
        """The entry of `tables` that `--json` prints for a file with several."""
        own = {name: value for name, value in vars(self).items() if name != "preview"}
        return {
            **own,
            **_of_nothing(self.state),
            "rows": asdict(self.rows),
            "problems": _listed(self.problems),
        }


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
    tables: tuple[TableResult, ...] = ()
    # The 退回单 that was written, below the installation's folder.
    slip: str | None = None
    preview: Preview | None = None

    @property
    def state(self) -> str:
        """The status as people read it: a report that there is nothing changes nothing."""
        return _state(self.status, self.rows, self.problems)

    def of(self, tables: Sequence[TableResult]) -> "Result":
        """The file's outcome as the sum of its tables'."""
        previews = [table.preview for table in tables if table.preview]
        status = next(s for s in _STRONGEST if any(table.status == s for table in tables))
        return replace(
            self,
            contract=tables[0].contract,
            entity=tables[0].entity,
            status=status,
            rows=sum((table.rows for table in tables), RowCounts()),
            problems=tuple(_placed(tables)),
            snapshot=max((t.snapshot for t in tables if t.snapshot is not None), default=None),
            tables=tuple(tables),
            preview=one_after_another(previews) if previews else None,
        )

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints; `tables` only where there are several.

        `preview` only of a check, or where something is of concern; `zero_report` only of one.
        """
        found: dict[str, object] = {
            "file": self.file,
            "sha256": self.sha256,
            "contract": self.contract,
            "entity": self.entity,
            "status": self.status,
            "rows": asdict(self.rows),
            "problems": _listed(self.problems),
            "snapshot": self.snapshot,
            **_of_nothing(self.state),
        }
        if len(self.tables) > 1:
            found["tables"] = [table.as_json() for table in self.tables]
        if self.preview is not None:
            found["preview"] = self.preview.as_json()
        return found


def _state(status: Status, rows: RowCounts, problems: Sequence[Problem]) -> str:
    is_zero = status == "unchanged" and rows.read == rows.ignored
    is_zero = is_zero and any(problem.rule == ZERO_REPORT for problem in problems)
    return ZERO_REPORT if is_zero else status


def _of_nothing(state: str) -> dict[str, bool]:
    return {ZERO_REPORT: True} if state == ZERO_REPORT else {}


def _placed(tables: Sequence[TableResult]) -> list[Problem]:
    """Every table's problems: why it or its rows went back first, and each with its sheet.

    The sheet is left out where the file has one table and none of its notes names a sheet.
    """
    has_sheets = len(tables) > 1 or any(p.sheet for table in tables for p in table.problems)
    reasons: list[Problem] = []
    notes: list[Problem] = []
    for table in tables:
        for problem in table.problems:
            is_reason = problem.is_returned or table.status == "refused"
            sheet = problem.sheet or (table.sheet if has_sheets else None)
            (reasons if is_reason else notes).append(replace(problem, sheet=sheet))
    return [*reasons, *notes]


def _listed(problems: Sequence[Problem]) -> list[dict[str, object]]:
    return [problem.as_json() for problem in problems]
