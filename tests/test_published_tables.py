"""Ledgers written row by row from published tables give those tables back."""

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import installed_at, load
from tests.tables import install
from warehouse import codes, numerals
from warehouse.__main__ import main

TABLE = Path(__file__).resolve().parents[2] / "shared" / "published" / "small_banks.csv"
HEADERS = {
    "受理渠道": ("投诉受理渠道", "intake_channel"),
    "来源": ("投诉来源", "intake_channel"),
    "业务办理渠道": ("投诉业务办理渠道", "service_channel"),
    "业务类别": ("投诉业务类别", "category"),
    "原因": ("投诉原因", "cause"),
}
# Of 启东 the table of categories is cut off in the source; the dimensions that are whole are checked.
BANKS = ("宜宾市商业银行", "庐江农商银行", "启东农商银行", "seed002 某縣農商行")


def _published() -> dict[str, dict[str, dict[str, int]]]:
    """Bank → dimension → item → count, for the dimensions that are complete."""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["dimension"] in HEADERS:
                found[row["bank"]][row["dimension"]][row["item"]] = int(row["count"])
    return found


def _write_ledger(path: Path, bank: str, tables: dict[str, dict[str, int]]) -> int:
    columns = {
        HEADERS[dimension][0]: [item for item, count in items.items() for _ in range(count)]
        for dimension, items in tables.items()
    }
    total = max(len(values) for values in columns.values())
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"{bank}投诉台账"])
        writer.writerow(["序号", "投诉编号", "收到日期", "被投诉机构", *columns])
        for i in range(total):
            values = (values[i] for values in columns.values())
            writer.writerow(
                [i + 1, f"{bank}{i + 1:04d}", f"2022年{i % 12 + 1}月{i % 28 + 1}日", bank, *values]
            )
        writer.writerow(["合计", "", "", total])
    return total


def _canonical(dimension: str, item: str) -> str:
    return codes.lookup(dimension).get(codes.match_key(item), item.strip())


@pytest.mark.skipif(not TABLE.exists(), reason=f"{TABLE} is not on this machine")
@pytest.mark.parametrize("bank", BANKS)
def test_a_published_table_comes_back_from_its_ledger(bank, tmp_path, capsys):
    tables = _published()[bank]
    total = _write_ledger(tmp_path / "投诉台账.csv", bank, tables)
    install(tmp_path / "home")
    [line] = load(tmp_path / "home", tmp_path / "投诉台账.csv")
    outcome = json.loads(line)
    assert (outcome["status"], outcome["contract"]) == ("loaded", "complaint_ledger"), line
    assert outcome["rows"] == {
        "read": total + 1,
        "inserted": total,
        "updated": 0,
        "unchanged": 0,
        "quarantined": 0,
        "ignored": 1,
    }
    for dimension, items in tables.items():
        column = HEADERS[dimension][1]
        assert sum(items.values()) == total
        with installed_at(tmp_path / "home"):
            main(["indicator", "complaint_count", "--by", column, "--format", "json"])
        rows = json.loads(capsys.readouterr().out)["rows"]
        assert {row[column]: row["value"] for row in rows} == {
            _canonical(column, item): count for item, count in items.items()
        }
        _check_shares([row["value"] for row in rows])


def _check_shares(counts: list[int]) -> None:
    """Shares to a tenth add up to 100.0 and none is off by a tenth; printed ones are never used."""
    found = numerals.shares(counts)
    assert sum(found) == 100
    for share, count in zip(found, counts, strict=True):
        assert abs(float(share) - 100 * count / sum(counts)) < 0.1


def test_shares_come_from_counts_where_the_printed_ones_are_wrong():
    # 宜宾市商业银行 2022 printed 6% for 3 of 44 and 40% for 17 of 44.
    assert numerals.shares([36, 2, 3, 1, 2]) == [
        Decimal(t) for t in ("81.8", "4.6", "6.8", "2.3", "4.5")
    ]
