"""The commands that keep the lake sound: check, backup, restore, rebuild."""

import argparse
import importlib
import json
from pathlib import Path

from warehouse.backup import backup, restore
from warehouse.home import Home
from warehouse.lake_check.check import check
from warehouse.lake_check.finding import findings_text
from warehouse.output import put_error

COMMANDS = ("check", "backup", "restore", "rebuild")


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands to the warehouse's."""
    command = commands.add_parser("check", help="核对仓库：文件、行数、批次、汇总与归档")
    command.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    command = commands.add_parser("backup", help="把仓库、归档和设置备份到一个新文件夹")
    command.add_argument("folder", type=Path, metavar="TARGET")
    command.add_argument("--with-keys", action="store_true", help="连同密钥一起备份")
    command = commands.add_parser("restore", help="从备份恢复")
    command.add_argument("folder", type=Path, metavar="SOURCE")
    command.add_argument("--force", action="store_true", help="替换现有数据（原有的移到一旁）")
    command = commands.add_parser("rebuild", help="按归档的原始文件从头重建仓库")
    command.add_argument("--partial", action="store_true", help="有文件无法重建时，重建其余的")


def run(options: argparse.Namespace, home: Home) -> tuple[str, int]:
    """What one of these commands says, and its exit code."""
    match options.command:
        case "check":
            found = check(home, on_wait=_say_waiting)
            said = json.dumps(found.as_json(), ensure_ascii=False)
            return said if options.json else findings_text(found), 0 if found.is_clean else 1
        case "backup":
            with_keys = options.with_keys
            return backup(home, options.folder, with_keys=with_keys, on_wait=_say_waiting), 0
        case "restore":
            return restore(home, options.folder, force=options.force, on_wait=_say_waiting), 0
        case _:
            # Reading files is the loader's work, which this package knows nothing of; a child
            # process would go on, and exchange the lake, when this one is told to end.
            loader = importlib.import_module("ingest.rebuild")
            return "", int(loader.main(["--partial"] if options.partial else []))


def _say_waiting() -> None:
    put_error("另一个装载正在进行，等它结束……")
