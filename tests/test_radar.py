"""The radar: each pattern is asked about, data without patterns hardly ever, and only in scope."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests.radar_worlds import (
    FIRST,
    LAST,
    PERIOD,
    Row,
    Spoil,
    at,
    branch,
    complaints,
    ended_of,
    exams,
    of,
    scope,
)
from tests.tables import fill_lake, log_batch
from warehouse.coverage import coverage
from warehouse.excess import corrected
from warehouse.lake import open_reader, open_writer, reading
from warehouse.periods import parse_period
from warehouse.radar import listing, under_limit
from warehouse.radar.data import Data
from warehouse.radar.heaping import Heap
from warehouse.radar.pass_mark import heap_at, roundness, step_of
from warehouse.radar.question import Question, Radar
from warehouse.radar.survey import rows, survey
from warehouse.radar.tails import at_least
from warehouse.scope import Scope

CALM = 40
COVERAGE = (str(FIRST), str(LAST))


def vague(held: list[Row], draw: random.Random, name: str) -> None:
    for row in of(held, name)[:35]:
        row["cause"] = draw.choice(("其他", None, "说不上来"))


def new_channel(held: list[Row], draw: random.Random, name: str) -> None:
    for row in of(held, name)[:15]:
        row["intake_channel"] = "短信小程序"


def just_in_time(held: list[Row], draw: random.Random, name: str) -> None:
    for row in [r for r in of(held, name) if r["received_at"].date() < date(2024, 3, 10)][:25]:
        row["closed_at"] = at(draw, row["received_at"].date() + timedelta(draw.choice((14, 15))))


def last_hours(held: list[Row], draw: random.Random, name: str) -> None:
    for row in [r for r in of(held, name) if r["received_at"].date() < date(2024, 3, 10)][:25]:
        row["closed_at"] = row["received_at"] + timedelta(days=14, hours=draw.randrange(18, 24))


def at_weekends(held: list[Row], draw: random.Random, name: str) -> None:
    for row in ended_of(held, name):
        day = row["closed_at"].date()
        row["closed_at"] = at(draw, day + timedelta(days=6 - day.isoweekday()))


def in_one_minute(held: list[Row], draw: random.Random, name: str) -> None:
    for row in [r for r in of(held, name) if r["received_at"].date() < date(2024, 3, 15)][:12]:
        row["closed_at"] = datetime(2024, 3, 20, 16, 30, draw.randrange(60))


def on_one_day(held: list[Row], draw: random.Random, name: str) -> None:
    for row in [r for r in of(held, name) if r["received_at"].date() < date(2024, 3, 15)][:25]:
        row["closed_at"] = at(draw, date(2024, 3, 29))


def at_month_ends(held: list[Row], draw: random.Random, name: str) -> None:
    ends = {1: date(2024, 1, 31), 2: date(2024, 2, 29), 3: date(2024, 3, 31)}
    for row in of(held, name)[::2]:
        row["received_at"] = at(draw, ends[row["received_at"].month])
        row["first_response_at"] = row["closed_at"] = None


def silent(held: list[Row], draw: random.Random, name: str) -> None:
    held[:] = [
        r for r in held if r["org_name"] != name or r["received_at"].date() < date(2024, 2, 20)
    ]


def copied(held: list[Row], draw: random.Random, name: str) -> None:
    for row in of(held, name)[:12]:
        row["content_masked"] = "客户反映网点服务态度不好，要求道歉并给予补偿"


def all_pleased(held: list[Row], draw: random.Random, name: str) -> None:
    for row in of(held, name):
        row["satisfaction"] = "非常满意"


def at_once(held: list[Row], draw: random.Random, name: str) -> None:
    for row in of(held, name):
        row["first_response_at"] = row["received_at"] + timedelta(seconds=20)


PATTERNS: dict[str, Spoil] = {
    "other_share": vague,
    "new_value": new_channel,
    "under_limit": just_in_time,
    "weekend_closing": at_weekends,
    "same_minute": in_one_minute,
    "same_day": on_one_day,
    "month_end": at_month_ends,
    "silence": silent,
    "same_text": copied,
    "same_rating": all_pleased,
    "instant_response": at_once,
}
Ask = Callable[..., Radar]


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    worlds = [f"静{n}" for n in range(CALM)]
    held = [row for n, world in enumerate(worlds) for row in complaints(world, n)]
    for signal_id, spoil in PATTERNS.items():
        held += complaints(signal_id, 7, spoil)
    held += complaints("hours", 7, last_hours)
    sat = [row for n, world in enumerate(worlds) for row in exams(world, n)]
    sat += exams("pass_mark", 7, lifted=True)
    home = fill_lake(
        tmp_path_factory.mktemp("radar"), coverage=COVERAGE, complaint=held, exam_result=sat
    )
    return open_reader(home)


@pytest.fixture
def ask(hub) -> Ask:
    def call(world: str, period: str = PERIOD) -> Radar:
        with reading(hub) as cursor:
            return survey(cursor, parse_period(period), scope=scope(world))

    return call


def the_one(found: Radar, signal_id: str) -> Question:
    [one] = [one for one in found.questions if one.signal_id == signal_id]
    return one


@pytest.mark.parametrize("signal_id", PATTERNS)
def test_a_pattern_is_asked_about_with_its_numbers_and_rows(hub, ask: Ask, signal_id: str) -> None:
    one = the_one(ask(signal_id), signal_id)
    assert one.sub_branches == (branch(signal_id, 2),)
    assert branch(signal_id, 2) in one.text
    assert one.text.endswith("？")
    assert one.q_value <= 0.05
    assert one.signal.why_zh
    assert one.signal.normal_zh
    assert sum(bar.value for bar in one.picture.bars) > 0
    with reading(hub) as cursor:
        held = rows(cursor, one, scope=scope(signal_id))
        if signal_id == "silence":
            assert held["received_at"].max() < datetime(2024, 2, 20)
        else:
            assert held.height == one.hits
        assert set(held["org_name"]) == {branch(signal_id, 2)}
        assert {"file_name", "source_row"} <= set(held.columns)


def test_scores_lifted_to_the_pass_mark_are_asked_about(hub, ask: Ask) -> None:
    found = [one for one in ask("pass_mark").questions if one.signal_id == "pass_mark"]
    one = found[0]
    assert one.picture.limit == "60"
    assert "55–59 分 0 人" in one.text
    with reading(hub) as cursor:
        held = rows(cursor, one, scope=scope("pass_mark"))
    assert held.height == one.hits
    assert set(held["score"]) == {60}


def test_the_rest_that_a_text_is_compared_with_is_named(hub, ask: Ask) -> None:
    one = the_one(ask("same_text"), "same_text")
    with reading(hub) as cursor:
        data = Data(cursor, parse_period(PERIOD), coverage(cursor), scope("same_text"))
        span = data.span("complaint")
    assert span is not None
    assert span.history_words
    assert f"，本期其他支行和{span.history_words}各支行的投诉中为 " in one.text
    assert one.baseline.startswith(f"本期其他支行和{span.history_words}各支行 ")


def test_data_without_patterns_hardly_ever_raise_a_question(ask: Ask) -> None:
    # 40 worlds: each may show anything with a chance of at most 5 %; 7 or more would be 1 of 300.
    shouting = [n for n in range(CALM) if ask(f"静{n}").questions]
    assert len(shouting) <= 6, shouting


def test_where_one_thing_is_odd_hardly_anything_else_is_asked(ask: Ask) -> None:
    others = [
        one.signal_id
        for signal_id in PATTERNS
        for one in ask(signal_id).questions
        if one.signal_id != signal_id
    ]
    # Closing many at one minute is closing many on one day, and so on.
    assert len(others) <= 6


def test_hours_before_the_limit_are_seen_where_there_are_times(hub) -> None:
    with reading(hub) as cursor:
        data = Data(cursor, parse_period(PERIOD), coverage(cursor), scope("hours"))
        found = {
            one.about: one
            for one in under_limit.look(data).candidates
            if one.sub_branch == branch("hours", 2)
        }
        assert found["simple.hours"].p_value < 1e-6
        assert "14.5–15.0 天" in found["simple.hours"].ask().text
        assert found["simple.hours"].ask().hits >= 20


def test_nobody_sees_what_is_out_of_scope(hub, ask: Ask) -> None:
    one = the_one(ask("same_rating"), "same_rating")
    with reading(hub) as cursor:
        assert rows(cursor, one, scope=scope("静0")).is_empty()
        blind = survey(cursor, parse_period(PERIOD), scope=Scope(frozenset()))
    assert blind.questions == ()
    assert "same_rating" not in listing.questions(ask("静1").questions)["id"].str.join("").item()


def test_a_reader_of_one_sub_branch_is_asked_about_it_alone(hub) -> None:
    mine = Scope(frozenset({branch("silence", 2)}))
    with reading(hub) as cursor:
        found = survey(cursor, parse_period(PERIOD), scope=mine)
    assert [one.sub_branches for one in found.questions if one.signal_id == "silence"] == [
        (branch("silence", 2),)
    ]


def test_without_a_history_or_data_it_says_what_could_not_be_tested(ask: Ask) -> None:
    first = {one.signal_id: one for one in ask("静0", "2023Q1").ran}
    assert first["other_share"].why_not == "之前没有覆盖完整的同类期间可比"
    assert first["weekend_closing"].tests > 0
    far = ask("静0", "2031Q1")
    assert far.questions == ()
    assert far.tests == 0
    assert all(one.why_not for one in far.ran)


def test_questions_come_strongest_first_and_every_one_has_its_own_id(hub) -> None:
    with reading(hub) as cursor:
        found = survey(cursor, parse_period(PERIOD), scope=Scope.everything())
    strengths = [one.strength for one in found.questions]
    assert strengths == sorted(strengths, reverse=True)
    assert len({one.id for one in found.questions}) == len(found.questions) > 5
    listed = listing.questions(found.questions)
    assert listed["question"].to_list() == [one.text for one in found.questions]
    assert listing.tested(found).height == len(found.ran) == 13
    assert found.questions[0].text in listing.text(found)


def test_an_overdue_source_is_asked_about_and_one_in_time_is_not(tmp_path) -> None:
    home = fill_lake(tmp_path, coverage=COVERAGE, complaint=complaints("月报", 1))
    with open_writer(home) as con:
        for month in range(1, 7):
            log_batch(con, "review", 1, ("2023-01-01", f"2023-{month:02d}-28"))
        for month in range(7, 13):
            log_batch(con, "outreach_event", 1, ("2023-01-01", f"2023-{month:02d}-28"))
        log_batch(con, "outreach_event", 1, ("2023-01-01", "2024-03-28"))
        con.execute("update lake.meta.batch set contract_id = entity")
    with reading(open_reader(home)) as cursor:
        found = survey(cursor, parse_period(PERIOD), scope=Scope.everything())
        earlier = survey(cursor, parse_period("2023H1"), scope=Scope.everything())
    one = the_one(found, "late_source")
    assert "《消保审查台账》" in one.text
    assert "2023-06-28" in one.text
    assert one.p_value is None
    assert one.rows is None
    assert not [q for q in earlier.questions if q.signal_id == "late_source"]


def test_the_hypergeometric_tail_is_that_of_a_small_table() -> None:
    # 3 of 4 now, 1 of 4 before: (C(4,3)·C(4,1) + C(4,4)·C(4,0)) / C(8,4) = 17/70.
    assert at_least(3, 4, 1, 4) == pytest.approx(17 / 70)
    assert at_least(0, 4, 2, 4) == 1.0
    assert at_least(4, 4, 0, 4) == pytest.approx(1 / 70)


def test_a_heap_has_to_stand_out_against_both_sides() -> None:
    rising = Heap(at=30, before=25, after=150, weight_at=1, weight_before=5, weight_after=5)
    alone = Heap(at=30, before=25, after=25, weight_at=1, weight_before=5, weight_after=5)
    assert rising.p_value > 0.05
    assert alone.p_value < 1e-6
    assert alone.ratio == pytest.approx(6)


def test_round_marks_are_no_heap() -> None:
    by_tens = {score: 30 if score % 10 == 0 else 5 for score in range(40, 96)}
    assert roundness(by_tens, 1, 60, 5) > 4
    found, step = heap_at(by_tens, 60, 5)
    assert step == 1
    assert found.p_value > 0.05
    fives = dict.fromkeys(range(40, 96, 5), 20)
    assert step_of(fives) == 5
    found, _step = heap_at(fives, 60, 5)
    assert found.ratio < 1.5
    assert found.p_value > 0.05


def test_the_correction_is_over_all_tests_of_a_run(ask: Ask) -> None:
    found = ask("same_rating")
    one = the_one(found, "same_rating")
    assert one.q_value == pytest.approx(min(1.0, one.p_value * found.tests), rel=1e-6)
    assert corrected([one.p_value] + [1.0] * (found.tests - 1))[0] == pytest.approx(one.q_value)


def test_a_typo_in_the_definitions_names_file_signal_and_key(tmp_path, monkeypatch) -> None:
    from warehouse import definitions
    from warehouse.errors import DefinitionError
    from warehouse.radar import settings

    original = (definitions.FOLDER / settings.FILE).read_text(encoding="utf-8")
    spoilt = original.replace("least_rise_points", "least_rise").replace(
        "  dimensions: [intake", "  dimensions: [intak", 1
    )
    (tmp_path / settings.FILE).write_text(spoilt, encoding="utf-8")
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    with pytest.raises(DefinitionError) as told:
        settings.signals.__wrapped__()
    assert "radar.yml:other_share.numbers.least_rise_points:缺少这一项" in str(told.value)
    assert "radar.yml:other_share.numbers.least_rise:没有这一项" in str(told.value)
    assert "radar.yml:other_share.dimensions:没有维度 'intak_channel'" in str(told.value)
