"""A load waits for a person where a rule of confirmations.yml says so, and only there."""

import json
from pathlib import Path

import pytest

from ingest.concerns import series_of
from ingest.confirmations import FILE, read_confirmations
from ingest.errors import ContractError
from tests.ingest.conftest import Desk
from warehouse.held import held_files

HEADER = "投诉编号,收到日期,处理决定日期,工单状态,业务类别,总体满意度\n"
FAMILIES = {
    "coverage_shrank",
    "total_disagrees",
    "headline_jump",
    "identity_changed",
    "older_delivery",
}


def rows(
    numbers: range, *, month: int = 1, days: int = 28, satisfied: int = 100, year: int = 2025
) -> str:
    """Complaints of one month, so many in a hundred of them satisfied."""
    return "".join(
        f"A{year}{month:02d}{n},{year}-{month:02d}-{1 + n % days:02d},{year}-{month:02d}-28,已办结,贷款,"
        f"{'满意' if n % 100 < satisfied else '不满意'}\n"
        for n in numbers
    )


def quarter(numbers: range, *, satisfied: int = 100) -> str:
    """Complaints of each month of the first quarter of 2025, which ends on its last day."""
    last = "Z0331,2025-03-31,2025-03-31,已办结,贷款,\nZ0101,2025-01-01,2025-01-02,已办结,贷款,\n"
    return last + "".join(rows(numbers, month=m, satisfied=satisfied) for m in (1, 2, 3))


def files(desk: Desk) -> set[Path]:
    """The data files of the lake."""
    return {path for path in desk.home.lake_files.rglob("*") if path.is_file()}


def rules_of(result: dict) -> list[str]:
    return [problem["rule"] for problem in result["problems"] if problem["rule"] in FAMILIES]


def test_total_that_disagrees_waits_and_is_loaded_when_confirmed(desk: Desk) -> None:
    desk.load("a.csv", HEADER + rows(range(3)))
    snapshot = desk.snapshot()
    one = "序号," + HEADER + "1," + rows(range(3, 4)) + "合计,5,,,,,\n"
    path = desk.drop("b c.csv", one)
    (held,) = desk.run()
    assert (held["status"], rules_of(held), desk.exit_code) == ("held", ["total_disagrees"], 1)
    assert set(held["rows"].values()) == {0}
    assert held["snapshot"] is None
    assert held["preview"]["concerns"] == [
        {
            "rule": "total_disagrees",
            "message": "合计与明细不符：第 3 行，合计行写的是 5 件，实际读到 1 行",
        }
    ]
    assert held["problems"][0]["message"] == (
        "合计与明细不符：第 3 行，合计行写的是 5 件，实际读到 1 行；"
        '核对后运行 python -m ingest --confirm "b c.csv"，或在“上传”页确认'
    )
    assert path.exists()
    assert desk.snapshot() == snapshot
    assert desk.ask("select count(*) from lake.core.complaint") == [(3,)]
    (note,) = held_files(desk.home)
    assert (note.file, note.sha256, len(note.concerns)) == ("b c.csv", held["sha256"], 1)
    (loaded,) = desk.run("--confirm", "b c.csv")
    assert (loaded["status"], loaded["rows"]["inserted"], desk.exit_code) == ("loaded", 1, 0)
    assert desk.ask("select file_name, confirmed from lake.meta.batch order by 1") == [
        ("a.csv", None),
        ("b c.csv", '["total_disagrees"]'),
    ]
    assert held_files(desk.home) == []
    assert list(desk.home.held.iterdir()) == []
    assert not path.exists()


