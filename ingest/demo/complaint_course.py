"""The course of a complaint: from receipt over acceptance to the decision or the withdrawal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from ingest.demo import complaint_mix as mix
from ingest.demo import story
from ingest.demo.draws import pick, skewed

LIMIT_DAYS = 15
_EXTENSION_DAYS = 15
_REFUSED_SHARE = 0.005
_WITHDRAWN_SHARE = 0.03


@dataclass(frozen=True)
class Course:
    """The dates of one complaint and how it ends, whether or not that has happened yet."""

    received: datetime
    accepted: date
    forwarded: date | None
    first_response: datetime
    decided: date | None
    closed: date | None
    withdrawn: date | None
    extension_days: int | None
    is_refused: bool
    outcome: str


def handling_days(rng: Random, sub_branch: str, month: int) -> tuple[int, int | None]:
    """Days until the end and, where the time limit was extended, the approved days."""
    pace = story.SLOW_PACE if sub_branch == story.SLOW_SUB_BRANCH else story.USUAL_PACE
    roll = rng.random()
    if roll < pace.extended_share:
        return rng.randint(LIMIT_DAYS + 1, LIMIT_DAYS + _EXTENSION_DAYS), _EXTENSION_DAYS
    if roll < pace.extended_share + pace.late_share(month):
        return rng.randint(LIMIT_DAYS + 1, 27), None
    while True:
        days = round(skewed(rng, median=pace.median_days, sigma=pace.sigma))
        if days <= LIMIT_DAYS:
            return days, None


def make_course(
    rng: Random, received: datetime, *, days: int, extension: int | None, is_forwarded: bool
) -> Course:
    """The course of a complaint that ends the given number of days after its receipt."""
    day = received.date()
    accepted = day + timedelta(min(days, 0 if rng.random() < 0.8 else 1))
    forwarded = day + timedelta(min(days, rng.choice((0, 0, 0, 1, 1, 2))))
    minutes = max(3, round(min(skewed(rng, median=75, sigma=1.15), (days + 1) * 300)))
    ends = day + timedelta(days)
    closes = ends + timedelta(rng.choice((0, 0, 0, 0, 0, 1, 1, 2)))
    outcome = pick(rng, mix.OUTCOMES)
    is_withdrawn = rng.random() < _WITHDRAWN_SHARE
    is_refused = rng.random() < _REFUSED_SHARE and not is_withdrawn
    return Course(
        received=received,
        accepted=accepted,
        forwarded=forwarded if is_forwarded else None,
        first_response=received + timedelta(minutes=minutes),
        decided=None if is_withdrawn else ends,
        closed=None if is_withdrawn else closes,
        withdrawn=ends if is_withdrawn else None,
        extension_days=extension,
        is_refused=is_refused,
        outcome="客户撤诉" if is_withdrawn else "不予支持" if is_refused else outcome,
    )
