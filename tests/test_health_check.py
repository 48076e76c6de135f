"""The health check: a wrong file is named by key, points are worked by hand, no data is no zero."""

import copy
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml

from tests.tables import fill_lake
from warehouse import definitions, health_check, health_score, registry
from warehouse.errors import DefinitionError
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.registry import Threshold
from warehouse.scope import Scope

EVERYBODY = Scope.everything()
SHIPPED = (definitions.FOLDER / health_check.FILE).read_text(encoding="utf-8")


@pytest.fixture
def use(tmp_path, monkeypatch) -> Callable[[Any], None]:
    """A function that puts a definition in the place of the shipped one."""
    registry.check_definitions()
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)

    def write(content: Any) -> None:
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        (tmp_path / health_check.FILE).write_text(text, encoding="utf-8")
        health_check.health_check.cache_clear()

    yield write
    health_check.health_check.cache_clear()


def shipped() -> dict[str, Any]:
    # Anchors would make all elements share one object.
    return copy.deepcopy(yaml.safe_load(SHIPPED))


def element(content: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in content["elements"] if one["id"] == name)


def test_the_shipped_file_holds_the_seven_elements_of_the_rule():
    found = health_check.health_check()
    assert [(one.name_zh, one.minimum_weight) for one in found.elements] == [
        ("体制机制", 10),
        ("适当性管理", 10),
        ("营销行为管理", 25),
        ("纠纷化解", 25),
        ("金融教育", 10),
        ("消费者服务", 5),
        ("个人信息保护", 5),
    ]
    assert sum(one.minimum_weight for one in found.elements) == 90
    assert sum(one.weight for one in found.elements) == 100
    assert "监管评价办法" in found.elements[0].source_zh
    assert "非监管评分" in found.scoring.name_zh
    assert found.scoring.status == "示例"


def too_much(content):
    element(content, "education")["weight"] = 11


def below_minimum(content):
    element(content, "marketing")["weight"] = 24
    element(content, "disputes")["weight"] = 30


def unknown_indicator(content):
    element(content, "disputes")["indicators"][0]["indicator"] = "complaint_timly_rate"


def without_direction(content):
    element(content, "disputes")["indicators"][0]["indicator"] = "complaint_ended_count"


def element_twice(content):
    content["elements"].append({**element(content, "service"), "weight": 0, "minimum_weight": 0})


def indicator_twice(content):
    held = element(content, "suitability")["indicators"]
    held[1]["indicator"] = held[0]["indicator"]


def inner_sum(content):
    element(content, "suitability")["indicators"][0]["weight"] = 40


def says_nothing(content):
    element(content, "personal_information")["lacks_zh"] = []


def misspelt(content):
    element(content, "service")["wieght"] = element(content, "service").pop("weight")


def no_number(content):
    element(content, "service")["indicators"][1]["weight"] = "四十"


def upside_down(content):
    content["scoring"]["points"] = {"met": 60, "near": 100, "missed": 0}


def beyond_hundred(content):
    content["scoring"]["points"]["met"] = 120


@pytest.mark.parametrize(
    ("spoil", "key", "reason"),
    [
        (too_much, "elements", "合计应为 100，现为 101"),
        (below_minimum, "elements.marketing.weight", "24 低于最低权重 25"),
        (
            unknown_indicator,
            "elements.disputes.indicators.complaint_timly_rate",
            "没有这个指标",
        ),
        (
            without_direction,
            "elements.disputes.indicators.complaint_ended_count",
            "没有好坏方向",
        ),
        (element_twice, "elements.service", "要素写了 2 次"),
        (
            indicator_twice,
            "elements.suitability.indicators.double_recording_coverage",
            "指标写了 2 次",
        ),
        (inner_sum, "elements.suitability.indicators", "合计应为 100，现为 90"),
        (says_nothing, "elements.personal_information.lacks_zh", "写明缺少什么数据"),
        (misspelt, "elements.service.wieght", "没有这一项"),
        (misspelt, "elements.service.weight", "缺少这一项"),
        (no_number, "elements.service.indicators.elderly_friendly_outlets.weight", "四十"),
        (upside_down, "scoring.points", "met ≥ near ≥ missed"),
        (beyond_hundred, "scoring.points.met", "120"),
    ],
)
def test_a_wrong_definition_names_file_and_key(use, spoil, key, reason):
    content = shipped()
    spoil(content)
    use(content)
    with pytest.raises(DefinitionError) as error:
        health_check.health_check()
    assert re.search(rf"health_check\.yml:{re.escape(key)}:.*{re.escape(reason)}", str(error.value))


