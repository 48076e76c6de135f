"""The exact reader of delimited text: records one by one, with every irregularity named."""

import csv
from collections.abc import Iterator
from typing import TextIO

from ingest.errors import refuse
from ingest.read.table import Row

# A single cell may hold a long complaint text; the default of 128 KiB is too small.
csv.field_size_limit(2**31 - 1)
_FAULT_QUOTING = "quoting"
_UNCLOSED = "从这一行开始的引号直到文件末尾都没有闭合，文件看来被截断了；请重新导出完整的文件"
_STRAY_QUOTE = (
    "引号使用不规范：闭合的引号后面还有别的内容；请检查这一行的引号（单元格内的引号要写成两个）"
)


def records(file: TextIO, delimiter: str) -> Iterator[tuple[int, Row, str | None]]:
    """Each record as (number as Excel shows it, cells, fault); blank lines count as records.

    Raises Refused when a quote is still open at the end of the file.
    """
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise refuse("truncated", _UNCLOSED, row=number) from None
            yield number, [], _FAULT_QUOTING
            continue
        yield number, list(cells), None


def fault_message(fault: str | None, *, found: int, expected: int) -> str:
    """Why a record does not fit the header."""
    if fault == _FAULT_QUOTING:
        return _STRAY_QUOTE
    return f"应有 {expected} 列，实有 {found} 列；请检查这一行是否多了或少了分隔符"
