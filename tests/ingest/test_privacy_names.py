"""Names of files and sheets that hold personal data are masked in what is kept and said."""

from tests.ingest.conftest import Desk
from tests.ingest.test_privacy_stored import leaks


def test_names_of_files_and_sheets_are_masked_in_what_is_kept_and_said(desk: Desk):
    rows = [
        ["投诉编号", "收到日期", "办结日期", "被投诉机构"],
        ["T1", "2026-03-05", "2026-03-06", "城东支行"],
        ["T2", "不详", "2026-03-06", "城东支行"],
    ]
    name = "投诉人：欧阳靖宇，13846275931 330106198805172438.xlsx"
    desk.drop_rows(name.replace("：", " "), rows, sheet="客户欧阳靖宇来电13846275931")
    checked, said = desk.say("--check", "--json"), desk.say("--check")
    results = desk.run()
    assert results[0]["status"] == "loaded"
    assert leaks(desk, checked, said, str(results), desk.stderr) == []
    ((file_name, sheet),) = desk.ask("select file_name, sheet from lake.meta.batch")
    assert "某" in file_name
    assert "某" in sheet
