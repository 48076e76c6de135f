"""Who took on which alert: one episode only, undone by a further line, whatever the file holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from warehouse import acknowledgements
from warehouse.acknowledgements import COLUMNS, acknowledge, read, withdraw
from warehouse.alert_states import State
from warehouse.alert_verdicts import Point
from warehouse.alerts import Alert
from warehouse.home import Home

DUE = date(2026, 7, 31)


def alert(*lights: tuple[str, str, str], cell: tuple[str | None, ...] = ("城东支行",)) -> Alert:
    """An alert with these months: month, colour, since."""
    course = tuple(
        (Point(month, month, "red", "beyond_chance"), State(colour, since))
        for month, colour, since in lights
    )
    return Alert("timely_rate_sub_branch", cell, course)


BEFORE = ("2026-02", "green", "2026-01")
RED = ("2026-03", "red", "2026-03")


def test_an_alert_is_taken_on_with_name_note_and_date(tmp_path: Path):
    home = Home(tmp_path)
    red = alert(BEFORE, RED)
    assert read(home).of(red) is None
    acknowledge(home, red, name=" 王 敏 ", note="补齐\n延期依据", due=DUE)
    held = read(home).of(red)
    assert held is not None
    assert (held.name, held.note, held.due) == ("王 敏", "补齐 延期依据", DUE)
    assert (datetime.now(UTC) - held.at).total_seconds() < 60
    assert read(home).faults == ()
    assert read(home).of(alert(BEFORE, RED, cell=("城西支行",))) is None
    assert read(home).of(alert(BEFORE, RED, cell=(None,))) is None


def test_it_holds_while_the_light_burns_and_not_for_the_next_time(tmp_path: Path):
    home = Home(tmp_path)
    acknowledge(home, alert(BEFORE, RED), name="王敏", note="", due=None)
    still = alert(BEFORE, RED, ("2026-04", "red", "2026-03"))
    again = alert(BEFORE, RED, ("2026-04", "green", "2026-04"), ("2026-05", "red", "2026-05"))
    assert read(home).of(still) is not None
    assert read(home).of(again) is None


def test_a_light_as_old_as_the_history_keeps_its_name_when_the_history_moves_on(tmp_path: Path):
    home = Home(tmp_path)
    acknowledge(home, alert(RED), name="王敏", note="", due=None)
    later = alert(("2026-04", "red", "2026-04"), ("2026-05", "red", "2026-04"))
    assert later.is_oldest
    assert read(home).of(later) is not None
    withdraw(home, later, name="王敏")
    assert read(home).of(later) is None


def test_undoing_adds_a_line_and_removes_none(tmp_path: Path):
    home = Home(tmp_path)
    red = alert(BEFORE, RED)
    acknowledge(home, red, name="王敏", note="", due=DUE)
    before = home.acknowledgements.read_bytes()
    withdraw(home, red, name="王敏")
    assert read(home).of(red) is None
    assert home.acknowledgements.read_bytes().startswith(before)
    acknowledge(home, red, name="李强", note="", due=None)
    held = read(home).of(red)
    assert held is not None
    assert held.name == "李强"
    assert home.acknowledgements.read_bytes().count(b"\n") == 4
    # There is nothing to take back twice.
    withdraw(home, red, name="李强")
    withdraw(home, red, name="李强")
    assert home.acknowledgements.read_bytes().count(b"\n") == 5


def test_what_was_so_at_a_moment_stays_so(tmp_path: Path):
    home = Home(tmp_path)
    red = alert(BEFORE, RED)
    first, second, third = (datetime(2026, 4, day, 9, tzinfo=UTC) for day in (1, 2, 3))
    acknowledge(home, red, name="王敏", note="", due=None, at=first)
    withdraw(home, red, name="王敏", at=second)
    acknowledge(home, red, name="李强", note="", due=None, at=third)

    def name(until: datetime) -> str | None:
        held = read(home, until=until).of(red)
        return held.name if held else None

    moments = [at + timedelta(hours=hours) for at in (first, second, third) for hours in (-1, 0)]
    assert list(map(name, moments)) == [None, "王敏", "王敏", None, None, "李强"]


def test_a_filtered_view_has_nobody(tmp_path: Path):
    home = Home(tmp_path)
    red = alert(BEFORE, RED)
    acknowledge(home, red, name="王敏", note="", due=None)
    assert read(home).of(Alert(red.rule_id, red.cell, red.course, is_partial=True)) is None


@pytest.mark.parametrize("name", ["", "  ", "=", "+ -"])
def test_nobody_is_no_name(tmp_path: Path, name: str):
    with pytest.raises(ValueError, match="由谁负责"):
        acknowledge(Home(tmp_path), alert(RED), name=name, note="", due=None)
    assert not Home(tmp_path).acknowledgements.exists()


def test_the_file_opens_in_a_spreadsheet_and_runs_nothing(tmp_path: Path):
    home = Home(tmp_path)
    acknowledge(home, alert(RED), name="=HYPERLINK(1)", note='@SUM(A1), "引号"', due=None)
    text = home.acknowledgements.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())
    held = read(home).of(alert(RED))
    assert held is not None
    assert (held.name, held.note) == ("HYPERLINK(1)", 'SUM(A1), "引号"')


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("2026-06-16T08:00:00,acknowledge,timely", "应有 8 列，实有 3 列"),
        ('2026-06-16,take,r,"[""城东支行""]",2026-03,王敏,,', "action 应为"),
        ('2026-06-16,acknowledge,r,城东支行,2026-03,王敏,,', "cell 应如"),
        ('2026-06-16,acknowledge,r,"[1]",2026-03,王敏,,', "cell 应如"),
        ('昨天,acknowledge,r,"[""城东支行""]",2026-03,王敏,,', "at 和 due 应如"),
        ('2026-06-16,acknowledge,r,"[""城东支行""]",2026-03,王敏,,下周', "at 和 due 应如"),
    ],
)  # fmt: skip
def test_a_broken_line_is_told_and_breaks_nothing(tmp_path: Path, broken: str, said: str):
    home = Home(tmp_path)
    red = alert(BEFORE, RED)
    acknowledge(home, red, name="王敏", note="", due=DUE)
    with home.acknowledgements.open("a", encoding="utf-8") as file:
        # Without a line end, as a crash leaves it.
        file.write(broken)
    other = alert(BEFORE, RED, cell=("城西支行",))
    acknowledge(home, other, name="李强", note="", due=None)
    found = read(home)
    assert len(found.held) == 2
    [fault] = found.faults
    assert fault.startswith("acknowledgements.csv 第 3 行")
    assert said in fault


def test_bytes_of_no_encoding_are_a_broken_line_too(tmp_path: Path):
    home = Home(tmp_path)
    acknowledge(home, alert(RED), name="王敏", note="", due=None)
    with home.acknowledgements.open("ab") as file:
        file.write("城东".encode("gb18030") + b"\n\n")
    assert len(read(home).held) == 1
    assert len(read(home).faults) == 1


def test_many_at_once_lose_no_line(tmp_path: Path):
    home = Home(tmp_path)

    def take(number: int) -> None:
        acknowledge(home, alert(RED, cell=(f"支行{number}",)), name="王敏", note="", due=None)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(40)))
    found = read(home)
    assert (len(found.held), found.faults) == (40, ())


def test_the_month_of_an_episode_is_a_month(tmp_path: Path):
    with pytest.raises(Exception, match="期间"):
        acknowledgements.acknowledge(
            Home(tmp_path), alert(("2026-03", "red", "")), name="王敏", note="", due=None
        )
