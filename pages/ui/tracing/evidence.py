"""What else is known of the same business and sub-branch: its reviews and its exams."""

import streamlit as st

from pages.ui import chart, explanation, formats, frames, table
from pages.ui.explanation import Cell
from pages.ui.queries import Queries, Where
from pages.ui.table import Column, Links
from pages.ui.text import _
from pages.ui.tracing import complaints
from pages.ui.tracing.chosen import Chosen
from pages.ui.tracing.side import EVERYTHING, Group, numbers
from warehouse import codes, periods
from warehouse.entities import entities
from warehouse.periods import Period
from warehouse.registry import indicator

REVIEWS = (
    "review_count",
    "review_first_pass_rate",
    "review_launched_before_opinion_count",
    "review_coverage",
)


def window(ask: Queries) -> Period:
    """From a year before the chosen period began until its end."""
    chosen = ask.selection.period
    last_year = periods.same_period_last_year(chosen)
    if chosen.end is None or last_year is None or last_year.start is None:
        return chosen
    return periods.parse_period(f"{last_year.start}..{chosen.end}")


def show(ask: Queries, chosen: Chosen) -> None:
    """Draw the evidence side by side."""
    left, right = st.columns(2, gap="large")
    with left:
        complaints.handling(ask, chosen)
        reviews(ask, chosen)
    with right:
        complaints.contents(ask, chosen)
        exams(ask, chosen)
    complaints.rows(ask, chosen)


def categories(group: str | None) -> tuple[str | None, ...]:
    """Every category that a group of the code list holds; an unknown one is its own group."""
    held = [code.name for code in codes.code_list("category") if code.group == group]
    return tuple(held) or (group,)


def reviews(ask: Queries, chosen: Chosen) -> None:
    """Draw the reviews of the same business: by this sub-branch and by the whole branch."""
    title = _("同业务的消保审查")
    if "review" not in ask.coverage:
        _nothing_loaded(title, "review")
        return
    span = window(ask)
    business = {"category": categories(chosen.cell["category_group"])}
    groups = [
        Group(_("本支行送审"), {**business, "sub_branch": (chosen.cell["sub_branch"],)}),
        Group(_("全行送审（含部门）"), {**EVERYTHING, **business}, not ask.selection.filters),
    ]
    numbers(
        ask,
        title=title,
        indicators=REVIEWS,
        groups=groups,
        span=span,
        note=_("{category}，{span}，{basis}，上线按上线日期").format(
            category=frames.labels("category_group", [chosen.cell["category_group"]])[0],
            span=span.label_zh,
            basis=indicator(REVIEWS[0]).basis_zh,
        ),
        more={_("审查结论"): [_conclusions(ask, group.where, span) for group in groups]},
    )


def _conclusions(ask: Queries, where: Where, span: Period) -> str:
    found = ask.compute("review_count", by=("conclusion",), period=span, extra=where)
    named = frames.labelled(ask, found, "conclusion")
    return (
        _("、").join(
            _("{name} {count}").format(name=row["label"], count=formats.number(row["value"]))
            for row in named.iter_rows(named=True)
        )
        or formats.NO_DATA
    )


def exams(ask: Queries, chosen: Chosen) -> None:
    """Draw the exam sections of the sub-branch, the furthest below the group first."""
    title = _("本支行的考试板块，低分在前")
    if "exam_result" not in ask.coverage:
        _nothing_loaded(title, "exam_result")
        return
    span, what = window(ask), "exam_section_mean_score"
    own = ask.compute(
        what, by=("section",), period=span, extra={"sub_branch": (chosen.cell["sub_branch"],)}
    )
    every = ask.compute(what, by=("section",), period=span, extra=EVERYTHING)
    joined = own.join(every, on="section", how="left", nulls_equal=True, suffix="_group")
    found = frames.labelled(ask, joined, "section").sort("value", maintain_order=True)
    chart.heading(title)
    note = _("{span}，{basis}").format(span=span.label_zh, basis=indicator(what).basis_zh)
    if found.is_empty():
        st.markdown(_("这段时间本支行没有考试板块成绩（{note}）。").format(note=note))
        return
    table.show(
        found,
        [
            Column("label", _("板块")),
            Column("value", _("本支行平均"), "number", 1, _("分"), of=Cell(what)),
            Column("denominator", _("本支行"), "number", 0, _("人次")),
            Column("value_group", _("全行平均"), "number", 1, _("分")),
            Column("denominator_group", _("全行"), "number", 0, _("人次")),
        ],
        name=title,
        links=Links(
            [
                Cell(what, {"section": name, "sub_branch": chosen.cell["sub_branch"]}, span)
                for name in found["section"]
            ],
            lambda cell: explanation.href_of(ask, cell),
        ),
    )
    st.caption(note)


def _nothing_loaded(title: str, entity: str) -> None:
    """Say which file would bring the evidence."""
    chart.heading(title)
    file = entities()[entity].file_zh
    st.markdown(_("还没有数据：把《{file}》放入 ingest/inbox 后装载。").format(file=file))
