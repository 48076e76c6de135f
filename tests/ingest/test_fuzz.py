"""Valid ledgers damaged at random: whatever loads is what the file says, the rest is named.

`FUZZ_EXAMPLES` multiplies the number of files; `python -m tests.ingest.fuzz` runs for hours and
keeps every finding.
"""

import io
import os
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.ingest.conftest import Desk
from tests.ingest.fuzz.__main__ import called, tried
from tests.ingest.fuzz.bench import Bench
from tests.ingest.fuzz.ledgers import LEDGERS
from tests.ingest.fuzz.mutations import BYTES, CELLS, GRID, MUTATIONS, Steps, mutated
from tests.ingest.fuzz.oracle import faults
from tests.ingest.fuzz.running import Loader

TIMES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
LONG = [name for name in LEDGERS if name.startswith("long")]
SHORT = [name for name in LEDGERS if name not in LONG]


def steps(names: tuple[str, ...], *, fewest: int, most: int) -> st.SearchStrategy[Steps]:
    """Mutations with a seed each, the same in every run."""
    one = st.tuples(st.sampled_from(names), st.integers(0, 2**32 - 1))
    return st.lists(one, min_size=fewest, max_size=most)


def repeatedly(files: int) -> settings:
    """So many files, chosen alike in every run."""
    return settings(
        max_examples=files * TIMES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


class Trial:
    """Loads damaged files one after another, each with identifiers of its own."""

    def __init__(self, one: Bench | Loader) -> None:
        self.one = one
        self.files = 0
        self.mutations = 0
        self.counts: Counter[str] = Counter()

    def __call__(self, kind: str, done: Steps) -> None:
        """Damage one ledger, load it and compare."""
        self.files += 1
        self.mutations += len(done)
        _, wrong = tried(self.one, kind, f"T{self.files:06d}", done, self.counts)
        assert not wrong, "\n".join([f"{kind} {done}", *wrong])


@pytest.fixture(scope="module")
def bench() -> Iterator[Trial]:
    one = Bench()
    yield Trial(one)
    one.close()


@pytest.fixture
def lake() -> Iterator[Trial]:
    one = Loader()
    yield Trial(one)
    one.close()


def test_undamaged_ledgers_load_whole(bench: Trial) -> None:
    for kind in LEDGERS:
        before = bench.counts["loaded"]
        bench(kind, [])
        assert bench.counts["loaded"] == before + 1


def test_the_oracle_notices_what_it_should(bench: Trial) -> None:
    """A comparison that never fails shows nothing: here the file changes behind the loader's back."""
    data = mutated("complaint_csv", "T0", [])
    outcome = bench.one.load(data, ".csv")
    assert faults(data, data, outcome) == []
    for old, new, named in (
        (",信用卡,", ",贷款,", "category"),
        ("2024-01-03", "2024-01-04", "received_at"),
        (",1234.5,", ",1234.6,", "claim_amount_yuan"),
        ("T0-1", "T0-7", "complaint_id"),
        (",否,", ",是,", "is_repeat"),
        ("收费1元", "收费2元", "content_masked"),
    ):
        other = data.replace(old.encode(), new.encode(), 1)
        assert other != data
        assert named in "".join(faults(other, other, outcome))
    longer = data + b"T0-9,2024-01-03,,,,,,,,\n"
    assert "the file has 7 rows" in "".join(faults(longer, longer, outcome))


@pytest.mark.parametrize(
    ("amount", "people"),
    [
        ("12,5", "12,5"),
        ("1.234,56", "1 2"),
        ("1 2", "1,23"),
        ("1,23,456", "1,23,456"),
        (",1", "1,"),
    ],
)
def test_marks_that_part_no_thousands_make_no_number(
    bench: Trial, amount: str, people: str
) -> None:
    header = "投诉编号,收到日期,投诉金额,投诉人数"
    rows = [
        f'A1,2024-03-05,"{amount}",1',
        f'A2,2024-03-05,1,"{people}"',
        'A3,2024-03-05,"1,234.5",3 人',
    ]
    outcome = bench.one.load("\n".join([header, *rows]).encode(), ".csv")
    told = {p.row for p in outcome.result.problems if p.rule != "no_organisation"}
    assert told == {2, 3}
    (row,) = outcome.batches[0].tables["complaint"]
    assert (float(row["claim_amount_yuan"]), row["complainant_count"]) == (1234.5, 3)


@pytest.mark.parametrize("cell", ["2024-03-05 10:20:00-05", "2024-03-05T10:20-05:00"])
def test_a_time_west_of_greenwich_is_not_taken_for_ours(bench: Trial, cell: str) -> None:
    rows = f"投诉编号,收到日期\nA1,{cell}\nA2,2024-03-05\n"
    outcome = bench.one.load(rows.encode(), ".csv")
    assert [p.row for p in outcome.result.problems if p.rule == "type_timestamp"] == [2]


def test_a_workbook_whose_checksums_do_not_fit_is_refused(bench: Trial) -> None:
    """Readers of workbooks do not look at them: the other number would load without a word."""
    out = io.BytesIO()
    source = io.BytesIO(mutated("complaint_xlsx", "Z1", []))
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(out, "w") as stored:
        for name in packed.namelist():
            stored.writestr(name, packed.read(name))
    data = out.getvalue()
    assert bench.one.load(data, ".xlsx").result.status == "loaded"
    assert b"Z1-0" in data
    for broken in (data.replace(b"Z1-0", b"Z1-9"), data.replace(b"PK\x03\x04", b"PK\x03\x05")):
        result = bench.one.load(broken[:2] + data[2:4] + broken[4:], ".xlsx").result
        assert (result.status, result.problems[0].rule) == ("refused", "unreadable")


def test_many_damaged_cells(bench: Trial) -> None:
    @repeatedly(60)
    @given(st.sampled_from(LONG), steps(CELLS, fewest=30, most=45))
    def try_one(kind: str, done: Steps) -> None:
        bench(kind, done)

    before = bench.mutations
    try_one()
    assert bench.mutations - before >= 1800


def test_damaged_rows_columns_and_files(bench: Trial) -> None:
    @repeatedly(140)
    @given(st.sampled_from(SHORT), steps(MUTATIONS, fewest=2, most=8))
    def try_one(kind: str, done: Steps) -> None:
        bench(kind, done)

    try_one()
    assert bench.counts["refused"]
    assert bench.counts["partly"]


def test_damaged_bytes(bench: Trial) -> None:
    @repeatedly(320)
    @given(st.sampled_from(SHORT), steps(tuple(BYTES), fewest=2, most=4))
    def try_one(kind: str, done: Steps) -> None:
        bench(kind, done)

    try_one()


def test_damaged_ledgers_through_checks_lake_and_archive(lake: Trial) -> None:
    @repeatedly(12)
    @given(st.sampled_from(SHORT), steps(MUTATIONS, fewest=1, most=4))
    def try_one(kind: str, done: Steps) -> None:
        lake(kind, done)

    try_one()


def test_the_command_ends_as_the_open_loader_does(desk: Desk, bench: Trial) -> None:
    expected = {}
    for at, name in enumerate((*list(GRID)[:4], *BYTES)):
        data = mutated(SHORT[at % len(SHORT)], f"C{at:05d}", [(name, at)])
        suffix = ".xlsx" if data.startswith(b"PK") else ".csv"
        desk.drop(f"f{at}{suffix}", data)
        outcome = bench.one.load(data, suffix)
        expected[f"f{at}{suffix}"] = (called(outcome).split()[0], vars(outcome.result.rows))
    found = {
        one["file"]: (
            "partly" if one["status"] == "loaded" and one["rows"]["quarantined"] else one["status"],
            one["rows"],
        )
        for one in desk.run()
    }
    assert desk.exit_code in (0, 1)
    held = {name for name, (status, _) in found.items() if status == "held"}
    assert {n: f for n, f in found.items() if n not in held} == {
        n: e for n, e in expected.items() if n not in held
    }
