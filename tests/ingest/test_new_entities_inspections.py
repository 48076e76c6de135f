"""Inspections and their issues: several outlets, several issues, or nothing found at all."""

from datetime import date

from tests.ingest.conftest import Desk


def reasons(result: dict) -> list[tuple[int, str]]:
    """What is said of single rows, not of the file."""
    problems = (problem for problem in result["problems"] if problem["row"] is not None)
    return sorted((problem["row"], problem["rule"]) for problem in problems)


def everything(desk: Desk, *tables: str) -> str:
    return "".join(str(desk.ask(f"from lake.{table}")) for table in (*tables, "meta.row_issue"))


INSPECTIONS = (
    "检查编号,检查类型,检查日期,受检机构,问题描述,问题类别,整改期限,整改完成日期,整改状态,责任人\n"
    "J1,飞行,2026-01-05,甲网点,未公示投诉电话,公示,2026-02-05,2026-02-01,已整改,王小明\n"
    ",,,,客户13812345678的凭证外露,信息保护,2026-03-05,,整改中,李小红\n"
    ",,,乙网点,无,,,,,张小强\n"
    "J2,监管检查,2026-01-08,丙网点,未发现问题,无,,,无需整改,\n"
)


def test_one_inspection_of_two_outlets_and_one_that_found_nothing(desk: Desk) -> None:
    result = desk.load("检查.csv", INSPECTIONS)
    assert (result["contract"], result["rows"]["inserted"]) == ("inspection_ledger", 4)
    assert desk.ask(
        "select inspection_id, org_name, inspection_kind, inspected_date, source_row "
        "from lake.core.inspection order by source_row"
    ) == [
        ("J1", "甲网点", "飞行检查", date(2026, 1, 5), 2),
        ("J1", "乙网点", "飞行检查", date(2026, 1, 5), 4),
        ("J2", "丙网点", "监管检查", date(2026, 1, 8), 5),
    ]
    assert desk.ask(
        "select inspection_id, org_name, issue_no, issue_masked, issue_category, due_date, "
        "rectified_date, rectification_status, source_row from lake.core.inspection_issue "
        "order by source_row"
    ) == [
        ("J1", "甲网点", "1", "未公示投诉电话", "公示", date(2026, 2, 5), date(2026, 2, 1), "已整改", 2),
        ("J1", "甲网点", "2", "客户138****5678的凭证外露", "信息保护", date(2026, 3, 5), None, "整改中", 3),
    ]  # fmt: skip
    stored = everything(desk, "core.inspection", "core.inspection_issue")
    assert not any(word in stored for word in ("王小明", "李小红", "张小强", "13812345678"))


def test_an_inspection_ledger_covers_up_to_the_last_thing_put_right(desk: Desk) -> None:
    desk.load("检查.csv", INSPECTIONS)
    assert desk.ask("select coverage_from, coverage_to from lake.meta.batch") == [
        (date(2026, 1, 5), date(2026, 2, 1))
    ]


def test_a_newer_ledger_tells_that_an_issue_was_put_right(desk: Desk) -> None:
    desk.load("检查.csv", INSPECTIONS)
    newer = INSPECTIONS.replace("2026-03-05,,整改中", "2026-03-05,2026-03-09,已整改")
    result = desk.load("检查2.csv", newer)
    assert (result["rows"]["updated"], result["rows"]["unchanged"]) == (1, 3)
    assert desk.ask(
        "select rectified_date, rectification_status from lake.core.inspection_issue "
        "where issue_no = '2'"
    ) == [(date(2026, 3, 9), "已整改")]


def test_dirty_inspection_rows_go_back_with_their_reasons(desk: Desk) -> None:
    result = desk.load(
        "检查.csv",
        "检查编号,检查日期,受检机构,问题序号,问题描述,整改期限,整改完成日期,整改状态\n"
        "J1,2026-01-05,甲网点,1,a,2026-02-05,2026-02-01,已整改\n"
        "J1,2026-01-05,甲网点,2,b,2026-01-01,,\n"
        "J1,2026-01-05,甲网点,3,c,2026-02-05,2025-12-30,\n"
        "J1,2026-01-05,甲网点,4,d,2026-02-05,2062-01-30,\n"
        "J1,2026-01-05,甲网点,5,e,2026-02-05,2026-01-30,整改中\n"
        "J1,2026-01-05,甲网点,6,f,,,\n"
        "J1,2026-01-05,甲网点,7,g,2026-02-05,,已整改\n"
        "J1,2026-01-05,甲网点,8,h,2026-02-05,,搁置\n"
        "J1,2026-01-05,甲网点,9,i,2026-02-05,,\n"
        "J1,2026-01-05,甲网点,9,k,2026-02-05,,\n"
        "J2,2062-01-05,甲网点,,,,,\n"
        "J3,2026-01-05,,,,,,\n",
    )
    assert reasons(result) == [
        (3, "due_after_inspected"),
        (4, "rectified_after_inspected"),
        (5, "rectified_not_in_future"),
        (6, "open_has_no_end"),
        (7, "issue_has_limit"),
        (8, "rectified_has_date"),
        (9, "code_unknown"),
        (10, "issue_numbered_once"),
        (11, "issue_numbered_once"),
        (12, "inspected_not_in_future"),
        (13, "required_org_name"),
    ]
    assert desk.ask("select issue_no from lake.core.inspection_issue order by 1") == [
        ("1",), ("6",), ("7",), ("8",)
    ]  # fmt: skip


def test_the_same_inspection_with_two_dates_goes_back(desk: Desk) -> None:
    result = desk.load(
        "检查.csv",
        "检查编号,检查日期,受检机构,问题描述\nJ1,2026-01-05,甲,a\nJ1,2026-01-06,甲,b\nJ2,2026-01-06,甲,c\n",
    )
    assert reasons(result)[:2] == [(2, "duplicate_key"), (3, "duplicate_key")]
    assert desk.ask("select inspection_id from lake.core.inspection") == [("J2",)]


def test_an_issue_falls_due_when_a_newer_extract_reaches_its_limit(desk: Desk) -> None:
    def due() -> list[tuple[str, float]]:
        return desk.ask(
            "select issue_category, sum(issue_due_count)::double from inspection_issue "
            "group by all order by 1"
        )

    desk.load("检查.csv", INSPECTIONS)
    assert due() == []
    header = "检查编号,检查日期,受检机构,问题描述\n"
    desk.load("检查2.csv", f"{header}J7,2026-02-06,丁网点,无\n")
    assert due() == [("公示", 1.0)]
    desk.load("检查3.csv", f"{header}J8,2026-03-05,丁网点,无\n")
    assert due() == [("信息保护", 1.0), ("公示", 1.0)]
