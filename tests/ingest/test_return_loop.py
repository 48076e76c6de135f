"""The return loop with real loads: 退回单 written, corrected in place, dropped back."""

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.rebuild import rebuild
from ingest.returning.mark import EXTRA, LIKELY, MARK_LABEL, ORIGINAL_ROW, REASON, SUMMARY
from tests.ingest.conftest import BAD, Desk
from warehouse.home import Home
from warehouse.lake_check.check import check

# For each bad file with rows: the cells to put right, by original row and column.
REPAIRS: dict[str, dict[int, dict[str, str | None]]] = {
    "all_rows_bad.csv": {2: {"收到日期": "2024-03-05"}},
    "ambiguous_flag.csv": {3: {"重复投诉": "是"}},
    "bad_amount.csv": {3: {"投诉金额(元)": "100"}},
    "bad_date.csv": {3: {"收到日期": "2024-03-05"}},
    "decided_before_received.csv": {3: {"收到日期": "2024-03-02"}},
    "duplicate_key.csv": {3: {"投诉编号": "G7"}},
    "grade_instead_of_score.csv": {3: {"成绩": "92"}},
    "missing_id.csv": {3: {"投诉编号": "007"}},
    "negative_audience.csv": {3: {"受众人次": "42"}},
    "no_received_date.csv": {3: {"收到日期": "2024-03-02"}},
    "opinion_before_submission.csv": {3: {"出具意见日期": "2024-01-06"}},
    "ragged_row.csv": {3: {"业务类别": "贷款"}, 4: {"※多出的内容": None}},
    "received_in_future.csv": {3: {"收到日期": "2024-03-12", "回复日期": "2024-03-13"}},
    "scientific_id.csv": {3: {"投诉编号": "TS20240301000123"}},
    "stray_quote.csv": {3: {REASON: None}},
}


def slips(desk: Desk) -> list[Path]:
    """The 退回单 that lie among the returned files."""
    return sorted(desk.home.returned.glob("退回单_*.xlsx"))


def columns_of(sheet: Any) -> tuple[int, dict[str, int]]:
    """The header row of a sheet and where each column stands."""
    for row in sheet.iter_rows():
        names = {cell.value: cell.column for cell in row if cell.value}
        if ORIGINAL_ROW in names:
            return row[0].row, names
    pytest.fail(f"sheet {sheet.title} has no column {ORIGINAL_ROW}")


