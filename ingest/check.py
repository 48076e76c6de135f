"""What a check is; runs checks as a Great Expectations suite inside DuckDB, on the staged rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from ingest.contract import Severity
from ingest.gx_imports import import_great_expectations
from ingest.sql import fill, identifier

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.expectation import Expectation

TABLE = "checked"
Kind = Literal["not_null", "in_set", "between", "rows"]


@dataclass(frozen=True)
class Check:
    """One rule over `conformed`: the verdict and the split both come from `failing`.

    `first` creates the table of what is true of all rows together, where `failing` needs one.
    """

    rule_id: str
    severity: Severity
    kind: Kind
    column: str
    failing: str
    message: str
    values: tuple[object, ...] = ()
    min: float | None = None
    max: float | None = None
    names_other_rows: bool = False
    first: str = ""


def noted_rows(table: str, source: str, condition: str) -> tuple[str, str]:
    """The `first` that notes which rows of a staging table meet a condition, and their `failing`.

    For what only the cells tell, and no longer the columns that were made of them.
    """
    noted = identifier(table)
    first = fill(
        "create or replace table <<noted>> as select _row from <<source>> where <<condition>>",
        noted=noted,
        source=source,
        condition=condition,
    )
    return first, f"_row in (from {noted})"


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations says about one check; the count only where it was asked for."""

    check: Check
    expectation: str
    is_success: bool
    unexpected: int | None = None


def _flag(index: int) -> str:
    return f"passes_{index}"


def _create_checked(con: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> None:
    """Create view `checked`: the staged rows with a column that is null where a row rule fails.

    Of columns Great Expectations asks everything in one query, of a rule in SQL two for each; for
    what is not null it needs half as much as for what is in a set.
    """
    for check in checks:
        if check.first:
            con.execute(check.first)
    flags = [
        fill(
            ", case when (<<failing>>) then null else true end as <<flag>>",
            failing=check.failing,
            flag=identifier(_flag(index)),
        )
        for index, check in enumerate(checks)
        if check.kind == "rows"
    ]
    con.execute(
        fill(
            "create or replace view <<view>> as select * <<flags>> from conformed",
            view=TABLE,
            flags="".join(flags),
        )
    )


def _expectation(check: Check, index: int) -> "Expectation":
    import great_expectations.expectations as gxe  # noqa: PLC0415

    meta: dict[str, Any] = {"index": index}
    if check.kind == "not_null":
        return gxe.ExpectColumnValuesToNotBeNull(column=check.column, meta=meta)
    if check.kind == "in_set":
        return gxe.ExpectColumnValuesToBeInSet(
            column=check.column, value_set=list(check.values), meta=meta
        )
    if check.kind == "between":
        return gxe.ExpectColumnValuesToBeBetween(
            column=check.column, min_value=check.min, max_value=check.max, meta=meta
        )
    return gxe.ExpectColumnValuesToNotBeNull(column=_flag(index), meta=meta)


@contextmanager
def _quiet_context() -> Iterator[Any]:
    import great_expectations as gx  # noqa: PLC0415
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    yield context


def suite_of(checks: Sequence[Check]) -> "ExpectationSuite":
    """The checks as an expectation suite; each expectation carries its check's position."""
    import great_expectations as gx  # noqa: PLC0415

    expectations = [_expectation(check, index) for index, check in enumerate(checks)]
    return gx.ExpectationSuite(name="contract", expectations=expectations)


def _raise_if_broken(info: dict[str, Any]) -> None:
    """Great Expectations reports a broken query as a result; for us it is an error."""
    for part in (info, *info.values()):
        if isinstance(part, dict) and part.get("raised_exception"):
            raise RuntimeError(str(part.get("exception_message")))


def run_checks(
    con: duckdb.DuckDBPyConnection, checks: Sequence[Check], *, counts: bool = False
) -> list[Verdict]:
    """The verdict on every check, in their order; `counts` costs a query for each check."""
    _create_checked(con, checks)
    # It takes seconds, so it waits until a file really gets here.
    import_great_expectations()
    with _quiet_context() as context:
        from ingest import gx_dialect  # noqa: PLC0415

        gx_dialect.StagingDialect.staging = con
        source = context.data_sources.add_sql(name="staging", connection_string=gx_dialect.URL)
        asset = source.add_table_asset(name=TABLE, table_name=TABLE)
        batch = asset.add_batch_definition_whole_table(name="file").get_batch()
        wanted = "BASIC" if counts else "BOOLEAN_ONLY"
        outcome = batch.validate(suite_of(checks), result_format=wanted)
        gx_dialect.StagingDialect.staging = None
    verdicts: dict[int, Verdict] = {}
    for result in outcome.results:
        config = result.expectation_config
        _raise_if_broken(result.exception_info)
        index = int(config.meta["index"])
        verdicts[index] = Verdict(
            checks[index],
            config.type,
            bool(result.success),
            result.result["unexpected_count"] if counts else None,
        )
    return [verdicts[index] for index in range(len(checks))]
