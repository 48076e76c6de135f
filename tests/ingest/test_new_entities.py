"""Trainings, recordings, policies, facilities, launches, events and bases: as they arrive."""

from datetime import date

from tests.ingest.conftest import Desk


def reasons(result: dict) -> list[tuple[int, str]]:
    """What is said of single rows, not of the file."""
    problems = (problem for problem in result["problems"] if problem["row"] is not None)
    return sorted((problem["row"], problem["rule"]) for problem in problems)


def everything(desk: Desk, *tables: str) -> str:
    return "".join(str(desk.ask(f"from lake.{table}")) for table in (*tables, "meta.row_issue"))


def test_a_trained_person_is_the_one_who_sat_the_exam_and_has_no_name(desk: Desk) -> None:
    desk.load("考试.csv", "工号,姓名,考试名称,考试日期,成绩\n0010007,王小明,甲,2026-05-20,80\n")
    desk.load(
        "培训.csv",
        "培训名称,培训主题,培训形式,培训日期,机构,工号,姓名,岗位,人员层级,是否新员工,学时,是否签到\n"
        "一季度课程,投诉处理,线上,2026-02-24,城东支行,0010007,王小明,柜员,管理层,否,1.5,是\n"
        ",,,,,0010020,李小红,柜员,基层员工,是,1.5,请假\n",
    )
    assert desk.ask(
        "select count(distinct person_key) from (select person_key from lake.core.exam_result "
        "union all select person_key from lake.core.training_attendance)"
    ) == [(2,)]
    assert desk.ask(
        "select training_name, training_topic, training_form, held_date, staff_level, is_new_staff, "
        "hours::double, is_attended from lake.core.training_attendance order by source_row"
    ) == [
        (
            "一季度课程",
            "投诉处理",
            "线上课程",
            date(2026, 2, 24),
            "中层以上管理人员",
            False,
            1.5,
            True,
        ),
        ("一季度课程", "投诉处理", "线上课程", date(2026, 2, 24), "基层员工", True, 1.5, False),
    ]
    stored = everything(desk, "core.training_attendance")
    assert not any(word in stored for word in ("王小明", "李小红", "0010007", "0010020"))


def test_without_a_sign_in_column_everybody_listed_attended(desk: Desk) -> None:
    desk.load("培训.csv", "培训名称,培训日期,工号\n甲,2026-02-24,1\n甲,2026-02-24,2\n")
    assert desk.ask("select is_attended from lake.core.training_attendance") == [(True,)] * 2


def test_who_has_no_time_of_signing_in_is_not_silently_taken_to_have_been_there(desk: Desk) -> None:
    head, day = "培训名称,培训日期,工号,签到时间", "甲,2026-02-24"
    rows = f"{day},1,13:55\n{day},2,请假\n{day},3,未签到\n{day},4,\n{day},5,2026-02-24 13:58:01\n"
    problems = desk.load("培训.csv", f"{head}\n{rows}")["problems"]
    assert [(p["rule"], p["row"]) for p in problems] == [
        ("signed_absent", 3),
        ("signed_absent", 4),
        ("signed_blank", 5),
    ]
    desk.load("b.csv", f"{head},是否参加\n{day},2,请假,否\n")
    assert desk.ask(
        "select is_attended, count(*) from lake.core.training_attendance group by all order by 1"
    ) == [(False, 1), (True, 3)]


def test_a_time_or_a_stated_attendance_goes_before_the_words_beside_it(desk: Desk) -> None:
    head, day = "培训名称,培训日期,工号,签到时间", "甲,2026-02-24"
    words = ["09:02(未带卡)", "9：00（无故迟到）", "补签", "未到", "08:00起请假"]
    rows = "".join(f"{day},{i},{word}\n" for i, word in enumerate(words))
    problems = desk.load("a.csv", f"{head}\n{rows}")["problems"]
    assert [(p["rule"], p["row"]) for p in problems] == [("signed_absent", r) for r in (5, 6)]
    rows = "".join(f"{day},{i},{w},是\n" for i, w in enumerate(["", "缺卡", "不详", "请假"], 10))
    problems = desk.load("b.csv", f"{head},是否参加\n{rows}")["problems"]
    assert [(p["rule"], p["row"]) for p in problems] == [("signed_absent", 5)]


