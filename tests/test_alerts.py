"""Alerts from real ledgers: when a light turns, when not, since when, and how often it would."""

import contextlib
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.alert_ledgers import due_cases, months, received_cases, thresholds_written
from tests.conftest import installed_at
from tests.tables import fill_lake
from warehouse import alert_words, alerts, month_series
from warehouse.__main__ import main
from warehouse.alert_rules import CountRule, Leave, LevelRule, Rule, TrendRule, rules
from warehouse.alerts import Alert, Evaluation, back_test, evaluate, last_quarters
from warehouse.handouts.suppression import tells_few
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.registry import indicator
from warehouse.request import Where
from warehouse.scope import Scope

EVERYTHING = Scope.everything()
TIMELY = "complaint_timely_rate"
WORDS = {"name_zh": "规则", "name_en": "rule", "advice_zh": "看"}


def level(**given: object) -> LevelRule:
    return LevelRule(id="rule", kind="level", indicator=TIMELY, **WORDS, **given)


def count(**given: object) -> CountRule:
    return CountRule(id="rule", kind="count", indicator="complaint_count", **WORDS, **given)


def judged(
    home: Home,
    rule: Rule,
    *,
    on: str | None = None,
    where: Where | None = None,
    scope: Scope = EVERYTHING,
) -> Evaluation:
    with reading(open_reader(home)) as cursor:
        until = parse_period(on) if on else None
        return evaluate(cursor, on=until, where=where, scope=scope, judged_by={rule.id: rule})


def only(found: Evaluation) -> Alert:
    [alert] = found.alerts
    return alert


def course(alert: Alert) -> list[tuple[str, str, str, str]]:
    return [(p.month, p.verdict, p.reason, s.colour) for p, s in alert.course]


@pytest.fixture
def ninety(tmp_path: Path) -> Iterator[None]:
    """A threshold of 90 % for timely handling with a yellow margin of 2 points, from 2024 on."""
    timely = {"indicator": TIMELY, "value": 90, "yellow_margin": 2}
    with thresholds_written(tmp_path / "definitions", timely=timely):
        yield


# Of 100 cases with a true rate of 90 %, 83 or fewer in time are a chance of 2.1 %, 84 of 4.0 %.
SERIES = """
    month   | due | late
    2024-01 | 100 | 5
    2024-02 | 100 | 16
    2024-03 | 100 | 17
    2024-04 | 100 | 9
    2024-05 | 100 | 18
    2024-06 | 100 | 10
    2024-07 | 100 | 11
    2024-08 | 100 | 8
    2024-09 | 100 | 40
"""


@pytest.mark.usefixtures("ninety")
def test_a_light_enters_does_not_flap_and_leaves(tmp_path: Path):
    # September is not over: its 40 late cases turn nothing.
    home = fill_lake(tmp_path, ("2024-01-01", "2024-09-29"), complaint=due_cases(SERIES))
    alert = only(judged(home, level()))
    assert course(alert) == [
        ("2024-01", "green", "met", "green"),
        ("2024-02", "yellow", "maybe_chance", "yellow"),
        ("2024-03", "red", "beyond_chance", "red"),
        ("2024-04", "green", "met", "red"),
        ("2024-05", "red", "beyond_chance", "red"),
        ("2024-06", "green", "met", "red"),
        ("2024-07", "yellow", "near", "yellow"),
        ("2024-08", "green", "met", "yellow"),
    ]
    assert (alert.state.since, alert.state.previous) == ("2024-07", "red")
    assert alert.fired() == ["2024-03"]
    point = alert.course[2][0]
    assert (point.value, point.numerator, point.denominator, point.limit) == (83, 83, 100, 90)
    assert point.probability == pytest.approx(0.0206, abs=1e-4)
    # Wilson's interval of 83 of 100.
    assert (point.low, point.high) == (
        pytest.approx(74.45, abs=0.01),
        pytest.approx(89.11, abs=0.01),
    )


