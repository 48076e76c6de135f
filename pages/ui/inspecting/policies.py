"""How far the rules are kept: by policy, by sub-branch, and the items most often not kept."""

import polars as pl
import streamlit as st

from pages.ui import formats, head_of_list, sections, tiles
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.rates import bars
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.registry import dimensions

EXECUTED = "policy_execution_rate"
# So many organisations are named beside an item; the file names them all.
NAMED = 3
LISTED = 5


def show(ask: Queries) -> None:
    """Draw the section on policy checks."""
    if not sections.begins(ask, _("制度执行"), counted=(EXECUTED,)):
        return
    left, right = st.columns(2, gap="large")
    with left:
        tiles.show(ask, (EXECUTED,))
        _by(ask, "policy_name")
        _weakest(ask)
    with right:
        _by(ask, "sub_branch")


def _by(ask: Queries, cut: str) -> None:
    bars.show(
        ask,
        key=f"policies.{cut}",
        title=_("制度执行率：按{name}，低的在前").format(name=name_of(dimensions()[cut])),
        what=EXECUTED,
        cut=cut,
        count_unit=_("条"),
    )


def not_executed(ask: Queries) -> pl.DataFrame:
    """The items found not executed, one row per finding."""
    return ask.rows(EXECUTED).filter(pl.col("numerator") == 0)


def weakest(findings: pl.DataFrame) -> pl.DataFrame:
    """Each item with how often it was found not executed and where, the most frequent first."""
    return (
        findings.group_by("policy_name", "check_item", maintain_order=True)
        .agg(pl.len().alias("often"), pl.col("org_name").unique(maintain_order=True))
        .with_columns(
            pl.col("org_name").map_elements(_named, return_dtype=pl.String).alias("places")
        )
        .sort("often", "policy_name", "check_item", descending=[True, False, False])
    )


def _named(places: pl.Series) -> str:
    names = _("、").join(places.drop_nulls().head(NAMED))
    if len(places) <= NAMED:
        return names
    return _("{names}等 {count} 家").format(names=names, count=formats.number(len(places)))


def _weakest(ask: Queries) -> None:
    findings = not_executed(ask)
    policy = Column("policy_name", name_of(dimensions()["policy_name"]))
    item, place = Column("check_item", _("检查要点")), _("受检机构")
    head_of_list.show(
        ask,
        key="policies.not_executed",
        title=_("未执行最多的检查要点"),
        source=Source(EXECUTED, count=len(findings), count_unit=_("条")),
        head=weakest(findings),
        whole=findings,
        columns=[
            policy,
            item,
            Column("often", _("未执行"), "number", 0, _("次")),
            Column("places", place),
        ],
        file_columns=[
            policy,
            item,
            Column("org_name", place),
            Column("checked_date", _("检查日期")),
            Column("file_name", _("来源文件")),
            Column("source_row", _("行"), "number"),
        ],
        nothing=_("所选期间和筛选下，检查过的要点都已执行。"),
        listed=LISTED,
    )
