"""python -m tests.ingest.fuzz lake|bench EXAMPLES SEED FOLDER: a long run that keeps every finding."""

import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.ingest.fuzz.bench import Bench
from tests.ingest.fuzz.ledgers import LEDGERS
from tests.ingest.fuzz.mutations import CELLS, GRID, MUTATIONS, Steps, mutated
from tests.ingest.fuzz.oracle import faults
from tests.ingest.fuzz.running import Loader, Outcome


def called(outcome: Outcome) -> str:
    """Loaded, partly, refused or unchanged."""
    result = outcome.result
    partly = result.status == "loaded" and result.rows.quarantined
    return ("partly" if partly else result.status) + (
        " after a question" if outcome.was_held else ""
    )


def tried(
    one: Loader | Bench, kind: str, number: str, steps: Steps, counts: Counter[str]
) -> tuple[bytes, list[str]]:
    """Load one damaged ledger; gives its bytes and what is wrong with the outcome."""
    data = mutated(kind, number, steps)
    try:
        outcome = one.load(data, ".xlsx" if data.startswith(b"PK") else ".csv")
    # Whatever comes up here would be a traceback for the analyst.
    except BaseException as error:  # noqa: BLE001
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        counts["crash"] += 1
        return data, [f"crash {type(error).__name__}: {error}"]
    counts[called(outcome)] += 1
    undamaged = mutated(kind, number, [step for step in steps if step[0] in GRID])
    return data, faults(data, undamaged, outcome)


def plan(rng: Random) -> tuple[str, Steps]:
    """A ledger and what is done to it: many damaged cells, or a few graver things."""
    kind = rng.choice(list(LEDGERS))
    if kind.startswith("long"):
        names = [rng.choice(CELLS) for _ in range(rng.randint(30, 45))]
    else:
        names = [rng.choice(MUTATIONS) for _ in range(rng.choice((1, 1, 2, 3, 5)))]
    return kind, [(name, rng.getrandbits(32)) for name in names]


def main(one: Loader | Bench, examples: int, seed: int, folder: Path) -> int:
    """Run so many examples; writes each file with a fault into the folder."""
    counts: Counter[str] = Counter()
    mutations = bad = 0
    rng, started = Random(seed), time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    for at in range(examples):
        kind, steps = plan(rng)
        mutations += len(steps)
        data, wrong = tried(one, kind, f"T{seed}x{at:06d}", steps, counts)
        if wrong:
            bad += 1
            (folder / f"{seed}-{at}.bin").write_bytes(data)
            shown = [
                f"{seed}-{at} {kind} {[s for s, _ in steps][:6]}",
                *(w[:400] for w in wrong[:4]),
            ]
            sys.stdout.write("\n   ".join(shown) + "\n")
            sys.stdout.flush()
        if at % 100 == 99:
            took = time.monotonic() - started
            sys.stdout.write(
                f"{at + 1} files, {mutations} mutations, {took:.0f} s, {dict(counts)}, {bad} bad\n"
            )
    one.close()
    return bad


if __name__ == "__main__":
    way, examples, seed, folder = sys.argv[1:5]
    chosen = Loader() if way == "lake" else Bench()
    sys.exit(bool(main(chosen, int(examples), int(seed), Path(folder))))
