"""Two-way tables: no hidden count can be worked out, and no more is hidden than it takes."""

from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from warehouse import numerals
from warehouse.handouts.cross_table import (
    WITHHELD,
    CrossTable,
    Place,
    Suppressed,
    pooled,
    shares,
    suppress,
)

LIMIT = 5


def table_of(*counts: tuple[int, ...]) -> CrossTable:
    rows = tuple(f"行{n}" for n in range(len(counts)))
    columns = tuple(f"列{n}" for n in range(len(counts[0])))
    return CrossTable(rows, columns, counts)


@st.composite
def tables(draw, most: int = 3) -> CrossTable:
    """Small tables, so that every possible solution can be tried."""
    height, width = draw(st.integers(1, most)), draw(st.integers(1, most))
    line = st.tuples(*[st.sampled_from((0, 0, 1, 2, 3, 4, 5, 6, 9)) for _ in range(width)])
    return table_of(*draw(st.tuples(*[line for _ in range(height)])))


def told(held: Suppressed) -> list[list[int | str]]:
    last_row, last_column = held.table.corner
    return [[held.shown((r, c)) for c in range(last_column + 1)] for r in range(last_row + 1)]


class Reader:
    """Somebody who knows only what is printed, and tries every table that fits it."""

    def __init__(self, printed: list[list[int | str]], limit: int) -> None:
        self.printed, self.limit = printed, limit
        self.height, self.width = len(printed) - 1, len(printed[0]) - 1

    def span(self, row: int, column: int) -> tuple[int, int]:
        shown, most = self.printed[row][column], self.printed[-1][-1]
        assert isinstance(most, int)
        if isinstance(shown, int):
            return shown, shown
        if shown == WITHHELD:
            return (self.limit if self.limit > 2 else 1), most
        assert shown == f"<{self.limit}"
        return 1, min(self.limit - 1, most)

    def can_be(self, place: Place, value: int) -> bool:
        """Whether some table that fits has this value at this place."""
        spans = {
            (r, c): self.span(r, c) for r in range(self.height + 1) for c in range(self.width + 1)
        }
        low, high = spans[place]
        if not low <= value <= high:
            return False
        spans[place] = (value, value)
        return self._row(spans, 0, (0,) * self.width, 0)

    def _row(self, spans, row: int, sums: tuple[int, ...], everything: int) -> bool:
        if row == self.height:
            fits = all(
                spans[row, c][0] <= total <= spans[row, c][1] for c, total in enumerate(sums)
            )
            return fits and everything == spans[row, self.width][0]
        return any(
            self._row(
                spans,
                row + 1,
                tuple(a + b for a, b in zip(sums, line, strict=True)),
                everything + sum(line),
            )
            for line in self._lines(spans, row, sums, ())
        )

    def _lines(
        self, spans, row: int, sums: tuple[int, ...], line: tuple[int, ...]
    ) -> Iterator[tuple[int, ...]]:
        column = len(line)
        low, high = spans[row, self.width]
        if column == self.width:
            if low <= sum(line) <= high:
                yield line
            return
        least, most = spans[row, column]
        most = min(most, high - sum(line), spans[self.height, column][1] - sums[column])
        if column == self.width - 1:
            least = max(least, low - sum(line))
        for value in range(least, most + 1):
            yield from self._lines(spans, row, sums, (*line, value))

    def knows(self, place: Place, value: int) -> bool:
        """Whether nothing but this value is possible there."""
        low, high = self.span(*place)
        others = sorted(set(range(low, high + 1)) - {value}, key=lambda one: abs(one - value))
        return not any(self.can_be(place, other) for other in others)


@settings(max_examples=300, deadline=None)
@given(tables(), st.sampled_from((2, 3, 5)), st.sampled_from((None, "rows", "columns")))
def test_no_hidden_count_can_be_worked_out(table: CrossTable, limit: int, kept) -> None:
    held = suppress(table, limit, kept=kept)
    assume(held is not None)
    assert held is not None
    reader = Reader(told(held), limit)
    for place in table.places():
        count = table.at(place)
        if place in held.hidden:
            assert count > 0
            assert reader.can_be(place, count)
            assert not reader.knows(place, count), (told(held), place)
        else:
            assert held.shown(place) == count
            assert not 0 < count < limit


@settings(max_examples=300, deadline=None)
@given(tables(most=5), st.sampled_from((3, 5)), st.sampled_from((None, "rows", "columns")))
def test_lines_hide_nothing_or_at_least_two(table: CrossTable, limit: int, kept) -> None:
    held = suppress(table, limit, kept=kept)
    assume(held is not None)
    assert held is not None
    assert table.corner not in held.hidden
    for parts, whole in table.lines():
        hidden = [place for place in parts if place in held.hidden]
        if whole in held.hidden:
            assert hidden
            continue
        assert len(hidden) != 1
        if hidden and sum(map(table.at, hidden)) < limit:
            # Only where whatever else the line holds could protect nothing.
            rest = [place for place in parts if place not in held.hidden and table.at(place)]
            assert rest
            assert all(_is_useless(table, limit, kept, held, place) for place in rest)
        if (kept == "rows" and whole[1] == table.corner[1]) or (
            kept == "columns" and whole[0] == table.corner[0]
        ):
            assert whole not in held.hidden


