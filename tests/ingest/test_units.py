"""The unit of a column: read from header, group or title, and never guessed."""

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from ingest import parse
from ingest.errors import Refused
from ingest.read.open import open_extract
from ingest.recognise import recognise
from ingest.units import factors_of, without_unknown_units
from tests.ingest.conftest import Desk

KEYS = ["投诉编号", "收到日期", "被投诉机构"]
CASE = ["T1", "2024-03-05", "城东支行"]
BASE = ["机构", "统计月份", "个人客户数", "各项存款余额"]


def matched(tmp_path, rows):
    path = tmp_path / "a.csv"
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (found,) = recognise(open_extract(path))
    return found


@pytest.mark.parametrize("unit", ["(EUR)", "（eur）", "(千EUR)"])
def test_a_contract_spells_its_unit_as_it_likes(tmp_path, unit):
    match = matched(tmp_path, [[*KEYS, f"投诉金额{unit}"], [*CASE, "1.5"]])
    amount = match.contract.columns["claim_amount_yuan"]
    columns = {"claim_amount_yuan": amount.model_copy(update={"unit_by_header": {"EUR": 8}})}
    contract = match.contract.model_copy(update={"columns": {**match.contract.columns, **columns}})
    match = replace(match, contract=contract)
    assert "claim_amount_yuan" in without_unknown_units(match).targets
    assert factors_of(match) == {"claim_amount_yuan": 8000 if "千" in unit else 8}


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("(元)", 1),
        ("（RMB）", 1),
        ("(万元)", 10**4),
        ("(萬元)", 10**4),
        ("(万 元)", 10**4),
        ("(万\n元)", 10**4),
        ("（万）", 10**4),
        ("(单位:人民币万元)", 10**4),
        ("(万元,含利息)", 10**4),
        ("(千元)", 10**3),
        ("(十万元)", 10**5),
        ("(百万元)", 10**6),
        ("(千万元)", 10**7),
        ("(億元)", 10**8),
        ("(亿)", 10**8),
    ],
)
def test_units_of_money_in_the_header(tmp_path, unit, factor):
    match = matched(tmp_path, [[*KEYS, f"投诉金额{unit}"], [*CASE, "1.5"]])
    assert factors_of(match).get("claim_amount_yuan", 1) == factor
    assert without_unknown_units(match).notes == []


@pytest.mark.parametrize(
    "unit", ["万美元", "USD", "单位:USD", "角", "港币", "万欧元", "€", "万元/亿元"]
)
def test_a_column_in_an_unknown_unit_is_left_out_and_named(tmp_path, unit):
    match = matched(tmp_path, [[*KEYS, f"投诉金额({unit})"], [*CASE, "1.5"]])
    known = without_unknown_units(match)
    assert "claim_amount_yuan" not in known.targets
    (note,) = known.notes
    assert (note.rule, note.column) == ("unit_unknown", f"投诉金额({unit})")
    assert "没有装载" in note.message


def test_a_remark_in_brackets_is_told(tmp_path):
    match = matched(tmp_path, [[*KEYS, "投诉金额(如有)"], [*CASE, "1.5"]])
    known = without_unknown_units(match)
    assert "claim_amount_yuan" in known.targets
    assert [note.rule for note in known.notes] == ["unit_unknown"]


@pytest.mark.parametrize(
    "above",
    [
        ["单位：万元", "", "", ""],
        ["", "", "", "金额单位:人民币万元"],
        ["投诉台账（单位：万元）", "", "", ""],
        ["", "", "单位：", "万元"],
        ["", "", "", "金额(万元)"],
        ["填报单位：城东支行", "", "", "单位: 万元、户"],
    ],
)
def test_the_unit_above_the_header_applies(tmp_path, above):
    match = matched(tmp_path, [above, [*KEYS, "投诉金额"], [*CASE, "1.5"]])
    assert factors_of(match) == {"claim_amount_yuan": 10**4}


