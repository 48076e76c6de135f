"""The clock of a complaint at its edges, worked by hand: each table carries the right answers.

The data date is 31 December 2024.
"""

import pytest

from tests.edges import Asked, complaints
from tests.tables import fill_lake, parse_table
from warehouse.lake import open_reader, reading

EXTENSION = """
    case          | received_at | decided_at | is_extension_approved | extension_days | =due on    | =timely
    none-15       | 2024-03-01  | 2024-03-16 | false                 |                | 2024-03-16 | yes
    none-16       | 2024-03-01  | 2024-03-17 | false                 |                | 2024-03-16 | no
    no-days-30    | 2024-03-01  | 2024-03-31 | true                  |                | 2024-03-31 | yes
    no-days-31    | 2024-03-01  | 2024-04-01 | true                  |                | 2024-03-31 | no
    zero-days     | 2024-03-01  | 2024-03-17 | true                  | 0              | 2024-03-16 | no
    ten-days      | 2024-03-01  | 2024-03-26 | true                  | 10             | 2024-03-26 | yes
    to-60         | 2024-03-01  | 2024-04-30 | true                  | 45             | 2024-04-30 | yes
    beyond-60     | 2024-03-01  | 2024-05-01 | true                  | 60             | 2024-04-30 | no
    refused       | 2024-03-01  | 2024-03-20 | false                 | 30             | 2024-03-16 | no
"""
UNKNOWN = """
    case         | received_at | decided_at | closed_at  | extension_days | =due on    | =timely | =needs evidence
    word-15      | 2024-03-01  | 2024-03-16 |            |                | 2024-03-16 | yes     | no
    word-16      | 2024-03-01  | 2024-03-17 |            |                | 2024-03-16 | no      | yes
    word-60      | 2024-03-01  | 2024-04-30 |            |                | 2024-03-16 | no      | yes
    word-61      | 2024-03-01  | 2024-05-01 |            |                | 2024-03-16 | no      | no
    word-closed  | 2024-03-01  |            | 2024-03-21 |                | 2024-03-16 | no      | yes
    word-days    | 2024-03-01  | 2024-03-21 |            | 30             | 2024-03-16 | no      | yes
    word-open    | 2024-03-01  |            |            |                | 2024-03-16 | no      | no
"""
WITHDRAWN = """
    case              | received_at | decided_at | closed_at  | withdrawn_at | status | =due on | =ended on  | =days | =closed | =open
    within-limit      | 2024-03-01  |            |            | 2024-03-10   | 已撤诉 |         | 2024-03-10 | 9     | yes     | no
    beyond-limit      | 2024-03-01  |            |            | 2024-04-20   | 已撤诉 |         | 2024-04-20 | 50    | yes     | no
    closed-later      | 2024-03-01  |            | 2024-03-12 | 2024-03-10   | 已撤诉 |         | 2024-03-10 | 9     | yes     | no
    decided-before    | 2024-03-01  | 2024-03-05 |            | 2024-03-10   | 已撤诉 |         | 2024-03-05 | 4     | yes     | no
    without-day       | 2024-03-01  |            |            |              | 已撤诉 |         |            |       | yes     | no
    without-status    | 2024-03-01  |            |            | 2024-03-10   |        |         | 2024-03-10 | 9     | yes     | no
"""
REFUSED = """
    case           | received_at | decided_at | status   | =due on | =ended on  | =closed | =open
    refused-told   | 2024-03-01  | 2024-03-04 | 不予受理 |         | 2024-03-04 |         | no
    refused-only   | 2024-03-01  |            | 不予受理 |         |            |         | no
"""
FORWARDED = """
    case             | received_at | is_forwarded | forwarded_at | decided_at | is_extension_approved | =due on    | =timely | =forwarded timely | =due by receipt on | =timely by receipt
    own-clock        | 2024-03-01  | true         | 2024-03-11   | 2024-03-26 | false                 | 2024-03-26 | yes     | yes               | 2024-03-16         | no
    other-quarter    | 2024-03-10  | true         | 2024-03-20   | 2024-04-05 | false                 | 2024-04-04 | no      | no                | 2024-03-25         | no
    no-forward-day   | 2024-03-01  | true         |              | 2024-03-17 | false                 | 2024-03-16 | no      | no                | 2024-03-16         | no
    day-without-flag | 2024-03-01  | false        | 2024-03-11   | 2024-03-26 | false                 | 2024-03-16 | no      |                   | 2024-03-16         | no
    flag-blank       | 2024-03-01  |              | 2024-03-11   | 2024-03-16 | false                 | 2024-03-16 | yes     |                   | 2024-03-16         | yes
    extended         | 2024-03-01  | true         | 2024-03-11   | 2024-04-10 | true                  | 2024-04-10 | yes     | yes               | 2024-03-31         | no
"""
BOUNDARIES = """
    case             | received_at         | decided_at          | is_extension_approved | =due on    | =timely | =ended on  | =days
    to-quarter-end   | 2024-03-16          | 2024-03-31          | false                 | 2024-03-31 | yes     | 2024-03-31 | 15
    to-quarter-start | 2024-03-17          | 2024-04-01          | false                 | 2024-04-01 | yes     | 2024-04-01 | 15
    to-leap-day      | 2024-02-14          | 2024-02-29          | false                 | 2024-02-29 | yes     | 2024-02-29 | 15
    over-leap-day    | 2024-02-15          | 2024-03-01          | false                 | 2024-03-01 | yes     | 2024-03-01 | 15
    into-new-year    | 2023-12-17          | 2024-01-01          | false                 | 2024-01-01 | yes     | 2024-01-01 | 15
    to-data-date     | 2024-12-16          |                     | false                 | 2024-12-31 | no      |            |
    after-data-date  | 2024-12-17          |                     | false                 |            |         |            |
    ended-not-due    | 2024-12-20          | 2024-12-22          | false                 |            |         | 2024-12-22 | 2
    same-day         | 2024-05-01 09:00:00 | 2024-05-01 17:00:00 | false                 | 2024-05-16 | yes     | 2024-05-01 | 0
    before-midnight  | 2024-05-01 23:59:59 | 2024-05-16 23:59:59 | false                 | 2024-05-16 | yes     | 2024-05-16 | 15
    over-midnight    | 2024-05-01 23:59:59 | 2024-05-02 00:00:01 | false                 | 2024-05-16 | yes     | 2024-05-02 | 1
"""
OPEN = """
    case            | received_at | decided_at | status     | dates_endings | =due on    | =timely | =closed | =open
    overdue         | 2024-12-01  |            | 处理中     |               | 2024-12-16 | no      | no      | yes
    called-overdue  | 2024-12-01  |            | 超期未办结 |               | 2024-12-16 | no      | no      | yes
    no-status       | 2024-12-01  |            |            |               | 2024-12-16 | no      | no      | yes
    young           | 2024-12-20  |            | 待受理     |               |            |         | no      | yes
    to-call-back    | 2024-12-01  | 2024-12-10 | 待回访     |               | 2024-12-16 | yes     | yes     | no
    unknown-word    | 2024-12-01  |            | 未提供     |               |            |         |         | no
    closed-no-day   | 2024-12-01  |            | 已办结     |               | 2024-12-16 | no      | yes     | no
    never-dated     | 2024-12-01  |            | 已办结     | false         |            |         | yes     | no
    never-dated-due | 2024-12-01  |            | 处理中     | false         |            |         | no      | no
"""
STATED = """
    case           | received_at | decided_at | stated_due_at | states_timeliness | is_timely_stated | status | is_forwarded | =due on    | =timely | =needs evidence | =forwarded timely | =due by receipt on
    late-by-dates  | 2024-03-01  | 2024-04-10 | 2024-03-31    | true              | true             | 已办结 | false        | 2024-03-31 | yes     | no              |                   |
    no-limit       | 2024-03-01  | 2024-03-02 |               | true              | false            | 已办结 | true         | 2024-03-01 | no      | no              | no                |
    blank          | 2024-03-01  | 2024-03-02 | 2024-03-31    | true              |                  | 已办结 | true         |            |         | no              |                   |
    stated-refused | 2024-03-01  |            |               | true              | true             | 不予受理 | false      |            |         | no              |                   |
    stated-gone    | 2024-03-01  |            |               | true              | true             | 已撤诉 | false        |            |         | no              |                   |
"""
RESPONSE = """
    case           | received_at         | first_response_at   | =minutes | =within the hour
    at-the-hour    | 2024-03-01 09:00:00 | 2024-03-01 10:00:00 | 60       | yes
    past-the-hour  | 2024-03-01 09:00:00 | 2024-03-01 10:00:30 | 60.5     | no
    over-new-year  | 2023-12-31 23:50:00 | 2024-01-01 00:05:00 | 15       | yes
    at-once        | 2024-03-01 09:00:00 | 2024-03-01 09:00:00 | 0        | yes
    receipt-a-date | 2024-03-01          | 2024-03-01 10:00:00 |          |
    answer-a-date  | 2024-03-01 09:00:00 | 2024-03-02          |          |
    answer-before  | 2024-03-01 09:00:00 | 2024-03-01 08:59:00 |          |
    not-yet        | 2024-03-01 09:00:00 |                     |          |
"""
SATISFACTION = """
    case         | received_at | satisfaction    | =satisfied | =points
    very         | 2024-03-01  | 非常满意        | yes        | 100
    satisfied    | 2024-03-01  | 满意            | yes        | 75
    basically    | 2024-03-01  | 基本满意        | yes        | 50
    dissatisfied | 2024-03-01  | 不满意          | no         | 25
    very-dis     | 2024-03-01  | 非常不满意      | no         | 0
    unreached    | 2024-03-01  | 无法联系/未评价 |            |
    own-word     | 2024-03-01  | 一般            |            |
    unrated      | 2024-03-01  |                 |            |
"""
RESPONSIBILITY = """
    case      | received_at | responsibility | =responsible
    all       | 2024-03-01  | 有责           | yes
    partly    | 2024-03-01  | 部分有责       | yes
    not       | 2024-03-01  | 无责           | no
    own-view  | 2024-03-01  | 待定           |
    undecided | 2024-03-01  |                |
"""
TABLES = (
    EXTENSION, UNKNOWN, WITHDRAWN, REFUSED, FORWARDED, BOUNDARIES, OPEN, STATED, RESPONSE,
    SATISFACTION, RESPONSIBILITY,
)  # fmt: skip


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    home = fill_lake(
        tmp_path_factory.mktemp("clock"),
        ("2023-12-01", "2024-12-31"),
        complaint=complaints(*TABLES),
    )
    hub = open_reader(home)
    with reading(hub) as cursor:
        yield Asked(cursor)
    hub.close()


