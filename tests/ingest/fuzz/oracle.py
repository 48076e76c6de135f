"""Compares what was loaded with the file, cell by cell, and counts every row of it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import partial
from typing import Any

import zhconv

from tests.ingest.fuzz import meaning
from tests.ingest.fuzz.meaning import BAD, Meaning
from tests.ingest.fuzz.reading import Cell, Reading, encodings, read_text, read_workbook, stripped
from tests.ingest.fuzz.running import Batch, Outcome, Row

_DELIMITERS = (",", "\t", ";", "|")
_LEVELS = 3
# The names in the valid ledgers and in the headers that mutations write, and what they mean.
_CATEGORY = partial(meaning.code, code_list="category")
_CONCLUSION = partial(
    meaning.code,
    code_list="review_conclusion",
    own={
        "通过": "同意",
        "修改后通过": "修改后同意",
        "有条件同意": "修改后同意",
        "不通过": "不同意",
    },
)
_AMOUNT = partial(meaning.number, places=2)
Columns = dict[str, tuple[Meaning, tuple[str, ...]]]
COLUMNS: dict[str, Columns] = {
    "complaint": {
        "complaint_id": (meaning.key, ("投诉编号", "编号")),
        "received_at": (meaning.point_in_time, ("收到日期", "受理日期")),
        "closed_at": (meaning.point_in_time, ("办结日期",)),
        "org_name": (meaning.organisation, ("被投诉机构", "机构")),
        "category": (_CATEGORY, ("业务类别",)),
        "claim_amount_yuan": (_AMOUNT, ("投诉金额",)),
        "is_repeat": (meaning.flag, ("是否重复投诉",)),
        "complainant_count": (meaning.whole_number, ("投诉人数",)),
        "content_masked": (meaning.text, ("投诉内容",)),
    },
    "exam_result": {
        "exam_name": (meaning.text, ("考试名称",)),
        "exam_date": (meaning.day, ("考试日期", "日期")),
        "org_name": (meaning.organisation, ("机构",)),
        "score": (meaning.mark, ("成绩", "总分")),
        "makeup_score": (meaning.mark, ("补考成绩",)),
    },
    "review": {
        "review_id": (meaning.key, ("项目编号", "编号")),
        "subject_name": (meaning.text, ("产品名称",)),
        "org_name": (meaning.organisation, ("送审单位",)),
        "submitted_date": (meaning.day, ("送审日期",)),
        "opinion_date": (meaning.day, ("审查日期", "办结日期")),
        "conclusion": (_CONCLUSION, ("审查结论",)),
        "issue_count": (meaning.whole_number, ("发现问题数",)),
    },
    "review_opinion": {"opinion_masked": (meaning.text, ("审查意见",))},
}
# Blank cells that repeat what stands above them.
_CARRIED = {"exam_name", "exam_date", "review_id"}
_FACTORS = {"亿元": 100_000_000, "万元": 10_000}


def _key(cell: Cell) -> str:
    folded = unicodedata.normalize("NFKC", str(cell if cell is not None else ""))
    bare = re.sub(r"[\s\u200b-\u200f\ufeff]+", "", folded)
    bare = zhconv.convert(bare, "zh-hans").casefold()
    return bare.translate(str.maketrans("[【〔{]】〕}", "(((())))")).strip("*:·.、")


def _names(cell: Cell) -> set[str]:
    whole = _key(cell)
    return {whole, re.sub(r"\([^()]*\)$", "", whole)} - {""}


class Table:
    """One loaded table beside the file's own cells."""

    def __init__(self, batch: Batch, reading: Reading) -> None:
        self.batch = batch
        self.reading = reading
        self.header_row: int = batch.record["header_row"]

    def _header(self, row: int) -> list[Cell]:
        return (self.reading.rows[row - 1] or []) if 0 < row <= len(self.reading.rows) else []

    def columns(self, names: tuple[str, ...]) -> list[int]:
        """Where a column with one of these names may stand."""
        wanted = {_key(name) for name in names}
        found: set[int] = set()
        for row in range(self.header_row, self.header_row - _LEVELS, -1):
            cells = self._header(row)
            found |= {at for at, cell in enumerate(cells) if _names(cell) & wanted}
        return sorted(found)

    def factor(self, column: int) -> int:
        """What a unit in the header multiplies amounts by."""
        for row in range(self.header_row, self.header_row - _LEVELS, -1):
            cells = self._header(row)
            name = cells[column] if column < len(cells) else None
            if stripped(name):
                return next((f for unit, f in _FACTORS.items() if unit in str(name)), 1)
        return 1

    def cells(self, row: int, column: int, name: str) -> Iterator[Cell]:
        """The cell of a row, and where it is blank those above that it may repeat."""
        own = self.reading.cell(row, column)
        yield own
        if name not in _CARRIED or not _is_blank(own):
            return
        unsure = {issue["source_row"] for issue in self.batch.issues}
        for above in range(row - 1, self.header_row, -1):
            cell = self.reading.cell(above, column)
            if not _is_blank(cell):
                yield cell
                # A row that went back may be one that could not be read at all.
                if above not in unsure:
                    return

    def wanted(self, name: str, means: Meaning, row: int, column: int) -> set[Any]:
        """Every value that may be loaded for a cell."""
        found: set[Any] = set()
        for cell in self.cells(row, column, name):
            if name == "claim_amount_yuan":
                found |= meaning.number(cell, places=2, factor=self.factor(column))
            else:
                found |= means(cell)
        return found


