"""The demo's trainings, inspections, recordings and the rest tell their part of the story."""

import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from ingest.demo import story
from tests.demo_files import (
    ALL_STAFF_EXAMS,
    exam,
    moment,
    parents,
    path_of,
    records,
    sheet,
    table,
    written_demo,
)
from tests.demo_work_files import (
    day,
    events,
    facilities,
    good_trainings,
    inspections,
    internal_issues,
    is_backwards,
    is_on_time,
    launches,
    policies,
    recordings,
    stated_work_numbers,
    trainings,
    units_on,
)
from warehouse.codes import lookup, match_key

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return written_demo(tmp_path_factory)


def known(dimension: str, values) -> bool:
    return all(match_key(str(value)) in lookup(dimension) for value in values if value is not None)


def test_the_numbers_in_the_document_are_those_of_the_files(demo):
    document = (REPOSITORY / "docs" / "demo.md").read_text(encoding="utf-8")
    assert [line for line in stated_work_numbers(demo) if line not in document] == []


def test_the_people_trained_are_those_who_sit_the_exams(demo):
    trained = {row["工号"]: row["姓名"] for row in trainings(demo)}
    for name in ALL_STAFF_EXAMS:
        sat = {row["工号"]: row["姓名"] for row in exam(demo, name)}
        both = trained.keys() & sat.keys()
        assert len(both) > 0.95 * len(sat)
        assert all(trained[number] == sat[number] for number in both)


def test_the_push_stands_out_and_comes_before_the_exam(demo):
    hours: Counter = Counter()
    for row in good_trainings(demo):
        hours[row["季"]] += float(row["学时"]) if row["来"] else 0
    assert hours["2025Q4"] > 2.5 * max(h for quarter, h in hours.items() if quarter != "2025Q4")
    push = [row for row in trainings(demo) if "强化培训" in str(row["培训名称"])]
    sat_on = min(moment(row["考试日期"]) for row in exam(demo, "2025年下半年"))
    assert max(row["日"] for row in push) < sat_on.date()
    came = Counter((row["岗位"] == story.WEAK_POST, row["来"]) for row in push)
    assert came[True, True] < 0.5 * (came[True, True] + came[True, False])
    assert came[False, True] > 0.8 * (came[False, True] + came[False, False])


def test_two_sub_branches_are_hardly_reached(demo):
    everybody, reached = Counter(), Counter()
    for row in good_trainings(demo):
        if "全员" in str(row["培训名称"]):
            everybody[row["机构"]] += 1
            reached[row["机构"]] += bool(row["来"])
    share = {name: reached[name] / count for name, count in everybody.items()}
    assert set(sorted(share, key=share.__getitem__)[:2]) == set(story.LOW_TRAINING_SUB_BRANCHES)
    assert max(share[name] for name in story.LOW_TRAINING_SUB_BRANCHES) < 0.7
    others = [s for name, s in share.items() if name not in story.LOW_TRAINING_SUB_BRANCHES]
    assert min(others) > 0.85


def test_managers_and_new_staff_have_their_own_courses(demo):
    for row in trainings(demo):
        if "管理人员" in str(row["培训名称"]):
            assert row["人员层级"] == "中层以上管理人员"
        if "新员工" in str(row["培训名称"]):
            assert row["是否新员工"] == "是"
    assert known("training_topic", {row["培训主题"] for row in trainings(demo)})
    assert known("training_form", {row["培训形式"] for row in trainings(demo)})
    assert known("staff_level", {row["人员层级"] for row in trainings(demo)})


def test_exactly_the_planted_rows_are_wrong(demo):
    future = [row for row in trainings(demo) if row["日"] > story.DEFAULT_END]
    assert [row["日"].year for row in future] == [2062]
    assert sum(map(is_backwards, inspections(demo))) == 1
    assert sum(row["是否双录"] is None for row in recordings(demo)) == 3
    for row in recordings(demo):
        assert row["质检结果"] == "未抽检" or (row["是否双录"] == "是" and row["是否抽检"] == "是")