def test_the_unit_of_a_group_applies_to_its_columns(tmp_path):
    rows = [
        ["", "收到", "", "办结", "", "金额(万元)", ""],
        ["投诉编号", "日期", "时间", "日期", "时间", "投诉金额", "补偿金额"],
        ["T1", "2024-03-05", "10:20", "2024-03-08", "09:00", "1.5", "0.2"],
    ]
    assert factors_of(matched(tmp_path, rows)) == {"claim_amount_yuan": 10**4}


def test_the_header_goes_before_the_title(tmp_path):
    rows = [["单位：万元", "", "", ""], [*KEYS, "投诉金额(元)"], [*CASE, "1.5"]]
    assert factors_of(matched(tmp_path, rows)) == {}


def test_a_title_in_another_currency_leaves_the_amounts_out(tmp_path):
    rows = [["单位：万美元", "", "", ""], [*KEYS, "投诉金额"], [*CASE, "1.5"]]
    known = without_unknown_units(matched(tmp_path, rows))
    assert "claim_amount_yuan" not in known.targets


def test_a_name_in_the_title_is_no_unit(tmp_path):
    rows = [["投诉台账（张元）", "单位：城东支行", "", ""], [*KEYS, "投诉金额"], [*CASE, "1.5"]]
    assert without_unknown_units(matched(tmp_path, rows)).notes == []


@pytest.mark.parametrize("group", ["金额(万美元)", "金额(张元)"])
def test_a_group_in_another_currency_leaves_its_amounts_out(tmp_path, group):
    header = [["", "", "", "", group], ["投诉编号", "日期", "被投诉机构", "", "投诉金额"]]
    header[0][1] = "收到"
    match = matched(tmp_path, [*header, [*CASE, "", "1.5"]])
    kept = "claim_amount_yuan" in without_unknown_units(match).targets
    assert kept == (group == "金额(张元)")


@pytest.mark.parametrize("unit", ["万元、亿元", "万元、万户", "万"])
def test_a_title_that_may_belong_to_several_columns_refuses(tmp_path, unit):
    title = ["", "", "", f"单位：{unit}"]
    match = matched(tmp_path, [title, BASE, ["城东支行", "2024-03", "10", "12.5"]])
    with pytest.raises(Refused, match="不能确定"):
        without_unknown_units(match)


def test_counts_and_hours_have_units_too(tmp_path):
    header = ["机构", "月份", "个人客户数(万户)", "各项存款余额(亿)", "员工数(人)", "营业网点数(%)"]
    match = matched(tmp_path, [header, ["城东支行", "2024-03", "12", "3", "5", "6"]])
    assert factors_of(match) == {"personal_customer_count": 10**4, "deposit_balance_yuan": 10**8}
    assert "outlet_count" not in without_unknown_units(match).targets
    header = ["培训名称", "培训日期", "工号", "学时(分钟)"]
    match = matched(tmp_path, [header, ["甲", "2024-03-05", "1001", "45"]])
    assert "hours" not in without_unknown_units(match).targets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2", 12000),
        ("1,200", 12_000_000),
        ("12000元", 12000),
        ("¥12000元", 12000),
        ("1.2万", 12000),
        ("1.2万元", 12000),
        ("1.2亿", 120_000_000),
        ("¥12000", None),
        ("人民币1.2", None),
    ],
)
def test_the_unit_of_the_cell_goes_before_that_of_the_header(
    con: duckdb.DuckDBPyConnection, text, expected
):
    statement = f"select {parse.decimal('cell', factor=10**4)} from (select $text as cell)"
    (value,) = con.execute(statement, {"text": text}).fetchone() or ()
    assert value == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3", 30000), ("1.2", 12000), ("约1.2", 12000), ("300人次", 300), ("1.2万", 12000)],
)
def test_counts_below_a_header_with_a_unit(con: duckdb.DuckDBPyConnection, text, expected):
    statement = f"select {parse.count('cell', factor=10**4)} from (select $text as cell)"
    assert con.execute(statement, {"text": text}).fetchone() == (expected,)


