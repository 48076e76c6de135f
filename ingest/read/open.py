"""Opens an extract by what its bytes are, never by its name."""

from collections.abc import Sequence
from pathlib import Path

from ingest.errors import refuse
from ingest.read.table import Table
from ingest.read.text import open_text
from ingest.read.workbook import OLE_MAGIC, ZIP_MAGIC, open_workbook


def open_extract(path: Path) -> Sequence[Table]:
    """The sheets of a workbook, or a text file read with each delimiter that fits.

    Raises Refused when the file is empty, protected, broken or neither.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        message = "文件是空的（0 字节）；请重新导出"
        raise refuse("empty", message)
    if start.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return open_workbook(path)
    return open_text(path)
