"""雷同: the same text in many cases, the same rating in all, a first contact in no time."""

from dataclasses import dataclass

import polars as pl

from warehouse.radar.data import (
    EVERY,
    Data,
    Span,
    no_data,
    not_run,
    one_of,
    percent,
    places,
    where_of,
    who,
)
from warehouse.radar.question import Answer, Bar, Candidate, Picture, Question, Ran, RowsOf
from warehouse.radar.settings import signal
from warehouse.radar.tails import at_least

TEXT, RATING, RESPONSE = "same_text", "same_rating", "instant_response"
VIEW = "complaint_case"
# The text as it is compared: blanks, and digits that a template fills in, do not tell texts apart.
_TEXT = "regexp_replace(content_masked, '[\\s\\d]+', '', 'g')"
_SHOWN = 24
# Minutes until the first contact, as the chart has them.
_EDGES = (0, 1, 5, 15, 60, 240, 1440)
_ANSWERED = (
    "first_response_at >= received_at and received_at::time <> time '00:00:00' "
    "and first_response_at::time <> time '00:00:00'"
)
_MINUTES = "date_diff('second', received_at, first_response_at) / 60.0"


@dataclass(frozen=True)
class _Share:
    """Hits among a sub-branch's cases, beside those of everybody else in view."""

    sub_branch: str | None
    hits: int
    cases: int
    base_hits: int
    base_cases: int

    @property
    def p_value(self) -> float:
        """Chance of so many were it like the others."""
        return at_least(self.hits, self.cases, self.base_hits, self.base_cases)

    @property
    def others(self) -> str:
        """The others' share in words."""
        return (
            f"{percent(self.base_hits, self.base_cases)}（{self.base_hits:,}/{self.base_cases:,}）"
        )


def same_text(data: Data) -> Answer:
    """Texts that a sub-branch repeats more than everybody else, now and before, taken together."""
    span = data.span("complaint")
    if span is None:
        return no_data(TEXT, "complaint")
    counted = data.frame(
        f"""
        select
            sub_branch,
            received_date >= $start as is_now,
            {_TEXT} as text,
            any_value(content_masked) as sample,
            count(*) as cases,
        from {VIEW}
        where received_date between $base_start and $end
        and length({_TEXT}) >= $least and {{seen}}
        group by all
        """,
        base_start=span.base_first,
        start=span.first,
        end=span.last,
        least=signal(TEXT).whole("least_characters"),
    )
    rows = int(counted.filter("is_now")["cases"].sum())
    if not rows:
        return not_run(TEXT, "所选期间的投诉没有足够长的投诉内容")
    found = _repeated(counted, span)
    return Answer(Ran(TEXT, len(found), rows, "件投诉"), tuple(found))


def _repeated(counted: pl.DataFrame, span: Span) -> list[Candidate]:
    least = signal(TEXT).whole("least_cases")
    total = int(counted["cases"].sum())
    all_of = dict(counted.group_by("text").agg(pl.col("cases").sum()).iter_rows())
    now = counted.filter("is_now").with_columns(
        pl.col("cases").sum().over("sub_branch").alias("own_cases")
    )
    found = []
    for row in now.iter_rows(named=True):
        # Chosen by what now and before have together, not by now alone.
        if all_of[row["text"]] < least:
            continue
        share = _Share(
            row["sub_branch"],
            row["cases"],
            row["own_cases"],
            all_of[row["text"]] - row["cases"],
            total - row["own_cases"],
        )
        found.append(_text_candidate(counted, share, row["text"], row["sample"], span))
    return found


def _text_candidate(
    counted: pl.DataFrame, share: _Share, text: str, sample: str, span: Span
) -> Candidate:
    asked = signal(TEXT)
    usual = share.base_hits / share.base_cases if share.base_cases else 0.0
    is_more = (
        share.hits >= asked.whole("least_cases")
        and share.hits / share.cases >= asked.number("least_ratio") * usual
    )
    # With nobody to compare with, nothing but the cases' own number speaks.
    p = share.p_value if share.base_cases else 1.0
    return Candidate(
        TEXT,
        text[:_SHOWN],
        share.sub_branch,
        p if is_more else 1.0,
        share.hits,
        lambda: _text_question(counted, share, text, sample, span),
    )


