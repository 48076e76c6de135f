"""SIGKILL at random moments of loads: `python -m tests.kill [KILLS] [SEED]`, 200 by default.

A parent that has imported everything and opened nothing forks a child for each attempt. The child
loads the inbox, the parent kills it at a random moment, and the next child goes on with what is
left, until one is through. Then the installation must stand as one that nobody disturbed. All the
while a reader looks for half a batch.
"""

import contextlib
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import duckdb_engine  # noqa: F401
import great_expectations.expectations  # noqa: F401

import ingest.__main__
import ingest.check  # noqa: F401 - everything that a load imports, so that no child has to
from tests.kill_files import write_extracts
from warehouse import marts
from warehouse.entities import entities
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.lake import open_reader, open_writer, reading
from warehouse.lake_check.check import check
from warehouse.registry import subjects

MOST_KILLS_PER_HOME = 25
# A child that is killed always before its first commit would never be through.
SHARE_OF_A_LOAD = 0.3


class Unfit(Exception):  # noqa: N818
    """Even without a kill the load does not end as it should."""


def forked(work: Callable[[], object]) -> int:
    """Start some work in a child process; gives its process id."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            work()
        code = 0
    except BaseException as error:
        sys.__stderr__.write(f"{type(error).__name__}: {error}\n")
    finally:
        os._exit(code)


def say(text: str) -> None:
    """Tell the person who waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def load(root: Path) -> None:
    """Load what lies in the inbox, as the command does."""
    os.environ["DASHBOARD_HOME"] = str(root)
    ingest.__main__.main([])


def finished(pid: int) -> int:
    """Exit code of a child, once it is done."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_after(pid: int, moment: float) -> bool:
    """Kill a child at this moment of its life; False when it was through before."""
    deadline = time.monotonic() + moment
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            return False
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    return finished(pid) == -signal.SIGKILL


def read_all_the_time(root: Path, stop: Path, faults: Path) -> None:
    """Look for a batch that is only half there, a transaction per look, until told to stop."""
    while not stop.exists():
        try:
            hub = open_reader(Home(root))
        except WarehouseError:
            time.sleep(0.01)
            continue
        while not stop.exists():
            with reading(hub) as cursor:
                found = half_batches(cursor)
            if found:
                faults.write_text(repr(found))
                return
            time.sleep(0.05)
        hub.close()


def half_batches(cursor: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Batches with fewer rows than they say, rows without a batch, marts that lag behind."""
    rows = " union all ".join(
        f"select batch_id, source_row, '{entity.id}' as entity from lake.core.{table}"
        for entity in entities().values()
        for table in (entity.id, *entity.children)
    )
    found = cursor.execute(
        f"""
        with held as (
            select batch_id, entity, count(distinct source_row) as held from ({rows}) group by all
        ),
        brought as (
            select
                entity,
                sum(rows_inserted) as inserted,
                list(batch_id) as batches,
            from lake.meta.batch group by all
        )
        select 'rows without a batch', batch_id, held from held
        where batch_id not in (select batch_id from lake.meta.batch)
        union all
        select 'more rows than brought', h.batch_id, h.held
        from held as h join lake.meta.batch as b using (batch_id)
        where h.held > b.rows_inserted + b.rows_updated
        union all
        select 'fewer rows than inserted', entity, inserted
        from brought
        where entity in ('complaint', 'exam_result')
            and inserted <> (select sum(held) from held where held.entity = brought.entity)
        """
    ).fetchall()
    subject = subjects()["complaint_received"]
    measure = next(iter(subject.measures))
    (counted,) = cursor.execute(f"select sum({measure}) from {subject.id}").fetchone()
    for mart in subject.marts:
        relation = marts.relation(subject, mart)
        (summed,) = cursor.execute(f"select sum({measure}) from {relation}").fetchone()
        if (summed or 0) != (counted or 0):
            found.append((mart, summed, counted))
    return found


@dataclass
class State:
    """What an installation looks like when all is loaded, without ids and times."""

    tables: dict[str, list[tuple]]
    batches: list[tuple]
    files: dict[str, list[str]]

    def differences(self, other: "State") -> list[str]:
        """Where two installations differ."""
        found = [
            f"{name}: {len(self.tables[name])} / {len(rows)} rows"
            for name, rows in other.tables.items()
            if self.tables[name] != rows
        ]
        if self.batches != other.batches:
            found.append(f"batches: {self.batches} / {other.batches}")
        if self.files != other.files:
            found.append(f"files: {self.files} / {other.files}")
        return found


