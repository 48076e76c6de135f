"""The floor: the same file into a DuckLake table with nothing but DuckDB."""

import sys
import time
from pathlib import Path

from warehouse.home import Home
from warehouse.lake import attach, connect


def bare_load_seconds(ledger: Path, folder: Path) -> float:
    """Seconds from an attached, empty lake to the committed table."""
    home = Home(folder)
    home.make_folders()
    con = connect(":memory:")
    attach(con, home, read_only=False)
    began = time.perf_counter()
    con.execute(
        "create table lake.main.ledger as select * from read_csv($file)", {"file": str(ledger)}
    )
    seconds = time.perf_counter() - began
    con.close()
    return seconds


if __name__ == "__main__":
    sys.stdout.write(f"{bare_load_seconds(Path(sys.argv[1]), Path(sys.argv[2]))}\n")