@pytest.mark.usefixtures("ninety")
def test_a_month_that_clears_the_limit_by_the_margin_is_enough(tmp_path: Path):
    home = fill_lake(tmp_path, ("2024-01-01", "2024-04-30"), complaint=due_cases(SERIES))
    assert only(judged(home, level(leave=Leave(after_months=2, margin=1)))).colour == "green"
    assert only(judged(home, level(leave=Leave(after_months=2, margin=1.5)))).colour == "red"


@pytest.mark.usefixtures("ninety")
def test_the_month_is_judged_once_it_is_over(tmp_path: Path):
    home = fill_lake(tmp_path, ("2024-01-01", "2024-09-30"), complaint=due_cases(SERIES))
    assert only(judged(home, level())).colour == "red"
    assert judged(home, level()).until == "2024-09"
    earlier = judged(home, level(), on="2024H1")
    assert (earlier.until, only(earlier).colour) == ("2024-06", "red")
    assert judged(home, level(), on="2024-01-01..2024-09-29").until == "2024-08"
    assert judged(home, level(), on="2023").alerts == ()


def test_an_indicator_that_still_forms_is_not_judged(tmp_path: Path):
    rows = due_cases("month | due | late\n2024-01 | 40 | 0\n2024-02 | 40 | 0\n2024-03 | 40 | 0")
    home = fill_lake(tmp_path, ("2024-01-01", "2024-04-10"), complaint=rows)
    closed = LevelRule(id="rule", kind="level", indicator="complaint_closed_rate", **WORDS)
    # 15 days after the end of March are not over yet.
    assert indicator("complaint_closed_rate").settles_after_days == 15
    assert judged(home, closed).until == "2024-02"
    assert judged(home, level()).until == "2024-03"


def test_a_threshold_judges_only_while_it_is_in_force(tmp_path: Path):
    home = fill_lake(tmp_path / "h", ("2024-01-01", "2024-06-30"), complaint=due_cases(SERIES))
    old = {"indicator": TIMELY, "value": 70, "yellow_margin": 2,
           "effective_from": date(2024, 2, 1), "effective_to": date(2024, 4, 30)}  # fmt: skip
    new = {"indicator": TIMELY, "value": 90, "yellow_margin": 2,
           "effective_from": date(2024, 5, 1)}  # fmt: skip
    with thresholds_written(tmp_path / "definitions", old=old, new=new):
        alert = only(judged(home, level()))
    assert [(p.month, p.limit, p.reason) for p, _state in alert.course] == [
        ("2024-01", None, "no_threshold"),
        ("2024-02", 70, "met"),
        ("2024-03", 70, "met"),
        ("2024-04", 70, "met"),
        ("2024-05", 90, "beyond_chance"),
        ("2024-06", 90, "met"),
    ]
    assert alert.threshold is not None
    assert alert.threshold.id == "new"


def test_without_a_threshold_no_level_light_burns(tmp_path: Path):
    # Not a demo: the examples of the project are not in force.
    home = fill_lake(tmp_path, ("2024-01-01", "2024-03-31"), complaint=due_cases(SERIES))
    alert = only(judged(home, level()))
    assert (alert.colour, alert.point.reason) == ("none", "no_threshold")
    assert alert_words.verdict(only(judged(home, rules()["timely_rate"]))) == "没有在用的阈值"


def test_38_cases_not_significant_is_an_answer(tmp_path: Path):
    home = fill_lake(
        tmp_path / "h", ("2024-01-01", "2024-01-31"),
        complaint=due_cases("month | due | late\n2024-01 | 38 | 2"),
    )  # fmt: skip
    timely = {"indicator": TIMELY, "value": 98, "yellow_margin": 2}
    with thresholds_written(tmp_path / "definitions", timely=timely):
        alert = only(judged(home, rules()["timely_rate"]))
    assert (alert.colour, alert.point.reason) == ("yellow", "maybe_chance")
    assert alert_words.value(alert) == "94.7%（36/38）"
    assert alert_words.value(alert, has_counts=False) == "94.7%"
    # Two were late: whoever may not be told of two is not told 36 in 38.
    assert not tells_few(36, 38, 2)
    assert tells_few(36, 38, 3)
    assert alert_words.verdict(alert) == "38 件，不显著：若恰达阈值，也有约 17.6% 的机会这么差"
    assert alert_words.since(alert) == "2024年1月或更早"


