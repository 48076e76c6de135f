"""Complaint ledgers from small tables of months, and thresholds that a test sets itself."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from tests.tables import parse_table
from warehouse import definitions, registry

Record = dict[str, object]


def due_cases(table: str, *, org: str = "城东支行") -> list[Record]:
    """Cases due on the 20th of each month, so many of them late; columns month, due, late."""
    found: list[Record] = []
    for row in parse_table(table):
        received = date.fromisoformat(f"{row['month']}-05")
        for number in range(int(row["due"] or 0)):
            is_late = number < int(row["late"] or 0)
            found.append(
                {
                    "complaint_id": f"{org}-{row['month']}-{number}",
                    "received_at": received,
                    "decided_at": received + timedelta(days=20 if is_late else 3),
                    "is_extension_approved": False,
                    "org_name": org,
                    "status": "已办结",
                }
            )
    return found


def received_cases(table: str, *, org: str = "城东支行", **fields: str) -> list[Record]:
    """Cases received on the 10th of each month and decided after `days`; columns month, count."""
    found: list[Record] = []
    for row in parse_table(table):
        received = date.fromisoformat(f"{row['month']}-10")
        for number in range(int(row["count"] or 0)):
            found.append(
                {
                    "complaint_id": f"{org}-{row['month']}-{number}",
                    "received_at": received,
                    "decided_at": received + timedelta(days=int(row.get("days") or 3)),
                    "org_name": org,
                    "status": "已办结",
                    **fields,
                }
            )
    return found


def months(first: str, count: int) -> list[str]:
    """So many months from one on, by id."""
    year, number = map(int, first.split("-"))
    return [
        f"{(year * 12 + number - 1 + at) // 12}-{(number - 1 + at) % 12 + 1:02d}"
        for at in range(count)
    ]


@contextmanager
def thresholds_written(folder: Path, **entries: dict[str, object]) -> Iterator[None]:
    """Run with these thresholds instead of those of the project."""
    shutil.copytree(definitions.FOLDER, folder, dirs_exist_ok=True)
    plain = {
        "kind": "own",
        "status": "own",
        "source_zh": "测试",
        "effective_from": date(2024, 1, 1),
    }
    text = yaml.safe_dump({name: plain | entry for name, entry in entries.items()})
    (folder / "thresholds.yml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definitions, "FOLDER", folder)
        registry._all_thresholds.cache_clear()
        try:
            yield
        finally:
            registry._all_thresholds.cache_clear()


Thresholds = Callable[..., None]
