"""Exams and trainings in the words of the definitions."""

import polars as pl

from tests.reference.frames import Frames
from tests.reference.measures import (
    Count,
    Coverage,
    Distinct,
    Known,
    Mean,
    Measure,
    Pool,
    Quantile,
    Share,
)

# Lower ends of the bands of a score of 100.
BANDS = {90: "[90,100]", 80: "[80,90)", 70: "[70,80)", 60: "[60,70)", 0: "[0,60)"}
PASS_MARK, EXCELLENT_MARK = 60, 90


def measures(frames: Frames) -> dict[str, Measure]:
    """Every indicator of exams and trainings."""
    return _sittings(frames) | _sections(frames) | _trainings(frames)


def _of_hundred() -> pl.Expr:
    full = pl.col("full_score").cast(pl.Float64).fill_null(100)
    return (pl.col("score") * 100).cast(pl.Float64) / full


def _staff_group() -> pl.Expr:
    names = {True: "新员工", False: "在岗员工"}
    return pl.col("is_new_staff").replace_strict(names, default=None, return_dtype=pl.String)


def _band(score: float | None) -> str | None:
    if score is None:
        return None
    return next(name for lower, name in BANDS.items() if score >= lower)


def _sittings(frames: Frames) -> dict[str, Measure]:
    rows = frames.rows("exam_result").with_columns(
        percent=_of_hundred(), staff_group=_staff_group()
    )
    bands = pl.Series([_band(score) for score in rows["percent"]], dtype=pl.String)
    pool = Pool("exam_result", rows.with_columns(score_band=bands), "exam_date")
    enrolled = pl.col("attendance").is_in(["参考", "缺考"])
    percent = pl.col("percent")
    scored = percent.is_not_null()
    return {
        "exam_enrolled_count": Count(pool, enrolled),
        "exam_participation_rate": Share(pool, pl.col("attendance") == "参考", enrolled),
        "exam_scored_count": Count(pool, scored),
        "exam_mean_score": Mean(pool, percent, scored),
        "exam_score_median": Quantile(pool, percent, 0.5),
        "exam_pass_rate": Share(pool, percent >= PASS_MARK, scored),
        "exam_excellent_rate": Share(pool, percent >= EXCELLENT_MARK, scored),
    }


def _sections(frames: Frames) -> dict[str, Measure]:
    rows = frames.rows("exam_section_score").with_columns(percent=_of_hundred())
    pool = Pool("exam_result", rows, "exam_date")
    percent = pl.col("percent")
    return {"exam_section_mean_score": Mean(pool, percent, percent.is_not_null())}


def _trainings(frames: Frames) -> dict[str, Measure]:
    rows = frames.rows("training_attendance").with_columns(staff_group=_staff_group())
    pool = Pool("training_attendance", rows, "held_date")
    came = pl.col("is_attended").fill_null(value=False)
    is_manager = pl.col("staff_level").eq_missing("中层以上管理人员")
    is_new = pl.col("is_new_staff").fill_null(value=False)
    person = pl.col("person_key")
    session = pl.struct("source", "training_name", "held_date")
    return {
        "training_coverage": Coverage(pool, person, came, "staff_count"),
        "manager_training_coverage": Coverage(pool, person, came & is_manager, "manager_count"),
        "new_staff_training_coverage": Coverage(pool, person, came & is_new, "new_staff_count"),
        "training_session_count": Distinct(pool, session, came),
        "training_attendance_count": Count(pool, came),
        "training_hours": Known(pool, pl.when(came).then("hours"), came),
    }
