"""Finds what a person should look at before a batch counts, by the rules of confirmations.yml."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ingest.confirmations import Confirmations, CoverageShrank, HeadlineJump
from ingest.errors import Problem
from ingest.log import BatchRecord
from ingest.overwrites import identity_changed, older_delivery
from ingest.preview import Concern, Figures, by_quarter, headlines_of, quarter_of
from ingest.series import series_of
from warehouse import chance
from warehouse.coverage import Coverage, is_complete
from warehouse.marts import Affected
from warehouse.numerals import written
from warehouse.periods import Period, months_between, parse_period
from warehouse.registry import Indicator

TOTAL_MISMATCH = "total_mismatch"


@dataclass(frozen=True)
class Loading:
    """What a batch brings: its record, what its file says of itself, and the months it touches."""

    record: BatchRecord
    problems: tuple[Problem, ...]
    affected: Affected
    # Its title says 截至 a day: it tells how things stood then.
    is_dated: bool = False


def find_concerns(
    before: duckdb.DuckDBPyConnection,
    after: duckdb.DuckDBPyConnection,
    loading: Loading,
    rules: Confirmations,
) -> tuple[Concern, ...]:
    """What the rules want a person to look at, of the lake before and after a batch."""
    found: list[Concern] = []
    if rules.coverage_shrank.enabled:
        found += _coverage_shrank(before, loading.record, rules.coverage_shrank)
    if rules.total_disagrees.enabled:
        found += _total_disagrees(loading.problems)
    if rules.identity_changed.enabled:
        found += identity_changed(before, loading.record, rules.identity_changed)
    if rules.older_delivery.enabled:
        found += older_delivery(
            before, loading.record, rules.older_delivery, is_dated=loading.is_dated
        )
    if rules.headline_jump.enabled:
        found += _headline_jump(before, after, loading, rules.headline_jump)
    return tuple(found)


def _coverage_shrank(
    before: duckdb.DuckDBPyConnection, record: BatchRecord, rule: CoverageShrank
) -> Iterator[Concern]:
    first, last = record.coverage_from, record.coverage_to
    if first is None or last is None:
        return
    earlier = before.execute(
        """
        select file_name, sheet, coverage_from, coverage_to, rows_read - rows_ignored
        from lake.meta.batch
        where
            contract_id = $contract
            and file_sha256 <> $sha256
            and coverage_from <= $last
            and coverage_to >= $first
        order by loaded_at desc
        """,
        {
            "contract": record.contract_id,
            "sha256": record.file_sha256,
            "first": first,
            "last": last,
        },
    ).fetchall()
    own = (series_of(record.file_name), series_of(record.sheet))
    series = (row for row in earlier if (series_of(row[0]), series_of(row[1])) == own)
    file, _, old_first, old_last, old_rows = next(series, (None, None, first, last, 0))
    rows = record.rows_read - record.rows_ignored
    # A file with a fraction of the rows brings corrections and is no delivery of the whole.
    fewest = max(rule.smallest_rows, old_rows * rule.smallest_share_pct / 100)
    if first <= old_first and last < old_last and fewest <= rows < old_rows:
        yield Concern(
            "coverage_shrank",
            f"覆盖的期间变短：同一系列上次装载的“{file}”到 {old_last}，有 {old_rows} 行；"
            f"这一份只到 {last}，有 {rows} 行，可能是旧文件，或导出时被截断",
        )


def _total_disagrees(problems: tuple[Problem, ...]) -> Iterator[Concern]:
    for problem in problems:
        if problem.rule == TOTAL_MISMATCH:
            yield Concern(
                "total_disagrees", f"合计与明细不符：第 {problem.row} 行，{problem.message}"
            )


def _headline_jump(
    before: duckdb.DuckDBPyConnection,
    after: duckdb.DuckDBPyConnection,
    loading: Loading,
    rule: HeadlineJump,
) -> Iterator[Concern]:
    held = _held_before(before, loading.record.contract_id)
    if held is None:
        return
    quarters = _complete_quarters(held, loading.affected)
    if not quarters:
        return
    span = _span(quarters)
    for one in headlines_of(loading.record.entity):
        judge = _JUDGES.get(one.kind)
        if judge is None:
            continue
        settled = [
            q for q in quarters if is_complete(q, held, settles_after_days=one.settles_after_days)
        ]
        old, new = (by_quarter(cursor, one.id, span) for cursor in (before, after))
        for quarter in settled:
            nothing: Figures = (None, 0.0, 0.0)
            figures = old.get(quarter.id, nothing), new.get(quarter.id, nothing)
            if judge(*figures, rule):
                yield _jump(one, quarter, *figures)


def _held_before(before: duckdb.DuckDBPyConnection, contract_id: str) -> Coverage | None:
    """What this contract's earlier files cover; other sources' quarters are not its to change."""
    row = before.execute(
        """
        select min(coverage_from), max(coverage_to) from lake.meta.batch
        where contract_id = $contract and coverage_to is not null
        """,
        {"contract": contract_id},
    ).fetchone()
    return Coverage(row[0], row[1]) if row and row[0] else None


def _complete_quarters(held: Coverage, affected: Affected) -> list[Period]:
    months = (month.start for month in months_between(held.first, held.last))
    touched = {
        quarter_of(month)
        for month in months
        if month is not None and (affected.everything or month in affected.months)
    }
    complete = (quarter for quarter in touched if is_complete(quarter, held))
    return sorted(complete, key=lambda quarter: quarter.id)


def _span(quarters: list[Period]) -> Period:
    return parse_period(f"{quarters[0].start}..{quarters[-1].end}")


def _rate_jumps(old: Figures, new: Figures, rule: HeadlineJump) -> bool:
    """Whether a rate changes by more than the points allowed, and by more than chance explains."""
    (was, hits, cases), (is_now, new_hits, new_cases) = old, new
    if was is None or not cases or cases < rule.smallest_n:
        return False
    if is_now is None or not new_cases:
        return True
    if new_cases > cases * (1 + rule.backfill_pct / 100) or abs(is_now - was) <= rule.rate_points:
        return False
    # Both hold mostly the same cases, so that the interval of independent ones is on the safe side.
    interval = chance.difference(
        new_hits or 0.0, new_cases, hits or 0.0, cases, confidence=rule.confidence
    )
    return interval.low > 0 or interval.high < 0


def _count_jumps(old: Figures, new: Figures, rule: HeadlineJump) -> bool:
    was, is_now = old[1] or 0.0, new[1] or 0.0
    return was >= rule.smallest_n and abs(is_now - was) > was * rule.count_pct / 100


_JUDGES = {"ratio": _rate_jumps, "count": _count_jumps, "sum": _count_jumps}


def _jump(one: Indicator, quarter: Period, old: Figures, new: Figures) -> Concern:
    was, is_now = (_said(one, figures) for figures in (old, new))
    return Concern(
        "headline_jump",
        f"{quarter.label_zh}的数据此前已完整，“{one.name_zh}”会由 {was} 变为 {is_now}，变化异常大",
    )


def _said(one: Indicator, figures: Figures) -> str:
    value, numerator, denominator = figures
    if one.kind != "ratio":
        return f"{written(numerator or 0.0, one.decimals)} {one.unit}"
    if value is None:
        return "无数据"
    return f"{written(value, one.decimals)}%（n={written(denominator or 0.0)}）"
