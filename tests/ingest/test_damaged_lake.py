"""A lake whose own files are damaged is this computer's fault: no extract is blamed for it."""

import pytest

from tests.ingest.conftest import Desk

# The catalogue itself keeps the rows of small loads.
LEDGER = "投诉编号,收到日期,业务类别\n" + "".join(f"A{n},2024-03-05,贷款\n" for n in range(100))
LATER = LEDGER.replace("A7,2024-03-05,贷款", "A7,2024-03-05,借记卡")


def _harm_pages(content: bytes) -> bytes:
    return content[:4] + bytes(300) + content[304:]


def _cut(content: bytes) -> bytes:
    return content[:200]


@pytest.mark.parametrize("harm", [_harm_pages, _cut])
def test_a_damaged_data_file_keeps_extracts_in_the_inbox(desk: Desk, harm) -> None:
    desk.load("台账.csv", LEDGER)
    for path in desk.home.lake_files.rglob("core/complaint/*.parquet"):
        path.write_bytes(harm(path.read_bytes()))
    dropped = desk.drop("台账2.csv", LATER)
    (outcome,) = desk.run()
    assert desk.exit_code == 3
    assert outcome["status"] == "failed"
    assert "python -m warehouse check" in outcome["problems"][0]["message"]
    assert dropped.exists()
    assert not list(desk.home.returned.iterdir())


@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_a_damaged_catalogue_is_said_in_words(desk: Desk, arguments) -> None:
    desk.load("台账.csv", LEDGER)
    content = desk.home.catalogue.read_bytes()
    desk.home.catalogue.write_bytes(b"x" * 100 + content[100:])
    dropped = desk.drop("台账2.csv", LATER)
    assert desk.run(*arguments) == []
    assert desk.exit_code == 3
    assert "python -m warehouse check" in desk.stderr
    assert dropped.exists()