def _is_blank(cell: Cell) -> bool:
    return meaning.text(cell) <= {None, "无", "NA"}


def _fits(loaded: Any, wanted: set[Any]) -> bool:
    if loaded in wanted or meaning.is_masked(loaded, wanted):
        return True
    # Workbooks write a line break inside a cell in two ways.
    texts = {
        one.replace("\r\n", "\n").replace("\r", "\n") for one in wanted if isinstance(one, str)
    }
    return isinstance(loaded, str) and loaded.replace("\r\n", "\n").replace("\r", "\n") in texts


def _wrong_cells(table: Table, name: str, columns: Columns) -> Iterator[str]:
    rows = table.batch.tables[name]
    for column, (means, names) in columns.items():
        places = table.columns(names)
        if column == "received_at":
            # A blank day of receipt is that of acceptance, row by row.
            yield from _wrong_days(table, rows, places)
            continue
        if not places:
            odd = [r for r in rows if r[column] is not None]
            if odd:
                yield f"{column} is {odd[0][column]!r} in row {odd[0]['source_row']}, but no header names it"
            continue
        reasons = {}
        for place in places:
            reasons[place] = next(_mismatches(table, rows, column, means, place), None)
            if reasons[place] is None:
                break
        else:
            is_left_out = all(r[column] is None for r in rows) and len(places) > 1
            if not is_left_out:
                yield "; ".join(str(reason) for reason in reasons.values())


def _mismatches(
    table: Table, rows: list[Row], column: str, means: Meaning, place: int
) -> Iterator[str]:
    for row in rows:
        wanted = table.wanted(column, means, row["source_row"], place)
        if not _fits(row[column], wanted):
            cell = table.reading.cell(row["source_row"], place)
            readable = {"BAD" if one is BAD else one for one in wanted}
            yield (
                f"{column} of row {row['source_row']}: the cell is {str(cell)[:80]!r}, may be {str(readable)[:120]}, "
                f"loaded was {str(row[column])[:80]!r}"
            )


def _wrong_days(table: Table, rows: list[Row], places: list[int]) -> Iterator[str]:
    for row in rows:
        wanted = set().union(
            *(
                table.wanted("received_at", meaning.point_in_time, row["source_row"], p)
                for p in places
            )
        )
        if row["received_at"] not in wanted:
            cells = [table.reading.cell(row["source_row"], place) for place in places]
            yield f"received_at of row {row['source_row']} is {row['received_at']}, cells are {cells}"


def _wrong_counts(table: Table) -> Iterator[str]:
    record, issues = table.batch.record, table.batch.issues
    entity = record["entity"]
    rows = {
        kind: {i["source_row"] for i in issues if i["disposition"] == kind}
        for kind in ("quarantined", "ignored")
    }
    for kind, found in rows.items():
        if len(found) != record[f"rows_{kind}"]:
            yield f"{record[f'rows_{kind}']} {kind}, but rows {sorted(found)} are named"
    loaded = {row["source_row"] for name in table.batch.tables.values() for row in name}
    if loaded & (rows["quarantined"] | rows["ignored"]):
        yield f"rows {sorted(loaded & (rows['quarantined'] | rows['ignored']))} are loaded and not loaded"
    main = table.batch.tables[entity]
    changed = record["rows_inserted"] + record["rows_updated"]
    if entity in ("complaint", "exam_result") and len({r["source_row"] for r in main}) != len(main):
        yield "a row was loaded twice"
    if entity == "complaint" and len(main) != changed:
        yield f"{changed} inserted or updated, but {len(main)} in the lake"
    if entity in ("complaint", "exam_result") and not record["rows_unchanged"]:
        yield from _wrong_rows(table, loaded | rows["quarantined"] | rows["ignored"])


