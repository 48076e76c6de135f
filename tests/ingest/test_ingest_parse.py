"""What a cell's text means: dates, numbers, flags, marks, and what must never be stored."""

import datetime as dt

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import parse
from ingest.mask import masked


@pytest.fixture(scope="module")
def value_of():
    """Evaluates an expression maker over one text."""
    con = duckdb.connect(":memory:")

    def evaluate(maker, text, **options):
        statement = f"select {maker('cell', **options)} from (select $1::varchar as cell)"
        return con.execute(statement, [text]).fetchone()[0]

    yield evaluate
    con.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05", dt.datetime(2024, 3, 5)),
        ("2024-3-5", dt.datetime(2024, 3, 5)),
        ("2024/3/5 9:05", dt.datetime(2024, 3, 5, 9, 5)),
        ("2024.3.5", dt.datetime(2024, 3, 5)),
        ("2024年3月5日", dt.datetime(2024, 3, 5)),
        ("2024年03月05日 10时20分", dt.datetime(2024, 3, 5, 10, 20)),
        ("２０２４－０３－０５", dt.datetime(2024, 3, 5)),
        ("2023-02-09 11：55：00", dt.datetime(2023, 2, 9, 11, 55)),
        ("20240305", dt.datetime(2024, 3, 5)),
        ("20240305101112", dt.datetime(2024, 3, 5, 10, 11, 12)),
        ("45356", dt.datetime(2024, 3, 5)),
        ("45356.5", dt.datetime(2024, 3, 5, 12)),
        ("2024-02-29", dt.datetime(2024, 2, 29)),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("01/02/2026", None),
        ("24-3-5", None),
        ("12024-03-05", None),
        ("3月5日", None),
        ("epoch", None),
        ("infinity", None),
        ("昨天", None),
        ("12345678", None),
        ("1", None),
        ("20243", None),
        ("20240", None),
        ("29876", None),
        ("75000", None),
        ("2024-3-5 1", None),
        ("2024-3-5T1", None),
        ("2024-3-5ab", None),
        ("1900-01-01", None),
        ("1900/1/1 00:00:00", None),
        ("1970-01-01", None),
        ("1970-01-01 08:00:00", None),
        ("1970/1/1", None),
        ("1970-01-02 08:00:00", dt.datetime(1970, 1, 2, 8)),
        ("2099-12-31", None),
        ("1985-06-01", dt.datetime(1985, 6, 1)),
    ],
)
def test_timestamps(value_of, text, expected):
    assert value_of(parse.timestamp, text) == expected


def test_timestamp_formats_of_a_contract_rule_out_other_readings(value_of):
    formats = ("%m/%d/%Y",)
    assert value_of(parse.timestamp, "01/02/2026", formats=formats) == dt.datetime(2026, 1, 2)
    assert value_of(parse.timestamp, "13/02/2026", formats=formats) is None
    assert value_of(parse.timestamp, "2026-01-02 00:00:00", formats=formats) == dt.datetime(
        2026, 1, 2
    )
    assert value_of(parse.timestamp, "45356", formats=formats) is None


@pytest.mark.parametrize("formats", [("%d/%m/%Y", "%d/%m/%y"), ("%d/%m/%y", "%d/%m/%Y")])
def test_a_contract_may_take_years_of_two_digits_and_of_four(value_of, formats):
    days = [dt.datetime(2020, 1, 10), dt.datetime(1999, 1, 10)]
    assert [
        value_of(parse.timestamp, f"10/1/{year}", formats=formats) for year in ("20", "99")
    ] == days
    assert [value_of(parse.timestamp, f"10/1/{d.year}", formats=formats) for d in days] == days


def test_serials_of_the_1904_system(value_of):
    assert value_of(parse.timestamp, "43894", excel_1904=True) == dt.datetime(2024, 3, 5)


@settings(max_examples=120, deadline=None)
@given(
    # The first day of Unix time is what systems write where there is no day.
    moment=st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2090, 12, 31))
    .map(lambda d: d.replace(microsecond=0))
    .filter(lambda d: d.date() != dt.date(1970, 1, 1)),
    spelling=st.sampled_from(
        [
            "%Y-%m-%d %H:%M:%S",
            "%Y/%m/%d %H:%M:%S",
            "%Y.%m.%d %H:%M:%S",
            "%Y年%m月%d日 %H:%M:%S",
            "%Y年%m月%d日%H时%M分%S秒",
            "%Y%m%d%H%M%S",
        ]
    ),
    wide=st.booleans(),
)
def test_every_spelling_of_a_moment_reads_back(value_of, moment, spelling, wide):
    text = moment.strftime(spelling)
    if wide:
        text = text.translate(str.maketrans("0123456789:", "０１２３４５６７８９："))
    assert value_of(parse.timestamp, text) == moment


