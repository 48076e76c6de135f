"""Command line of the warehouse: indicators, the rows behind them, and the lake's snapshots."""

import argparse
from collections.abc import Sequence

import polars as pl

from warehouse import alert_report, alerts, explain_report, maintenance, upkeep
from warehouse.commands import carry_out
from warehouse.detail import rows
from warehouse.errors import QueryError, WarehouseError
from warehouse.explain import explain
from warehouse.handouts import bulletin, deck, issued, pack, report, restatements
from warehouse.home import current_home
from warehouse.indicators import compute
from warehouse.lake import open_reader, open_writer, reading
from warehouse.output import prepare_output, put_out
from warehouse.periods import EXPECTED, Period, parse_period
from warehouse.radar import listing
from warehouse.radar.survey import survey
from warehouse.registry import indicator, indicators
from warehouse.report import FORMATS, indicator_json, render
from warehouse.scope import Scope
from warehouse.signals import end_program
from warehouse.startup import check_definitions


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description="消保数据仓库")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("indicators", help="列出全部指标及其口径")
    for name, text in (
        ("indicator", "计算一个指标"),
        ("rows", "列出一个数字背后的行"),
        ("explain", "说明一个数字怎么来的"),
    ):
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
        formats = ("table", "json") if name == "explain" else FORMATS
        command.add_argument("--format", choices=formats, default="table")
        if name == "indicator":
            command.add_argument(
                "--by", nargs="+", action="extend", default=[], metavar="DIM", help="划分维度"
            )
        elif name == "rows":
            command.add_argument("--limit", type=int, help="最多列出多少行")
    command = commands.add_parser("alerts", help="列出亮着的红灯和黄灯")
    command.add_argument("--period", default="all", help=f"看到哪个期间为止：{EXPECTED}")
    command.add_argument("--all", action="store_true", help="绿灯和不作判定的也列出")
    command.add_argument("--back-test", action="store_true", help="每条规则过去八个季度各会响几次")
    command.add_argument("--format", choices=FORMATS, default="table")
    command = commands.add_parser("radar", help="列出数据疑点：看着不寻常、值得核对的地方")
    command.add_argument("--period", default="all", help=EXPECTED)
    command.add_argument("--format", choices=FORMATS, default="table")
    commands.add_parser("snapshots", help="列出仓库的全部快照")
    commands.add_parser("compact", help="合并小文件（不删除任何快照）")
    upkeep.add_commands(commands)
    report.add_command(commands)
    deck.add_command(commands)
    pack.add_command(commands)
    bulletin.add_command(commands)
    restatements.add_commands(commands)
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


def _alerts(options: argparse.Namespace, until: Period) -> str:
    with reading(open_reader(current_home())) as cursor:
        found = alerts.evaluate(cursor, on=until, scope=Scope.everything())
    if options.back_test:
        return render(alert_report.back_test_listing(alerts.back_test(found)), options.format)
    colours = alerts.WORST_FIRST if options.all else ("red", "yellow")
    return render(alert_report.listing(found.of(*colours)), options.format)


def _radar(options: argparse.Namespace, period: Period) -> str:
    with reading(open_reader(current_home())) as cursor:
        found = survey(cursor, period, scope=Scope.everything())
    if options.format == "table":
        return listing.text(found)
    return render(listing.questions(found.questions), options.format)


def _explain(options: argparse.Namespace, period: Period) -> str:
    hub = open_reader(current_home())
    with reading(hub) as cursor:
        found = explain(
            cursor,
            options.id,
            period,
            where=_where(options.where),
            scope=Scope.everything(),
        )
    if options.format == "json":
        return explain_report.explanation_json(found)
    return explain_report.explanation_text(found)


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
        case "explain":
            return _explain(options, parse_period(options.period))
        case "alerts":
            return _alerts(options, parse_period(options.period))
        case "radar":
            return _radar(options, parse_period(options.period))
        case "report":
            return report.run(options)
        case "deck":
            return deck.run(options)
        case "pack":
            return pack.run(options)
        case "bulletin":
            return bulletin.run(options)
        case name if name in restatements.COMMANDS:
            return restatements.run(options)
        case "snapshots":
            with reading(open_reader(current_home())) as cursor:
                return render(maintenance.snapshots(cursor), "table")
        case _:
            home = current_home()
            with open_writer(home) as con:
                return maintenance.compact(
                    con, issued={one.state.number for one in issued.read(home)}
                )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it answered, 1 when it could not, 2 for wrong use, 130 for Ctrl-C."""
    prepare_output()
    options = _parser().parse_args(arguments)

    def work() -> int:
        check_definitions()
        code = 0
        if options.command in upkeep.COMMANDS:
            answer, code = upkeep.run(options, current_home())
        else:
            answer = _run(options)
        if answer:
            put_out(answer)
        return code

    return carry_out(
        work,
        codes={QueryError: 2, WarehouseError: 1},
        after_fault="没有完成，排除故障后再运行一次即可",
        after_interrupt="已中断；数据仓库没有损坏，重新运行即可",
    )


if __name__ == "__main__":
    end_program(main())