@pytest.mark.usefixtures("ninety")
def test_few_cases_neither_turn_a_light_nor_put_it_out(tmp_path: Path):
    table = """
        month   | due | late
        2024-01 | 40  | 20
        2024-02 | 29  | 0
        2024-03 | 29  | 0
        2024-04 | 29  | 29
    """
    home = fill_lake(tmp_path, ("2024-01-01", "2024-04-30"), complaint=due_cases(table))
    alert = only(judged(home, level()))
    assert [(p.reason, s.colour) for p, s in alert.course] == [
        ("beyond_chance", "red"), ("few", "red"), ("few", "red"), ("few", "red"),
    ]  # fmt: skip
    assert (alert.point.month, alert.state.since) == ("2024-01", "2024-01")


@pytest.mark.usefixtures("ninety")
def test_months_together_are_the_sum_of_their_cases(tmp_path: Path):
    table = """
        month   | due | late
        2024-01 | 10  | 0
        2024-02 | 10  | 1
        2024-03 | 15  | 9
        2024-04 | 20  | 2
    """
    home = fill_lake(tmp_path, ("2024-01-01", "2024-04-30"), complaint=due_cases(table))
    alert = only(judged(home, level(window_months=3)))
    assert [(p.first, p.month, p.numerator, p.denominator) for p, _s in alert.course] == [
        ("2024-01", "2024-03", 25, 35),
        ("2024-02", "2024-04", 33, 45),
    ]
    assert alert.period.id == "2024-02-01..2024-04-30"


@pytest.mark.usefixtures("ninety")
def test_filters_and_scope_leave_their_own_sub_branches(tmp_path: Path):
    rows = [
        *due_cases("month | due | late\n2024-01 | 40 | 20", org="城东支行"),
        *due_cases("month | due | late\n2024-01 | 40 | 0", org="城西支行"),
    ]
    home = fill_lake(tmp_path, ("2024-01-01", "2024-01-31"), complaint=rows)
    by = level(by=("sub_branch",))
    colours = {a.cell: a.colour for a in judged(home, by).alerts}
    assert colours == {("城东支行",): "red", ("城西支行",): "green"}
    chosen = only(judged(home, by, where={"sub_branch": ["城西支行"]}))
    assert (chosen.cell, chosen.is_partial) == (("城西支行",), False)
    seen = only(judged(home, by, scope=Scope(frozenset(["城东支行"]))))
    assert seen.cell == ("城东支行",)
    whole = only(judged(home, level(), where={"sub_branch": ["城西支行"]}))
    assert (whole.point.denominator, whole.is_partial) == (40, True)
    ignored = judged(home, by, where={"review_type": ["产品"]})
    assert ignored.ignored == {"rule": ("review_type",)}


def received(counts: list[int], *, first: str = "2023-01", **fields: str) -> list[dict]:
    listed = zip(months(first, len(counts)), counts, strict=True)
    table = "month | count\n" + "\n".join(f"{month} | {n}" for month, n in listed)
    return received_cases(table, **fields)


def test_extracts_that_never_name_a_sub_branch_have_no_light_of_one(tmp_path: Path):
    rows = [row | {"org_name": None} for row in due_cases("month | due | late\n2024-01 | 40 | 0")]
    home = fill_lake(tmp_path, ("2024-01-01", "2024-01-31"), complaint=rows)
    assert judged(home, level(by=("sub_branch",))).alerts == ()
    assert only(judged(home, level())).point.denominator == 40