def test_an_approved_extension_moves_the_limit_up_to_sixty_days(ask):
    assert ask.answers(EXTENSION) == parse_table(EXTENSION)
    assert ask.of(EXTENSION, "complaint_timely_rate", "2024-03") == (pytest.approx(300 / 7), 3, 7)
    assert ask.of(EXTENSION, "complaint_timely_rate", "2024-04") == (50.0, 1, 2)


def test_without_a_word_on_an_extension_day_16_to_60_needs_evidence(ask):
    assert ask.answers(UNKNOWN) == parse_table(UNKNOWN)
    assert ask.of(UNKNOWN, "complaint_timely_rate", "2024Q1") == (pytest.approx(100 / 7), 1, 7)
    assert ask.of(UNKNOWN, "complaint_needs_evidence_count", "2024Q1") == (4, 4, None)


def test_a_withdrawn_complaint_is_in_no_timely_rate_and_ends_on_that_day(ask):
    assert ask.answers(WITHDRAWN) == parse_table(WITHDRAWN)
    assert ask.of(WITHDRAWN, "complaint_timely_rate")[0] is None
    assert ask.of(WITHDRAWN, "complaint_closed_rate") == (100.0, 6, 6)


def test_what_was_not_accepted_is_received_and_nothing_else(ask):
    assert ask.answers(REFUSED) == parse_table(REFUSED)
    assert ask.of(REFUSED, "complaint_count") == (2, 2, None)
    assert ask.of(REFUSED, "complaint_closed_rate")[0] is None


