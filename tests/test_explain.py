"""An explanation says the formula with its numbers, the files, and what speaks against them."""

import json

import polars as pl
import pytest

from tests.conftest import installed_at
from tests.tables import fill_lake
from warehouse import detail
from warehouse.__main__ import main
from warehouse.detail import Between
from warehouse.errors import QueryError
from warehouse.explain import explain
from warehouse.formula import formula_zh
from warehouse.labels import column_labels, shortened
from warehouse.lake import open_reader, open_writer, reading
from warehouse.periods import parse_period
from warehouse.registry import indicator
from warehouse.scope import Scope

EVERYTHING = Scope.everything()
QUARTER = ("2026-01-01", "2026-03-31")
REGISTER = """
    org_name | org_level | parent_org_name | display_order
    甲支行    | 支行       |                 | 1
    乙支行    | 支行       |                 | 2
"""
BASE = """
    org_name | period_start | period_end | outlet_count | personal_customer_count
    甲支行    | 2026-03-01   | 2026-03-31 | 4            | 20000
    乙支行    | 2026-01-01   | 2026-01-31 | 6            | 30000
"""
COMPLAINTS = """
    complaint_id | received_at | decided_at | status | is_repeat | org_name | category
    a            | 2026-01-05  | 2026-01-06 | 已办结  | false     | 甲支行    | 贷款
    b            | 2026-02-05  | 2026-02-09 | 已办结  | true      | 甲支行    | 数字货币
    c            | 2026-02-06  | 2026-02-16 | 已办结  |           | 乙支行    |
    d            | 2026-03-07  |            | 处理中  | false     | 乙支行    | 信用卡
"""
TRAINED = """
    training_name | held_date  | org_name | person_key | is_attended | hours
    新规           | 2026-01-10 | 甲支行    | p1         | true        | 2
    新规           | 2026-01-10 | 甲支行    | p2         | true        | 2
    老年           | 2026-02-10 | 甲支行    | p1         | true        | 1.5
    老年           | 2026-02-10 | 乙支行    | p3         | false       | 1.5
"""


@pytest.fixture
def home(tmp_path):
    home = fill_lake(
        tmp_path,
        QUARTER,
        organisation=REGISTER,
        organisation_denominator=BASE,
        complaint=COMPLAINTS,
        training_attendance=TRAINED,
    )
    with open_writer(home) as con:
        con.execute(
            """
            insert into lake.meta.row_issue by name
            select * from (values
                ('complaint', null, 3, 'warned', 'code_unknown', '业务类别', '数字货币', '不在代码表中'),
                ('complaint', null, 4, 'warned', 'late', '办结日期', null, '办结较晚'),
                ('complaint', null, 9, 'quarantined', 'required', '编号', null, '编号为空')
            ) as issue(batch_id, source_sheet, source_row, disposition, rule_id, column_name,
                value_masked, message)
            """
        )
        con.execute("update lake.meta.batch set rows_quarantined = 1 where entity = 'complaint'")
    return home


@pytest.fixture
def ask(home):
    with reading(open_reader(home)) as cursor:

        def about(what, period="2026Q1", *, scope=EVERYTHING, **where):
            return explain(cursor, what, parse_period(period), where=where, scope=scope)

        about.cursor = cursor
        yield about


@pytest.mark.parametrize(
    ("what", "formula"),
    [
        ("complaint_count", "投诉量 = 收到的投诉件数 = 4 件"),
        (
            "complaint_closed_rate",
            "办结率 = 已办结（含撤诉） 3 件 ÷ 已受理 4 件 = 少于 5，不显示数值",
        ),
        (
            "handling_days_mean",
            "平均处理时长 = 处理天数合计 15 天 ÷ 办结件数 3 件 = 少于 5，不显示数值",
        ),
        (
            "handling_days_median",
            "处理时长中位数 = 办结件数 3 件按数值从小到大排列，中位数在第 2 位 = 少于 5，不显示数值",
        ),
        ("open_complaint_count", "未办结投诉 = 期末尚未办结（2026-03-31） = 1 件"),
        ("merged_complaint_count", "投诉量（合并重复后） = 非重复投诉（标明是否重复 3 件） = 3 件"),
        (
            "complaints_per_thousand_outlets",
            "每千营业网点投诉量 = 收到的投诉件数 4 件 ÷ 营业网点 10 家 × 1,000 = 400.0 件/千营业网点",
        ),
        ("training_session_count", "培训场次 = 有人参加的培训（相同的只计一次） = 2 场"),
        (
            "training_hours",
            "累计学时 = 学时合计（参训人次 3 人次） = 5.5 学时",
        ),
        ("review_count", "消保审查项数：没有数据"),
    ],
)
def test_the_formula_has_its_numbers_put_in(ask, what, formula):
    assert ask(what).formula_zh == formula