def repair(path: Path, changes: dict[int, dict[str, str | None]], target: Path) -> None:
    """Put cells right as an analyst does, and save the workbook in the inbox."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        header, names = columns_of(sheet)
        for row in range(header + 1, sheet.max_row + 1):
            original = int(sheet.cell(row, names[ORIGINAL_ROW]).value)
            for column, value in changes.get(original, {}).items():
                sheet.cell(row, names[column]).value = value
    book.save(target)


def return_and_repair(desk: Desk, changes: dict[int, dict[str, str | None]]) -> dict[str, Any]:
    """Repair the only 退回单 and load it."""
    (path,) = slips(desk)
    repair(path, changes, desk.home.inbox / path.name)
    (result,) = desk.run()
    return result


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Desk, dict, dict]]:
    """Every bad file with rows: loaded in an installation of its own, repaired, dropped back."""
    found = {}
    for name, changes in REPAIRS.items():
        desk = Desk(Home(tmp_path_factory.mktemp("round") / "home"))
        first = desk.load(name, (BAD / name).read_bytes())
        found[name] = (desk, first, return_and_repair(desk, changes))
    return found


@pytest.mark.parametrize("name", REPAIRS)
def test_repaired_rows_are_loaded_and_nothing_else(rounds: dict, name: str) -> None:
    desk, first, second = rounds[name]
    assert second["status"] == "loaded", second["problems"]
    assert second["rows"]["read"] == first["rows"]["quarantined"]
    assert second["rows"]["quarantined"] == 0
    assert second["rows"]["inserted"] == first["rows"]["quarantined"]
    assert [p["rule"] for p in second["problems"] if p["rule"] == "unknown_column"] == []
    returned = desk.ask("select sum(rows_returned), sum(rows_repaired) from returned_batch")
    if first["status"] == "loaded":
        assert returned == [(first["rows"]["quarantined"],) * 2]


@pytest.mark.parametrize("name", [n for n in REPAIRS if n != "all_rows_bad.csv"])
def test_replay_names_the_batch_it_replays_and_keeps_its_coverage(rounds: dict, name: str) -> None:
    desk, _, _ = rounds[name]
    (first, second) = desk.ask(
        """
        select batch_id, replays_batch_id, replays_sha256, file_sha256, coverage_from, coverage_to
        from lake.meta.batch order by loaded_at
        """
    )
    assert first[1:3] == (None, None)
    assert second[1] == first[0]
    assert second[2] == first[3]
    # A repaired row may extend what the file covers; nothing may be lost of it.
    assert first[4] is None or second[4] <= first[4]
    assert first[5] is None or second[5] >= first[5]


def test_slip_keeps_layout_leading_zeros_and_never_holds_a_formula(desk: Desk) -> None:
    rows = [
        ["甲支行投诉台账"],
        ["填报单位：甲支行"],
        ["投诉编号", "收到日期", "业务类别", "备注"],
        ["0001", "2024-03-05", "贷款", "好"],
        ["0002", "2026/13/02", "贷款", "=1+1"],
    ]
    text = "\n".join(",".join(row) for row in rows) + "\n"
    result = desk.load("甲支行投诉台账.csv", text)
    (path,) = slips(desk)
    assert path.name == f"退回单_甲支行投诉台账_{result['sha256'][:8]}.xlsx"
    summary, sheet = openpyxl.load_workbook(path).worksheets
    assert summary.title == SUMMARY
    assert sheet["A1"].value == "甲支行投诉台账"
    header, names = columns_of(sheet)
    assert header == 3
    assert list(names) == ["投诉编号", "收到日期", "业务类别", "备注", *EXTRA]
    assert sheet.max_row == 4
    assert [sheet.cell(4, i).value for i in range(1, 5)] == ["0002", "2026/13/02", "贷款", "=1+1"]
    assert {cell.data_type for cell in sheet[4]} <= {"s", "n"}
    assert sheet["D4"].data_type == "s"
    assert sheet["A4"].number_format == "@"
    assert sheet["B4"].fill.fgColor.rgb.endswith("FFC7CE")
    assert sheet["A4"].fill.fill_type is None
    assert sheet.cell(4, names["※可能的值"]).value == "“收到日期”：2026-02-13"
    assert sheet.cell(4, names[ORIGINAL_ROW]).value == "5"
    said = {row[0]: row[1] for row in summary.iter_rows(values_only=True) if row[0]}
    assert said["报送单位"] == "甲支行"
    assert said["读入"] == "2 行 = 装载 1 + 退回 1 + 忽略 0"
    assert result["sha256"] in said[MARK_LABEL]


def test_row_still_wrong_comes_back_with_the_row_number_of_the_first_file(desk: Desk) -> None:
    text = "投诉编号,收到日期\nA1,2024-03-01\nA2,错\nA3,误\nA4,\n"
    desk.load("台账.csv", text)
    (first,) = slips(desk)
    result = return_and_repair(desk, {3: {"收到日期": "2024-03-02"}})
    assert result["rows"] | {"read": 3, "inserted": 1, "quarantined": 2} == result["rows"]
    messages = [p["message"] for p in result["problems"] if p["rule"] == "replay"]
    assert messages == ["有 2 行没有改动，仍有原来的问题，再次退回"]
    (second,) = [path for path in slips(desk) if path != first]
    assert second.name == f"退回单_台账_{result['sha256'][:8]}.xlsx"
    sheet = openpyxl.load_workbook(second).worksheets[1]
    _, names = columns_of(sheet)
    rows = [sheet.cell(row, names[ORIGINAL_ROW]).value for row in range(2, sheet.max_row + 1)]
    assert rows == ["4", "5"]
    repair(
        second,
        {4: {"收到日期": "2024-03-03"}, 5: {"收到日期": "2024-03-04"}},
        desk.home.inbox / "改好.xlsx",
    )
    (third,) = desk.run()
    assert third["rows"]["inserted"] == 2
    assert desk.ask("select rows_returned, rows_repaired from returned_batch") == [(3, 3)]
    assert desk.ask("select count(*) from lake.core.complaint") == [(4,)]


def test_deleted_rows_are_named(desk: Desk) -> None:
    desk.load("台账.csv", "投诉编号,收到日期\nA1,2024-03-01\nA2,错\nA3,误\n")
    (path,) = slips(desk)
    book = openpyxl.load_workbook(path)
    book.worksheets[1].delete_rows(3)
    book.worksheets[1]["B2"].value = "2024-03-02"
    book.save(desk.home.inbox / path.name)
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 1
    assert [p["message"] for p in result["problems"] if p["rule"] == "replay"] == [
        "退回单所列 2 行中有 1 行已删除，没有装载"
    ]


def test_deleted_row_is_told_though_another_bears_an_unknown_number(desk: Desk) -> None:
    desk.load("台账.csv", "投诉编号,收到日期\nA1,2024-03-01\nA2,错\nA3,误\n")
    (path,) = slips(desk)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    header, names = columns_of(sheet)
    sheet.cell(header + 1, names["收到日期"]).value = "2024-03-02"
    sheet.cell(header + 2, names["收到日期"]).value = "2024-03-03"
    sheet.cell(header + 2, names[ORIGINAL_ROW]).value = "9999"
    book.save(desk.home.inbox / path.name)
    (result,) = desk.run()
    assert [p["message"] for p in result["problems"] if p["rule"] == "replay"] == [
        "退回单所列 2 行中有 1 行没有找到：已删除，或原行号被改动",
        f"有 1 行的原行号不在退回过的行中，请核对“{ORIGINAL_ROW}”",
    ]


def test_without_our_columns_no_row_is_called_deleted(desk: Desk) -> None:
    desk.load("台账.csv", "投诉编号,收到日期\nA1,2024-03-01\nA2,错\nA3,误\n")
    (path,) = slips(desk)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    header, names = columns_of(sheet)
    for row in (header + 1, header + 2):
        sheet.cell(row, names["收到日期"]).value = f"2024-03-0{row}"
    sheet.delete_cols(names[REASON], 9)
    book.save(desk.home.inbox / path.name)
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 2
    assert [p["message"] for p in result["problems"] if p["rule"] == "replay"] == [
        f"退回单里已没有“{ORIGINAL_ROW}”，无法核对所列的 2 行是否都在；有 2 行按新增的行处理"
    ]


def test_newer_file_is_not_overwritten_by_an_older_row(desk: Desk) -> None:
    desk.load("一月.csv", "投诉编号,收到日期,工单状态\nA1,2024-03-01,处理中\nA2,错,处理中\n")
    (path,) = slips(desk)
    desk.load("二月.csv", "投诉编号,收到日期,工单状态\nA2,2024-03-02,已办结\n")
    repair(path, {3: {"收到日期": "2024-03-02"}}, desk.home.inbox / path.name)
    (result,) = desk.run()
    assert result["rows"]["ignored"] == 1
    assert result["rows"]["updated"] == 0
    assert "已由较新的文件“二月.csv”装载" in result["problems"][0]["message"]
    status = desk.ask("select status from lake.core.complaint where complaint_id = 'A2'")
    assert status == [("已办结",)]


ORIGINAL = "投诉编号,收到日期,工单状态\nA1,2024-03-01,处理中\nA2,错,处理中\nA3,2024-03-33,处理中\n"
STATUS = (
    "select complaint_id, status, received_at::date::varchar from lake.core.complaint order by 1"
)
CORRECTION = """
- contract: complaint_ledger
  where: {complaint_id: A3, received_at: "2024-03-33"}
  set: {received_at: 2024-03-03}
  reason: 录错
  by: 消保部
  on: 2026-11-01