def test_who_signed_for_whom_is_not_told(desk: Desk) -> None:
    head, day = "培训名称,培训日期,工号,签到时间", "甲,2026-02-24"
    result = desk.load("a.csv", f"{head}\n{day},1,欧阳晓晓请假由诸葛小小代签\n{day},2,8:00\n")
    assert [p["rule"] for p in result["problems"]] == ["signed_absent"]
    stored = desk.ask("select value_masked, message from lake.meta.row_issue")
    assert "晓晓" not in str([result, stored])


def test_dirty_training_rows_go_back_and_a_blank_sign_in_is_not_attendance(desk: Desk) -> None:
    result = desk.load(
        "培训.csv",
        "培训名称,培训主题,培训日期,工号,学时,签到情况\n"
        "甲,投诉处理,2026-02-24,1,2,√\n"
        "甲,投诉处理,2026-02-24,2,2,\n"
        "甲,新主题,2026-02-24,3,90,已签到\n"
        "甲,投诉处理,2062-02-24,4,2,是\n"
        "甲,投诉处理,2026-02-24,5,-2,是\n"
        "甲,投诉处理,2026-02-24,6,2,也许\n"
        "甲,投诉处理,2026-02-24,,2,是\n",
    )
    assert reasons(result) == [
        (3, "attendance_stated"),
        (4, "code_unknown"),
        (4, "hours_plausible"),
        (5, "held_not_in_future"),
        (6, "hours_not_negative"),
        (7, "type_boolean"),
        (8, "required_person_key"),
    ]
    assert "培训日期“2062-02-24”晚于今天" in [p["message"] for p in result["problems"]]
    assert desk.ask(
        "select training_topic, is_attended from lake.core.training_attendance order by source_row"
    ) == [("投诉处理", True), ("投诉处理", None), ("新主题", True)]


def test_double_recordings_keep_the_sale_and_forget_the_people(desk: Desk) -> None:
    result = desk.load(
        "双录.csv",
        "双录编号,销售机构,销售日期,产品类型,客户姓名,证件号码,业务员,是否应双录,是否双录,是否抽检,质检结果\n"
        "S1,甲网点,2026-01-05 10:20:00,代理保险,王小明,990101199001011234,李小红,,已双录,是,合格\n"
        "S2,甲网点,2026-01-05,自营理财,王小明,990101199001011234,李小红,是,未双录,否,未抽检\n"
        "S3,甲网点,2026-01-05,国债,王小明,990101199001011234,李小红,否,,,\n"
        "S4,甲网点,2026-01-05,自营理财,王小明,990101199001011234,李小红,是,是,是,不合格\n"
        "S5,甲网点,2026-01-05,自营理财,王小明,990101199001011234,李小红,是,否,是,合格\n"
        "S6,甲网点,2062-01-05,自营理财,王小明,990101199001011234,李小红,是,是,,\n"
        "S7,甲网点,2026-01-05,自营理财,王小明,990101199001011234,李小红,是,是,是,\n"
        "S8,甲网点,2026-01-05,自营理财,王小明,990101199001011234,李小红,是,是,否,合格\n"
        "S9,甲网点,2026-01-05,自营理财,王小明,990101199001011234,李小红,是,好,,\n",
    )
    assert reasons(result) == [
        (4, "recording_stated"),
        (6, "qualified_was_recorded"),
        (7, "sold_not_in_future"),
        (8, "sample_has_result"),
        (9, "result_was_sampled"),
        (10, "type_boolean"),
    ]
    assert desk.ask(
        "select recording_id, sold_date, is_required, is_recorded, is_sampled, is_qualified "
        "from lake.core.double_recording order by 1"
    ) == [
        ("S1", date(2026, 1, 5), True, True, True, True),
        ("S2", date(2026, 1, 5), True, False, False, None),
        ("S3", date(2026, 1, 5), False, None, None, None),
        ("S4", date(2026, 1, 5), True, True, True, False),
        ("S7", date(2026, 1, 5), True, True, True, None),
        ("S8", date(2026, 1, 5), True, True, False, True),
    ]
    stored = everything(desk, "core.double_recording")
    assert not any(word in stored for word in ("王小明", "李小红", "990101"))