def test_all_faults_are_named_at_once(use):
    content = shipped()
    for spoil in (below_minimum, unknown_indicator, element_twice):
        spoil(content)
    use(content)
    with pytest.raises(DefinitionError) as error:
        health_check.health_check()
    assert len(str(error.value).splitlines()) == 3


def test_a_file_that_is_no_yaml_says_so(use):
    use("elements: [")
    with pytest.raises(DefinitionError, match=r"health_check\.yml:不是有效的 YAML"):
        health_check.health_check()


# 40 cases of 城东支行: 39 in time (97.5 %, near 98), 2 repeated (5 %, met). 10 of 城西支行, all well.
CHECK = {
    "scoring": {
        "name_zh": "内部折算规则，非监管评分",
        "status": "示例",
        "points": {"met": 100, "near": 60, "missed": 0},
    },
    "elements": [
        {
            "id": "disputes",
            "name_zh": "纠纷化解",
            "name_en": "Disputes",
            "minimum_weight": 25,
            "weight": 60,
            "source_zh": "规则",
            "indicators": [
                {"indicator": "complaint_timely_rate", "weight": 75},
                {"indicator": "repeat_rate", "weight": 25},
            ],
        },
        {
            "id": "education",
            "name_zh": "金融教育",
            "name_en": "Education",
            "minimum_weight": 10,
            "weight": 30,
            "source_zh": "规则",
            "indicators": [
                {"indicator": "exam_pass_rate", "weight": 50},
                {"indicator": "outreach_event_count", "weight": 50},
            ],
        },
        {
            "id": "information",
            "name_zh": "个人信息保护",
            "name_en": "Information",
            "minimum_weight": 5,
            "weight": 10,
            "source_zh": "规则",
            "lacks_zh": ["泄露事件"],
        },
    ],
}
ORGANISATIONS = """
    org_name | org_level | parent_org_name | display_order
    城东支行 | 支行      |                 | 1
    城西支行 | 支行      |                 | 2
"""
EVENTS = """
    event_key | event_name | org_name | start_at
    e1        | 宣传       | 城东支行 | 2024-02-01
    e2        | 宣传       | 城西支行 | 2024-02-02
"""
TRAINING = """
    training_name | held_date  | person_key | org_name | is_attended
    新规解读      | 2024-02-01 | p1         | 城东支行 | true
"""
STAFF = """
    org_name | period_start | period_end | staff_count
    城东支行 | 2024-01-01   | 2024-01-31 | 4
    城西支行 | 2024-01-01   | 2024-01-31 | 4
"""


def complaints() -> str:
    lines = ["complaint_id | org_name | received_at | decided_at | status | is_repeat"]
    for number in range(50):
        branch = "城东支行" if number < 40 else "城西支行"
        decided = "2024-02-20" if number == 0 else "2024-01-10"
        repeated = "true" if number in (1, 2) else "false"
        lines.append(f"c{number} | {branch} | 2024-01-05 | {decided} | 已办结 | {repeated}")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    home = fill_lake(
        tmp_path_factory.mktemp("lake"),
        coverage=("2024-01-01", "2024-03-31"),
        organisation=ORGANISATIONS,
        complaint=complaints(),
        outreach_event=EVENTS,
        training_attendance=TRAINING,
        organisation_denominator=STAFF,
    )
    return open_reader(home)


@pytest.fixture
def evaluate(hub, use):
    use(CHECK)

    def found(period="2024Q1", *, scope=EVERYBODY, **where):
        with reading(hub) as cursor:
            return health_score.evaluate(
                cursor, parse_period(period), where=where, scope=scope, demo=True
            )

    return found


def east(evaluate):
    return evaluate(sub_branch=["城东支行"])


def test_points_are_a_weighted_sum_over_what_was_judged(evaluate):
    found = east(evaluate)
    disputes = found.elements[0]
    assert [(one.verdict, one.points) for one in disputes.indicators] == [
        ("near", 60),
        ("met", 100),
    ]
    assert [(one.numerator, one.denominator) for one in disputes.indicators] == [(39, 40), (2, 40)]
    assert disputes.score == pytest.approx(0.75 * 60 + 0.25 * 100)
    assert disputes.reached == pytest.approx(60 * 0.70)
    assert disputes.judged_weight == 60
    assert disputes.lost(disputes.indicators[0]) == pytest.approx(60 * 0.75 * 0.4)
    assert (found.judged_weight, found.reached) == (60, pytest.approx(42))


