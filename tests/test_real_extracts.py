"""Two public complaint databases through the loader, against plain polars on the files."""

import json

import polars as pl
import pytest

from tests.conftest import EXTRACTS, REAL_FILES, installed_at, load
from warehouse.__main__ import main
from warehouse.home import Home
from warehouse.lake import open_reader, reading
from warehouse.maintenance import snapshots


@pytest.fixture(scope="module")
def files() -> dict[str, pl.DataFrame]:
    """What the two files hold, by source, read without any of our code."""
    if not EXTRACTS.exists():
        pytest.skip(f"{EXTRACTS} is not on this machine")
    csv_file, workbook = (EXTRACTS / name for name in REAL_FILES)
    many = pl.read_csv(csv_file, infer_schema=False).with_columns(
        month=pl.col("Date received").str.to_date("%m/%d/%Y").dt.strftime("%Y-%m")
    )
    one = pl.read_excel(workbook, infer_schema_length=0).with_columns(
        month=pl.col("Date received").str.slice(0, 7)
    )
    return {"cfpb": many, "cfpb_one_bank": one}


def _ask(capsys, home, *arguments):
    with installed_at(home):
        assert main([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)["rows"]


@pytest.mark.parametrize("source", ["cfpb", "cfpb_one_bank"])
@pytest.mark.parametrize(
    ("dimension", "column"),
    [("category", "Product"), ("intake_channel", "Submitted via"), ("month", "month")],
)
def test_complaint_counts_equal_the_file(capsys, real_home, files, source, dimension, column):
    rows = _ask(
        capsys,
        real_home,
        "indicator",
        "complaint_count",
        "--by",
        dimension,
        "--where",
        f"source={source}",
    )
    expected = dict(files[source].group_by(column).len().rows())
    assert {row[dimension]: row["value"] for row in rows} == expected


def test_complaint_counts_by_all_three_at_once_equal_the_files(capsys, real_home, files):
    rows = _ask(
        capsys,
        real_home,
        "indicator",
        "complaint_count",
        "--by",
        "category",
        "intake_channel",
        "month",
    )
    columns = ["Product", "Submitted via", "month"]
    both = pl.concat([frame.select(columns) for frame in files.values()])
    expected = {row[:3]: row[3] for row in both.group_by(columns).len().rows()}
    found = {(r["category"], r["intake_channel"], r["month"]): r["value"] for r in rows}
    assert found == expected


@pytest.mark.parametrize("source", ["cfpb", "cfpb_one_bank"])
def test_a_blank_timely_response_is_neither_yes_nor_no(capsys, real_home, files, source):
    [row] = _ask(
        capsys, real_home, "indicator", "complaint_timely_rate", "--where", f"source={source}"
    )
    answers = dict(files[source].group_by("Timely response?").len().rows())
    assert row["numerator"] == answers["Yes"]
    assert row["denominator"] == answers["Yes"] + answers["No"]
    assert row["value"] == pytest.approx(100 * row["numerator"] / row["denominator"])
    if source == "cfpb_one_bank":
        assert (answers["Yes"], answers["No"], answers[None]) == (58_619, 2_403, 1_494)


def test_the_same_files_again_change_nothing(real_home):
    home = Home(real_home)
    with reading(open_reader(home)) as cursor:
        before = snapshots(cursor)
    lines = [json.loads(line) for line in load(real_home, *(EXTRACTS / f for f in REAL_FILES))]
    assert [line["status"] for line in lines] == ["unchanged", "unchanged"]
    assert [line["snapshot"] for line in lines] == [None, None]
    with reading(open_reader(home)) as cursor:
        assert snapshots(cursor).equals(before)
