"""Problems put together: each reason once, with its rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.problems import row_words, together


def _problem(row: int | None, message: str, sheet: str | None = None) -> dict[str, object]:
    found: dict[str, object] = {"row": row, "column": "列", "value": "值", "message": message}
    return found | ({"sheet": sheet} if sheet else {})


def test_one_reason_is_told_once_with_all_its_rows():
    found = together(
        [_problem(None, "全表"), _problem(4, "甲"), _problem(9, "乙"), _problem(3, "甲")]
    )
    assert [(one.message, one.where) for one in found] == [
        ("全表", ""),
        ("甲", "3–4"),
        ("乙", "9"),
    ]


def test_sheets_are_kept_apart():
    found = together([_problem(2, "甲", "1月"), _problem(2, "甲", "2月")])
    assert [(one.sheet, one.rows) for one in found] == [("1月", (2,)), ("2月", (2,))]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], ""),
        ([7], "7"),
        ([2, 3, 4, 9, 11, 12], "2–4、9、11–12"),
        ([1, 3, 5, 7, 9, 11, 13, 14], "1、3、5、7、9、11 等 8"),
    ],
)
def test_rows_in_words(rows, words):
    assert row_words(rows) == words


@given(st.lists(st.integers(1, 30), max_size=12, unique=True))
def test_no_row_is_lost_or_made_up(rows):
    words = row_words(sorted(rows))
    if " 等 " in words:
        assert int(words.split(" 等 ")[1]) == len(rows)
        return
    parts = [part.split("–") for part in words.split("、") if part]
    told = [row for part in parts for row in range(int(part[0]), int(part[-1]) + 1)]
    assert told == sorted(rows)
