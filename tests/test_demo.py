"""The demo data tell their story: every fact of it is really in the files."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from ingest.demo import story
from tests.demo_files import (
    ALL_STAFF_EXAMS,
    LEDGERS,
    WAVE_MONTHS,
    complaints,
    days_taken,
    exam,
    exam_facts,
    fee_cases,
    halves,
    intake,
    is_real_date,
    late_share,
    ledger,
    moment,
    path_of,
    records,
    section_share,
    share_of_marks,
    stated_numbers,
    written_demo,
)
from warehouse.codes import lookup, match_key

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return written_demo(tmp_path_factory)


def test_volume_and_mix_look_like_a_branch(demo):
    rows = complaints(demo)
    assert 9_000 <= len(rows) <= 12_000
    categories = Counter(row["类"] for row in rows).most_common(3)
    assert [name for name, _ in categories] == ["信用卡", "借记卡", "贷款"]
    causes = Counter(row["因"] for row in rows).most_common(3)
    assert causes[0][0] == "管理制度、业务规则与流程"
    assert {"定价收费", "服务态度及服务质量"} == {name for name, _ in causes[1:]}
    assert 0.07 <= sum(intake(row) == "监管转办" for row in rows) / len(rows) <= 0.10
    months = Counter(row["月"] for row in rows)
    assert len(months) == story.MONTH_COUNT
    for festival, after in (("2024-02", "2024-03"), ("2026-02", "2026-03")):
        assert months[festival] < 0.8 * months[after]


def test_credit_card_fees_come_as_a_wave_in_three_sub_branches(demo):
    months = Counter(row["月"] for row in fee_cases(demo))
    inside = [months[month] for month in WAVE_MONTHS]
    outside = [count for month, count in months.items() if month not in WAVE_MONTHS]
    assert min(inside) > 1.8 * max(outside)
    wave = [row for row in fee_cases(demo) if row["月"] in WAVE_MONTHS]
    where = Counter(row["支行"] for row in wave)
    assert {name for name, _ in where.most_common(3)} == set(story.WAVE_SUB_BRANCHES)
    assert sum(where[name] for name in story.WAVE_SUB_BRANCHES) > 0.55 * len(wave)
    how = Counter("客服热线" if row["投诉受理渠道"] == "客服热线" else intake(row) for row in wave)
    assert how["客服热线"] + how["监管转办"] > 0.85 * len(wave)
    assert how["监管转办"] > 0.25 * len(wave)


def test_one_sub_branch_takes_twice_as_long_and_gets_later_and_later(demo):
    slow, others = (
        [days_taken(row) for rows in halves(demo, is_slow=flag).values() for row in rows]
        for flag in (True, False)
    )
    assert median(others) == 5
    assert median(slow) >= 2 * median(others)
    assert 11 <= sorted(others)[int(0.9 * len(others))] <= 14
    timely = {half: 100 - late_share(rows) for half, rows in halves(demo, is_slow=True).items()}
    assert timely["2024H1"] > 90 > timely["2025H2"] > timely["2026H1"]
    assert timely["2026H1"] < 75
    for rows in halves(demo, is_slow=False).values():
        assert late_share(rows) < 3


def test_training_lifts_scores_and_law_most_but_not_one_post(demo):
    before, after = ALL_STAFF_EXAMS[:3], ALL_STAFF_EXAMS[3:]
    for early in before:
        for late in after:
            assert exam_facts(demo, late)[0] > exam_facts(demo, early)[0] + 6
            assert exam_facts(demo, late)[1] > exam_facts(demo, early)[1] + 6
    sections = ("法律法规(40分)", "实务操作(35分)", "投诉处理(25分)")
    first = {name: section_share(demo, before[0], name) for name in sections}
    gains = {name: section_share(demo, after[-1], name) - first[name] for name in sections}
    assert min(first, key=first.__getitem__) == "法律法规(40分)"
    assert max(gains, key=gains.__getitem__) == "法律法规(40分)"
    for name in ALL_STAFF_EXAMS:
        assert exam_facts(demo, name, story.WEAK_POST)[1] < 75


def test_the_last_month_is_half_delivered(demo):
    last = max(moment(row["收到日期"]) for row in complaints(demo))
    assert last.date() <= story.DEFAULT_END
    delivered = {row["支行"] for row in complaints(demo) if row["月"] == "2026-06"}
    everybody = {sub.name for sub in story.SUB_BRANCHES}
    assert everybody - delivered == set(story.UNDELIVERED)
    sizes = records(path_of(demo, "机构基数表.csv"), 2)
    assert len(sizes) == 20 * 30 - 3
    assert {r["机构"] for r in sizes if r["统计月份"] == "2026-06"} == delivered
    events = records(path_of(demo, "宣传活动台账_2026年.csv"), 2)
    late_events = {r["机构"] for r in events if str(r["开始日期"]) >= "2026-06-01"}
    assert late_events
    assert not late_events & set(story.UNDELIVERED)


def test_dirty_rows_are_exactly_those_of_the_story(demo):
    rows = [row for name in LEDGERS for row in ledger(demo, name)]
    assert [r["收到日期"] for r in rows if not is_real_date(r["收到日期"])] == ["2025-02-30"]
    assert sum(row["工单号"] is None for row in rows) == 1
    backwards = [r for r in rows if is_real_date(r["收到日期"]) and (days_taken(r) or 0) < 0]
    assert len(backwards) == 1
    repeated = Counter(tuple(row.items()) for row in rows)
    assert [count for count in repeated.values() if count > 1] == [2]
    exams = [r for path in demo.glob("*考试成绩*") for r in records(path, 2)]
    assert [r["成绩"] for r in exams if (share_of_marks(r) or 0) > 1] == [105]


def test_only_the_values_of_the_story_are_unknown_to_the_code_lists(demo):
    def unknown(dimension: str, column: str) -> Counter:
        values = (row[column] for name in LEDGERS for row in ledger(demo, name))
        return Counter(v for v in values if v and match_key(v) not in lookup(dimension))

    assert unknown("category", "投诉业务类别") == Counter(story.UNKNOWN_CATEGORIES)
    assert unknown("intake_channel", "投诉受理渠道") == {story.UNKNOWN_INTAKE_CHANNEL: 1}
    for dimension, column in (
        ("cause", "投诉原因"),
        ("service_channel", "投诉业务办理渠道"),
        ("status", "工单状态"),
        ("outcome", "投诉处理结果"),
        ("responsibility", "是否有责"),
        ("satisfaction", "总体满意度"),
        ("special_group", "特殊群体"),
        ("complaint_level", "投诉等级"),
        ("customer_type", "客户类型"),
    ):
        assert unknown(dimension, column) == Counter()


def test_personal_data_are_valid_in_form_but_can_belong_to_nobody(demo):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    texts = Counter()
    for row in complaints(demo):
        number = str(row["身份证号码"])
        total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
        assert number.startswith("990101")
        assert number[17] == "10X98765432"[total % 11]
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        contact = str(row["投诉电话/邮箱"])
        assert re.fullmatch(r"16100\d{6}|user\d{4}@example\.com", contact)
        content = str(row["投诉内容"])
        for found in re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", content):
            assert found.startswith("16100")
            texts["phone"] += 1
        for found in re.findall(r"(?<!\d)\d{19}(?!\d)", content):
            digits = [int(d) * (1 + n % 2) for n, d in enumerate(reversed(found))]
            assert found.startswith("99")
            assert sum(d // 10 + d % 10 for d in digits) % 10 == 0
            texts["card"] += 1
        texts["identity"] += bool(re.search(r"身份证号990101\d{11}[\dX]", content))
    assert texts["phone"] > 100
    assert texts["card"] > 20
    assert texts["identity"] > 20


def test_the_newest_ledger_decides_the_cases_that_last_year_left_open(demo):
    last_year = {row["工单号"]: row for row in ledger(demo, LEDGERS[1])}
    again = [row for row in ledger(demo, LEDGERS[2]) if row["工单号"] in last_year]
    assert 30 <= len(again) <= 60
    unfinished = {"待受理", "处理中", "待回访", "超期未办结"}
    assert {last_year[row["工单号"]]["工单状态"] for row in again} <= unfinished
    left_open = [key for key, row in last_year.items() if row["工单状态"] in unfinished]
    assert sorted(left_open) == sorted(row["工单号"] for row in again)
    assert {row["工单状态"] for row in again} <= {"已办结", "已撤诉", "不予受理"}


def test_forwarded_cases_and_only_those_carry_the_forwarding_date(demo):
    for row in complaints(demo):
        is_forwarded = intake(row) == "监管转办"
        assert (row["收到转办日期"] is not None) == is_forwarded
        assert (row["监管转办"] in {"是", "1"}) == is_forwarded


def test_staff_on_the_roll_are_those_who_have_to_sit_the_exam(demo):
    rows = records(path_of(demo, "机构基数表.csv"), 2)
    rolls = Counter(
        {row["机构"]: int(row["员工数"]) for row in rows if row["统计月份"] == "2026-05"}
    )
    candidates = Counter(row["机构"] for row in exam(demo, "2026年上半年"))
    assert abs(rolls.total() - candidates.total()) <= 5
    assert all(abs(rolls[name] - candidates[name]) <= 2 for name in rolls)


def test_the_numbers_in_the_document_are_those_of_the_files(demo):
    document = (REPOSITORY / "docs" / "demo.md").read_text(encoding="utf-8")
    assert [line for line in stated_numbers(demo) if line not in document] == []
