"""The few dirty rows: what people really get wrong, one example of each."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from ingest.demo.inspections import Visit
from ingest.demo.writers import Cell

Record = dict[str, Cell]

IMPOSSIBLE_DATE = "2025-02-30"
EXCESSIVE_SCORE = 105
_WRONG_YEAR = timedelta(365)
_SWAPPED_DIGITS_YEARS = 36


def spoil_workbook(records: list[Record]) -> None:
    """A date that does not exist, in the middle of the ledger."""
    for victim in _decided(records, start=len(records) // 6):
        victim["received"] = IMPOSSIBLE_DATE.replace("2025", str(victim["complaint_id"])[2:6])


def spoil_csv(records: list[Record]) -> None:
    """A decision before receipt, a row without its number, a row delivered twice, odd texts."""
    start = len(records) // 4
    for backwards in _decided(records, start=start):
        decided = date.fromisoformat(str(backwards["decided"]))
        backwards["decided"] = f"{decided - _WRONG_YEAR:%Y-%m-%d}"
    for nameless in _decided(records, start=start * 2):
        nameless["complaint_id"] = None
    for place in range(40, len(records), 150):
        records[place]["content"] = f"{records[place]['content']}\n坐席备注:客户希望工作日来电。"
    records[start // 2]["content"] = f"=客户口述={records[start // 2]['content']}"
    records.insert(start * 3 + 1, dict(records[start * 3]))


def spoil_training(rows: list[list[Cell]], date_column: int) -> None:
    """A training date whose year has its last digits swapped: 2062 for 2026."""
    for victim in rows[len(rows) // 2 :][:1]:
        day = date.fromisoformat(str(victim[date_column]))
        victim[date_column] = f"{day.year + _SWAPPED_DIGITS_YEARS}-{day:%m-%d}"


def spoil_inspections(visits: list[Visit]) -> list[Visit]:
    """The second issue of one inspection is put right a year before it was found."""
    spoilt = list(visits)
    for place, visit in enumerate(visits):
        if place < len(visits) // 2 or len(visit.issues) < 2 or not visit.issues[1].rectified:
            continue
        wrong = replace(visit.issues[1], rectified=visit.issues[1].rectified - _WRONG_YEAR)
        spoilt[place] = replace(visit, issues=(visit.issues[0], wrong, *visit.issues[2:]))
        break
    return spoilt


def _decided(records: list[Record], *, start: int) -> list[Record]:
    """The first ordinary record, from a place on, that is decided and closed."""
    found = (record for record in records[start:] if record["decided"] and record["closed"])
    return list(islice(found, 1))
