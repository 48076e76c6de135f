"""The light month by month, by hand: it turns at once, does not flap, and goes when it lasts."""

import pytest

from tests.tables import parse_table
from warehouse.alert_rules import Enter, Leave
from warehouse.alert_states import states
from warehouse.alert_verdicts import Point

VERDICTS = {"g": "green", "y": "yellow", "r": "red", "-": "none"}


def course(table: str) -> list[Point]:
    return [
        Point(
            row["month"] or "",
            row["month"] or "",
            VERDICTS[row["verdict"] or "-"],
            "met",
            is_clear=row.get("clear") == "x",
        )
        for row in parse_table(table)
    ]


def expected(table: str) -> list[str]:
    return [row["light"] or "" for row in parse_table(table)]


FLAPS = """
    month   | verdict | light
    2024-01 | g | green
    2024-02 | r | red
    2024-03 | g | red
    2024-04 | r | red
    2024-05 | g | red
    2024-06 | r | red
    2024-07 | g | red
    2024-08 | g | green
    2024-09 | r | red
"""
STEPS_DOWN = """
    month   | verdict | light
    2024-01 | r | red
    2024-02 | y | red
    2024-03 | g | yellow
    2024-04 | y | yellow
    2024-05 | g | yellow
    2024-06 | g | green
"""
MARGIN = """
    month   | verdict | clear | light
    2024-01 | r |   | red
    2024-02 | g |   | red
    2024-03 | y |   | yellow
    2024-04 | g | x | green
    2024-05 | r |   | red
    2024-06 | g | x | green
"""
GAPS = """
    month   | verdict | light
    2024-01 | - | none
    2024-02 | r | red
    2024-03 | - | red
    2024-04 | g | red
    2024-05 | - | red
    2024-06 | g | green
"""


@pytest.mark.parametrize("table", [FLAPS, STEPS_DOWN, MARGIN, GAPS])
def test_the_light_of_each_month(table: str):
    found = states(course(table), Enter(), Leave(after_months=2))
    assert [state.colour for state in found] == expected(table)


def test_a_red_light_may_have_to_be_confirmed_first():
    table = """
        month   | verdict | light
        2024-01 | r | yellow
        2024-02 | g | yellow
        2024-03 | r | yellow
        2024-04 | r | red
        2024-05 | g | red
        2024-06 | g | green
    """
    found = states(course(table), Enter(red_after_months=2), Leave(after_months=2))
    assert [state.colour for state in found] == expected(table)


def test_a_light_remembers_since_when_and_what_it_was():
    found = states(course(FLAPS), Enter(), Leave(after_months=2))
    assert [(s.since, s.previous, s.better_months) for s in found[:4]] == [
        ("2024-01", "none", 0),
        ("2024-02", "green", 0),
        ("2024-02", "green", 1),
        ("2024-02", "green", 0),
    ]
    assert (found[-1].since, found[-1].previous) == ("2024-09", "green")


def test_a_light_that_nothing_was_said_about_for_a_year_goes_out():
    silent = [f"2025-{month:02d} | -" for month in range(1, 13)]
    table = "month | verdict\n2024-12 | r\n" + "\n".join(silent)
    found = states(course(table), Enter(), Leave())
    assert [state.colour for state in found] == ["red"] * 12 + ["none"]
    again = states(course(f"{table}\n2026-01 | g"), Enter(), Leave())
    assert (again[-1].colour, again[-1].since, again[-1].previous) == ("green", "2026-01", "red")