@pytest.mark.parametrize(
    ("what", "figures", "formula"),
    [
        (
            "complaint_timely_rate",
            (97.1774, 1205.0, 1240.0),
            "处理及时率 = 时限内作出处理决定 1,205 件 ÷ 时限在期间内到期 1,240 件 = 97.2%",
        ),
        (
            "handling_days_p90",
            (13.1, None, 1092.0),
            "处理时长90分位数 = 办结件数 1,092 件按数值从小到大排列，"
            "90 分位在第 982 与第 983 位之间（按线性插值） = 13.1 天",
        ),
        (
            "training_coverage",
            (82.0, 820.0, 1000.0),
            "全员培训覆盖率 = 参加过培训的员工 820 人（去重）÷ 在岗员工 1,000 人 = 82.0%",
        ),
        (
            "complaints_per_ten_million_customers",
            (None, 9.0, None),
            "每千万个人客户投诉量 = 收到的投诉件数 9 件 ÷ 个人客户 无数据 × 10,000,000"
            " = 缺少期末的个人客户数，无法计算",
        ),
        (
            "repeat_rate",
            (None, 0.0, 0.0),
            "重复投诉率 = 重复投诉 0 件 ÷ 标明是否重复 0 件 = 分母“标明是否重复”为 0，无法计算",
        ),
        ("exam_mean_score", (79.25, 30433.0, 384.0), "考试平均分 = 成绩合计 30,433 分 ÷ 有成绩人次 384 人次 = 79.3 分"),
        ("review_rectified_rate", (90.0, 27.0, 30.0), "审查问题整改完成率 = 已整改问题 27 个 ÷ 发现问题 30 个 = 90.0%"),
    ],
)  # fmt: skip
def test_every_kind_of_formula_reads_as_a_sentence(what, figures, formula):
    value, numerator, denominator = figures
    assert formula_zh(indicator(what), value, numerator, denominator) == formula


def test_the_files_say_where_the_rows_stand(ask):
    found = ask("complaint_count")
    assert found.row_count == 4
    assert found.sources.select(
        "file_name", "first_row", "last_row", "row_count", "warned_count", "unmapped_count",
        "quarantined_count",
    ).rows() == [("complaint.csv", 2, 5, 4, 2, 1, 1)]  # fmt: skip
    assert found.base is None


def test_the_base_is_listed_with_its_rows(ask):
    base = ask("complaints_per_thousand_outlets").base
    assert base.total == 10
    assert base.rows.select("sub_branch", "held", "file_name", "source_row").rows() == [
        ("甲支行", 4.0, "organisation_denominator.csv", 2),
        ("乙支行", 6.0, "organisation_denominator.csv", 3),
    ]
    own = ask("complaints_per_thousand_outlets", sub_branch=["甲支行"])
    assert own.base.total == own.denominator == 4
    assert own.value == 500


def test_a_part_of_a_count_by_value_is_its_rows(ask):
    period = parse_period("2026Q1")
    found = explain(
        ask.cursor, "complaint_ended_count", period, scope=EVERYTHING, between=Between(4, 11)
    )
    assert (found.value, found.row_count) == (2, 2)
    assert found.formula_zh == "办结量 = 办结件数，其中处理天数 ≥ 4 且 < 11 = 2 件"
    assert found.filters_zh == ("处理天数 ≥ 4 且 < 11",)
    old = {"scope": EVERYTHING, "between": Between(20)}
    # Open since 7 March, 24 days on 31 March.
    assert explain(ask.cursor, "open_complaint_count", period, **old).value == 1
    assert detail.rows(ask.cursor, "open_complaint_count", period, **old).height == 1
    young = Between(0, 20)
    assert (
        explain(ask.cursor, "open_complaint_count", period, scope=EVERYTHING, between=young).value
        == 0
    )
    with pytest.raises(QueryError, match="不能按数值范围筛选"):
        explain(ask.cursor, "repeat_rate", period, **old)