QUIET = [20, 22, 18, 21, 19, 20, 23, 17, 20, 21, 19, 20]


def test_a_count_is_red_above_the_control_limit_of_the_year_before(tmp_path: Path):
    # A usual month of 20 exceeds 29 in 2.2 % and 35 in 0.1 % of the cases (Poisson).
    rows = received([*QUIET, 29, 35, 36, 20, 20])
    home = fill_lake(tmp_path, ("2023-01-01", "2024-05-31"), complaint=rows)
    alert = only(judged(home, count()))
    assert course(alert)[:12] == [(m, "none", "no_history", "none") for m in months("2023-01", 12)]
    assert course(alert)[12:] == [
        ("2024-01", "green", "usual", "green"),
        ("2024-02", "yellow", "raised", "yellow"),
        ("2024-03", "red", "above", "red"),
        ("2024-04", "green", "usual", "red"),
        ("2024-05", "green", "usual", "green"),
    ]
    january = alert.course[12][0]
    assert (january.centre, january.warning, january.limit) == (20, 29, 35)
    # Three large months in the history do not move what is usual.
    assert alert.course[-1][0].centre == 20


def test_a_month_without_a_case_is_a_zero_and_a_new_sub_branch_has_no_history(tmp_path: Path):
    rows = [
        *received([0 if at == 6 else n for at, n in enumerate(QUIET)] + [20], org="城东支行"),
        *received([30, 30], first="2023-12", org="新港支行"),
    ]
    home = fill_lake(tmp_path, ("2023-01-01", "2024-01-31"), complaint=rows)
    found = {a.cell[0]: a for a in judged(home, count(by=("sub_branch",))).alerts}
    july = {p.month: p for p, _s in found["城东支行"].course}["2023-07"]
    assert (july.value, july.reason) == (0, "no_history")
    assert [p.month for p, _s in found["新港支行"].course] == ["2023-12", "2024-01"]
    assert found["新港支行"].colour == "none"


def test_a_cell_of_a_fine_cut_burns_only_from_so_many_cases(tmp_path: Path):
    rows = [
        *received([1] * 12 + [9], org="城东支行", category="信用卡", cause="定价收费"),
        *received([2] * 12 + [12], org="城西支行", category="借记卡", cause="服务态度"),
    ]
    home = fill_lake(tmp_path, ("2023-01-01", "2024-01-31"), complaint=rows)
    fine = count(by=("category", "cause"), at_least=10)
    alert = only(judged(home, fine))
    assert (alert.cell, alert.colour) == (("借记卡", "服务态度"), "red")
    assert alert.point.limit == 9
    # Where no cell has so many the largest stays: the rule looked and found nothing.
    large = only(judged(home, count(by=("category", "cause"), at_least=50)))
    assert (large.cell, large.colour) == (("借记卡", "服务态度"), "green")


def trend(**given: object) -> TrendRule:
    return TrendRule(id="rule", kind="trend", indicator=TIMELY, **WORDS, **given)


def test_a_rate_is_red_when_it_is_worse_than_the_year_before_beyond_chance(tmp_path: Path):
    late = [10] * 12 + [19, 20, 10]
    listed = zip(months("2023-01", 15), late, strict=True)
    table = "month | due | late\n" + "\n".join(f"{m} | 100 | {n}" for m, n in listed)
    home = fill_lake(tmp_path, ("2023-01-01", "2024-03-31"), complaint=due_cases(table))
    alert = only(judged(home, trend()))
    assert [(p.month, p.reason) for p, _s in alert.course][12:] == [
        ("2024-01", "worse"), ("2024-02", "worse"), ("2024-03", "steady"),
    ]  # fmt: skip
    january = alert.course[12][0]
    # 19 late of 100 against 120 of 1,200. Wilson: 12.51 to 27.78 and 8.43 to 11.82; Newcombe's
    # interval of the 9 points between them is 9 - hypot(6.49, 1.82) to 9 + hypot(8.78, 1.57).
    assert (january.value, january.limit, january.base_cases) == (81, 90, 1200)
    assert january.gap_low == pytest.approx(2.26, abs=0.01)
    assert january.gap_high == pytest.approx(17.92, abs=0.01)
    calm = only(judged(home, trend(smallest_change=9.1)))
    assert [p.reason for p, _s in calm.course][12:] == ["steady", "worse", "steady"]