def state(home: Home) -> State:
    """The state of an installation."""
    with reading(open_reader(home)) as cursor:
        names = [f"core.{t}" for e in entities().values() for t in (e.id, *e.children)]
        names += [f"marts.{name}" for name in marts.mart_tables()]
        names += ["meta.row_issue", "meta.check_result"]
        tables = {}
        for name in names:
            has_batch = not name.startswith("marts.")
            columns = "* exclude (batch_id)" if has_batch else "*"
            rows = cursor.execute(f"select {columns} from lake.{name}").fetchall()
            tables[name] = sorted(rows, key=repr)
        batches = cursor.execute(
            """
            select * exclude (batch_id, loaded_at) from lake.meta.batch
            order by file_name, sheet, header_row
            """
        ).fetchall()
    folders = {"inbox": home.inbox, "archive": home.archive, "returned": home.returned}
    files = {
        name: sorted(path.name for path in folder.rglob("*") if path.is_file())
        for name, folder in folders.items()
    }
    return State(tables, batches, files)


@dataclass
class Tally:
    """What came out."""

    kills: int = 0
    homes: int = 0
    at_rest: int = 0
    faults: list[str] = field(default_factory=list)


def begin(place: Path, base: Path) -> Home:
    """A new installation with everything in its inbox."""
    shutil.copytree(base, place)
    return Home(place)


def kill_until(folder: Path, kills: int, seed: int) -> Tally:
    """Kill loads that often; what came out of it."""
    drawn = random.Random(seed)
    tally = Tally()
    empty = folder / "empty"
    write_extracts(Home(empty).inbox)
    undisturbed = begin(folder / "undisturbed", empty)
    if finished(forked(lambda: prepare_key(undisturbed))):
        raise Unfit
    # Person keys are compared too, so all installations share one secret.
    shutil.copy2(undisturbed.root / "ingest" / "person_key.secret", empty / "ingest")
    started = time.monotonic()
    finished(forked(lambda: load(undisturbed.root)))
    lasted = time.monotonic() - started
    result = folder / "result"
    if finished(forked(lambda: tell(undisturbed, None, result))):
        raise Unfit
    say(f"an undisturbed load takes {lasted:.1f} s")
    # Half of the installations begin with an empty lake, half without one.
    made = begin(folder / "made", empty)
    finished(forked(lambda: make_lake(made)))
    while tally.kills < kills and len(tally.faults) < 3:
        home = begin(folder / f"home{tally.homes}", made.root if tally.homes % 2 else empty)
        one_home(home, undisturbed, folder, drawn, lasted, tally)
        tally.homes += 1
        say(f"{tally.kills} kills, {tally.homes} installations, {len(tally.faults)} faults")
    return tally


def make_lake(home: Home) -> None:
    """Create an empty lake."""
    with open_writer(home):
        pass


def prepare_key(home: Home) -> None:
    """Make the installation's secret."""
    from ingest.person import obtain_key

    obtain_key(home)


def tell(home: Home, other: Home | None, result: Path) -> None:
    """Write down every way in which an installation is not as it should be."""
    findings = check(home)
    found = [f"check: {one.where} {one.message}" for one in findings.found]
    if other is not None:
        found += state(home).differences(state(other))
    leftovers = [p for p in home.root.rglob("*") if p.name.endswith(".part")]
    found += [f"left over: {path}" for path in leftovers]
    result.write_text("\n".join(found))
    if found:
        raise AssertionError("\n".join(found))


def one_home(
    home: Home, other: Home, folder: Path, drawn: random.Random, lasted: float, tally: Tally
) -> None:
    """Kill a few loads of one installation, let the last one through, and compare."""
    stop, faults, result = (folder / f"{n}{tally.homes}" for n in ("stop", "half", "result"))
    reader = forked(lambda: read_all_the_time(home.root, stop, faults))
    moments = []
    for _ in range(MOST_KILLS_PER_HOME):
        pid = forked(lambda: load(home.root))
        moment = drawn.uniform(0, lasted * SHARE_OF_A_LOAD)
        moments.append(round(moment, 2))
        if not killed_after(pid, moment):
            tally.at_rest += 1
            break
        tally.kills += 1
    finished(forked(lambda: load(home.root)))
    stop.touch()
    if finished(reader):
        tally.faults.append(f"home {tally.homes}: the reader failed")
    if faults.exists():
        tally.faults.append(f"home {tally.homes}: half a batch {faults.read_text()}")
    if finished(forked(lambda: tell(home, other, result))):
        said = result.read_text() if result.exists() else "the comparison failed"
        tally.faults.append(f"home {tally.homes} killed at {moments}: {said}")
    else:
        shutil.rmtree(home.root)


def main() -> int:
    """Run it; 0 when nothing was found."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261122
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    started = time.monotonic()
    tally = kill_until(folder, kills, seed)
    say(
        f"{tally.kills} kills in {tally.homes} installations, {tally.at_rest} came too late, "
        f"{len(tally.faults)} faults, {time.monotonic() - started:.0f} s"
    )
    for fault in tally.faults:
        say(fault)
    if not tally.faults:
        shutil.rmtree(folder)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