def test_the_ages_of_open_cases_are_their_rows(ask):
    period = parse_period("2026Q1")
    bands = detail.open_ageing(ask.cursor, period.end, scope=EVERYTHING)
    held = dict(bands.iter_rows())
    edges = zip(detail.AGE_EDGES, (*detail.AGE_EDGES[1:], None), strict=True)
    for band, (low, high) in zip(detail.AGE_BANDS, edges, strict=True):
        listed = detail.rows(
            ask.cursor, "open_complaint_count", period, scope=EVERYTHING, between=Between(low, high)
        )
        assert listed.height == held.get(band, 0)


def test_many_remarks_are_told_as_a_few_and_the_rest(ask, home):
    with open_writer(home) as con:
        con.execute(
            """
            insert into lake.meta.row_issue by name
            select
                'complaint' as batch_id, null as source_sheet, 2 as source_row,
                'warned' as disposition, 'code_unknown' as rule_id, '业务类别' as column_name,
                '值' || n as value_masked, '不在代码表中' as message
            from range(9) as many(n)
            """
        )
    with reading(open_reader(home)) as cursor:
        found = explain(cursor, "complaint_count", parse_period("2026Q1"), scope=EVERYTHING)
    texts = [r.text_zh for r in found.soundness.reasons if r.short_zh == "未映射的值"]
    assert len(texts) == 6
    assert texts[-1] == "另有 5 项，共 5 行，见“数据质量”"


def test_rows_are_told_apart_by_what_counts_once(ask):
    found = ask("training_session_count")
    rows = detail.rows(
        ask.cursor, "training_session_count", parse_period("2026Q1"), scope=EVERYTHING
    )
    assert found.row_count == rows.height == 3
    assert rows["counted_once"].n_unique() == 2


def test_the_verdict_names_every_reason(ask):
    found = ask("complaint_count").soundness
    assert found.words_zh == "可用，但有退回的行、未映射的值、带提示的行"
    assert [reason.text_zh for reason in found.reasons] == [
        "“complaint.csv”有 1 行被退回，没有计入任何数字",
        "1 行的业务类别“数字货币”不在代码表中，按原名计入",
        "1 行带提示装载，如：办结较晚",
    ]


def test_only_the_remarks_on_counted_rows_count(ask):
    shorts = [r.short_zh for r in ask("complaint_count", sub_branch=["甲支行"]).soundness.reasons]
    assert shorts == ["退回的行", "未映射的值"]
    found = ask("complaint_count", category=["信用卡"])
    assert [reason.short_zh for reason in found.soundness.reasons] == ["退回的行"]
    assert found.remarks.is_empty()


def test_an_unfinished_period_says_which_days_are_missing(ask):
    found = ask("complaint_count", "2026H1")
    assert found.reach.days_missing == 91
    assert not found.reach.is_complete
    assert found.soundness.reasons[0].text_zh == "2026-04-01 至 2026-06-30 共 91 天没有文件覆盖"
    early = ask("complaint_count", "2025-12-01..2026-01-31")
    assert early.reach.days_missing == 31


def test_a_month_that_no_file_covers_is_missing(tmp_path):
    spans = [("2026-01-02", "2026-01-30"), ("2026-03-02", "2026-03-31")]
    home = fill_lake(tmp_path, spans[0], complaint=COMPLAINTS)
    with open_writer(home) as con:
        con.execute(
            """
            insert into lake.meta.batch by name
            select * replace (
                'later' as batch_id, date '2026-03-02' as coverage_from,
                date '2026-03-31' as coverage_to
            )
            from lake.meta.batch where entity = 'complaint'
            """
        )
    with reading(open_reader(home)) as cursor:
        found = explain(cursor, "complaint_count", parse_period("2026Q1"), scope=EVERYTHING)
    reasons = [reason.text_zh for reason in found.soundness.reasons]
    assert "2026-02-01 至 2026-02-28 共 28 天没有文件覆盖" in reasons