def test_months_in_a_row_that_worsen_are_yellow_and_maybe_chance(tmp_path: Path):
    late = [10] * 12 + [8, 9, 10, 11, 11]
    listed = zip(months("2023-01", 17), late, strict=True)
    table = "month | due | late\n" + "\n".join(f"{m} | 100 | {n}" for m, n in listed)
    home = fill_lake(tmp_path, ("2023-01-01", "2024-05-31"), complaint=due_cases(table))
    alert = only(judged(home, trend(worsening_months=3)))
    assert [p.reason for p, _s in alert.course][12:] == [
        "steady", "steady", "steady", "run", "steady",
    ]  # fmt: skip
    assert alert.course[15][0].probability == 1 / 24


def test_a_median_is_judged_by_the_share_of_cases_within_its_limit(tmp_path: Path):
    rows = received_cases("month | count | days\n2024-01 | 20 | 3\n2024-02 | 40 | 12")
    slow = received_cases("month | count | days\n2024-01 | 22 | 9", org="城西支行")
    days = {"indicator": "handling_days_median", "value": 7, "yellow_margin": 1}
    home = fill_lake(tmp_path / "h", ("2024-01-01", "2024-02-29"), complaint=[*rows, *slow])
    rule = LevelRule(id="rule", kind="level", indicator="handling_days_median", **WORDS)
    with thresholds_written(tmp_path / "definitions", days=days):
        alert = only(judged(home, rule))
    january, february = (point for point, _state in alert.course)
    # 20 of 42 within 7 days: the median is 9, but half of all may well lie within.
    assert (january.value, january.reason) == (9, "maybe_chance")
    assert (january.low, january.high) == (3, 9)
    assert (february.value, february.reason, february.denominator) == (12, "beyond_chance", 40)


@pytest.mark.usefixtures("ninety")
def test_a_back_test_counts_how_often_a_light_would_have_turned_red(tmp_path: Path):
    late = [5, 17, 10, 10, 17, 17, 9, 9, 30, 10, 10, 25]
    listed = zip(months("2024-01", 12), late, strict=True)
    table = "month | due | late\n" + "\n".join(f"{m} | 100 | {n}" for m, n in listed)
    home = fill_lake(tmp_path, ("2024-01-01", "2024-12-31"), complaint=due_cases(table))
    found = back_test(judged(home, level()))
    assert [(f.quarter.id, f.judged_months, [m for m, _cell in f.cells]) for f in found] == [
        ("2023Q1", 0, []),
        ("2023Q2", 0, []),
        ("2023Q3", 0, []),
        ("2023Q4", 0, []),
        ("2024Q1", 3, ["2024-02"]),
        ("2024Q2", 3, ["2024-05"]),
        ("2024Q3", 3, ["2024-09"]),
        ("2024Q4", 3, ["2024-12"]),
    ]


def test_the_last_quarters_end_with_the_one_of_the_month():
    assert [q.id for q in last_quarters("2026-05", 3)] == ["2025Q4", "2026Q1", "2026Q2"]


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> Evaluation:
    with reading(open_reader(Home(demo_home))) as cursor:
        return evaluate(cursor, scope=EVERYTHING)


