"""The demo files are shaped as real ones: encodings, headers, totals, merged cells, words."""

import re
from collections import Counter
from datetime import date, datetime
from statistics import median

import polars as pl
import pytest

from ingest.demo import story
from ingest.demo.timeline import Timeline
from tests.demo_files import (
    ALL_STAFF_EXAMS,
    LEDGERS,
    exam,
    ledger,
    moment,
    outreach,
    parents,
    path_of,
    records,
    sheet,
    table,
    written_demo,
)
from warehouse.codes import lookup, match_key

EXAM_COUNT = 7
# Trainings (2), inspections, recordings, policies, facilities, launches, events.
WORK_FILE_COUNT = 8


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return written_demo(tmp_path_factory)


def test_every_file_says_that_it_is_demo_data_in_its_name_and_title(demo):
    files = sorted(demo.iterdir())
    assert len(files) == 5 + 2 + 1 + EXAM_COUNT + WORK_FILE_COUNT
    for path in files:
        assert path.name.startswith("演示数据_")
        assert story.MARK in str(table(path)[0][0]), path.name


def test_the_oldest_ledger_is_gb18030_with_preamble_total_and_signature(demo):
    path = path_of(demo, LEDGERS[0])
    raw = path.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    rows = table(path)
    assert rows[1][0] == "统计期间:2024年1月1日至2024年12月31日"
    assert rows[2][1] == "投诉编号"
    assert str(rows[-1][0]).startswith("制表人")
    check_total(rows[-2], rows[2], ledger(demo, LEDGERS[0]))


def test_the_workbook_ledger_has_a_merged_title_a_two_level_header_and_a_total(demo):
    path = path_of(demo, LEDGERS[1])
    merged = {str(area) for area in sheet(path).merged_cells.ranges}
    assert {"A1:AJ1", "A2:AJ2", "A3:A4", "AJ3:AJ4"} < merged
    rows = table(path)
    groups = [name for name in rows[2] if name]
    expected = ["序号", "投诉基本情况", "投诉处理情况", "投诉回访情况", "备注"]
    assert groups == expected
    assert "投诉金额（万元）" in rows[3]
    own = [name or rows[2][n] for n, name in enumerate(rows[3])]
    check_total(rows[-1], tuple(own), ledger(demo, LEDGERS[1]))


def check_total(total, header, rows):
    assert total[0] == "合计"
    amount = next(n for n, name in enumerate(header) if str(name).startswith("投诉金额"))
    people = header.index("投诉人数")
    assert int(total[people]) == sum(int(row["投诉人数"]) for row in rows)
    paid = sum(float(row["投诉金额(万元)"] or 0) for row in rows)
    assert float(total[amount]) == pytest.approx(paid, abs=0.005)


def test_the_workbook_ledger_mixes_date_cells_and_two_kinds_of_text(demo):
    kinds = Counter(
        "cell"
        if isinstance(row["收到日期"], datetime)
        else re.sub(r"\d+", "9", str(row["收到日期"]))
        for row in ledger(demo, LEDGERS[1])
    )
    assert kinds.keys() >= {"cell", "9年9月9日", "9-9-9 9:9"}
    assert min(kinds[kind] for kind in ("cell", "9年9月9日", "9-9-9 9:9")) > 300


