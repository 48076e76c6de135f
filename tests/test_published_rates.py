"""The regulator's published rates and medians come out of counts and denominators.

Counts stand beside rates in two tables only (内蒙古 2022, 山西 2022Q4). There the whole number of
outlets that a rate allows is solved for, rows are written for both, and every rate and median must
come back within one last digit. The other tables give rates without counts: any count would fit
some denominator, so for them only the medians are recomputed, from the banks' printed rates.
"""

import csv
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.tables import fill_lake
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.peers import peers
from warehouse.periods import parse_period
from warehouse.registry import indicators
from warehouse.scope import Scope
from warehouse.standing import Cell, Standing

TABLE = Path(__file__).resolve().parents[2] / "shared" / "published" / "regulator_rates.csv"
pytestmark = pytest.mark.skipif(not TABLE.exists(), reason=f"{TABLE} is not on this machine")
COUNT = "投诉量"
EVERYBODY = Scope.everything()
BY_UNIT = {one.unit: one for one in indicators().values() if one.kind == "rate"}
# Tables with counts, by the place that the file adds to the period.
WITH_COUNTS = {"2022(内蒙古)": "2022", "2022Q4(山西)": "2022Q4"}


def tables() -> dict[tuple[str, str], list[dict[str, str]]]:
    """The rows of the file by period and metric."""
    found = defaultdict(list)
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found[row["period"], row["metric"]].append(row)
    return found


def one_last_digit(printed: str) -> float:
    """A step of a printed number's last digit, with room for the float that holds it."""
    return 10.0 ** Decimal(printed).as_tuple().exponent + 1e-9


def rates_of(place: str) -> list[dict[str, str]]:
    [rows] = [
        rows for (period, metric), rows in tables().items() if period == place and metric != COUNT
    ]
    return rows


def counts_of(place: str) -> dict[str, int]:
    return {row["bank"]: int(row["value"]) for row in tables()[place, COUNT]}


def outlets_behind(rate: dict[str, str], count: int) -> int:
    """The whole number of outlets that a printed rate comes from."""
    return round(count * BY_UNIT[rate["unit"]].per / float(rate["value"]))


def lake_of(root: Path, place: str):
    """A lake with a row per complaint and each bank's outlets at the end of the period."""
    span, counts = parse_period(WITH_COUNTS[place]), counts_of(place)
    days = (span.end - span.start).days + 1
    return fill_lake(
        root,
        (span.start.isoformat(), span.end.isoformat()),
        organisation=[{"org_name": bank, "org_level": "支行"} for bank in counts],
        organisation_denominator=[
            {
                "org_name": rate["bank"],
                "period_start": date(span.end.year, span.end.month, 1),
                "period_end": span.end,
                "outlet_count": outlets_behind(rate, counts[rate["bank"]]),
            }
            for rate in rates_of(place)
        ],
        complaint=[
            {
                "complaint_id": f"{bank}{number}",
                "org_name": bank,
                "received_at": span.start + timedelta(days=number % days),
            }
            for bank, count in counts.items()
            for number in range(count)
        ],
    )


@pytest.fixture(scope="module", params=WITH_COUNTS)
def published(request, tmp_path_factory):
    """A place with counts, and a cursor on its lake."""
    hub = open_reader(lake_of(tmp_path_factory.mktemp("rates"), request.param))
    with reading(hub) as cursor:
        yield request.param, cursor
    hub.close()


def test_every_rate_comes_back_from_its_count_and_its_outlets(published):
    place, cursor = published
    rates, counts = rates_of(place), counts_of(place)
    asked = BY_UNIT[rates[0]["unit"]]
    found = compute(
        cursor, asked.id, parse_period(WITH_COUNTS[place]), by=["sub_branch"], scope=EVERYBODY
    )
    computed = {row["sub_branch"]: row for row in found.to_dicts()}
    assert computed.keys() == counts.keys()
    for rate in rates:
        row, printed = computed[rate["bank"]], rate["value"]
        assert row["numerator"] == counts[rate["bank"]]
        assert row["value"] == pytest.approx(float(printed), abs=one_last_digit(printed))


def test_the_median_of_counts_and_rates_is_the_published_one(published):
    place, cursor = published
    span = parse_period(WITH_COUNTS[place])
    rates = rates_of(place)
    for asked_id, printed in (
        ("complaint_count", tables()[place, COUNT][0]["published_median"]),
        (BY_UNIT[rates[0]["unit"]].id, rates[0]["published_median"]),
    ):
        [median] = peers(cursor, asked_id, span, scope=EVERYBODY)["median"].unique()
        if printed:
            assert median == pytest.approx(float(printed), abs=one_last_digit(printed))


def test_all_banks_together_have_all_complaints_over_all_outlets(published):
    place, cursor = published
    rates, counts = rates_of(place), counts_of(place)
    asked = BY_UNIT[rates[0]["unit"]]
    outlets = sum(outlets_behind(rate, counts[rate["bank"]]) for rate in rates)
    found = compute(cursor, asked.id, parse_period(WITH_COUNTS[place]), scope=EVERYBODY)
    total = sum(counts.values())
    assert found.row(0) == (pytest.approx(asked.per * total / outlets), total, outlets)


def test_every_published_unit_is_that_of_an_indicator():
    units = {row["unit"] for rows in tables().values() for row in rows if row["metric"] != COUNT}
    assert units <= BY_UNIT.keys()


def test_every_published_median_is_that_of_its_banks():
    """The agencies take it of unrounded rates, so it may differ by one last digit."""
    compared = 0
    for (period, metric), rows in tables().items():
        printed = rows[0]["published_median"]
        if not printed:
            continue
        asked = BY_UNIT.get(rows[0]["unit"], indicators()["complaint_count"])
        cells = {row["bank"]: Cell(float(row["value"])) for row in rows}
        median = Standing.of_group(asked, cells).middle
        assert median == pytest.approx(float(printed), abs=one_last_digit(printed)), (
            period,
            metric,
        )
        compared += 1
    assert compared == 10