def _wrong_rows(table: Table, seen: set[int]) -> Iterator[str]:
    record, first = table.batch.record, table.header_row + 1
    if seen != set(range(first, first + record["rows_read"])):
        yield f"read {record['rows_read']} rows from row {first} on, but accounts for {sorted(seen)}"
    height = len(table.reading.rows)
    if record["file_tables"] == 1 and max(seen, default=0) < height:
        yield f"the file has {height} rows, the last one accounted for is {max(seen, default=0)}"
    if table.reading.is_text and max(seen, default=0) > height:
        yield f"the file has {height} rows, yet row {max(seen)} is accounted for"


def _workbook(data: bytes, undamaged: bytes) -> dict[str, Reading]:
    try:
        return read_workbook(data)
    # Where a part is damaged that says nothing on cells, they are what they were before.
    except Exception:  # noqa: BLE001
        return read_workbook(undamaged)


def _readings(data: bytes, undamaged: bytes, outcome: Outcome) -> Iterator[tuple[Batch, Reading]]:
    books: dict[str, Reading] | None = None
    for batch in outcome.batches:
        if data.startswith(b"PK"):
            books = books if books is not None else _workbook(data, undamaged)
            yield batch, books[batch.record["sheet"]]
            continue
        encoding = batch.record["encoding"]
        if encoding not in encodings(data):
            message = f"read as {encoding}, is {encodings(data)}"
            raise AssertionError(message)
        yield batch, _best_text(data, batch, encoding)


def _best_text(data: bytes, batch: Batch, encoding: str) -> Reading:
    names = [
        name for columns in COLUMNS.values() for _, names in columns.values() for name in names
    ]

    def known(reading: Reading) -> int:
        return len(Table(batch, reading).columns(tuple(names)))

    return max((read_text(data, encoding, d) for d in _DELIMITERS), key=known)


def _leaks(outcome: Outcome) -> Iterator[str]:
    # An amount is a number whatever its digits are; texts are what is masked.
    kept = [row for b in outcome.batches for row in (*sum(b.tables.values(), []), *b.issues)]
    stored = repr([value for row in kept for value in row.values() if isinstance(value, str)])
    said = repr(outcome.result.problems)
    for number in ("1381234562", "13812345678", "44030519900101123X"):
        if re.search(rf"{number}\d?(?!\d)", stored + said):
            yield f"the personal number {number} is in the lake or in what was said"


def faults(data: bytes, undamaged: bytes, outcome: Outcome) -> list[str]:
    """Everything that is wrong with what became of a file."""
    result = outcome.result
    rows = result.rows
    found = []
    if result.status not in ("loaded", "unchanged", "refused"):
        found.append(f"status {result.status}: {result.problems[:1]}")
    found += [
        f"{p.rule}: {p.message}" for p in result.problems if p.rule in ("unexpected", "fault")
    ]
    if rows.read != rows.inserted + rows.updated + rows.unchanged + rows.quarantined + rows.ignored:
        found.append(f"rows do not add up: {rows}")
    place = {"refused": ["returned"]}.get(result.status, ["archive"])
    if outcome.places != place:
        found.append(f"the file of status {result.status} lies in {outcome.places}")
    if result.status == "refused" and not result.problems:
        found.append("refused without a reason")
    try:
        for batch, reading in _readings(data, undamaged, outcome):
            table = Table(batch, reading)
            found += _wrong_counts(table)
            for name in batch.tables:
                found += _wrong_cells(table, name, COLUMNS.get(name, {}))
    except AssertionError as error:
        found.append(str(error))
    except Exception as error:  # noqa: BLE001 - another reader cannot read what was loaded
        found.append(f"loaded, but unreadable elsewhere: {type(error).__name__} {error}")
    return found + list(_leaks(outcome))