@pytest.mark.parametrize("rule_id", list(rules()))
def test_what_a_light_says_is_what_the_indicator_says(demo_home: Path, demo: Evaluation, rule_id):
    rule = rules()[rule_id]
    lit = [one for one in demo.alerts if one.rule_id == rule_id]
    told = {(p.first, p.month) for one in lit for p, _s in one.course if p.value is not None}
    assert told
    with reading(open_reader(Home(demo_home))) as cursor:
        for first, last in (min(told), max(told)):
            period = alerts.window(first, last)
            found = compute(cursor, rule.indicator, period, by=rule.by, scope=EVERYTHING)
            values = {
                tuple(row[:-1]): row[-1] for row in found.select(*rule.by, "value").iter_rows()
            }
            for one in lit:
                value = {p.month: p.value for p, _s in one.course}.get(last)
                if value:
                    assert value == pytest.approx(values[one.cell], rel=1e-12)
                else:
                    # A cell without rows is absent from the one and empty or zero in the other.
                    assert not values.get(one.cell)


def test_the_quantile_of_a_distribution_is_linear_between_neighbours():
    spread = {1.0: 2.0, 4.0: 1.0, 10.0: 1.0}
    assert [month_series.quantile(spread, share) for share in (0, 0.5, 0.9, 1)] == [
        1, 2.5, pytest.approx(8.2), 10,
    ]  # fmt: skip
    assert month_series.quantile({}, 0.5) is None


def test_the_story_of_the_demo_is_on_the_list(demo: Evaluation):
    red = {(one.rule_id, one.cell) for one in demo.of("red")}
    assert ("timely_rate_sub_branch", ("港湾支行",)) in red
    assert ("handling_days_sub_branch", ("港湾支行",)) in red
    fired = {
        (month, cell)
        for found in back_test(demo)
        if found.rule_id == "complaint_count_category_cause"
        for month, cell in found.cells
    }
    assert any(cell[1] == "定价收费" and month >= "2025-09" for month, cell in fired)
    since = [one.state.since or "" for one in demo.of("red")]
    assert since == sorted(since)


def test_every_light_of_the_demo_can_be_put_into_words(demo: Evaluation):
    for one in demo.alerts:
        said = (
            alert_words.value(one), alert_words.limit(one), alert_words.verdict(one),
            alert_words.way_back(one), alert_words.interval(one), alert_words.cell(one),
        )  # fmt: skip
        assert all(said)
        assert "None" not in "".join(said)
    for rule in rules().values():
        assert indicator(rule.indicator).name_zh in alert_words.rule_words(rule)


def command(home: Path, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with installed_at(home), contextlib.redirect_stdout(out):
        code = main(["alerts", *arguments])
    return code, out.getvalue()


def test_the_command_lists_what_burns(demo_home: Path, demo: Evaluation):
    code, text = command(demo_home, "--format", "json")
    listed = json.loads(text)
    lit = demo.of("red", "yellow")
    assert code == 0
    assert [(one["colour"], one["rule"], one["cell"]) for one in listed] == [
        (one.colour, one.rule_id, alert_words.cell(one)) for one in lit
    ]
    assert listed[0]["since"] == lit[0].state.since
    assert listed[0]["value"] == lit[0].point.value
    _code, every = command(demo_home, "--all", "--format", "json")
    assert len(json.loads(every)) == len(demo.alerts)


def test_the_command_tells_the_back_test_and_the_state_at_an_earlier_time(
    demo_home: Path, demo: Evaluation
):
    _code, text = command(demo_home, "--back-test", "--format", "json")
    listed = {row.pop("rule"): row for row in json.loads(text)}
    for fired in back_test(demo):
        told = listed[fired.rule_id][fired.quarter.id]
        assert told == (len(fired.cells) if fired.judged_months else None)
    _code, text = command(demo_home, "--period", "2025Q4", "--format", "json")
    assert {one["to"] for one in json.loads(text)} <= set(months("2024-01", 24))


def test_the_command_refuses_a_period_that_is_none(demo_home: Path, capsys):
    code, text = command(demo_home, "--period", "上个月")
    assert (code, text) == (2, "")
    assert "期间“上个月”无法识别" in capsys.readouterr().err