@settings(max_examples=100, deadline=None)
@given(
    number=st.decimals(-(10**9), 10**9, places=2),
    grouped=st.booleans(),
    sign=st.sampled_from(["", "元", " "]),
    wide=st.booleans(),
)
def test_every_spelling_of_a_number_reads_back(value_of, number, grouped, sign, wide):
    text = (f"{number:,}" if grouped else str(number)) + sign
    if wide:
        text = text.translate(str.maketrans("0123456789.,-", "０１２３４５６７８９．，－"))
    assert value_of(parse.decimal, text) == number


@pytest.mark.parametrize(
    ("text", "factor", "expected"),
    [
        ("1.2万", 1, 12000),
        ("3亿", 1, 300000000),
        ("¥1,234.50", 1, 1234.5),
        ("0.5", 10000, 5000),
        ("一百", 1, None),
        ("1-2", 1, None),
        ("", 1, None),
    ],
)
def test_amounts(value_of, text, factor, expected):
    found = value_of(parse.decimal, text, factor=factor)
    assert (None if found is None else float(found)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("12.0", 12),
        ("-3", -3),
        ("15天", 15),
        ("1,200", 1200),
        ("1.7", None),
        ("约3", None),
    ],
)
def test_whole_numbers(value_of, text, expected):
    assert value_of(parse.integer, text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "estimated"),
    [
        ("200", 200, False),
        ("1,200", 1200, False),
        ("300份", 300, False),
        ("约200人次", 200, True),
        ("5000余份", 5000, True),
        ("200+", 200, True),
        ("２００＋", 200, True),
        ("1.2万", 12000, True),
        ("1.2w", 12000, True),
        ("10W+", 100000, True),
        ("3台", 3, False),
        ("2 套", 2, False),
        ("3万余人次", 30000, True),
        ("近百人", None, None),
        ("-42", -42, False),
        ("许多", None, None),
    ],
)
def test_counts(value_of, text, expected, estimated):
    assert value_of(parse.count, text) == expected
    if expected is not None:
        assert value_of(parse.is_estimate, text) is estimated


@pytest.mark.parametrize(
    ("text", "points", "full", "attendance"),
    [
        ("85", 85, None, "参考"),
        ("85分", 85, None, "参考"),
        ("90/100", 90, 100, "参考"),
        ("98.5％", 98.5, None, "参考"),
        ("缺考", None, None, "缺考"),
        ("免考", None, None, "免考"),
        ("优秀", None, None, None),
    ],
)
def test_marks(value_of, text, points, full, attendance):
    assert value_of(parse.score, text) == points
    assert value_of(parse.score_full, text) == full
    assert value_of(parse.attendance, text) == attendance


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024年2月", (2024, 2, 1), (2024, 2, 29)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("202402", (2024, 2, 1), (2024, 2, 29)),
        ("2024/12", (2024, 12, 1), (2024, 12, 31)),
        ("2024Q1", (2024, 1, 1), (2024, 3, 31)),
        ("2024年第4季度", (2024, 10, 1), (2024, 12, 31)),
        ("2024年一季度", (2024, 1, 1), (2024, 3, 31)),
        ("2024年", (2024, 1, 1), (2024, 12, 31)),
        ("2024-03-31", (2024, 3, 31), (2024, 3, 31)),
        ("2024-03-01", (2024, 3, 1), (2024, 3, 1)),
        ("20243", (2024, 3, 1), (2024, 3, 31)),
        ("2024年1-3", (2024, 1, 1), (2024, 3, 31)),
        ("2024年1-3月", (2024, 1, 1), (2024, 3, 31)),
        ("2024年1月至12月", (2024, 1, 1), (2024, 12, 31)),
    ],
)
def test_periods(value_of, text, first, last):
    assert value_of(parse.period, text, end=False) == dt.date(*first)
    assert value_of(parse.period, text, end=True) == dt.date(*last)


@pytest.mark.parametrize("text", ["2024年13月", "一季度", "上月", "29991", "99991", "2024年3-1"])
def test_words_that_are_no_period(value_of, text):
    assert value_of(parse.period, text, end=False) is None


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2024-02-01", (2024, 2, 29)),
        ("2024-03-01 00:00:00", (2024, 3, 31)),
        ("2024-03-15", (2024, 3, 15)),
        ("2024-03", (2024, 3, 31)),
    ],
)
def test_the_first_of_a_month_in_a_column_of_months_is_the_month(value_of, text, last):
    assert value_of(parse.period, text, end=True, is_month=True) == dt.date(*last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1900-01-01 00:00:00", True),
        ("1900/1/1", True),
        ("19000101", True),
        ("1970-01-01 08:00:00", True),
        ("9999-12-31", True),
        ("2099年12月31日", True),
        ("0001-01-01", True),
        ("00000000", True),
        ("0000-00-00 00:00:00", True),
        ("0", False),
        ("00:00:00", False),
        ("1900-11-11", False),
        ("2024-03-05", False),
        ("不详", False),
    ],
)
def test_days_that_systems_write_for_none(value_of, text, expected):
    assert value_of(parse.is_filler, text) == expected


