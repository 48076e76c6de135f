"""What the name of a sheet and the title rows above a header say of a table's subject."""

import re
from collections.abc import Iterator

from ingest.contract import Contract
from ingest.header import Header, header_key
from ingest.read.table import Table

_MOST_ROWS = 8
_MOST_CELLS = 3
# What is longer explains something, and may speak of other tables.
_MOST_LETTERS = 30


def titles_of(table: Table, header: Header) -> Iterator[str]:
    """The sheet's name and the short cells right above the header."""
    if table.sheet:
        yield table.sheet
    last, top = header.row - 1, header.row - header.levels
    rows = table.rows(max(1, top - _MOST_ROWS + 1), last) if last else []
    for number, row in zip(range(last, 0, -1), reversed(rows), strict=False):
        cells = [cell for cell in row if cell]
        # A title may have been read as the upper row of a header, whose groups are more cells.
        if number > top and len(cells) > 1:
            continue
        # Another table ends where more cells are filled.
        if len(cells) > _MOST_CELLS:
            return
        yield from (cell for cell in cells if len(cell) <= _MOST_LETTERS)


def is_titled(contract: Contract, table: Table, header: Header) -> bool:
    """Whether the titles, taken together, say that the table is what the contract describes."""
    if contract.titled is None:
        return False
    titles = "、".join(map(header_key, titles_of(table, header)))
    return bool(re.search(contract.titled, titles))
