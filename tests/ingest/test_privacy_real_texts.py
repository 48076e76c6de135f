"""How much of 2,816 real public messages is masked, and how much of that wrongly."""

import difflib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from ingest.mask import masked

# Short digests of the masks that were read one by one and found wrong.
JUDGED = Path(__file__).parents[1] / "data" / "privacy_judged.txt"
_TEXTS = ("留言主题", "留言详情", "答复意见")
_MASKS_READ = 966
_MOST_MASKED_SHARE = 0.25
_MOST_FALSE_SHARE = 0.01
_CONTEXT = 6


def _spans(text: str, shown: str) -> Iterator[str]:
    """Each masked place with a little of what stands around it."""
    first = last = None
    for tag, start, end, _, _ in difflib.SequenceMatcher(None, text, shown, False).get_opcodes():
        if tag == "equal":
            continue
        if first is not None and last is not None and start - last > 3:
            yield text[max(0, first - _CONTEXT) : last + _CONTEXT]
            first = start
        first, last = start if first is None else first, end
    if first is not None and last is not None:
        yield text[max(0, first - _CONTEXT) : last + _CONTEXT]


def _digest(span: str) -> str:
    return hashlib.sha256(span.encode()).hexdigest()[:12]


def masks(con, path: Path) -> tuple[int, list[tuple[int, str]]]:
    """Number of messages, and each mask with the number of its message."""
    frame = pl.read_excel(path, infer_schema_length=0)
    con.register("messages", frame)
    found: list[tuple[int, str]] = []
    for name in _TEXTS:
        rows = con.execute(
            f"""
            with numbered as (select row_number() over () as n, "{name}" as text from messages)
            select n, text, {masked("text")} as shown from numbered where shown <> text
            """
        ).fetchall()
        found += [(n, span) for n, text, shown in rows for span in _spans(text, shown)]
    return frame.height, found


def test_few_masks_of_real_messages_are_wrong(con, extract):
    messages, found = masks(con, extract("citizen_messages_zh.xlsx"))
    wrong = set(JUDGED.read_text("ascii").split())
    false = [(n, span) for n, span in found if _digest(span) in wrong]
    share = len({n for n, _ in found}) / messages
    false_share = len({n for n, _ in false}) / messages
    assert messages == 2816
    # Another number means other masks: read them, and judge the new ones.
    assert len(found) == _MASKS_READ
    assert share < _MOST_MASKED_SHARE, f"{share:.1%} of the messages have a mask"
    assert 0 < false_share < _MOST_FALSE_SHARE, f"{false_share:.2%} have a wrong mask"
