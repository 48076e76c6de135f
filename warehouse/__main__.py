"""Command line of the warehouse: indicators, the rows behind them, and the lake's snapshots."""

import argparse
import sys
from collections.abc import Sequence

import polars as pl

from warehouse import maintenance
from warehouse.detail import rows
from warehouse.errors import QueryError, WarehouseError
from warehouse.home import current_home
from warehouse.indicators import compute
from warehouse.lake import open_reader, open_writer, reading
from warehouse.periods import EXPECTED, Period, parse_period
from warehouse.registry import indicator, indicators
from warehouse.report import FORMATS, indicator_json, render
from warehouse.scope import Scope


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description="消保数据仓库")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("indicators", help="列出全部指标及其口径")
    for name, text in (("indicator", "计算一个指标"), ("rows", "列出一个数字背后的行")):
        command = commands.add_parser(name, help=text)
        command.add_argument("id", help="指标编号，如 complaint_count")
        command.add_argument("--period", default="all", help=EXPECTED)
        command.add_argument(
            "--where",
            nargs="+",
            action="extend",
            default=[],
            metavar="DIM=VALUE",
            help="筛选；同一维度可给多个值，值留空表示未填报",
        )
        command.add_argument("--format", choices=FORMATS, default="table")
        if name == "indicator":
            command.add_argument(
                "--by", nargs="+", action="extend", default=[], metavar="DIM", help="划分维度"
            )
        else:
            command.add_argument("--limit", type=int, help="最多列出多少行")
    commands.add_parser("snapshots", help="列出仓库的全部快照")
    commands.add_parser("compact", help="合并小文件（不删除任何快照）")
    return parser


def _where(pairs: Sequence[str]) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            message = f"筛选“{pair}”无法识别；应为 维度=值，如 sub_branch=城东支行"
            raise QueryError(message)
        found.setdefault(name.strip(), []).append(value if value else None)
    return found


def _indicator(options: argparse.Namespace, period: Period) -> str:
    asked = indicator(options.id)
    hub = open_reader(current_home())
    with reading(hub) as cursor:
        found = compute(
            cursor,
            options.id,
            period,
            by=list(dict.fromkeys(options.by)),
            where=_where(options.where),
            scope=Scope.everything(),
        )
    if options.format == "json":
        return indicator_json(asked, period, found)
    return render(found, options.format)


def _rows(options: argparse.Namespace, period: Period) -> str:
    indicator(options.id)
    hub = open_reader(current_home())
    with reading(hub) as cursor:
        found = rows(
            cursor,
            options.id,
            period,
            where=_where(options.where),
            scope=Scope.everything(),
            limit=options.limit,
        )
    return render(found, options.format)


def _run(options: argparse.Namespace) -> str:
    match options.command:
        case "indicators":
            listed = [(i.id, i.name_zh, i.unit, i.definition_zh) for i in indicators().values()]
            names = ["id", "name", "unit", "definition"]
            return render(pl.DataFrame(listed, schema=names, orient="row"), "table")
        case "indicator":
            return _indicator(options, parse_period(options.period))
        case "rows":
            return _rows(options, parse_period(options.period))
        case "snapshots":
            with reading(open_reader(current_home())) as cursor:
                return render(maintenance.snapshots(cursor), "table")
        case _:
            with open_writer(current_home()) as con:
                return maintenance.compact(con)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it answered, 1 when it could not, 2 for wrong use."""
    options = _parser().parse_args(arguments)
    try:
        answer = _run(options)
    except QueryError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except WarehouseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{answer}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