def test_policy_items_are_known_by_what_they_are_about(desk: Desk) -> None:
    result = desk.load(
        "制度.csv",
        "受检机构,制度名称,检查事项,检查日期,执行情况\n"
        "城东支行,投诉办法,公示渠道,2026-02-11,已执行\n"
        ",,按期告知,,部分执行\n"
        ",,重大投诉报告,,不适用\n"
        "城西支行,投诉办法,公示渠道,2026-02-11,已执行\n"
        "城西支行,投诉办法,公示渠道,2026-02-11,已执行\n"
        "城西支行,投诉办法,按期告知,2026-02-11,已执行\n"
        "城西支行,投诉办法,按期告知,2026-02-11,未执行\n"
        "城西支行,投诉办法,登记完整,2062-02-11,已执行\n",
    )
    assert result["rows"]["ignored"] == 1
    assert reasons(result) == [
        (7, "duplicate_key"),
        (8, "duplicate_key"),
        (9, "checked_not_in_future"),
    ]
    assert desk.ask(
        "select org_name, policy_name, check_item, checked_date, is_executed "
        "from lake.core.policy_check order by source_row"
    ) == [
        ("城东支行", "投诉办法", "公示渠道", date(2026, 2, 11), True),
        ("城东支行", "投诉办法", "按期告知", date(2026, 2, 11), False),
        ("城东支行", "投诉办法", "重大投诉报告", date(2026, 2, 11), None),
        ("城西支行", "投诉办法", "公示渠道", date(2026, 2, 11), True),
    ]


def test_a_list_of_facilities_speaks_for_the_day_it_states(desk: Desk) -> None:
    result = desk.load(
        "设施.csv",
        "特殊群体服务设施台账（截至2026年6月30日）,,,,\n"
        "网点名称,设施类别,数量,启用日期,停用日期\n"
        "甲网点,爱心专窗,,2019-03-01,\n"
        "甲网点,无障碍智能柜员机,3,2022-03-01,\n"
        "乙网点,无障碍通道,1,2020-03-01,2026-01-31\n"
        "乙网点,无障碍通道,1,2026-02-01,\n"
        "丙网点,爱心窗口,1,2021-03-01,\n"
        "丙网点,爱心窗口,1,2023-03-01,\n"
        "丁网点,爱心窗口,1,2023-03-01,2022-03-01\n"
        "丁网点,爱心窗口,1,2062-03-01,\n"
        "丁网点,适老化网点,-1,2023-03-01,\n"
        "丁网点,自助填单机,1,2023-03-01,\n",
    )
    assert reasons(result) == [
        (7, "in_use_once"),
        (8, "in_use_once"),
        (9, "ended_after_started"),
        (10, "started_not_in_future"),
        (11, "units_not_negative"),
        (12, "code_unknown"),
    ]
    assert desk.ask(
        "select org_name, facility_kind, unit_count from lake.core.service_facility "
        "where source_row < 7 order by source_row"
    ) == [
        ("甲网点", "爱心窗口", 1),
        ("甲网点", "无障碍智能柜员机", 3),
        ("乙网点", "无障碍设施", 1),
        ("乙网点", "无障碍设施", 1),
    ]
    assert desk.ask("select coverage_from, coverage_to from lake.meta.batch") == [
        (date(2026, 6, 30), date(2026, 6, 30))
    ]