def test_a_forwarded_case_has_the_clock_of_its_forwarding_and_another_from_receipt(ask):
    assert ask.answers(FORWARDED) == parse_table(FORWARDED)
    first, second = "2024Q1", "2024Q2"
    assert ask.of(FORWARDED, "complaint_timely_rate", first) == (50.0, 2, 4)
    assert ask.of(FORWARDED, "complaint_timely_rate", second) == (50.0, 1, 2)
    by_receipt = "complaint_timely_rate_by_receipt"
    assert ask.of(FORWARDED, by_receipt, first) == (pytest.approx(100 / 6), 1, 6)
    assert ask.of(FORWARDED, by_receipt, second)[0] is None
    assert ask.of(FORWARDED, "forwarded_share") == (80.0, 4, 5)


def test_days_count_by_the_calendar_over_midnight_leap_day_and_new_year(ask):
    assert ask.answers(BOUNDARIES) == parse_table(BOUNDARIES)
    timely = "complaint_timely_rate"
    assert ask.of(BOUNDARIES, timely, "2024-03-31..2024-03-31") == (100.0, 1, 1)
    assert ask.of(BOUNDARIES, timely, "2024-04-01..2024-04-30") == (100.0, 1, 1)
    assert ask.of(BOUNDARIES, timely, "2024-12") == (0.0, 0, 1)
    assert ask.of(BOUNDARIES, timely, "2023")[0] is None


