"""Says what a load changes in the headline indicators, one line a quarter."""

from collections.abc import Iterator
from itertools import groupby

from ingest.preview import Change, Preview
from warehouse.numerals import written
from warehouse.registry import indicator

_NONE = "无数据"
_MORE_DECIMALS = 2


def preview_lines(preview: Preview, *, verb: str, lists_concerns: bool) -> Iterator[str]:
    """The preview as the terminal shows it: the changes, then what has to be confirmed."""
    for quarter, changed in groupby(preview.changes, key=lambda change: change.period):
        yield f"{verb} {quarter} " + "；".join(change_text(change) for change in changed)
    if not preview.changes:
        yield "主要指标都不会因此变化"
    if lists_concerns:
        yield from (f"需要确认：{concern.message}" for concern in preview.concerns)


def change_text(change: Change) -> str:
    """One headline before and after, with the cases behind a rate."""
    before, after = _values(change)
    text = f"{change.name} {before}→{after}"
    if change.n_before is None and change.n_after is None:
        return text
    return f"{text}（n={written(change.n_before or 0)}→{written(change.n_after or 0)}）"


def _values(change: Change) -> tuple[str, str]:
    """Both values, with as many decimals as it takes to tell them apart."""
    for more in range(_MORE_DECIMALS + 1):
        before, after = (
            _value(change, value, n, change.decimals + more)
            for value, n in ((change.before, change.n_before), (change.after, change.n_after))
        )
        if before != after or change.before == change.after:
            break
    return before, after


def _value(change: Change, value: float | None, n: float | None, decimals: int) -> str:
    if value is None:
        return _NONE
    if indicator(change.indicator).is_too_few(n):
        return "件数太少不显示"
    unit = change.unit if change.unit == "%" else f" {change.unit}"
    return written(value, decimals) + unit