def test_a_list_of_facilities_may_state_from_when_it_is_whole(desk: Desk) -> None:
    text = "统计期间:2025年1月1日至2026年6月30日,,\n网点名称,设施类别,启用日期\n甲网点,爱心窗口,2019-03-01\n"
    desk.load("设施.csv", text)
    assert desk.ask("select coverage_from, coverage_to from lake.meta.batch") == [
        (date(2025, 1, 1), date(2026, 6, 30))
    ]


def test_launches_without_a_review_number_say_so(desk: Desk) -> None:
    result = desk.load(
        "上线.csv",
        "上线编号,事项名称,主办部门,审查类型,业务类别,上线日期,审查编号,是否经消保审查\n"
        "S1,快贷,个金部,新产品,贷款,2026-01-05,SC-2026-0001,是\n"
        "S2,立减,个金部,营销活动,信用卡,2026-01-06,无,否\n"
        "S3,折页,个金部,宣传材料,不涉及,2026-01-07,,已审查\n"
        "S4,积分,个金部,营销活动,信用卡,2026-01-08,SC-2026-0004,否\n"
        "S5,积分,个金部,营销活动,信用卡,2062-01-08,SC-2026-0005,是\n",
    )
    assert reasons(result) == [(5, "review_agrees"), (6, "launched_not_in_future")]
    assert desk.ask(
        "select launch_id, review_type, category, review_id, is_reviewed_stated "
        "from lake.core.product_launch order by 1"
    ) == [
        ("S1", "新产品立项", "贷款", "SC-2026-0001", True),
        ("S2", "营销活动立项", "信用卡", None, False),
        ("S3", "信息披露/宣传材料", None, None, True),
        ("S4", "营销活动立项", "信用卡", "SC-2026-0004", False),
    ]


def test_an_event_of_the_whole_branch_names_no_organisation(desk: Desk) -> None:
    desk.load(
        "大事记.csv",
        "日期,事件名称,事件类型,涉及机构,说明\n"
        "2025-09-06,账务系统升级,系统变更,全行,咨询13812345678\n"
        "2025-09-07,网点搬迁,其它,城东支行,\n",
    )
    assert desk.ask(
        "select event_date, event_name, event_kind, org_name, note from lake.core.calendar_event "
        "order by 1"
    ) == [
        (date(2025, 9, 6), "账务系统升级", "系统升级", None, "咨询138****5678"),
        (date(2025, 9, 7), "网点搬迁", "其他", "城东支行", None),
    ]


def test_reviews_carry_the_business_category_where_there_is_one(desk: Desk) -> None:
    desk.load(
        "审查.csv",
        "项目编号,产品名称,业务类别,审查结论\nA,快贷,贷款,同意\nB,办法,不涉及,同意\nC,新事,数字人民币,同意\n",
    )
    assert desk.ask("select review_id, category from lake.core.review order by 1") == [
        ("A", "贷款"),
        ("B", None),
        ("C", "数字人民币"),
    ]


def test_bases_are_read_in_their_unit_and_cannot_exceed_the_staff(desk: Desk) -> None:
    result = desk.load(
        "基数.csv",
        "机构,统计月份,员工数,中层以上管理人员数,新员工数,各项存款余额（亿元）\n"
        '城东支行,2026-01,29,2,1,"1,052.23"\n'
        "城西支行,2026-01,27,28,0,40\n"
        "城南支行,2026-01,27,2,30,40\n"
        "城北支行,2026-01,27,2,1,-4\n",
    )
    assert reasons(result) == [
        (3, "managers_within_staff"),
        (4, "new_staff_within_staff"),
        (5, "deposits_not_negative"),
    ]
    assert desk.ask(
        "select manager_count, new_staff_count, deposit_balance_yuan::double "
        "from lake.core.organisation_denominator"
    ) == [(2, 1, 105_223_000_000.0)]