def test_open_means_known_to_be_open(ask):
    assert ask.answers(OPEN) == parse_table(OPEN)
    assert ask.of(OPEN, "open_complaint_count") == (4, 4, None)
    assert ask.of(OPEN, "complaint_closed_rate") == (pytest.approx(300 / 8), 3, 8)


def test_a_stated_verdict_goes_before_the_dates_and_has_no_clock_of_its_own(ask):
    assert ask.answers(STATED) == parse_table(STATED)
    assert ask.of(STATED, "complaint_timely_rate") == (50.0, 1, 2)


def test_a_first_response_counts_where_both_moments_have_a_time_of_day(ask):
    assert ask.answers(RESPONSE) == parse_table(RESPONSE)
    assert ask.of(RESPONSE, "first_response_within_hour_rate") == (75.0, 3, 4)
    assert ask.of(RESPONSE, "first_response_minutes_median") == (37.5, None, 4)
    assert ask.of(RESPONSE, "first_response_minutes_mean") == (33.875, 135.5, 4)
    assert ask.of(RESPONSE, "first_response_minutes_mean", "2023") == (15.0, 15.0, 1)


def test_who_could_not_be_reached_rated_nothing(ask):
    assert ask.answers(SATISFACTION) == parse_table(SATISFACTION)
    assert ask.of(SATISFACTION, "satisfaction_rate") == (60.0, 3, 5)
    assert ask.of(SATISFACTION, "very_satisfied_rate") == (20.0, 1, 5)
    assert ask.of(SATISFACTION, "basically_satisfied_rate") == (20.0, 1, 5)
    assert ask.of(SATISFACTION, "satisfaction_score") == (50.0, 250, 5)


def test_partly_responsible_is_responsible_and_undecided_is_neither(ask):
    assert ask.answers(RESPONSIBILITY) == parse_table(RESPONSIBILITY)
    assert ask.of(RESPONSIBILITY, "responsible_rate") == (pytest.approx(200 / 3), 2, 3)
