"""A date that may be several days is never guessed; a column that changed its name is noticed."""

import datetime as dt

import duckdb
import pytest

from ingest import parse
from ingest.date_readings import readings
from ingest.drift import column_names, drift
from ingest.header import header_key
from ingest.read.open import open_extract
from ingest.recognise import recognise
from tests.ingest.conftest import Desk

HEADER = ["投诉编号", "收到日期", "被投诉机构", "投诉来源", "投诉金额(元)"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("01/02/2026", ["2026-02-01", "2026-01-02"]),
        ("1.2.2026 10:00", ["2026-02-01", "2026-01-02"]),
        ("13/02/2026", ["2026-02-13"]),
        ("02-13-2026", ["2026-02-13"]),
        ("02/02/2026", ["2026-02-02"]),
        ("1-2-26", ["2026-02-01", "2026-01-02", "2001-02-26"]),
        ("31/02/2026", []),
        ("2026-01-02", []),
        ("一月二日", []),
    ],
)
def test_every_reading_of_a_short_date_is_named(text, days):
    assert [day.isoformat() for day in readings(text)] == days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05T10:00:00+08:00", "2024-03-05 10:00:00"),
        ("2024/3/5 10:00:00 +0800", "2024-03-05 10:00:00"),
        ("2024-03-04T16:00:00Z", None),
        ("2024-03-04T16:00:00+00:00", None),
        ("2024-03-05 24:00:00", None),
        ("01/02/2026", None),
        ("1-2-26", None),
        ("24-3-5", None),
        ("2023-02-29", None),
        ("2024年2月30日", None),
        ("20240230", None),
    ],
)
def test_only_certain_days_are_read(con: duckdb.DuckDBPyConnection, text, expected):
    statement = f"select ({parse.timestamp('cell')})::varchar from (select $text as cell)"
    assert con.execute(statement, {"text": text}).fetchone() == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026/3/5 下午3:05", "2026-03-05 15:05:00"),
        ("2026/3/5 上午9:00", "2026-03-05 09:00:00"),
        ("2026/3/5 上午 9:00:07", "2026-03-05 09:00:07"),
        ("2026年3月5日下午3时5分", "2026-03-05 15:05:00"),
        ("2026-03-05 03:05 PM", "2026-03-05 15:05:00"),
        ("2026-03-05 03:05:09am", "2026-03-05 03:05:09"),
        ("2026-03-05 12:30 PM", "2026-03-05 12:30:00"),
        ("2026-03-05 12:30 AM", "2026-03-05 00:30:00"),
        ("2026-03-05 15:05 PM", "2026-03-05 15:05:00"),
        ("2026-03-05 下午12:30", "2026-03-05 12:30:00"),
        ("2026-03-05 中午12:30", "2026-03-05 12:30:00"),
        ("2026-03-05 凌晨2:30", "2026-03-05 02:30:00"),
        ("2026-03-05 晚上8:30", "2026-03-05 20:30:00"),
        ("2026-03-05 晚上20:30", "2026-03-05 20:30:00"),
        ("2026年03月05日星期四", "2026-03-05 00:00:00"),
        ("2026-03-05(周四)", "2026-03-05 00:00:00"),
        ("2026-03-05（星期四） 15：05", "2026-03-05 15:05:00"),
        ("2026-03-08 星期天", "2026-03-08 00:00:00"),
        ("2026-03-05T15:05:00.000+0800", "2026-03-05 15:05:00"),
        ("2026-03-05T15:05:00.123+08:00", "2026-03-05 15:05:00.123"),
        ("2026-03-05T15:05:00.000+0000", None),
        ("2026-03-05 上午12:30", None),
        ("2026-03-05 上午15:05", None),
        ("2026-03-05 15:05 AM", None),
        ("2026-03-05 下午0:30", None),
        ("2026-03-05 0:30 PM", None),
        ("2026-03-05 晚上12:30", None),
        ("2026-03-05 晚上3:30", None),
        ("2026-03-05 凌晨12:30", None),
        ("2026-03-05 中午3:30", None),
        ("2026-03-05 下午24:30", None),
        ("2026-03-05 下午3:05 PM", None),
        ("2026-03-05 下午", None),
        ("2026-03-05(周四", None),
        ("2026-03-05 周五", None),
        ("2026-02-30 周一", None),
        ("3月5日 下午3:05", None),
        ("05/03/2026 03:05 PM", None),
    ],
)
def test_weekdays_and_twelve_hours_are_read_where_they_are_certain(
    con: duckdb.DuckDBPyConnection, text, expected
):
    statement = f"select ({parse.timestamp('cell')})::varchar from (select $text as cell)"
    assert con.execute(statement, {"text": text}).fetchone() == (expected,)


