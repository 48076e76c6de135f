"""What lost points, what keeps weight from being judged, and what would change that."""

import polars as pl

from pages.ui import formats, status
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.entities import entities
from warehouse.health_score import Assessed, ElementScore, HealthScore


def frame(found: HealthScore) -> pl.DataFrame:
    """One row per indicator without points and per element with sides that nothing measures."""
    rows = [row for one in found.elements for row in _rows(one)]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rows(one: ElementScore) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {
            "element": name_of(one.element),
            "what": name_of(assessed.asked),
            "lack": status.word(assessed.verdict),
            "weight": one.full_points(assessed),
            "way": way_out(assessed),
        }
        for assessed in one.indicators
        if assessed.points is None
    ]
    if one.element.lacks_zh:
        rows.append(
            {
                "element": name_of(one.element),
                "what": _("、").join(one.element.lacks_zh),
                "lack": _("尚无指标"),
                "weight": None if one.indicators else one.element.weight,
                "way": _("本看板尚无这些方面的指标，需要先有数据来源"),
            }
        )
    return rows


def lost(found: HealthScore) -> pl.DataFrame:
    """The indicators that lost points, the most first."""
    rows = [
        {
            "element": name_of(one.element),
            "what": name_of(assessed.asked),
            "verdict": assessed.verdict,
            "lost": one.lost(assessed),
            "full": one.full_points(assessed),
        }
        for one in found.elements
        for assessed in one.indicators
        if one.lost(assessed) > 0
    ]
    rows.sort(key=lambda row: -float(str(row["lost"])))
    return pl.DataFrame(rows, schema=LOST)


def lost_columns() -> list[Column]:
    """The columns of the indicators that lost points."""
    return [
        Column("what", _("指标")),
        Column("element", _("要素")),
        Column("verdict", _("状态"), "status"),
        Column("lost", _("少得"), "number", 1),
        Column("full", _("满分"), "number", 1),
    ]


def way_out(one: Assessed) -> str:
    """Which file brings the data, or where the threshold is set, or why one has to wait."""
    entity = entities()[one.asked.entity]
    if one.verdict == "no_data":
        if one.denominator == 0:
            return _("本期分母为 0，没有可以评估的")
        return _("所选期间没有数据：把《{file}》放入 ingest/inbox 后装载").format(
            file=entity.file_zh
        )
    if one.verdict == "no_threshold":
        if one.threshold is not None:
            return _("阈值是全行的总量，筛选后不作判定")
        return _("在 warehouse/definitions/thresholds.yml 为 {id} 填写阈值").format(id=one.asked.id)
    if one.verdict == "few":
        return _("只有 {count} 例，满 {enough} 例才判定：选更长的期间").format(
            count=formats.number(one.denominator), enough=one.asked.judged_from_n
        )
    return _("期间未满或数字还在形成，期后 {days} 天再看").format(days=one.asked.settles_after_days)


def columns() -> list[Column]:
    """The columns of the list."""
    return [
        Column("element", _("要素")),
        Column("what", _("指标或方面")),
        Column("lack", _("缺什么")),
        Column("weight", _("涉及权重"), "number", 1),
        Column("way", _("怎么补")),
    ]


SCHEMA = {
    "element": pl.String,
    "what": pl.String,
    "lack": pl.String,
    "weight": pl.Float64,
    "way": pl.String,
}
LOST = {
    "element": pl.String,
    "what": pl.String,
    "verdict": pl.String,
    "lost": pl.Float64,
    "full": pl.Float64,
}
