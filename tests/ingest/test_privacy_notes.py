"""Notes about a file quote its formulas and its headers: masked, and whether it loads or not."""

import pytest

from tests.ingest.conftest import Desk
from tests.ingest.test_privacy import bare
from tests.ingest.test_privacy_stored import leaks

_HEADER = ["投诉编号", "收到日期", "办结日期", "被投诉机构", "投诉内容"]
_ROW = ["T1", "2026-03-05", "2026-03-06", "城东支行"]


@pytest.mark.parametrize(
    "formula", ['=CONCATENATE("客户欧阳靖宇来电","13846275931")', '="330106198805172438"']
)
def test_a_formula_without_a_result_is_quoted_masked(desk: Desk, formula: str):
    desk.drop_rows("台账.xlsx", [_HEADER, [*_ROW, formula]])
    checked, said = desk.say("--check", "--json"), desk.say("--check")
    (result,) = desk.run()
    (note,) = [p for p in result["problems"] if p["rule"] == "uncalculated_formula"]
    assert result["status"] == "loaded"
    assert note["value"].startswith("=")
    assert "&#" not in note["message"]
    assert leaks(desk, checked, said, str(result)) == []


@pytest.mark.parametrize("received", ["2026-03-05", "不详"])
def test_a_header_that_is_not_used_is_quoted_masked(desk: Desk, received: str):
    unused = "被投诉单位（客户欧阳靖宇来电13846275931）"
    rows = [[*_HEADER[:4], unused], ["T1", received, "2026-03-06", "城东支行", "城东支行"]]
    desk.drop_rows("台账.xlsx", rows)
    checked, said = desk.say("--check", "--json"), desk.say("--check")
    (result,) = desk.run()
    (note,) = [p for p in result["problems"] if p["rule"] == "column_unused"]
    assert result["status"] == ("loaded" if received[0] == "2" else "refused")
    assert "某某" in note["column"]
    assert "13846275931" not in bare(str(note))
    assert leaks(desk, checked, said, str(result)) == []