def test_days_written_in_utc_become_local_days(value_of):
    def local(cell):
        return parse.local_day(parse.timestamp(cell), "Europe/Amsterdam")

    assert value_of(local, "2019-11-13 23:00:00") == dt.datetime(2019, 11, 14)
    assert value_of(local, "2019-06-19 22:00:00") == dt.datetime(2019, 6, 20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345621", "电话138****5621"),
        ("13812345621,13912345678;13712345678", "138****5621,139****5678;137****5678"),
        ("１３８１２３４５６２１", "138****5621"),
        ("138 1234 5621 或 138-1234-5621", "138****5621 或 138****5621"),
        ("+8613812345621", "+86138****5621"),
        ("身份证110101199003076234", "身份证110101********6234"),
        ("11010119900307623X。", "110101********623X。"),
        ("旧证110101900307623", "旧证110101********7623"),
        ("卡6222021234567890", "卡622202****7890"),
        ("卡6222 0212 3456 7890 123", "卡622202****0123"),
        ("邮箱zhang.san@bank.com.cn", "邮箱z***@bank.com.cn"),
        ("0571-88886666", "0571-****6666"),
        ("金额1,234,567.89元,2024-03-05 10:11:12", "金额1,234,567.89元,2024-03-05 10:11:12"),
        ("工单202403051234", "工单202403051234"),
        ("没有号码", "没有号码"),
    ],
)
def test_masking(value_of, text, expected):
    assert value_of(masked, text) == expected


@settings(max_examples=120, deadline=None)
@given(
    before=st.sampled_from(["", "电话", "A", ":", "(", "编号1,"]),
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    after=st.sampled_from(["", "。", ",谢谢", ")", "B"]),
    again=st.booleans(),
)
def test_no_mobile_number_survives_masking(value_of, before, number, after, again):
    text = before + number + after + (" " + number if again else "")
    shown = value_of(masked, text)
    assert number not in shown
    # Two beside each other may be one account, of which less is shown.
    assert f"{number[:3]}****{number[-4:]}" in shown or (again and "*" * 16 in shown)
    assert value_of(masked, shown) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年3月15日 9:00-11:00", dt.datetime(2026, 3, 15, 9)),
        ("2026年3月15日9时—11时30分", dt.datetime(2026, 3, 15, 9)),
        ("2026年3月15日9时30分—11时30分", dt.datetime(2026, 3, 15, 9, 30)),
        ("2026-03-10 14:00-16:00", dt.datetime(2026, 3, 10, 14)),
        ("2026-03-10 14:00～16:00", dt.datetime(2026, 3, 10, 14)),
        ("2026/3/10 09:30至11:00", dt.datetime(2026, 3, 10, 9, 30)),
        ("2026.3.10 下午2:00-4:00", dt.datetime(2026, 3, 10, 14)),
        ("2026-03-10 9:00-11:00", dt.datetime(2026, 3, 10, 9)),
        ("2026-03-15 09:00-11:00", dt.datetime(2026, 3, 15, 9)),
        ("2026-03-15 10:00-11:30", dt.datetime(2026, 3, 15, 10)),
        ("2026/3/15 10:00 - 12:00", dt.datetime(2026, 3, 15, 10)),
        ("2026-03-15 9点-11点", dt.datetime(2026, 3, 15, 9)),
        ("2026年3月15日 9点至11点半", None),
        ("2026年3月15日上午9点—11点", dt.datetime(2026, 3, 15, 9)),
        ("2026-03-15 9:00:00-11:00:00", dt.datetime(2026, 3, 15, 9)),
        ("2026-03-15 09:00:30-11:00:00", dt.datetime(2026, 3, 15, 9, 0, 30)),
        ("2026-03-15 10:20-05:00", None),
        ("2026-03-15 10:20-10:20", None),
        ("2026-03-15 01:00-08:00", None),
        ("2026-03-15 04:30-05:00", None),
        ("2026-03-15 01:00-0800", None),
        ("2026-03-15T01:00:00-08:00", None),
        ("2026-03-15 10:00-25:00", None),
        ("2026-03-10 09:00-05:00", None),
        ("2026-03-10T09:00:00-05:00", None),
        ("2026年3月10日-12日", None),
        ("2026-03-10 14:00-2026-03-12 16:00", None),
        ("2026-03-10", dt.datetime(2026, 3, 10)),
    ],
)
def test_the_beginning_counts_where_a_time_is_told_with_its_end(value_of, text, expected):
    assert value_of(parse.timestamp, text, is_begin=True) == expected
    if "-" in text[10:] or "～" in text or "至" in text or "—" in text:
        assert value_of(parse.timestamp, text) is None