def test_a_number_too_large_for_its_unit_goes_back(con: duckdb.DuckDBPyConnection):
    statement = f"select {parse.decimal('cell', factor=10**11)} from (select $text as cell)"
    for text in ("999999999999", "9,999,999,999,999,999,999,999"):
        assert con.execute(statement, {"text": text}).fetchone() == (None,)
    statement = f"select {parse.count('cell', factor=10**8)} from (select $text as cell)"
    assert con.execute(statement, {"text": "999999999999999"}).fetchone() == (None,)


def test_amounts_are_stored_in_yuan(desk: Desk) -> None:
    rows = [["投诉台账"], ["单位：百万元"], [*KEYS, "投诉金额"], [*CASE, 1.5]]
    desk.drop_rows("台账.xlsx", rows)
    assert desk.run()[0]["status"] == "loaded"
    assert desk.ask("select claim_amount_yuan from lake.core.complaint") == [
        (Decimal("1500000.00"),)
    ]


def test_a_unit_counts_with_another_bracket_behind_it(desk):
    header = ["投诉编号", "收到日期", "被投诉机构", "投诉金额（万元）〔必填〕"]
    desk.drop_rows("投诉.xlsx", [header, ["T1", "2026-03-05", "城东支行", 1.2]])
    desk.run()
    assert desk.ask("select claim_amount_yuan::int from lake.core.complaint") == [(12000,)]


@pytest.mark.parametrize(
    "rows",
    [
        [["单位：万元", "", "", ""], [*KEYS, "投诉金额(必填)"], [*CASE, "1.5"]],
        [["基本情况", "", "", "金额(万元)"], [*KEYS, "投诉金额(必填)"], [*CASE, "1.5"]],
    ],
)
def test_a_remark_in_brackets_does_not_hide_the_unit_above(tmp_path, rows):
    assert factors_of(matched(tmp_path, rows)) == {"claim_amount_yuan": 10**4}


def test_hours_and_full_marks_may_say_their_unit_in_the_cell(desk):
    header = ["培训名称", "培训日期", "工号", "机构", "学时"]
    hours = ["2学时", "1.5 小时", "3课时", "4h", "2", "90分钟"]
    rows = [["消保", "2026-05-12", f"A{i}", "城东支行", cell] for i, cell in enumerate(hours)]
    desk.drop_rows("培训.xlsx", [header, *rows])
    header = ["考试名称", "考试日期", "工号", "机构", "成绩", "满分"]
    desk.drop_rows("考试.xlsx", [header, ["消保", "2026-05-12", "A1", "城东支行", "98分", "120分"]])
    training = next(r for r in desk.run() if r["contract"] == "training_attendance")
    assert [(p["row"], p["rule"]) for p in training["problems"]] == [(7, "type_decimal")]
    found = desk.ask("select hours::double from lake.core.training_attendance")
    assert sorted(found) == [(1.5,), (2,), (2,), (3,), (4,)]
    assert desk.ask("select full_score::int from lake.core.exam_result") == [(120,)]


@pytest.mark.parametrize(
    ("brackets", "shown"),
    [
        ("(时点)(万元)", "时点"),
        ("(万元)(必填,角)", "角"),
        ("(万美元)(必填)", "万美元"),
        ("(万元、亿元)", "万元”和“亿元"),
        ("(如有)(选填)", "如有”和“选填"),
        ("(不为空)", "不为空"),
        ("(单位:USD)", "usd"),
    ],
)
def test_only_what_is_strange_in_the_brackets_is_named(tmp_path, brackets, shown):
    match = matched(tmp_path, [[*KEYS, f"投诉金额{brackets}"], [*CASE, "1.5"]])
    (note,) = without_unknown_units(match).notes
    assert f"中的“{shown}”不是" in note.message
