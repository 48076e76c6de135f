"""What can be wrong with an extract or a contract, in words for people."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

from ingest.mask import masked_texts


@dataclass(frozen=True)
class Problem:
    """One reason: where it is in the extract as Excel shows it, and what to do about it."""

    row: int | None
    column: str | None
    value: str | None
    rule: str
    message: str
    sheet: str | None = None
    # Whether its row went back because of it; everything else is a note.
    is_returned: bool = field(default=False, compare=False)

    def as_json(self) -> dict[str, object]:
        """The problem as the report files and `--json` carry it; `sheet` only where it matters."""
        found = asdict(self)
        del found["is_returned"]
        if self.sheet is None:
            del found["sheet"]
        return found


def reasons_first(problems: Iterable[Problem]) -> list[Problem]:
    """Why rows went back, which somebody has to put right, and then the notes."""
    return sorted(problems, key=lambda problem: not problem.is_returned)


def without_persons(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems as they may be said and kept: what they quote is masked."""
    texts = tuple({t for p in problems for t in (p.column, p.value, p.message) if t})
    shown: dict[str | None, str] = dict(zip(texts, masked_texts(texts), strict=True))
    return tuple(
        replace(
            problem,
            column=shown.get(problem.column, problem.column),
            value=shown.get(problem.value, problem.value),
            message=shown.get(problem.message, problem.message),
        )
        for problem in problems
    )


class IngestError(Exception):
    """Something about an extract or the call that a person can act on."""


class ContractError(IngestError):
    """One of the contract files is wrong; names file and key."""


class Refused(IngestError):  # noqa: N818 - an outcome, not a malfunction
    """The whole file is refused; carries every reason, and the rows that went back with it."""

    def __init__(self, problems: Sequence[Problem], *, returned: int = 0, ignored: int = 0) -> None:
        self.problems = without_persons(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))
        self.returned = returned
        self.ignored = ignored


class NotFound(IngestError):  # noqa: N818 - reads as what happened
    """The caller names a file that does not exist."""


class Fault(IngestError):  # noqa: N818 - ours, not the extract's
    """This computer kept a file from being loaded; the file waits where it is."""


def refuse(rule: str, message: str, *, row: int | None = None) -> Refused:
    """The refusal of a whole file for one reason."""
    return Refused([Problem(row, None, None, rule, message)])