def test_later_delivery_that_covers_less_waits_until_it_is_replaced(desk: Desk) -> None:
    whole = HEADER + rows(range(30)) + rows(range(30), month=2)
    assert desk.load("台账0301.csv", whole)["status"] == "loaded"
    cut = HEADER + rows(range(30)).replace("已办结", "处理中")
    held = desk.load("台账0401.csv", cut)
    assert (held["status"], rules_of(held)) == ("held", ["coverage_shrank"])
    assert held["preview"]["concerns"][0]["message"] == (
        "覆盖的期间变短：同一系列上次装载的“台账0301.csv”到 2025-02-28，有 60 行；"
        "这一份只到 2025-01-28，有 30 行，可能是旧文件，或导出时被截断"
    )
    assert desk.ask("select distinct status from lake.core.complaint") == [("已办结",)]
    assert [note.file for note in held_files(desk.home)] == ["台账0401.csv"]
    replaced = desk.load("台账0401.csv", whole + rows(range(30), month=3))
    assert (replaced["status"], replaced["rows"]["inserted"]) == ("loaded", 30)
    assert "preview" not in replaced
    assert list(desk.home.held.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("台账2024.csv", rows(range(30), year=2024)),
        ("更正0401.csv", rows(range(30))),
        ("台账0401.csv", rows(range(19))),
        ("台账0402.csv", rows(range(70))),
        ("台账0403.csv", rows(range(30), month=2)),
        ("台账0404.csv", rows(range(29))),
    ],
    ids=["earlier year", "another series", "few rows", "more rows", "starts later", "a fraction"],
)
def test_backfills_corrections_and_next_deliveries_pass(
    desk: Desk, name: str, content: str
) -> None:
    desk.load("台账0301.csv", HEADER + rows(range(30)) + rows(range(30), month=2))
    changed = content.replace("贷款", "信用卡")
    assert desk.load(name, HEADER + changed)["status"] == "loaded"


def test_rate_of_a_complete_quarter_that_collapses_waits(desk: Desk) -> None:
    desk.load("一.csv", HEADER + quarter(range(100)))
    desk.load("next.csv", HEADER + rows(range(5), month=4))
    small = desk.load("small.csv", HEADER + rows(range(3), satisfied=0))
    assert small["status"] == "loaded"
    before = files(desk)
    held = desk.load("wrong.csv", HEADER + quarter(range(100), satisfied=80))
    assert (held["status"], rules_of(held)) == ("held", ["headline_jump"])
    assert held["preview"]["concerns"][0]["message"] == (
        "2025年第1季度的数据此前已完整，“投诉处理满意率”会由 99.0%（n=300） 变为 80.0%（n=300），变化异常大"
    )
    assert [c["period"] for c in held["preview"]["changes"]] == ["2025Q1"]
    assert files(desk) == before
    (loaded,) = desk.run("--confirm", str(desk.home.inbox / "wrong.csv"))
    assert loaded["status"] == "loaded"


def test_count_of_a_complete_quarter_that_doubles_waits_and_a_backfill_passes(desk: Desk) -> None:
    desk.load("one.csv", HEADER + quarter(range(100)))
    # Another fifth of the quarter comes late, all of it unsatisfied: no jump, a backfill.
    late = desk.load("late.csv", HEADER + rows(range(100, 170), satisfied=0, month=2))
    assert late["status"] == "loaded"
    held = desk.load("twice.csv", HEADER + quarter(range(200, 300)).replace("Z0", "Y0"))
    assert (held["status"], rules_of(held)) == ("held", ["headline_jump"])
    assert "投诉量”会由 372 件 变为 674 件" in held["preview"]["concerns"][0]["message"]


def test_a_concern_in_one_sheet_holds_the_whole_workbook(desk: Desk) -> None:
    import openpyxl

    desk.home.make_folders()
    book = openpyxl.Workbook()
    for number, sheet in enumerate(("甲", "乙")):
        active = book.active if number == 0 else book.create_sheet()
        assert active is not None
        active.title = sheet
        active.append(["序号", "投诉编号", "收到日期", "业务类别"])
        active.append([1, f"{sheet}1", "2025-01-02", "贷款"])
        active.append(["合计", 1 + number])
    book.save(desk.home.inbox / "two.xlsx")
    (held,) = desk.run()
    assert (held["status"], rules_of(held)) == ("held", ["total_disagrees"])
    assert desk.ask("select count(*) from lake.meta.batch") == [(0,)]
    (loaded,) = desk.run("--confirm", "two.xlsx")
    assert (loaded["status"], loaded["rows"]["inserted"]) == ("loaded", 2)
    assert desk.ask("select sheet, confirmed from lake.meta.batch order by 1 desc") == [
        ("甲", None),
        ("乙", '["total_disagrees"]'),
    ]