def _text_question(
    counted: pl.DataFrame, share: _Share, text: str, sample: str, span: Span
) -> Question:
    condition, values = where_of(share.sub_branch)
    shown = sample.strip().replace("\n", " ")
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    held = counted.filter(pl.col("is_now") & (pl.col("text") == text)).sort(
        "cases", descending=True
    )
    bars = tuple(
        Bar(who(row["sub_branch"]), row["cases"], None, row["sub_branch"] == share.sub_branch)
        for row in held.head(12).iter_rows(named=True)
    )
    return Question(
        TEXT,
        text[:_SHOWN],
        one_of(share.sub_branch),
        f"{who(share.sub_branch)}有 {share.hits:,} 件投诉的内容相同（“{shown}”，数字不计），"
        f"占 {percent(share.hits, share.cases)}（{share.hits:,}/{share.cases:,} 件），"
        f"{_rest(span)}的投诉中为 {share.others}。是同一件事、套用模板，还是重复登记？",
        f"{_rest(span)} {share.others}",
        share.hits,
        share.cases,
        "件",
        Picture("内容相同的件数按支行", "支行", "件", bars),
        span.period,
        rows=RowsOf(
            VIEW,
            "complaint",
            f"{condition} and received_date between $start and $end and {_TEXT} = $text",
            {**values, "start": span.first, "end": span.last, "text": text},
        ),
    )


def _rest(span: Span) -> str:
    """Whose texts a sub-branch's are compared with: the others' now, and everybody's before."""
    return f"本期其他支行和{span.history_words}各支行" if span.history else "本期其他支行"


def same_rating(data: Data) -> Answer:
    """Sub-branches all of whose ratings are one and the same."""
    span = data.span("complaint")
    if span is None:
        return no_data(RATING, "complaint")
    counted = data.frame(
        f"""
        select
            sub_branch,
            satisfaction as slot,
            count(*) as cases,
        from {VIEW}
        where received_date between $start and $end and satisfaction is not null and {{seen}}
        group by all
        order by all
        """,
        start=span.first,
        end=span.last,
    )
    if counted.is_empty():
        return not_run(RATING, "所选期间没有满意度评价")
    found = []
    for share, held in _beside_others(counted):
        if share.cases >= signal(RATING).whole("least_cases") and share.base_cases:
            top = held.sort("cases", descending=True).row(0, named=True)["slot"]
            found.append(_rating_candidate(counted, held, share.sub_branch, top, span))
    rows = int(counted["cases"].sum())
    return Answer(Ran(RATING, len(found), rows, "件评价"), tuple(found))


def _beside_others(counted: pl.DataFrame) -> list[tuple[_Share, pl.DataFrame]]:
    """Each sub-branch's cases beside everybody else's; hits are left at nothing."""
    total = int(counted["cases"].sum())
    found = []
    for sub_branch, is_whole, held in places(counted):
        if not is_whole:
            own = int(held["cases"].sum())
            found.append((_Share(sub_branch, 0, own, 0, total - own), held))
    return found


def _rating_candidate(
    counted: pl.DataFrame, held: pl.DataFrame, sub_branch: str | None, top: str, span: Span
) -> Candidate:
    share = _hits(counted, held, sub_branch, pl.col("slot") == top)
    return Candidate(
        RATING,
        EVERY,
        sub_branch,
        share.p_value if share.hits == share.cases else 1.0,
        share.hits,
        lambda: _rating_question(counted, held, share, top, span),
    )


def _hits(
    counted: pl.DataFrame, held: pl.DataFrame, sub_branch: str | None, is_hit: pl.Expr
) -> _Share:
    hits, cases = int(held.filter(is_hit)["cases"].sum()), int(held["cases"].sum())
    all_hits, all_cases = int(counted.filter(is_hit)["cases"].sum()), int(counted["cases"].sum())
    return _Share(sub_branch, hits, cases, all_hits - hits, all_cases - cases)