def test_nearly_every_outlet_is_inspected_every_year(demo):
    register = records(path_of(demo, "机构表.xlsx"), 2)
    for year in (2024, 2025):
        visited = {
            row["受检机构"]
            for row in inspections(demo)
            if day(row["检查日期"]).year == year and row["检查类型"] != "监管检查"
        }
        outlets = {
            row["机构名称"]
            for row in register
            if row["机构层级"] == "网点"
            and row["开业日期"] < datetime(year, 1, 1)
            and row["撤并日期"] is None
        }
        assert visited <= set(parents(demo))
        assert len(visited & outlets) > 0.9 * len(outlets)


def test_the_slow_sub_branch_rectifies_late_and_the_regulators_issues_are_all_fixed(demo):
    slow, others = internal_issues(demo, is_slow=True), internal_issues(demo, is_slow=False)
    assert sum(map(is_on_time, slow)) < 0.5 * len(slow)
    assert sum(map(is_on_time, others)) > 0.9 * len(others)
    regulators = [row for row in inspections(demo) if row["检查类型"] == "监管检查"]
    assert len(regulators) == 6
    assert all(is_on_time(row) for row in regulators)


def test_the_inspection_ledger_is_merged_and_some_visits_found_nothing(demo):
    path = path_of(demo, "检查整改台账.xlsx")
    tops = {a.min_row for a in sheet(path).merged_cells.ranges if a.min_row > 3 and a.min_col == 1}
    assert len(tops) > 40
    empty = [row for row in inspections(demo) if row["问题序号"] is None]
    assert len(empty) > 30
    assert all(row["整改期限"] is None and row["问题描述"] is None for row in empty)
    assert known("inspection_kind", {row["检查类型"] for row in inspections(demo)})
    assert known("rectification_status", {row["整改状态"] for row in inspections(demo)})
    assert all(row["责任人"] for row in inspections(demo))
    assert any(re.search(r"16100\d{6}", str(row["问题描述"])) for row in inspections(demo))


def test_one_sub_branch_records_its_sales_badly(demo):
    inspected, good = Counter(), Counter()
    for row in recordings(demo):
        if row["质检结果"] != "未抽检":
            name = parents(demo)[str(row["销售机构"])]
            inspected[name] += 1
            good[name] += row["质检结果"] == "合格"
    share = {name: good[name] / count for name, count in inspected.items()}
    worst, second = sorted(share, key=share.__getitem__)[:2]
    assert worst == story.POOR_RECORDING_SUB_BRANCH
    assert share[worst] < 0.85 < 0.9 <= share[second]
    assert 3_000 <= len(recordings(demo)) <= 4_000
    required = [row for row in recordings(demo) if row["是否应双录"] == "是"]
    assert 0.97 < sum(row["是否双录"] == "是" for row in required) / len(required) < 1


def test_customers_of_the_sales_can_belong_to_nobody(demo):
    for row in recordings(demo):
        assert re.fullmatch(r"990101\d{11}[\dX]", str(row["证件号码"]))
        assert re.fullmatch(r"16100\d{6}", str(row["联系电话"]))


def test_every_sub_branch_is_checked_every_quarter_on_every_item(demo):
    rows = policies(demo)
    quarters = Counter(str(row["检查日期"])[:7] for row in rows)
    assert set(quarters.values()) == {20 * 15}
    assert len(quarters) == 10
    results = Counter(row["执行情况"] for row in rows)
    assert set(results) == {"已执行", "未执行", "不适用"}
    assert results["已执行"] > 0.93 * len(rows)