"""


def correct(desk: Desk) -> None:
    (desk.home.root / "ingest" / "corrections.yml").write_text(CORRECTION, encoding="utf-8")


def test_newer_file_stays_though_the_original_was_loaded_once_more(desk: Desk) -> None:
    desk.load("一月.csv", ORIGINAL)
    (path,) = slips(desk)
    desk.load("二月.csv", "投诉编号,收到日期,工单状态\nA2,2024-03-05,已办结\n")
    correct(desk)
    assert desk.load("一月.csv", ORIGINAL)["rows"]["inserted"] == 1
    repair(path, {3: {"收到日期": "2024-03-02"}}, desk.home.inbox / path.name)
    (result,) = desk.run()
    assert result["rows"]["ignored"] == 1
    assert ("A2", "已办结", "2024-03-05") in desk.ask(STATUS)


def test_rebuild_loads_an_original_before_its_slip_though_it_came_once_more(desk: Desk) -> None:
    desk.load("一月.csv", ORIGINAL)
    (path,) = slips(desk)
    desk.load("二月.csv", "投诉编号,收到日期,工单状态\nA2,2024-03-05,已办结\n")
    repair(path, {3: {"收到日期": "2024-03-02"}}, desk.home.inbox / path.name)
    desk.run()
    correct(desk)
    desk.load("一月.csv", ORIGINAL)
    batches = """
        select file_name, rows_ignored, replays_batch_id is not null, loaded_at
        from lake.meta.batch order by loaded_at
    """
    before, told = desk.ask(STATUS), desk.ask(batches)
    # Without its journal the loads are known from the batches.
    desk.home.archive_journal.unlink()
    said: list[str] = []
    assert rebuild(desk.home, partial=False, say=said.append)
    assert desk.ask(STATUS) == before
    assert ("A2", "已办结", "2024-03-05") in before
    assert desk.ask(batches) == told
    assert check(desk.home).is_clean


def test_rebuild_lets_a_second_load_overwrite_as_it_did(desk: Desk) -> None:
    desk.load("一月.csv", ORIGINAL)
    desk.load("二月.csv", "投诉编号,收到日期,工单状态\nA1,2024-03-01,已办结\n")
    correct(desk)
    desk.drop("一月.csv", ORIGINAL)
    desk.run("--confirm", str(desk.home.inbox / "一月.csv"))
    before = desk.ask(STATUS)
    assert ("A1", "处理中", "2024-03-01") in before
    said: list[str] = []
    assert rebuild(desk.home, partial=False, say=said.append)
    assert desk.ask(STATUS) == before
    assert any("2 个文件（其中有的装载过不止一次，共 3 次）" in line for line in said)
    assert desk.load("一月.csv", ORIGINAL)["status"] == "unchanged"


def test_repaired_row_cannot_overwrite_another_row_of_its_file(desk: Desk) -> None:
    desk.load("台账.csv", "投诉编号,收到日期\nA1,2024-03-01\n,2024-03-02\n")
    result = return_and_repair(desk, {3: {"投诉编号": "A1"}})
    assert result["rows"]["quarantined"] == 1
    assert "编号与原文件第 2 行（已装载）相同但内容不同" in result["problems"][0]["message"]
    assert desk.ask("select received_at from lake.core.complaint") == [
        (dt.datetime(2024, 3, 1),)  # noqa: DTZ001
    ]


def test_second_of_two_equal_events_does_not_overwrite_the_first(desk: Desk) -> None:
    held = "05/01/2024 10:00:00 AM,Lawn,North,Walk"
    header = "Date and Time,Location,Unit,Event Name,Attendance"
    desk.load("events.csv", f"{header}\n{held},10\n{held},many\n")
    result = return_and_repair(desk, {3: {"Attendance": "42"}})
    assert result["rows"]["inserted"] == 1, result
    audience = desk.ask("select audience_count from lake.core.outreach_event order by all")
    assert audience == [(10,), (42,)]


def test_slip_with_a_broken_mark_is_refused_in_words(desk: Desk) -> None:
    desk.load("台账.csv", "投诉编号,收到日期\nA1,2024-03-01\nA2,错\n")
    (path,) = slips(desk)
    book = openpyxl.load_workbook(path)
    del book[SUMMARY]
    book.save(desk.home.inbox / path.name)
    (result,) = desk.run()
    assert result["status"] == "refused"
    assert result["problems"][0]["rule"] == "slip_mark"


HEADER = "投诉编号,收到日期,办结日期,被投诉机构\n"
SPOILT_ROWS = f"{HEADER}A1,2024-03-05,,城东支行\nA2,不详,2024-03-08,城东支行\n"


def test_a_renamed_sheet_is_refused_and_told_its_name(desk: Desk) -> None:
    desk.load("台账.csv", SPOILT_ROWS)
    (path,) = slips(desk)
    book = openpyxl.load_workbook(path)
    name = book.worksheets[1].title
    book.worksheets[1].title = "改名"
    book.save(desk.home.inbox / path.name)
    (result,) = desk.run()
    (problem,) = result["problems"]
    assert problem["rule"] == "slip_sheet"
    assert f"改回“{name}”" in problem["message"]
    assert "“改名”" in problem["message"]
    assert not list(desk.home.returned.glob("退回单_退回单_*"))


def test_a_deleted_column_is_refused_and_named(desk: Desk) -> None:
    desk.load("台账.csv", SPOILT_ROWS)
    (path,) = slips(desk)
    book = openpyxl.load_workbook(path)
    header, names = columns_of(book.worksheets[1])
    book.worksheets[1].cell(header + 1, names["收到日期"]).value = "2024-03-06"
    book.worksheets[1].delete_cols(names["办结日期"])
    book.save(desk.home.inbox / path.name)
    (result,) = desk.run()
    assert [problem["rule"] for problem in result["problems"]] == ["slip_column"]
    assert "“办结日期”" in result["problems"][0]["message"]
    assert desk.ask("select complaint_id from lake.core.complaint") == [("A1",)]


def test_unknown_layout_gets_a_summary_with_the_likely_header(desk: Desk) -> None:
    result = desk.load("台账.csv", "投诉编号,收到投诉的日期,业务类别\nA1,2024-03-01,贷款\n")
    assert result["status"] == "refused"
    book = openpyxl.load_workbook(slips(desk)[0])
    assert book.sheetnames == [SUMMARY]
    text = "\n".join(str(cell) for row in book[SUMMARY].values for cell in row if cell)
    assert "缺少的“收到日期”可能就是文件中的“收到投诉的日期”" in text
    assert "读到的前几行" in text


def test_check_writes_no_slip(desk: Desk) -> None:
    desk.drop("台账.csv", "投诉编号,收到日期\nA1,2024-03-01\nA2,错\n")
    (result,) = desk.run("--check")
    assert result["rows"]["quarantined"] == 1
    assert slips(desk) == []


def test_a_code_by_another_of_its_names_is_not_called_unknown(desk: Desk) -> None:
    rows = (
        "投诉编号,收到日期,投诉原因\nA1,2024-03-05,定价收费\n"
        "A2,昨天,制度、业务规则与流程\nA3,昨天,制度、业务规则与流稿\n"
    )
    desk.load("台账.csv", rows)
    [slip] = slips(desk)
    sheet = openpyxl.load_workbook(slip).worksheets[1]
    header, names = columns_of(sheet)
    known, unknown = (sheet.cell(header + row, names[LIKELY]).value for row in (1, 2))
    assert not known
    assert "不是已知的名称" in unknown
