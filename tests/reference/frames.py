"""The core tables as frames, and what follows from several of them: places, groups, data dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import duckdb
import polars as pl

from warehouse.entities import entities

# Dimension that groups another → the code list that does it, and the dimension that it groups.
GROUPS = {
    "intake_channel_group": ("intake_channel", "intake_channel"),
    "service_channel_group": ("service_channel", "service_channel"),
    "category_group": ("category", "category"),
    "cause_group": ("cause", "cause"),
}


@dataclass(frozen=True, eq=False)
class Frames:
    """Everything that was loaded: one frame per core table, the batches and the code lists."""

    tables: Mapping[str, pl.DataFrame]
    batches: pl.DataFrame
    codes: pl.DataFrame

    @cached_property
    def places(self) -> dict[str, tuple[str | None, str | None]]:
        """Organisation → its level and the organisation above it."""
        register = self.tables["organisation"].select("org_name", "org_level", "parent_org_name")
        return {name: (level, above) for name, level, above in register.iter_rows()}

    def level_of(self, name: str) -> str:
        """An organisation's level; one that is not in the register stands as a sub-branch."""
        return self.places.get(name, ("支行", None))[0] or "支行"

    def sub_branch_of(self, name: str | None) -> str | None:
        """The sub-branch that an organisation is or belongs to; itself when there is none."""
        above = name
        for _ in range(4):
            if above not in self.places:
                break
            level, parent = self.places[above]
            if level == "支行":
                return above
            above = parent
        return name

    def rows(self, table: str) -> pl.DataFrame:
        """A core table with every row's sub-branch and groups."""
        found = self.tables[table]
        if "org_name" in found.columns:
            found = found.with_columns(
                sub_branch=_translated(found["org_name"], self.sub_branch_of)
            )
        for name, (classification, grouped) in GROUPS.items():
            if grouped in found.columns:
                groups = self.group_names(classification)
                found = found.with_columns(
                    _translated(found[grouped], lambda value, g=groups: g.get(value, value)).alias(
                        name
                    )
                )
        return found

    def group_names(self, classification: str) -> dict[str, str]:
        """Value → the group that the code list puts it in."""
        listed = self.codes.filter(pl.col("dimension") == classification)
        return dict(zip(listed["name"], listed["group_name"], strict=True))

    def first_day(self, entity: str) -> date | None:
        """The first day that the extracts of an entity cover."""
        told = self.batches.filter(pl.col("entity") == entity)
        return told["coverage_from"].min() or self.data_date(entity)

    def data_date(self, entity: str) -> date | None:
        """The last day that the extracts of an entity cover."""
        return self.batches.filter(pl.col("entity") == entity)["coverage_to"].max()


def _translated(values: pl.Series, one) -> pl.Series:
    return pl.Series([one(value) for value in values.to_list()], dtype=pl.String)


def read_frames(cursor: duckdb.DuckDBPyConnection) -> Frames:
    """The core tables, batches and code lists of a lake, without any of its views."""
    names = [table for one in entities().values() for table in (one.id, *one.children)]
    return Frames(
        {name: cursor.execute(f"select * from lake.core.{name}").pl() for name in names},
        cursor.execute("select entity, coverage_from, coverage_to from lake.meta.batch").pl(),
        cursor.execute("select dimension, name, group_name from lake.meta.code").pl(),
    )
