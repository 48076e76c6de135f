"""A blank or a line end inside a Chinese name makes no other organisation of it."""

from tests.ingest.conftest import Desk

NAMES = ("城东支行", "城东 支行", "城东\n支行", "城 东 支 行", "城\u3000东\u00a0支行")


def test_blanks_between_chinese_characters_are_no_part_of_a_name(desk: Desk) -> None:
    rows = [["投诉编号", "收到日期", "被投诉机构"]]
    rows += [[f"T{i}", "2026-03-05", name] for i, name in enumerate(NAMES)]
    rows += [["A1", "2026-03-05", "ABC 支行"], ["A2", "2026-03-05", "East Branch"]]
    rows += [["A3", "2026-03-05", "城东（东 A） 支行"]]
    desk.drop_rows("台账.xlsx", rows)
    desk.run()
    found = "select org_name, count(*) from lake.core.complaint group by all order by 2 desc, 1"
    assert desk.ask(found) == [
        ("城东支行", 5),
        ("ABC 支行", 1),
        ("East Branch", 1),
        ("城东（东 A） 支行", 1),
    ]


def test_the_list_of_organisations_is_read_alike(desk: Desk) -> None:
    desk.load("机构.csv", "机构名称,上级机构\n某某 分行,\n城东 支行,某某分行\n西 支行,某某 分行\n")
    found = "select org_name, parent_org_name from lake.core.organisation order by all"
    assert desk.ask(found) == [
        ("城东支行", "某某分行"),
        ("某某分行", None),
        ("西支行", "某某分行"),
    ]