def _rating_question(
    counted: pl.DataFrame, held: pl.DataFrame, share: _Share, top: str, span: Span
) -> Question:
    condition, values = where_of(share.sub_branch)
    own = dict(held.select("slot", "cases").iter_rows())
    others = counted.group_by("slot").agg(pl.col("cases").sum()).sort("cases", descending=True)
    bars = tuple(
        Bar(
            slot,
            own.get(slot, 0),
            (cases - own.get(slot, 0)) * share.cases / share.base_cases,
            slot == top,
        )
        for slot, cases in others.iter_rows()
    )
    return Question(
        RATING,
        EVERY,
        one_of(share.sub_branch),
        f"{who(share.sub_branch)}的 {share.cases:,} 件评价全部是“{top}”，"
        f"其他支行这一档占 {share.others}。是客户本人评价的吗？",
        f"其他支行 {share.others}",
        share.hits,
        share.cases,
        "件",
        Picture(f"满意度评价：{who(share.sub_branch)}", "评价", "件", bars),
        span.period,
        rows=RowsOf(
            VIEW,
            "complaint",
            f"{condition} and received_date between $start and $end and satisfaction is not null",
            {**values, "start": span.first, "end": span.last},
        ),
    )


def instant_response(data: Data) -> Answer:
    """Sub-branches that first spoke to most complainants in the minute the case came in."""
    span = data.span("complaint")
    if span is None:
        return no_data(RESPONSE, "complaint")
    asked = signal(RESPONSE)
    counted = data.frame(
        f"""
        select
            sub_branch,
            list_last(list_filter($edges::double[], lambda e: e <= {_MINUTES})) as slot,
            {_MINUTES} < $minutes as is_instant,
            count(*) as cases,
        from {VIEW}
        where received_date between $start and $end and {_ANSWERED} and {{seen}}
        group by all
        """,
        start=span.first,
        end=span.last,
        edges=list(_EDGES),
        minutes=asked.number("minutes"),
    )
    if counted.is_empty():
        return not_run(RESPONSE, "所选期间没有带时刻的收到和首次联系时间")
    found = [
        _response_candidate(
            held, _hits(counted, held, share.sub_branch, pl.col("is_instant")), span
        )
        for share, held in _beside_others(counted)
        if share.cases >= asked.whole("least_cases") and share.base_cases
    ]
    rows = int(counted["cases"].sum())
    return Answer(Ran(RESPONSE, len(found), rows, "件响应"), tuple(found))


def _response_candidate(held: pl.DataFrame, share: _Share, span: Span) -> Candidate:
    is_most = share.hits / share.cases >= signal(RESPONSE).number("least_share")
    return Candidate(
        RESPONSE,
        EVERY,
        share.sub_branch,
        share.p_value if is_most else 1.0,
        share.hits,
        lambda: _response_question(held, share, span),
    )


def _response_question(held: pl.DataFrame, share: _Share, span: Span) -> Question:
    minutes = signal(RESPONSE).number("minutes")
    condition, values = where_of(share.sub_branch)
    counts = dict(held.group_by("slot").agg(pl.col("cases").sum()).iter_rows())
    ends = (*_EDGES[1:], None)
    bars = tuple(
        Bar(
            f"{low}–{high} 分" if high else f"{low} 分以上",
            counts.get(low, 0),
            None,
            low < minutes,
        )
        for low, high in zip(_EDGES, ends, strict=True)
    )
    return Question(
        RESPONSE,
        EVERY,
        one_of(share.sub_branch),
        f"{who(share.sub_branch)} {percent(share.hits, share.cases)}"
        f"（{share.hits:,}/{share.cases:,} 件）在收到后 {minutes:g} 分钟内就已首次联系，"
        f"其他支行为 {share.others}。是人联系的，还是系统自动填写？",
        f"其他支行 {share.others}",
        share.hits,
        share.cases,
        "件",
        Picture(f"首次响应用时：{who(share.sub_branch)}", "收到到首次联系", "件", bars),
        span.period,
        rows=RowsOf(
            VIEW,
            "complaint",
            f"{condition} and received_date between $start and $end "
            f"and {_ANSWERED} and {_MINUTES} < $minutes",
            {**values, "start": span.first, "end": span.last, "minutes": minutes},
        ),
    )
