"""Command line: writes the demo data into the inbox, or anywhere else."""

import argparse
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from ingest.demo import story
from ingest.demo.build import write_demo
from warehouse.commands import carry_out
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.home import Home, current_home
from warehouse.lake import open_reader, reading
from warehouse.output import prepare_output, put_out
from warehouse.signals import end_program


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the demo data as the arguments say; 0 also when there was nothing to do."""
    prepare_output()
    options = _parser().parse_args(arguments)
    home = current_home()
    folder = Path(options.out).resolve() if options.out else home.inbox

    def work() -> int:
        reason = _reason_to_leave(home, folder) if options.if_empty else ""
        if reason:
            put_out(f"没有写入演示数据：{reason}")
            return 0
        paths = write_demo(folder, end=options.end, seed=options.seed)
        put_out(_report(home, folder, paths))
        return 0

    return carry_out(
        work,
        codes={WarehouseError: 1},
        after_fault="没有写成演示数据，排除故障后请再运行一次",
        after_interrupt="已中断，演示数据没有写全",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest.demo",
        description=f"写出一家虚构分行({story.BRANCH})30 个月的演示数据",
    )
    parser.add_argument("--out", metavar="文件夹", help="写到哪里;默认为收件夹 ingest/inbox")
    parser.add_argument(
        "--end",
        type=_day,
        default=story.DEFAULT_END,
        metavar="YYYY-MM-DD",
        help="数据的最后一天,默认 %(default)s",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=story.DEFAULT_SEED,
        metavar="N",
        help="随机种子,默认 %(default)s",
    )
    parser.add_argument("--if-empty", action="store_true", help="只在仓库和收件夹都是空的时候才写")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text}”不是日期;应写成 YYYY-MM-DD,如 {story.DEFAULT_END}"
        raise argparse.ArgumentTypeError(message) from None


def _reason_to_leave(home: Home, folder: Path) -> str:
    """Why an installation is not empty; an empty text when it is."""
    if _has_batches(home):
        return f"数据仓库 {home.data} 里已经有装载过的数据"
    held = sorted(folder.iterdir()) if folder.is_dir() else []
    files = [path.name for path in held if not path.name.startswith(".")]
    if files:
        return f"{folder} 里已经有 {len(files)} 个文件(如“{files[0]}”)"
    return ""


def _has_batches(home: Home) -> bool:
    try:
        hub = open_reader(home)
    except WarehouseMissing:
        return False
    with closing(hub), reading(hub) as cursor:
        row = cursor.execute("select count(*) from lake.meta.batch").fetchone()
    return row is not None and row[0] > 0


def _report(home: Home, folder: Path, paths: Sequence[Path]) -> str:
    next_step = ["下一步:运行 python -m ingest 装载。"] if folder == home.inbox else []
    lines = [
        f"已写入演示数据 {len(paths)} 个文件到 {folder}:",
        *(f"  {path.name}" for path in paths),
        f"数字由程序生成,{story.BRANCH}、机构和人员都是虚构的,不代表任何银行。",
        *next_step,
        "",
        "如何清除:",
        f"  尚未装载:删除 {folder} 里文件名以“{story.PREFIX}”开头的文件。",
        f"  已经装载:先停止看板,删除文件夹 {home.data} 和文件 {home.archive_journal},",
        f"            再删除 {home.archive} 和 {home.returned} 里文件名含“{story.PREFIX}”的文件;",
        f"            归档里如有真实数据文件,把它们放回 {home.inbox} 重新运行 python -m ingest。",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    end_program(main())