def test_facilities_grow_and_go_with_their_outlet(demo):
    assert known("facility_kind", {row["设施类别"] for row in facilities(demo)})
    for kind in ("爱心窗口", "适老化网点", "无障碍智能柜员机"):
        before, now = (
            units_on(demo, kind, datetime(*on)) for on in ((2023, 12, 31), (2026, 6, 16))
        )
        assert now > 1.3 * before > 0
    assert 50 <= units_on(demo, "爱心窗口", datetime(2026, 6, 16)) <= 70
    register = records(path_of(demo, "机构表.xlsx"), 2)
    lives = {row["机构名称"]: (row["开业日期"], row["撤并日期"]) for row in register}
    for row in facilities(demo):
        opened, closed = lives[row["网点名称"]]
        assert row["启用日期"] >= opened
        assert row["停用日期"] == closed
        assert parents(demo)[str(row["网点名称"])] == row["所属支行"]


def test_nearly_every_launch_names_a_review_that_exists(demo):
    reviews = records(path_of(demo, "消保审查台账.xlsx"), 2)
    by_id = {row["项目编号"]: row for row in reviews if row["项目编号"]}
    named = [row for row in launches(demo) if row["审查编号"]]
    for row in named:
        review = by_id[row["审查编号"]]
        same = ("审查类型", "业务类别", "上线日期")
        assert [row[name] for name in same] == [review[name] for name in same]
    assert len({row["审查编号"] for row in named}) == len(named)
    rest = Counter(row["是否经消保审查"] for row in launches(demo) if not row["审查编号"])
    assert rest == {"否": 3, "是": 1}
    assert known("category", {row["业务类别"] for row in launches(demo)})
    assert known("category", {row["业务类别"] for row in reviews})
    without = [row for row in by_id.values() if row["业务类别"] is None]
    assert 0 < len(without) < 0.3 * len(by_id)


def test_a_system_change_stands_just_before_the_wave(demo):
    assert 6 <= len(events(demo)) <= 10
    changes = [
        date.fromisoformat(str(r["日期"])) for r in events(demo) if r["事件类型"] == "系统升级"
    ]
    assert any(f"{change:%Y-%m}" == "2025-09" for change in changes)
    assert known("calendar_event_kind", {row["事件类型"] for row in events(demo)})
    assert {row["涉及机构"] for row in events(demo)} - {None} <= set(parents(demo))


def test_the_bases_hang_together(demo):
    deposits: dict[str, list[float]] = {}
    for row in records(path_of(demo, "机构基数表.csv"), 2):
        staff, managers, new = (
            int(row[name]) for name in ("员工数", "中层以上管理人员数", "新员工数")
        )
        assert 1 <= managers < staff
        assert 0 <= new < staff
        deposits.setdefault(str(row["机构"]), []).append(float(row["各项存款余额（亿元）"]))
        per_customer = (
            float(row["各项存款余额（亿元）"]) * 1e8 / int(row["个人客户数"].replace(",", ""))
        )
        assert 30_000 < per_customer < 100_000
    assert all(held[-1] > held[0] for held in deposits.values())


def test_the_sub_branches_that_delivered_nothing_in_june_did_so_everywhere(demo):
    june = [row["机构"] for row in trainings(demo) if str(row["日"])[:7] == "2026-06"]
    june += [
        parents(demo)[str(row["销售机构"])]
        for row in recordings(demo)
        if str(row["销售日期"])[:7] == "2026-06"
    ]
    june += [row["受检机构"] for row in policies(demo) if str(row["检查日期"])[:7] == "2026/06"]
    assert june
    assert not set(june) & set(story.UNDELIVERED)


def test_the_text_files_differ_in_encoding_and_state_their_period(demo):
    with pytest.raises(UnicodeDecodeError):
        path_of(demo, "制度执行检查表.csv").read_bytes().decode("utf-8")
    assert path_of(demo, "双录质检台账.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    for name in ("双录质检台账.csv", "制度执行检查表.csv", "特殊群体服务设施台账.xlsx"):
        assert table(path_of(demo, name))[1][0] == "统计期间:2024-01-01至2026-06-16"
