"""The radar as lists: questions for reading and for files, and what was tested."""

import polars as pl

from warehouse.radar.question import Question, Radar
from warehouse.radar.settings import false_share, signal

SCHEMA = {
    "id": pl.String,
    "signal": pl.String,
    "sub_branches": pl.String,
    "question": pl.String,
    "hits": pl.Int64,
    "cases": pl.Int64,
    "unit": pl.String,
    "baseline": pl.String,
    "p_value": pl.Float64,
    "q_value": pl.Float64,
    "strength": pl.Float64,
    "first_day": pl.Date,
    "last_day": pl.Date,
    "why": pl.String,
    "normal": pl.String,
}


def questions(found: list[Question] | tuple[Question, ...]) -> pl.DataFrame:
    """One row per question, in the order given."""
    return pl.DataFrame(
        [
            (
                one.id,
                one.signal.name_zh,
                "、".join(one.sub_branches) or "全部",
                one.text,
                one.hits,
                one.cases,
                one.unit,
                one.baseline,
                one.p_value,
                one.q_value,
                one.strength,
                one.period.start,
                one.period.end,
                one.signal.why_zh,
                one.signal.normal_zh,
            )
            for one in found
        ],
        schema=SCHEMA,
        orient="row",
    )


def tested(found: Radar) -> pl.DataFrame:
    """One row per signal: how many tests over how many rows, or why it could not run."""
    return pl.DataFrame(
        [
            (
                signal(one.signal_id).name_zh,
                one.tests,
                one.rows,
                one.unit,
                one.why_not,
                signal(one.signal_id).normal_zh,
            )
            for one in found.ran
        ],
        schema={
            "signal": pl.String,
            "tests": pl.Int64,
            "rows": pl.Int64,
            "unit": pl.String,
            "why_not": pl.String,
            "normal": pl.String,
        },
        orient="row",
    )


def text(found: Radar) -> str:
    """Questions and tests as a person reads them on a terminal."""
    lines = [f"{found.period.label_zh} 数据疑点（供核对的问题，不是结论）", ""]
    for number, one in enumerate(found.questions, start=1):
        chance = f"校正后偶然机会 {one.q_value:.2g}" if one.q_value is not None else "按规则提示"
        lines += [
            f"{number}. 【{one.signal.name_zh}】{one.text}",
            f"   {chance}；正常情况：{one.signal.normal_zh}",
        ]
    if not found.questions:
        lines.append("所选期间没有发现疑点。")
    lines += ["", f"共 {found.tests:,} 次检验，一起校正，误报比例控制在 {false_share():.0%} 以内："]
    for ran in found.ran:
        said = (
            f"没有检验：{ran.why_not}"
            if ran.why_not
            else f"{ran.tests:,} 次，{ran.rows:,} {ran.unit}"
        )
        lines.append(f"  {signal(ran.signal_id).name_zh}：{said}")
    return "\n".join(lines)
