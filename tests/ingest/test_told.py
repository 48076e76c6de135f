"""What the loader does of itself is said: repeated rows, cells filled from above, no organisation."""

from typing import Any

from tests.ingest.conftest import Desk

OUTREACH = "机构,活动名称,活动日期,受众人次,活动内容\n"


def notes(result: dict[str, Any], rule: str) -> list[str]:
    """The messages of one rule."""
    return [p["message"] for p in result["problems"] if p["rule"] == rule]


def test_rows_that_equal_another_are_named(desk: Desk) -> None:
    text = OUTREACH + (
        "城东支行,进社区,2026-03-05,100,甲社区\n城东支行,进社区,2026-03-05,100,乙社区\n"
        "城西支行,进社区,2026-03-05,50,甲社区\n城东支行,进社区,2026-03-05,100,丙社区\n"
    )
    result = desk.load("宣传.csv", text)
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (2, 2)
    assert notes(result, "duplicate_row") == [
        "有 2 行与前面的行在装载的各列完全相同，没有再装载：第 3 行同第 2 行、第 5 行同第 2 行；"
        "如果是不同的记录，请补上能区分它们的列（编号、时间或地点）后重新提交"
    ]
    assert "第 3 行同第 2 行" in desk.say("--check", str(desk.drop("又.csv", text + "\n,,,,\n")))


def test_subtotals_are_counted(desk: Desk) -> None:
    text = OUTREACH + "城东支行,进社区,2026-03-05,100,\n城东支行 汇总,,,100,\n"
    result = desk.load("宣传.csv", text)
    assert notes(result, "subtotal_row") == ["有 1 行是 Excel 分类汇总的行，没有装载：第 3 行"]


def test_no_blank_line_and_no_total_is_crossed(desk: Desk) -> None:
    text = OUTREACH + (
        "城东支行,进社区,2026-03-05,100,\n,推送,2026-03-06,5000,\n城西支行,进校园,2026-03-07,30,\n"
        ",,,,\n,直播,2026-03-08,9000,\n城南支行,讲座,2026-03-08,9,\n小计,,,9,\n,展览,2026-03-09,8,\n"
    )
    result = desk.load("宣传.csv", text)
    assert desk.ask(
        "select event_name, org_name from lake.core.outreach_event where event_name"
        " in ('推送', '直播', '展览') order by audience_count"
    ) == [("展览", None), ("推送", "城东支行"), ("直播", None)]
    assert notes(result, "filled_down") == [
        "“机构”有 1 行为空，按上面一行的值装载：第 3 行；如果这些行不属于上面的机构，"
        "请填上机构后重新提交"
    ]


def test_an_exam_starts_afresh_below_a_blank_line(desk: Desk) -> None:
    text = "考试名称,考试日期,工号,成绩\n甲,2026-03-05,1,80\n,,2,81\n,,,\n,,3,82\n甲,,4,83\n"
    result = desk.load("考试.csv", text)
    assert (result["rows"]["inserted"], result["rows"]["quarantined"]) == (3, 1)
    assert len(notes(result, "filled_down")) == 2
    dates = "select count(exam_date) from lake.core.exam_result"
    assert desk.ask(dates) == [(2,)]


def test_a_table_without_organisations_is_told_so(desk: Desk) -> None:
    desk.wants_organisations = True
    desk.load("机构.csv", "机构名称,上级机构\n某某分行,\n城东支行,某某分行\n")
    header = ["投诉编号", "收到日期"]
    desk.drop_rows("一.xlsx", [header, ["T1", "2026-03-05"]], sheet="城东支行")
    desk.drop_rows("二.xlsx", [header, ["T2", "2026-03-05"]], sheet="台账")
    said = "没有机构列（如“被投诉机构”），这些行没有机构，只计入全行，不计入任何支行；"
    assert [notes(result, "no_organisation") for result in desk.run()] == [
        [f"{said}工作表名“城东支行”是已知的机构，如各行都属于它，请在表中加上“被投诉机构”一列"],
        [f"{said}如需按机构统计，请加上“被投诉机构”一列"],
    ]


def test_a_file_without_such_rows_says_nothing(desk: Desk) -> None:
    result = desk.load("宣传.csv", OUTREACH + "城东支行,进社区,2026-03-05,100,甲社区\n")
    assert result["problems"] == []