def test_a_weekday_of_another_day_goes_back_with_its_reason(desk: Desk):
    rows = [
        "投诉编号,收到日期,被投诉机构",
        "T1,2026-03-05 周四,城东支行",
        "T2,2026-03-05（周五）,城东支行",
        "T3,2026-03-05 上午12:10,城东支行",
    ]
    problems = desk.load("台账.csv", "\n".join(rows))["problems"]
    assert [(p["row"], p["message"]) for p in problems if p["rule"] == "type_timestamp"] == [
        (
            3,
            "“收到日期”的值“2026-03-05（周五）”写的星期与日期不符（2026-03-05 是星期四），没有猜测；"
            "请核对日期",
        ),
        (
            4,
            "“收到日期”的值“2026-03-05 上午12:10”可能是 0 点，也可能是中午 12 点，没有猜测；"
            "请改写成 24 小时制",
        ),
    ]


def test_what_a_contract_says_to_be_in_utc_may_say_so_itself(con: duckdb.DuckDBPyConnection):
    moment = parse.timestamp("cell", is_utc=True)
    day = parse.local_day(moment, "Asia/Shanghai")
    statement = f"select ({day})::date::varchar from (select '2024-03-04T16:00:00Z' as cell)"
    assert con.execute(statement).fetchone() == ("2024-03-05",)


def found(path, header):
    """What the contract makes of a file with this header."""
    path.write_text(f"{','.join(header)}\n{','.join('1' for _ in header)}\n", "utf-8")
    return recognise(open_extract(path))[0]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER, []),
        (["受理编号", *HEADER[1:]], []),
        (
            [*HEADER[:4], "投诉金额小结"],
            [
                (
                    "column_renamed",
                    "列“投诉金额(元)”这次没有；新列“投诉金额小结”看来是它的新名字，没有装载，"
                    "请改回原名或把新名字加入合约",
                )
            ],
        ),
        (
            HEADER[:4],
            [("column_gone", "列“投诉金额(元)”上次有，这次没有；如不是有意删除，请补上后重新导出")],
        ),
        (
            [*HEADER, "天气"],
            [("unknown_column", "新列“天气”不在合约中，没有装载")],
        ),
    ],
)
def test_drift_names_new_gone_and_renamed_columns(tmp_path, header, expected):
    previous = column_names(found(tmp_path / "old.csv", HEADER))
    problems = drift(found(tmp_path / "new.csv", header), previous)
    assert [(problem.rule, problem.message) for problem in problems] == expected


def test_without_an_earlier_batch_only_unknown_columns_are_told(tmp_path):
    match = found(tmp_path / "a.csv", [*HEADER, "被投诉的机构"])
    assert [problem.message for problem in drift(match, ())] == [
        "新列“被投诉的机构”不在合约中，没有装载；最接近的已知列名是“被投诉机构”"
    ]


@pytest.mark.parametrize(
    ("header", "days", "expected"),
    [
        ("统计月份", ["2024-03-01", "2024-04-15"], ["2024-03-31", "2024-04-15"]),
        ("统计时间", ["2024-03-01", "2024-04-01"], ["2024-03-31", "2024-04-30"]),
        ("统计时间", ["2024-03-01", "2024-03-31"], ["2024-03-01", "2024-03-31"]),
    ],
)
def test_a_month_that_excel_took_for_its_first_day_ends_with_the_month(
    desk: Desk, header, days, expected
):
    cells = [dt.datetime.fromisoformat(day) for day in days]
    rows = [["机构", header, "营业网点数"], *(["城东支行", cell, 5] for cell in cells)]
    desk.drop_rows("基数.xlsx", rows)
    assert desk.run()[0]["status"] == "loaded"
    statement = "select period_end::varchar from lake.core.organisation_denominator order by all"
    assert desk.ask(statement) == [(day,) for day in expected]


def test_days_that_systems_write_for_none_are_blanks_and_said_to_be(desk: Desk):
    rows = [
        ["投诉编号", "收到日期", "首次响应时间", "转办日期"],
        ["A1", "2024-03-05", "1900-01-01 00:00:00", "9999-12-31"],
        ["A2", "1970-01-01 08:00:00", "", ""],
        ["A3", "2024-03-05", "2024-03-06", "不详"],
    ]
    result = desk.load("台账.csv", "\n".join(map(",".join, rows)))
    found = {(p["row"], p["column"], p["rule"]) for p in result["problems"] if p["row"]}
    assert found == {
        (2, "首次响应时间", "filler_date"),
        (2, "转办日期", "filler_date"),
        (3, "收到日期", "received_present"),
        (4, "转办日期", "type_timestamp"),
    }
    kept = "select complaint_id, first_response_at, forwarded_at from lake.core.complaint"
    assert desk.ask(kept) == [("A1", None, None)]


@pytest.mark.parametrize("sign", ["\u00ad", "\u2060", "\u200b", "\ufeff", "\u202c", "\u00a0"])
def test_signs_that_nobody_sees_are_no_part_of_a_header(sign):
    assert header_key(f"收到{sign}日期{sign}") == header_key("收到日期")
