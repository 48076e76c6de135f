"""A file with several tables: one batch each, and one table's fault does not stop the others."""

import pytest

import ingest.pipeline
from tests.ingest.conftest import Desk

HEADER = ["投诉编号", "收到日期", "业务类别"]
EXAM = [["考试名称", "工号", "成绩"], ["一季度", "001", 90], ["一季度", "002", 55]]


def month(*rows: list[object]) -> list[list[object]]:
    """A sheet of the ledger."""
    return [HEADER, *rows]


def batches(desk: Desk) -> list[tuple]:
    return desk.ask(
        "select sheet, contract_id, rows_read, rows_inserted, file_tables "
        "from lake.meta.batch order by loaded_at"
    )


def test_each_sheet_is_a_batch_and_the_file_is_their_sum(desk: Desk) -> None:
    desk.drop_sheets(
        "台账.xlsx",
        {
            "1月": month(["A1", "2026-01-05", "贷款"], ["A2", "2026-01-06", "信用卡"]),
            "2月": month(["A3", "2026-02-05", "贷款"]),
            "成绩": EXAM,
            "说明": [["本表由综合部填写"]],
        },
    )
    (result,) = desk.run()
    assert (result["status"], result["rows"]["inserted"], result["contract"]) == (
        "loaded",
        5,
        "complaint_ledger",
    )
    assert batches(desk) == [
        ("1月", "complaint_ledger", 2, 2, 3),
        ("2月", "complaint_ledger", 1, 1, 3),
        ("成绩", "exam_scores", 2, 2, 3),
    ]
    assert [(t["sheet"], t["status"], t["rows"]["read"]) for t in result["tables"]] == [
        ("1月", "loaded", 2),
        ("2月", "loaded", 1),
        ("成绩", "loaded", 2),
    ]
    assert desk.ask("select source_sheet, source_row from lake.core.complaint order by all") == [
        ("1月", 2),
        ("1月", 3),
        ("2月", 2),
    ]


def test_the_same_file_again_is_unchanged_without_being_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = {"1月": month(["A1", "2026-01-05", "贷款"]), "成绩": EXAM}
    path = desk.drop_sheets("台账.xlsx", sheets)
    content = path.read_bytes()
    desk.run()
    snapshot = desk.snapshot()
    monkeypatch.setattr(ingest.pipeline, "open_extract", None)
    again = desk.load("again.xlsx", content)
    assert (again["status"], again["rows"]["read"], again["rows"]["unchanged"]) == (
        "unchanged",
        3,
        3,
    )
    assert desk.snapshot() == snapshot


def test_a_kill_between_two_tables_loses_and_doubles_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = {"1月": month(["A1", "2026-01-05", "贷款"]), "成绩": EXAM}
    path = desk.drop_sheets("台账.xlsx", sheets)
    genuine = ingest.pipeline.Pipeline._commit

    def killed_at_the_second(pipeline, delivery, prepared, **rest):
        # Before anything is loaded, all tables are tried in a lake that is thrown away.
        if pipeline.writes and prepared.staging.match.table.sheet == "成绩":
            raise KeyboardInterrupt
        return genuine(pipeline, delivery, prepared, **rest)

    with monkeypatch.context() as patch:
        patch.setattr(ingest.pipeline.Pipeline, "_commit", killed_at_the_second)
        desk.say("--json")
    assert desk.exit_code == 130
    assert path.exists()
    assert len(batches(desk)) == 1
    (result,) = desk.run()
    assert result["status"] == "loaded"
    assert [table["status"] for table in result["tables"]] == ["unchanged", "loaded"]
    assert result["rows"] == {
        "read": 3,
        "inserted": 2,
        "updated": 0,
        "unchanged": 1,
        "quarantined": 0,
        "ignored": 0,
    }
    assert len(batches(desk)) == 2
    assert not path.exists()


def test_a_bad_table_goes_back_and_the_good_one_loads(desk: Desk) -> None:
    desk.drop_sheets(
        "台账.xlsx",
        {
            "1月": month(["A1", "2026-01-05", "贷款"]),
            "2月": month(["A2", "没有日期", "贷款"], ["A3", "也没有", "贷款"]),
        },
    )
    (result,) = desk.run()
    assert result["status"] == "loaded"
    assert [table["status"] for table in result["tables"]] == ["loaded", "refused"]
    assert result["rows"]["quarantined"] == 2
    first = next(problem for problem in result["problems"] if problem["row"] == 2)
    assert (first["sheet"], first["value"]) == ("2月", "没有日期")
    assert desk.ask("select complaint_id from lake.core.complaint") == [("A1",)]


def test_empty_months_of_a_form_are_no_fault(desk: Desk) -> None:
    desk.drop_sheets(
        "台账.xlsx",
        {"1月": month(["A1", "2026-01-05", "贷款"]), "2月": month(), "3月": month()},
    )
    (result,) = desk.run()
    assert (result["status"], desk.exit_code) == ("loaded", 0)
    notes = [(p["rule"], p["sheet"]) for p in result["problems"]]
    assert notes == [("no_rows", "2月"), ("no_rows", "3月")]


def test_tables_that_contradict_one_another_are_not_decided_by_their_order(desk: Desk) -> None:
    desk.drop_sheets(
        "台账.xlsx",
        {
            "1月": month(["A1", "2026-01-05", "贷款"], ["A2", "2026-01-06", "贷款"]),
            "全年": month(
                ["A1", "2026-01-05", "信用卡"],
                ["A2", "2026-01-06", "贷款"],
                ["A3", "2026-01-07", "贷款"],
            ),
        },
    )
    (result,) = desk.run()
    second = result["tables"][1]
    assert second["rows"] == {
        "read": 3,
        "inserted": 1,
        "updated": 0,
        "unchanged": 1,
        "quarantined": 1,
        "ignored": 0,
    }
    assert second["problems"][0]["message"] == (
        "与工作表“1月”第 2 行编号相同但内容不同，无法判断以哪一行为准"
    )
    assert desk.ask("select category from lake.core.complaint where complaint_id = 'A1'") == [
        ("贷款",)
    ]
    assert desk.ask(
        "select source_sheet, source_row, rule_id from lake.meta.row_issue "
        "where disposition = 'quarantined'"
    ) == [("全年", 2, "contradicts_other_table")]


def test_the_text_report_names_each_table(desk: Desk) -> None:
    desk.drop_sheets(
        "台账.xlsx",
        {"1月": month(["A1", "2026-01-05", "贷款"]), "2月": month(["A2", "坏", "贷款"])},
    )
    lines = desk.say().splitlines()
    assert lines[0] == "台账.xlsx  已装载（投诉台账）"
    assert lines[2] == (
        "  工作表“1月”（投诉台账）已装载：读入 1，新增 1，更新 0，未变 0，退回 0，忽略 0"
    )
    assert lines[3].startswith("  工作表“2月”（投诉台账）已退回：读入 1")
    assert any(line.startswith("  · 工作表“2月”第 2 行：") for line in lines)


def test_a_line_with_names_and_a_day_hides_no_header_below_it(desk: Desk) -> None:
    rows = [
        *month(["A1", "2026-01-05", "贷款"]),
        ["考试名称", "一季度", "考试日期", "2026-03-31"],
        *EXAM,
    ]
    desk.drop_sheets("台账.xlsx", {"1月": rows})
    (result,) = desk.run()
    assert [(t["contract"], t["rows"]["inserted"]) for t in result["tables"]] == [
        ("complaint_ledger", 1),
        ("exam_scores", 2),
    ]
