"""Where loaded files go: kept as delivered, kept encrypted, or deleted; and the way back."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import duckdb

from ingest.archive_cipher import (
    SUFFIX,
    decrypt_file,
    encrypt_file,
    existing_archive_key,
    obtain_archive_key,
)
from ingest.archive_journal import note_loaded, stored_as
from ingest.errors import Fault, IngestError
from ingest.files import Extract, claimed, free_place, put, short_name, shown_name
from ingest.settings import settings
from warehouse.commands import carry_out
from warehouse.disk import flush, sha256_of
from warehouse.errors import WarehouseError
from warehouse.home import Home, current_home
from warehouse.journal import read_journal
from warehouse.lake import open_writer
from warehouse.output import prepare_output, put_error, put_out
from warehouse.sealed import digest_of
from warehouse.signals import end_program


def archive(home: Home, con: duckdb.DuckDBPyConnection, extract: Extract, sha256: str) -> None:
    """Put a loaded file where the settings want it and note it; only once its commit is done.

    Raises Fault when the file is no longer the one that was loaded.
    """
    with claimed(extract, sha256) as mine:
        _store(home, con, mine, sha256)


def _store(home: Home, con: duckdb.DuckDBPyConnection, extract: Extract, sha256: str) -> None:
    keeping = settings(home).archive
    if keeping == "keep":
        home.archive.mkdir(parents=True, exist_ok=True)
        target = free_place(home.archive, _name(extract, sha256), extract.path)
        put(extract, target)
        note_loaded(home, con, sha256, stored=target)
    elif keeping == "encrypt":
        note_loaded(home, con, sha256, stored=_store_encrypted(home, extract, sha256))
    else:
        # First the note that this file cannot be loaded again, then what makes it true.
        note_loaded(home, con, sha256, stored=stored_as(home, sha256))
    if extract.in_inbox:
        extract.path.unlink(missing_ok=True)


def _name(extract: Extract, sha256: str) -> str:
    """What a file is called in the archive; its masked name, for the journal keeps it, too."""
    # Not every system allows a star in a name.
    shown = shown_name(extract.name).replace("*", "x")
    return f"{sha256[:12]}_{short_name(shown)}"


def _store_encrypted(home: Home, extract: Extract, sha256: str) -> Path:
    home.archive.mkdir(parents=True, exist_ok=True)
    target = home.archive / f"{_name(extract, sha256)}{SUFFIX}"
    # Its head alone does not tell whether a sealed file is whole; a harmed one is replaced.
    if not (target.exists() and _is_as_noted(home, target, sha256)):
        encrypt_file(extract.path, target, key=obtain_archive_key(home), sha256=sha256)
    return target


def _is_as_noted(home: Home, stored: Path, sha256: str) -> bool:
    noted = read_journal(home.archive_journal).entries.get(sha256)
    return noted is not None and noted.stored_sha256 == sha256_of(stored)


def apply_settings(home: Home) -> str:
    """Bring files that were archived under other settings to those of today; says what it did."""
    keeping = settings(home).archive
    if keeping == "off":
        message = (
            "设置为 off 时不会成批删除已归档的文件；确实不再需要时，请自行删除归档文件夹中的文件"
        )
        raise Fault(message)
    changed = 0
    with open_writer(home, on_wait=_say_waiting) as con:
        for path in sorted(home.archive.iterdir()):
            if path.name.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            sha256 = digest_of(path)
            if (sha256 is None) == (keeping == "keep"):
                continue
            if sha256 is None:
                sha256 = sha256_of(path)
                target = path.with_name(path.name + SUFFIX)
                encrypt_file(path, target, key=obtain_archive_key(home), sha256=sha256)
            else:
                target = path.with_name(path.name.removesuffix(SUFFIX))
                decrypt_file(path, target, key=existing_archive_key(home))
                flush(target)
            note_loaded(home, con, sha256, stored=target)
            path.unlink()
            changed += 1
    done = "加密" if keeping == "encrypt" else "解密"
    return f"已{done} {changed} 个归档文件" if changed else "归档文件与设置一致，没有改动"


def _say_waiting() -> None:
    put_error("另一个装载正在进行，等它结束……")


def open_archived(home: Home, file: Path, target: Path) -> str:
    """Write one archived file as it was delivered to a place of the caller's choice."""
    if target.exists():
        message = f"{target} 已存在，不会覆盖；请换一个目标文件名"
        raise Fault(message)
    if not target.parent.is_dir():
        message = f"目标文件夹 {target.parent} 不存在；请换一个位置"
        raise Fault(message)
    if not file.is_file():
        message = f"找不到归档文件 {file}"
        raise Fault(message)
    if digest_of(file) is None:
        message = f"{file.name} 没有加密，直接打开即可"
        raise Fault(message)
    decrypt_file(file, target, key=existing_archive_key(home))
    return f"已解密到 {target}；其中有未遮盖的个人信息，用完请删除"


def main(arguments: Sequence[str] | None = None) -> int:
    """`open FILE TARGET` decrypts one file, `apply` brings the archive to today's settings."""
    prepare_output()
    parser = argparse.ArgumentParser(prog="python -m ingest.archive", description="原始文件归档")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("open", help="解密一个归档文件")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("target", type=Path, metavar="TARGET")
    commands.add_parser("apply", help="把已归档的文件改为设置所要求的方式（加密或解密）")
    options = parser.parse_args(arguments)
    home = current_home()

    def work() -> int:
        if options.command == "open":
            put_out(open_archived(home, options.file, options.target))
        else:
            put_out(apply_settings(home))
        return 0

    return carry_out(
        work,
        codes={IngestError: 1, WarehouseError: 1},
        after_fault="没有丢失任何文件，排除故障后请再运行一次",
        after_interrupt="已中断；没有丢失任何文件，需要时请再运行一次",
    )


if __name__ == "__main__":
    end_program(main())
