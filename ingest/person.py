"""The secret key that turns staff numbers into person keys which nobody can turn back.

`python -m ingest.person new` makes one on purpose where the old one is lost for good.
"""

import argparse
import os
import secrets
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import duckdb

from ingest.contract import contracts
from ingest.errors import Fault, IngestError
from ingest.sql import fill, identifier
from warehouse.commands import carry_out
from warehouse.disk import whole_or_not
from warehouse.errors import WarehouseError
from warehouse.home import Home, current_home
from warehouse.lake import attach, connect, holding_lock
from warehouse.output import prepare_output, put_out
from warehouse.signals import end_program

_KEY_BYTES = 32


def key_file(home: Home) -> Path:
    """Where the installation keeps its key."""
    return home.root / "ingest" / "person_key.secret"


def throwaway_key() -> str:
    """A key for a check that stores nothing."""
    return secrets.token_hex(_KEY_BYTES)


def existing_key(home: Home) -> str | None:
    """The installation's key, None before the first load."""
    path = key_file(home)
    if not path.exists():
        return None
    key = path.read_text(encoding="ascii").strip()
    if len(key) != _KEY_BYTES * 2:
        message = f"人员密钥文件 {path} 的内容不完整；请从备份恢复，否则人员标识会全部改变"
        raise Fault(message)
    return key


def obtain_key(home: Home) -> str:
    """The installation's key, created on first use and readable by its owner only.

    Raises Fault where it is gone and the lake holds persons under it.
    """
    existing = existing_key(home)
    if existing is not None:
        return existing
    if _holds_persons(home):
        message = (
            f"人员密钥文件 {key_file(home)} 不见了，而仓库里已有用它算出的人员标识；"
            "换一个密钥，同一个人以前与以后的记录就对不上。请从备份把它放回原处；"
            "确实找不回来时，运行 python -m ingest.person new 另建密钥，"
            "再运行 python -m warehouse rebuild 把全部人员标识重新算过"
        )
        raise Fault(message)
    return _make_key(home)


def _holds_persons(home: Home) -> bool:
    """Whether a row of the lake names a person; a lake that cannot be read has none to match."""
    places = {
        (contract.entity, name)
        for contract in contracts().values()
        for name, column in contract.columns.items()
        if column.type == "person_key"
    }
    if not home.catalogue.exists():
        return False
    with suppress(duckdb.Error), closing(connect(":memory:")) as con:
        attach(con, home, read_only=True)
        asked = "select 1 from lake.core.<<table>> where <<name>> is not null"
        parts = [
            fill(asked, table=identifier(table), name=identifier(name))
            for table, name in sorted(places)
        ]
        return con.execute(f"{' union all '.join(parts)} limit 1").fetchone() is not None
    return False


def _make_key(home: Home) -> str:
    path = key_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_hex(_KEY_BYTES)
    # Half a key after a kill would keep everything from loading.
    with whole_or_not(path) as passing:
        passing.unlink(missing_ok=True)
        descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key + "\n")
    return key


def main(arguments: Sequence[str] | None = None) -> int:
    """`new` makes a key where there is none; never in place of one."""
    prepare_output()
    parser = argparse.ArgumentParser(prog="python -m ingest.person", description="人员密钥")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("new", help="密钥找不回来时另建一个")
    parser.parse_args(arguments)
    home = current_home()

    def work() -> int:
        with holding_lock(home):
            if key_file(home).exists():
                message = f"人员密钥文件 {key_file(home)} 还在，没有另建"
                raise Fault(message)
            _make_key(home)
        put_out(
            f"已另建人员密钥 {key_file(home)}，请另行保管一份；"
            "现在请运行 python -m warehouse rebuild，否则同一个人以前与以后的记录对不上"
        )
        return 0

    return carry_out(
        work,
        codes={IngestError: 1, WarehouseError: 1},
        after_fault="没有另建人员密钥，排除故障后请再运行一次",
        after_interrupt="已中断，没有另建人员密钥",
    )


if __name__ == "__main__":
    end_program(main())