def _is_useless(table: CrossTable, limit: int, kept, held: Suppressed, place: Place) -> bool:
    from warehouse.handouts.cross_table import _Work

    work = _Work(table, limit, kept)
    work.hidden = set(held.hidden)
    return work.cheapest_cycle(place) is None


@settings(max_examples=200, deadline=None)
@given(tables(), st.sampled_from((None, "rows", "columns")))
def test_a_table_is_given_up_only_where_no_way_of_hiding_is_safe(table: CrossTable, kept) -> None:
    """Everything that may be hidden at once is the most that can be done."""
    if suppress(table, LIMIT, kept=kept) is not None:
        return
    corner = table.corner
    if 0 < table.at(corner) < LIMIT:
        return
    is_kept = {
        None: lambda p: p == corner,
        "rows": lambda p: p[1] == corner[1],
        "columns": lambda p: p[0] == corner[0],
    }[kept]
    small = [p for p in table.places() if 0 < table.at(p) < LIMIT]
    if any(is_kept(p) for p in small):
        return
    most = frozenset(p for p in table.places() if table.at(p) and not is_kept(p) and p != corner)
    reader = Reader(told(Suppressed(table, LIMIT, most)), LIMIT)
    assert any(reader.knows(p, table.at(p)) for p in small)


def test_two_loops_joined_by_one_cell_are_not_enough() -> None:
    # Rows and columns with two hidden each, and yet the cell between both loops would follow.
    table = table_of(
        (3, 4, 0, 20, 20),
        (4, 3, 2, 20, 20),
        (0, 0, 4, 4, 20),
        (0, 0, 3, 4, 20),
    )
    held = suppress(table, LIMIT)
    assert held is not None
    reader = Reader(told(held), LIMIT)
    assert (1, 2) in held.hidden
    assert not reader.knows((1, 2), 2)


def test_the_smallest_are_hidden_besides_and_zeros_are_shown() -> None:
    held = suppress(table_of((3, 50, 9), (70, 0, 60), (8, 40, 7)), LIMIT)
    assert held is not None
    assert told(held) == [
        ["<5", 50, "＊", 62],
        [70, 0, 60, 130],
        ["＊", 40, "＊", 55],
        [81, 90, 76, 247],
    ]


def test_a_small_total_is_hidden_with_another() -> None:
    held = suppress(table_of((30, 20), (1, 2), (40, 50), (11, 9)), LIMIT, kept="columns")
    assert held is not None
    shown = told(held)
    assert shown[1] == ["<5", "<5", "<5"]
    assert [line[-1] for line in shown] == [50, "<5", 90, WITHHELD, 163]
    assert shown[-1] == [82, 81, 163]


@pytest.mark.parametrize(
    ("counts", "kept"),
    [(((1, 2), (0, 1)), None), (((3,),), None), (((9, 3), (9, 0)), "columns"), (((1, 5),), None)],
)
def test_what_cannot_be_protected_is_not_shown(counts, kept) -> None:
    assert suppress(table_of(*counts), LIMIT, kept=kept) is None


@pytest.mark.parametrize("limit", [0, 1])
def test_without_a_limit_all_is_shown(limit: int) -> None:
    held = suppress(table_of((1, 2), (0, 7)), limit)
    assert held is not None
    assert told(held) == [[1, 2, 3], [0, 7, 7], [1, 9, 10]]


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 30), max_size=8), st.integers(2, 8))
def test_labels_are_put_together_until_large_enough(totals: dict[str, int], limit: int) -> None:
    names = pooled(totals, limit)
    assert list(names) == list(totals)
    sums: dict[str, int] = {}
    for label, name in names.items():
        sums[name] = sums.get(name, 0) + totals[label]
    if sum(totals.values()) >= limit:
        assert all(total >= limit for total in sums.values())
    joined = [label for label, name in names.items() if name != label]
    assert len(joined) != 1 or len(totals) == 1
    if all(total >= limit for total in totals.values()):
        assert not joined


@given(st.lists(st.integers(5, 40), min_size=1), st.lists(st.integers(1, 40)))
def test_shares_depend_on_shown_totals_only(shown: list[int], hidden: list[int]) -> None:
    everything = sum(shown) + sum(hidden)
    found = shares([*shown, *["<5" for _ in hidden]], everything)
    assert found == [*shown, sum(hidden)]
    assert sum(numerals.shares(found)) == 100
