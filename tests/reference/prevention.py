"""Reviews, launches, inspections and double recordings in the words of the definitions."""

import polars as pl

from tests.reference.frames import Frames
from tests.reference.measures import EVERY_ROW, Count, Coverage, Measure, Pool, Share

INTERNAL, REGULATORY = ("内部检查", "飞行检查"), ("监管检查",)


def measures(frames: Frames) -> dict[str, Measure]:
    """Every indicator of reviews, launches, inspections, policy checks and double recordings."""
    return (
        _reviews(frames) | _opinions(frames) | _launches(frames) | _inspections(frames)
        | _issues(frames) | _policies(frames) | _recordings(frames)
    )  # fmt: skip


def _stated(pool: Pool, name: str) -> Share:
    return Share(pool, pl.col(name), pl.col(name).is_not_null())


def _reviews(frames: Frames) -> dict[str, Measure]:
    pool = Pool("review", _submitted(frames), "submitted")
    return {
        "review_count": Count(pool, EVERY_ROW),
        "review_first_pass_rate": _stated(pool, "is_first_pass"),
        "review_rectified_rate": Share(pool, pl.col("rectified_count"), pl.col("issue_count")),
        "review_launched_before_opinion_count": Count(
            pool, pl.col("launch_date") < pl.col("opinion_date")
        ),
    }


def _submitted(frames: Frames) -> pl.DataFrame:
    """Reviews with the day submitted; where it is blank the next one known stands for it."""
    days = pl.coalesce("submitted_date", "accepted_date", "opinion_date")
    return frames.rows("review").with_columns(submitted=days)


def _opinions(frames: Frames) -> dict[str, Measure]:
    of_review = ["org_name", "sub_branch", "review_type", "category", "category_group", "submitted"]
    reviews = _submitted(frames).select("source", "review_id", *of_review)
    opinions = frames.rows("review_opinion").join(reviews, on=["source", "review_id"])
    pool = Pool("review", opinions, "submitted")
    adoption = pl.col("adoption")
    return {
        "opinion_count": Count(pool, EVERY_ROW),
        "opinion_adoption_rate": Share(
            pool, adoption == "采纳", adoption.is_in(["采纳", "部分采纳", "未采纳"])
        ),
    }


def _launches(frames: Frames) -> dict[str, Measure]:
    pool = Pool("product_launch", frames.rows("product_launch"), "launched_date")
    is_reviewed = pl.col("review_id").is_not_null() | pl.col("is_reviewed_stated").eq_missing(
        other=True
    )
    return {"review_coverage": Share(pool, is_reviewed, EVERY_ROW)}


def _is_outlet(frames: Frames, name: str) -> bool:
    """Whether an organisation is an outlet by the register, else by its name."""
    level = frames.places.get(name, (None, None))[0]
    if level is not None:
        return level == "网点"
    above = ("总行", "分行", "部", "部门", "办公室", "中心")
    return name.endswith("营业部") or not name.endswith(above)


def _inspections(frames: Frames) -> dict[str, Measure]:
    key = ["source", "inspection_id", "org_name"]
    found = frames.tables["inspection_issue"].group_by(key).agg(issues=pl.len())
    rows = frames.rows("inspection").join(found, on=key, how="left").with_columns(
        is_outlet=pl.col("org_name").map_elements(
            lambda name: _is_outlet(frames, name), return_dtype=pl.Boolean
        )
    )  # fmt: skip
    pool = Pool("inspection", rows, "inspected_date")
    is_internal = pl.col("inspection_kind").is_in(INTERNAL)
    return {
        "inspection_count": Count(pool, EVERY_ROW),
        "inspection_coverage": Coverage(
            pool, pl.col("org_name"), is_internal & pl.col("is_outlet"), "outlet_count"
        ),
        "inspection_issue_count": Count(pool, pl.col("issues")),
    }


def _issues(frames: Frames) -> dict[str, Measure]:
    key = ["source", "inspection_id", "org_name"]
    visits = frames.rows("inspection").select(*key, "sub_branch", "inspection_kind")
    due = pl.col("due_date")
    rows = frames.rows("inspection_issue").drop("sub_branch").join(visits, on=key)
    rows = rows.filter(due <= pl.lit(frames.data_date("inspection"), dtype=pl.Date))
    pool = Pool("inspection", rows, "due_date")
    done = pl.col("rectified_date").is_not_null() | pl.col("rectification_status").eq_missing(
        "已整改"
    )
    by_bank, by_regulator = (
        pl.col("inspection_kind").is_in(kinds).fill_null(value=False)
        for kinds in (INTERNAL, REGULATORY)
    )
    return {
        "issue_rectified_rate": Share(pool, done, EVERY_ROW),
        "internal_rectified_rate": Share(pool, done & by_bank, by_bank),
        "regulatory_rectified_rate": Share(pool, done & by_regulator, by_regulator),
        "issue_on_time_rate": Share(pool, pl.col("rectified_date") <= due, EVERY_ROW),
    }


def _policies(frames: Frames) -> dict[str, Measure]:
    pool = Pool("policy_check", frames.rows("policy_check"), "checked_date")
    return {"policy_execution_rate": _stated(pool, "is_executed")}


def _recordings(frames: Frames) -> dict[str, Measure]:
    pool = Pool("double_recording", frames.rows("double_recording"), "sold_date")
    recorded, required = pl.col("is_recorded"), pl.col("is_required").ne_missing(other=False)
    return {
        "double_recording_coverage": Share(
            pool, required & recorded, required & recorded.is_not_null()
        ),
        "double_recording_qualified_rate": _stated(pool, "is_qualified"),
    }
