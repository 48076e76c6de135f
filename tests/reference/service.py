"""Outreach and service facilities in the words of the definitions."""

import polars as pl

from tests.reference.frames import Frames
from tests.reference.measures import EVERY_ROW, Count, Known, Measure, Pool, Stock


def measures(frames: Frames) -> dict[str, Measure]:
    """Every indicator of outreach and service facilities."""
    return _outreach(frames) | _facilities(frames)


def _outreach(frames: Frames) -> dict[str, Measure]:
    rows = frames.rows("outreach_event").with_columns(day=pl.col("start_at").dt.date())
    pool = Pool("outreach_event", rows, "day")
    audience = pl.col("audience_count")
    return {
        "outreach_event_count": Count(pool, EVERY_ROW),
        "outreach_audience": Known(pool, audience, audience.is_not_null()),
        "outreach_staff_participation": Known(pool, pl.col("staff_participation_count"), EVERY_ROW),
        "outreach_leaflets": Known(pool, pl.col("leaflet_count"), EVERY_ROW),
        "outreach_articles": Known(pool, pl.col("article_count"), EVERY_ROW),
        "outreach_reads": Known(pool, pl.col("read_count"), EVERY_ROW),
    }


def _facilities(frames: Frames) -> dict[str, Measure]:
    rows = frames.rows("service_facility")
    kinds = {
        "care_window_outlets": "爱心窗口",
        "elderly_friendly_outlets": "适老化网点",
        "barrier_free_outlets": "无障碍设施",
        "accessible_machines": "无障碍智能柜员机",
    }
    found: dict[str, Measure] = {}
    for name, kind in kinds.items():
        pool = Pool("service_facility", rows, "started_date")
        is_one = pl.col("facility_kind") == kind
        units = pl.col("unit_count").fill_null(1) if name == "accessible_machines" else EVERY_ROW
        found[name] = Stock(pool, "started_date", "ended_date", pl.when(is_one).then(units))
    return found
