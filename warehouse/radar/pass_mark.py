"""成绩挤在及格线上: more people exactly at the pass mark than a smooth course of scores has."""

from collections.abc import Mapping

import polars as pl

from warehouse.radar.data import EVERY, Data, Span, no_data, not_run, one_of, places, where_of, who
from warehouse.radar.heaping import Heap, heap
from warehouse.radar.question import Answer, Bar, Candidate, Picture, Question, Ran, RowsOf
from warehouse.radar.settings import signal

ID = "pass_mark"
VIEW = "exam_sitting"
# Marks are given in steps of some points; the widest step that nearly all scores keep to.
STEPS = (5, 2, 1)
_KEEP_TO_STEP = 0.95
_FULL = 100


def look(data: Data) -> Answer:
    """Every exam of the period, for everybody and for each sub-branch over all its exams."""
    span = data.span("exam_result")
    if span is None:
        return no_data(ID, "exam_result")
    counted = data.frame(
        f"""
        select sub_branch, exam_name, floor(score_pct)::integer as score, count(*) as cases,
        from {VIEW}
        where event_date between $start and $end and score_pct is not null and {{seen}}
        group by all
        """,
        start=span.first,
        end=span.last,
    )
    rows = int(counted["cases"].sum())
    if not rows:
        return not_run(ID, "所选期间没有考试成绩")
    found = [
        _candidate(held.filter(pl.col("exam_name") == exam), sub_branch, exam, span)
        for sub_branch, is_whole, held in places(counted)
        if is_whole
        for exam in counted["exam_name"].unique().sort()
    ]
    found += [
        _candidate(held, sub_branch, None, span)
        for sub_branch, is_whole, held in places(counted)
        if not is_whole
    ]
    held = tuple(one for one in found if one is not None)
    return Answer(Ran(ID, len(held), rows, "份成绩"), held)


def step_of(counts: Mapping[int, int]) -> int:
    """How many points lie between the marks that are given."""
    total = sum(counts.values())
    for step in STEPS:
        kept = sum(cases for score, cases in counts.items() if score % step == 0)
        if kept >= _KEEP_TO_STEP * total:
            return step
    return 1


def roundness(counts: Mapping[int, int], step: int, mark: int, beside: int) -> float:
    """How many times as many other tens have than their neighbours: graders like round marks."""
    if mark % 10 or step == 10:
        return 1.0
    tens = near = 0.0
    for ten in range(mark % 10 + 10, _FULL, 10):
        if abs(ten - mark) <= beside:
            continue
        sides = [ten + side * step for side in (-2, -1, 1, 2) if ten + side * step <= _FULL]
        tens += counts.get(ten, 0)
        near += sum(counts.get(score, 0) for score in sides) / len(sides)
    return max(1.0, (tens + 1) / (near + 1))


def heap_at(counts: Mapping[int, int], mark: int, beside: int) -> tuple[Heap | None, int]:
    """The people at the mark against the marks on either side, and the step of the marks."""
    step = step_of(counts)
    reach = range(step, max(beside, 2 * step) + 1, step)
    before, after = ([mark + side * d for d in reach] for side in (-1, 1))
    weights: dict[float, float] = dict.fromkeys((*before, *after), 1.0)
    weights[mark] = roundness(counts, step, mark, max(beside, 2 * step))
    found = heap(
        {float(score): cases for score, cases in counts.items()},
        weights,
        at=(mark,),
        before=before,
        after=after,
    )
    return found, step


def _candidate(
    held: pl.DataFrame, sub_branch: str | None, exam: str | None, span: Span
) -> Candidate | None:
    counts: dict[int, int] = dict(
        held.group_by("score").agg(pl.col("cases").sum()).sort("score").iter_rows()
    )
    mark, beside = signal(ID).whole("pass_mark"), signal(ID).whole("points_beside")
    found, step = heap_at(counts, mark, beside)
    if found is None or found.cases < signal(ID).whole("least_cases"):
        return None
    is_more = found.ratio >= signal(ID).number("least_ratio")
    return Candidate(
        ID,
        exam or EVERY,
        sub_branch,
        found.p_value if is_more else 1.0,
        found.at,
        lambda: _question(found, counts, step, sub_branch, exam, span),
        is_whole=sub_branch is None,
    )


def _question(
    found: Heap,
    counts: Mapping[int, int],
    step: int,
    sub_branch: str | None,
    exam: str | None,
    span: Span,
) -> Question:
    mark = signal(ID).whole("pass_mark")
    reach = max(signal(ID).whole("points_beside"), 2 * step)
    condition, values = where_of(sub_branch)
    which = f"“{exam}”" if exam else "各场考试"
    low, high = f"{mark - reach}–{mark - step} 分", f"{mark + step}–{mark + reach} 分"
    return Question(
        ID,
        exam or EVERY,
        one_of(sub_branch),
        f"{who(sub_branch)}{which}恰好 {mark} 分（百分制）的有 {found.at:,} 人，"
        f"{low} {found.before:,} 人，{high} {found.after:,} 人；"
        f"按相邻分数大约应有 {found.expected:.1f} 人。为什么集中在及格线？",
        f"相邻分数推算 {found.expected:.1f} 人",
        found.at,
        found.cases,
        "人",
        Picture(
            f"成绩分布：{who(sub_branch)}{which}",
            "成绩（百分制）",
            "人",
            _bars(counts, step, mark, found.expected),
            str(mark),
            f"及格线 {mark} 分",
        ),
        span.period,
        rows=RowsOf(
            VIEW,
            "exam_result",
            f"{condition} and event_date between $start and $end "
            "and floor(score_pct) = $mark and ($exam::varchar is null or exam_name = $exam)",
            {**values, "start": span.first, "end": span.last, "mark": mark, "exam": exam},
        ),
    )


def _bars(counts: Mapping[int, int], step: int, mark: int, expected: float) -> tuple[Bar, ...]:
    near = range(max(mark - 15, 0) // step * step, mark + 15 + 1, step)
    return tuple(
        Bar(
            str(score),
            sum(counts.get(score + point, 0) for point in range(step)),
            expected if score == mark else None,
            score == mark,
        )
        for score in near
    )
