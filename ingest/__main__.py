"""python -m ingest: load what lies in the inbox, or the files that are named."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from ingest.errors import IngestError, NotFound
from ingest.files import Found, InboxLooks, find_named_files, shown_name
from ingest.progress import ProgressBar, ProgressFile, View
from ingest.put_away import NOT_ARCHIVED
from ingest.report import json_line, text_report
from ingest.result import Result
from ingest.run import Listener, run_files
from ingest.watch import INTERVAL_S, Watch, ending_on_signals
from warehouse.commands import carry_out
from warehouse.errors import WarehouseError
from warehouse.home import Home, current_home
from warehouse.loading import note_outcome
from warehouse.output import prepare_output, put_error, put_out
from warehouse.signals import end_program, is_told_to_end

ALL_GOOD, SOME_REFUSED, WRONG_USE, FAULT = 0, 1, 2, 3
MIN_INTERVAL_S, MAX_INTERVAL_S = 0.1, 3600.0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call and stop."""
        put_error(f"用法错误：{message}\n{self.format_usage().rstrip()}")
        sys.exit(WRONG_USE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m ingest", description="检查并装载数据文件")
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="要装载的文件；不写则装载收件箱中的全部文件"
    )
    parser.add_argument("--check", action="store_true", help="只检查，不写入任何内容")
    parser.add_argument(
        "--confirm", action="store_true", help="已核对：装载所列的文件，即使有规则要求确认"
    )
    parser.add_argument("--json", action="store_true", help="每个文件输出一行 JSON")
    parser.add_argument(
        "--watch", action="store_true", help="一直值守收件箱，放入的文件自动装载，直到按 Ctrl-C"
    )
    parser.add_argument(
        "--interval",
        type=_seconds,
        default=INTERVAL_S,
        metavar="S",
        help="值守时每隔几秒看一次收件箱（默认 %(default)s）",
    )
    parser.add_argument("--progress", type=Path, metavar="FILE", help="把进度另写入这个文件")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not MIN_INTERVAL_S <= seconds <= MAX_INTERVAL_S:
        raise ValueError(text)
    return seconds


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.watch and (options.check or options.files or options.confirm):
        parser.error("--watch 值守整个收件箱，不能与文件名、--check 或 --confirm 同用")
    if options.confirm and not options.files:
        parser.error("--confirm 要写明已核对的是哪些文件")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 all loaded or unchanged, 1 some refused or held, 2 wrong use, 3 our fault.

    Files that are left where they lie though they were or could be loaded count as our fault.
    """
    prepare_output()
    options = _options(arguments)
    home = current_home()
    listener = _listener(home, options)
    if options.watch:
        watch = Watch(home, listener, put_error, interval_s=options.interval)
        with ending_on_signals(watch.stop):
            watch.run()
        return ALL_GOOD
    return carry_out(
        lambda: _load_once(home, options, listener),
        codes={NotFound: WRONG_USE, IngestError: SOME_REFUSED, WarehouseError: SOME_REFUSED},
        after_fault="收件箱中的文件都留在原处，排除故障后再运行一次即可",
        after_interrupt="已中断；已装载的文件不受影响，重新运行即可继续",
        fault_code=FAULT,
    )


def _listener(home: Home, options: argparse.Namespace) -> Listener:
    """Whom the run tells what: standard output, standard error and the pages."""

    def report(result: Result) -> None:
        text = json_line(result) if options.json else text_report(result, check_only=options.check)
        put_out(text)
        if not options.check:
            note_outcome(home, result.as_json())

    return Listener(
        report,
        waiting=lambda: put_error("另一个装载正在进行，等它结束……"),
        skipped=lambda name, reason: put_error(f"跳过 {name}：{reason}"),
        views=_views(home, options),
        is_stopping=is_told_to_end,
    )


def _load_once(home: Home, options: argparse.Namespace, listener: Listener) -> int:
    """Load the named files, or what lies in the inbox, and say what was left."""
    named = [_in_inbox(home, name) for name in options.files]
    inbox = InboxLooks(home)

    def find() -> Found:
        return find_named_files(home, named) if named else inbox.find()

    results, left = run_files(
        home,
        find,
        listener,
        check_only=options.check,
        judging="confirmed" if options.confirm else "holds",
    )
    if not results and not left and not options.json:
        put_out(f"收件箱 {home.inbox} 中没有要装载的文件")
    if left:
        put_error(f"其余 {len(left)} 个文件没有处理，留在原处")
    return FAULT if left else _exit_code(results)


def _in_inbox(home: Home, name: str) -> str:
    """The path of a file; a bare name that is no file here may be one of the inbox."""
    waiting = home.inbox / name
    if Path(name).is_file() or not home.inbox.is_dir():
        return name
    if waiting.is_file():
        return str(waiting)
    # Messages call a file by its masked name; that will do where only one file has it.
    masked = [path for path in home.inbox.iterdir() if shown_name(path.name) == name]
    return str(masked[0]) if len(masked) == 1 else name


def _views(home: Home, options: argparse.Namespace) -> list[View]:
    """Where progress is shown: to pages while something is loaded, to people at a terminal."""
    views: list[View] = [] if options.check else [ProgressFile(home.progress)]
    if options.progress:
        views.append(ProgressFile(options.progress))
    is_watched = sys.stdout.isatty() and sys.stderr.isatty() and not options.json
    return [*views, *([ProgressBar(Console(stderr=True))] if is_watched else [])]


def _exit_code(results: Sequence[Result]) -> int:
    statuses = {result.status for result in results}
    is_left = any(problem.rule == NOT_ARCHIVED for result in results for problem in result.problems)
    if "failed" in statuses or is_left:
        return FAULT
    return SOME_REFUSED if statuses & {"refused", "held"} else ALL_GOOD


if __name__ == "__main__":
    end_program(main())