def test_the_newest_ledger_is_utf8_with_a_mark_and_iso_dates(demo):
    path = path_of(demo, LEDGERS[2])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    for row in ledger(demo, LEDGERS[2]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", str(row["收到日期"]))


def test_exams_hold_words_for_scores_text_numbers_and_section_marks(demo):
    files = sorted(demo.glob("演示数据_考试成绩_*.xlsx"))
    assert len(files) == EXAM_COUNT
    for name in ALL_STAFF_EXAMS:
        rows = exam(demo, name)
        assert 390 <= len(rows) <= 440
        assert all(re.fullmatch(r"00\d{5}", str(row["工号"])) for row in rows)
        assert {"缺考", "免考"} < {row["成绩"] for row in rows}
        assert any(str(row["成绩"]).endswith("分") for row in rows)
        assert all(row["缺考原因"] for row in rows if row["成绩"] == "缺考")
    managers = exam(demo, "2025年管理人员消保专题考试")
    assert {row["满分"] for row in managers} == {120}
    assert {row["是否新员工"] for row in exam(demo, "2025年新员工消保专项考试")} == {"是"}


def test_reviews_have_one_row_per_opinion_under_merged_review_columns(demo):
    path = path_of(demo, "消保审查台账.xlsx")
    rows = records(path, 2)
    reviews = [row for row in rows if row["项目编号"]]
    assert 200 <= len(reviews) <= 240
    assert re.fullmatch(r"SC-\d{4}-\d{4}", str(reviews[0]["项目编号"]))
    tops = {area.min_row for area in sheet(path).merged_cells.ranges if area.min_row > 2}
    bottoms = {n for n, row in enumerate(rows, start=3) if not row["项目编号"]}
    covered = {
        n
        for area in sheet(path).merged_cells.ranges
        if area.min_row in tops and area.min_col == 1
        for n in range(area.min_row + 1, area.max_row + 1)
    }
    assert bottoms == covered
    assert {row["是否采纳"] for row in rows} == {"采纳", "部分采纳", "未采纳", None}
    without = [row for row in reviews if row["意见序号"] is None]
    assert 20 < len(without) < len(reviews)
    early = [r for r in reviews if r["上线日期"] and r["上线日期"] < r["出具意见日期"]]
    assert len(early) == 4


def test_review_values_are_those_of_the_code_lists(demo):
    for row in records(path_of(demo, "消保审查台账.xlsx"), 2):
        for dimension, column in (
            ("review_type", "审查类型"),
            ("review_stage", "状态"),
            ("review_conclusion", "审查结论"),
            ("opinion_adoption", "是否采纳"),
        ):
            assert row[column] is None or match_key(str(row[column])) in lookup(dimension)


def test_outreach_peaks_around_its_campaigns_and_counts_as_people_write_them(demo):
    assert path_of(demo, "宣传活动台账_2026年.csv").read_bytes().startswith(b"\xff\xfe")
    rows = outreach(demo)
    assert 800 <= len(rows) <= 1_000
    months = Counter(f"{moment(row['开始日期']):%Y-%m}" for row in rows)
    usual = median(months.values())
    for peak in ("2024-03", "2024-09", "2025-03", "2025-09", "2026-03"):
        assert months[peak] > 1.7 * usual
    audience = " ".join(str(row["受众人次"]) for row in rows)
    assert re.search(r"约\d+人次", audience)
    assert re.search(r"\d+\+", audience)
    assert re.search(r"\d\.\d万", audience)
    assert any(re.fullmatch(r"\d+余份", str(row["发放资料份数"])) for row in rows)
    keys = Counter((r["机构"], r["活动名称"], str(r["开始日期"]), r["活动地点"]) for r in rows)
    assert max(keys.values()) == 1
    for row in rows:
        assert match_key(str(row["集中宣传活动"])) in lookup("campaign")
        assert match_key(str(row["活动形式"])) in lookup("activity_form")
        assert match_key(str(row["宣传主题"])) in lookup("topic")


def test_every_organisation_is_registered_and_sizes_agree_with_the_register(demo):
    register = records(path_of(demo, "机构表.xlsx"), 2)
    names = [row["机构名称"] for row in register]
    assert len(names) == len(set(names))
    assert {row["上级机构"] for row in register} - {None} <= set(names)
    used = {row["机构"] for row in outreach(demo)}
    used |= {row["机构"] for name in ALL_STAFF_EXAMS for row in exam(demo, name)}
    assert used <= set(parents(demo))
    timeline = Timeline(story.DEFAULT_END)
    outlets = [row for row in register if row["机构层级"] == "网点"]
    assert sum(row["撤并日期"] is not None for row in outlets) == 1
    for size in records(path_of(demo, "机构基数表.csv"), 2):
        index = timeline.index_of(date.fromisoformat(f"{size['统计月份']}-01"))
        end = datetime.combine(timeline.last_day(index), datetime.min.time())
        held = [
            row
            for row in outlets
            if row["上级机构"] == size["机构"]
            and row["开业日期"] <= end <= (row["撤并日期"] or end)
        ]
        assert int(size["营业网点数"]) == len(held)


def test_polars_reads_a_workbook_as_it_was_meant(demo):
    path = path_of(demo, "考试成绩_2025年下半年消保知识考试.xlsx")
    frame = pl.read_excel(path, read_options={"header_row": 1, "dtypes": "string"})
    assert frame.height == len(exam(demo, "2025年下半年"))
    assert frame["工号"].str.starts_with("00").all()