def test_what_has_no_data_is_absent_and_not_zero(evaluate):
    education, information = east(evaluate).elements[1:]
    exam = education.indicators[0]
    assert (exam.value, exam.verdict, exam.points) == (None, "no_data", None)
    assert education.points(exam) is None
    assert education.lost(exam) == 0
    assert (education.judged_weight, education.reached, education.score) == (0, None, None)
    assert (information.indicators, information.reached, information.score) == ((), None, None)


def test_nothing_judged_gives_no_total(evaluate):
    found = evaluate("2023Q1")
    assert (found.judged_weight, found.reached) == (0, None)


def test_few_cases_are_shown_and_not_judged(evaluate):
    found = evaluate(sub_branch=["城西支行"])
    timely = found.elements[0].indicators[0]
    assert (timely.value, timely.denominator, timely.verdict) == (100.0, 10, "few")
    assert found.reached is None


def test_a_figure_that_still_forms_is_not_judged(evaluate, use):
    check = copy.deepcopy(CHECK)
    check["elements"][0]["indicators"][1]["indicator"] = "complaint_closed_rate"
    use(check)
    timely, closed = east(evaluate).elements[0].indicators
    assert (timely.verdict, closed.verdict) == ("near", "too_early")
    assert east(evaluate).judged_weight == pytest.approx(45)


def test_a_coverage_that_still_grows_is_not_judged(evaluate, use):
    check = copy.deepcopy(CHECK)
    check["elements"][0]["indicators"][1]["indicator"] = "training_coverage"
    use(check)
    over, growing = (evaluate(p).elements[0].indicators[1] for p in ("2024Q1", "2024H1"))
    assert (over.numerator, over.denominator, over.verdict) == (1, 8, "missed")
    assert (growing.value, growing.verdict) == (12.5, "too_early")


def test_without_demo_data_no_example_judges(hub, use):
    use(CHECK)
    with reading(hub) as cursor:
        found = health_score.evaluate(cursor, parse_period("2024Q1"), scope=EVERYBODY, demo=False)
    assert found.elements[0].indicators[0].verdict == "no_threshold"
    assert found.elements[0].indicators[0].value == 98.0
    assert found.reached is None


def test_a_number_of_events_is_judged_for_the_whole_only(evaluate, monkeypatch):
    aim = Threshold(
        id="events",
        indicator="outreach_event_count",
        value=2,
        yellow_margin=0,
        kind="own",
        status="own",
        effective_from=date(2024, 1, 1),
        source_zh="本行",
    )
    monkeypatch.setattr(
        health_score,
        "binding_threshold",
        lambda what, *_day, **_demo: aim if what == aim.indicator else None,
    )
    events = evaluate().elements[1].indicators[1]
    assert (events.value, events.verdict, events.points) == (2, "met", 100)
    part = east(evaluate).elements[1].indicators[1]
    assert (part.value, part.verdict, part.threshold) == (1, "no_threshold", aim)
    scoped = evaluate(scope=Scope(frozenset({"城东支行"}))).elements[1].indicators[1]
    assert (scoped.value, scoped.verdict) == (1, "no_threshold")
    assert evaluate("2024H1").elements[1].indicators[1].verdict == "too_early"


def test_a_filter_that_an_indicator_cannot_be_cut_by_is_named(evaluate):
    found = evaluate(category_group=["信用卡"])
    disputes, education, _information = found.elements
    assert disputes.indicators[0].unused == ()
    assert education.indicators[0].unused == ("category_group",)
    assert disputes.indicators[0].verdict == "no_data"


def test_sub_branches_are_judged_each_by_its_own_cases(hub, use):
    use(CHECK)
    with reading(hub) as cursor:
        found = health_score.evaluate_sub_branches(
            cursor, parse_period("2024Q1"), scope=EVERYBODY, demo=True
        )
    assert set(found) == {"城东支行", "城西支行"}
    assert found["城东支行"].reached == pytest.approx(42)
    assert found["城西支行"].reached is None
    assert found["城西支行"].elements[0].indicators[0].denominator == 10


def test_a_scope_hides_the_other_sub_branches(hub, evaluate):
    scope = Scope(frozenset({"城东支行"}))
    assert evaluate(scope=scope).elements[0].indicators[0].denominator == 40
    with reading(hub) as cursor:
        found = health_score.evaluate_sub_branches(
            cursor, parse_period("2024Q1"), scope=scope, demo=True
        )
    assert set(found) == {"城东支行"}
