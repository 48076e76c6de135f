"""The few dirty rows: what people really get wrong, one example of each."""

from datetime import date, timedelta
from itertools import islice

from ingest.demo.writers import Cell

Record = dict[str, Cell]

IMPOSSIBLE_DATE = "2025-02-30"
EXCESSIVE_SCORE = 105
_WRONG_YEAR = timedelta(365)


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


def _decided(records: list[Record], *, start: int) -> list[Record]:
    """The first ordinary record, from a place on, that is decided and closed."""
    found = (record for record in records[start:] if record["decided"] and record["closed"])
    return list(islice(found, 1))
