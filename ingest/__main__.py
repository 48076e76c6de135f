"""python -m ingest: load what lies in the inbox, or the files that are named."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from ingest.errors import IngestError
from ingest.files import find_inbox_files, find_named_files
from ingest.report import json_line, text_report
from ingest.result import Result
from ingest.run import run_files
from warehouse.errors import WarehouseError
from warehouse.home import current_home

ALL_GOOD, SOME_REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call and stop."""
        sys.stderr.write(f"用法错误：{message}\n{self.format_usage()}")
        sys.exit(WRONG_USE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m ingest", description="检查并装载数据文件")
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="要装载的文件；不写则装载收件箱中的全部文件"
    )
    parser.add_argument("--check", action="store_true", help="只检查，不写入任何内容")
    parser.add_argument("--json", action="store_true", help="每个文件输出一行 JSON")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 all loaded or unchanged, 1 some refused, 2 wrong use."""
    options = _parser().parse_args(arguments)
    home = current_home()

    def report(result: Result) -> None:
        text = json_line(result) if options.json else text_report(result, check_only=options.check)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    try:
        named = find_named_files(home, options.files) if options.files else None
    except IngestError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_USE
    found = named or find_inbox_files(home)
    for name, reason in found.skipped:
        sys.stderr.write(f"跳过 {name}：{reason}\n")
    if not found.extracts and not options.json:
        sys.stdout.write(f"收件箱 {home.inbox} 中没有要装载的文件\n")
    try:
        results = run_files(home, found.extracts, check_only=options.check, report=report)
    except (IngestError, WarehouseError) as error:
        sys.stderr.write(f"{error}\n")
        return SOME_REFUSED
    except KeyboardInterrupt:
        sys.stderr.write("已中断；已装载的文件不受影响，重新运行即可继续\n")
        return INTERRUPTED
    return SOME_REFUSED if any(result.status == "refused" for result in results) else ALL_GOOD


if __name__ == "__main__":
    sys.exit(main())