def test_confirming_needs_names(desk: Desk) -> None:
    with pytest.raises(SystemExit) as stopped:
        desk.say("--confirm")
    assert stopped.value.code == 2


def test_series_forget_dates() -> None:
    assert series_of("投诉台账_2026年1-6月.csv") == series_of("投诉台账_2025年.csv")
    assert series_of("投诉台账2026Q1.csv") != series_of("考试成绩2026Q1.csv")


def test_a_wrong_rule_names_file_and_key(tmp_path: Path) -> None:
    wrong = tmp_path / "confirmations.yml"
    wrong.write_text(FILE.read_text("utf-8").replace("rate_points: 5", "rate_points: -5"), "utf-8")
    with pytest.raises(ContractError, match=r"confirmations\.yml：headline_jump\.rate_points"):
        read_confirmations(wrong)


def test_note_that_cannot_be_read_is_no_reason_to_stop(desk: Desk) -> None:
    desk.home.make_folders()
    desk.home.held.mkdir(parents=True)
    (desk.home.held / "x.csv.json").write_text(json.dumps({"file": "x.csv"}), "utf-8")
    assert held_files(desk.home) == []
    assert desk.load("a.csv", HEADER + rows(range(2)))["status"] == "loaded"
    assert list(desk.home.held.iterdir()) == []


def test_a_note_on_a_held_file_says_nothing_of_its_name(desk: Desk) -> None:
    desk.load("a.csv", HEADER + rows(range(3)))
    one = "序号," + HEADER + "1," + rows(range(3, 4)) + "合计,5,,,,,\n"
    path = desk.drop("投诉-张三先生-13900001234.csv", one)
    desk.run()
    (note,) = desk.home.held.iterdir()
    said = note.name + note.read_text("utf-8")
    assert "13900001234" not in said
    assert "张三" not in said
    # Whoever looks into the inbox still finds the file by the name it has there.
    assert [held.file for held in held_files(desk.home)] == [path.name]
    [loaded] = desk.run("--confirm", path.name)
    assert loaded["status"] == "loaded"
    assert list(desk.home.held.iterdir()) == []


def test_copies_of_a_held_file_wait_each_by_itself(desk: Desk) -> None:
    desk.load("a.csv", HEADER + rows(range(3)))
    one = "序号," + HEADER + "1," + rows(range(3, 4)) + "合计,5,,,,,\n"
    first, second = desk.drop("b.csv", one), desk.drop("c.csv", one)
    desk.run()
    assert {held.file for held in held_files(desk.home)} == {"b.csv", "c.csv"}
    # Another name may belong to another series, so that the file is judged anew.
    second.rename(second.with_name("d.csv"))
    assert [held.file for held in held_files(desk.home)] == ["b.csv"]
    desk.run("--confirm", first.name)
    assert held_files(desk.home) == []


def test_notes_by_the_names_of_files_are_removed(desk: Desk) -> None:
    desk.load("a.csv", HEADER + rows(range(3)))
    path = desk.drop("b.csv", "序号," + HEADER + "1," + rows(range(3, 4)) + "合计,5,,,,,\n")
    desk.run()
    (note,) = desk.home.held.iterdir()
    given = json.loads(note.read_text("utf-8"))
    del given["ctime_ns"]
    note.rename(note.with_name("b.csv.json")).write_text(json.dumps(given), "utf-8")
    assert held_files(desk.home) == []
    desk.run()
    assert [held.file for held in held_files(desk.home)] == [path.name]
    assert "b.csv.json" not in {one.name for one in desk.home.held.iterdir()}