def test_a_figure_that_still_forms_says_until_when(ask):
    found = ask("complaint_closed_rate")
    assert str(found.reach.settles_on) == "2026-04-15"
    assert [r.short_zh for r in found.soundness.reasons][:2] == ["未定的结果", "过少的样本"]
    assert ask("complaint_closed_rate", "2026-01").reach.settles_on is None


def test_without_data_the_number_is_of_no_use(ask):
    before = ask("complaint_count", "2020").soundness
    assert before.words_zh == "不可用"
    assert before.reasons[0].text_zh == "已装载的文件覆盖 2026-01-01 至 2026-03-31，不含2020年"
    assert ask("review_count").soundness.reasons[0].text_zh == "没有装载过这类数据"
    assert ask("repeat_rate", org_name=["乙支行"], category=[None]).soundness.verdict == "unusable"


def test_filters_are_applied_and_told(ask):
    found = ask("complaint_count", sub_branch=["乙支行"], category=[None, "信用卡"])
    assert found.value == found.row_count == 2
    assert found.filters_zh == ("支行：乙支行", "业务类别：未填报、信用卡")
    with pytest.raises(QueryError, match="不能按“score_band”"):
        ask("complaint_count", score_band=["[0,60)"])


def test_nobody_sees_files_and_rows_beyond_his_scope(ask):
    found = ask("complaint_count", scope=Scope(frozenset(["乙支行"])))
    assert (found.value, found.row_count) == (2, 2)
    assert found.sources["first_row"].to_list() == [4]
    assert found.remarks["message"].to_list() == ["办结较晚"]
    rate = ask("complaints_per_thousand_outlets", scope=Scope(frozenset(["乙支行"])))
    assert rate.base.rows["sub_branch"].to_list() == ["乙支行"]
    nobody = ask("complaint_count", scope=Scope(frozenset()))
    assert (nobody.row_count, nobody.sources.height) == (0, 0)


def test_examples_of_thresholds_stay_with_demo_data(home, ask):
    assert ask("repeat_rate").thresholds == ()
    with open_writer(home) as con:
        con.execute("update lake.meta.batch set is_demo = true")
    with reading(open_reader(home)) as cursor:
        found = explain(cursor, "repeat_rate", parse_period("2026Q1"), scope=EVERYTHING)
    assert [threshold.status for threshold in found.thresholds] == ["示例"]


def test_the_command_line_tells_the_same(home, capsys):
    arguments = ["explain", "complaint_count", "--period", "2026Q1", "--where", "sub_branch=甲支行"]
    with installed_at(home.root):
        assert main([*arguments, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert main(arguments) == 0
        text = capsys.readouterr().out
        assert main(["explain", "nonsense"]) == 2
    assert told["formula"] == "投诉量 = 收到的投诉件数 = 2 件"
    assert told["row_count"] == 2
    assert told["soundness"]["verdict"] == "usable_but"
    assert told["sources"][0]["file_name"] == "complaint.csv"
    assert "投诉量 = 收到的投诉件数 = 2 件" in text
    assert "complaint.csv" in text


@pytest.mark.parametrize(
    ("comment", "label"),
    [
        ("收到投诉的时间；处理时限自收到之日起算（自然日）", "收到投诉时间"),
        ("被投诉机构名称（网点或支行，按来源所写）", "被投诉机构名称"),
        ("投诉受理渠道（投诉从哪里来）,不属于 JR/T 0169 的三个维度", "投诉受理渠道"),
        ("投诉金额（元）", "投诉金额（元）"),
    ],
)
def test_column_names_are_the_beginning_of_their_comments(comment, label):
    assert shortened(comment) == label


def test_every_column_of_every_table_has_a_name_of_its_own():
    for table in ("complaint", "exam_result", "review", "outreach_event", "training_attendance"):
        labels = column_labels(table)
        assert len(set(labels.values())) == len(labels), table
        assert not [label for label in labels.values() if label.isascii()]


def test_the_listed_columns_name_the_row(ask):
    rows = detail.rows(ask.cursor, "complaint_count", parse_period("2026Q1"), scope=EVERYTHING)
    assert isinstance(rows, pl.DataFrame)
    assert {"file_name", "source_sheet", "source_row", "complaint_id"} <= set(rows.columns)
    assert "content_masked" in rows.columns
    assert not [name for name in rows.columns if name in ("content", "phone", "batch_id")]
