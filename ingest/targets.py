"""The columns of the core tables with their types, read from the table definitions."""

from functools import cache

from warehouse.schema import defined_columns

LINEAGE = ("batch_id", "source_sheet", "source_row")


@cache
def table_columns(table: str) -> dict[str, str]:
    """Business columns of one core table in order, each with its SQL type."""
    return {
        column: data_type
        for (schema, of_table, column), data_type in defined_columns().items()
        if schema == "core" and of_table == table and column not in LINEAGE
    }


def is_day(table: str, column: str) -> bool:
    """Whether a column of one core table holds days or moments."""
    return table_columns(table)[column].lower().startswith(("date", "timestamp"))
