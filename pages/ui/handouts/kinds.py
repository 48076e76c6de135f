"""The kinds of hand-outs: what each is for, asks, and is made by; a new one is one entry."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from pages.ui.handouts.orders import Document, Order
from pages.ui.profile import archive
from pages.ui.profile.archive import Archive, DetailedArchive
from pages.ui.profile.archive_words import internal
from pages.ui.text import _
from pages.ui.upload.names import safe_name
from warehouse.handouts import bulletin, deck, pack, report
from warehouse.handouts.bulletin import Bulletin, DetailedBulletin
from warehouse.handouts.deck import Deck
from warehouse.handouts.handout import Handout
from warehouse.handouts.pack import Pack
from warehouse.handouts.report import Report
from warehouse.home import Home
from warehouse.scope import Scope

OFFICE = "application/vnd.openxmlformats-officedocument"
# What a reader may choose besides the period.
Asks = Literal["documents", "sub_branch", "details"]


@dataclass(frozen=True)
class Source:
    """What a hand-out is made from, and who hears how far it is."""

    cursor: duckdb.DuckDBPyConnection
    home: Home
    scope: Scope
    on_done: archive.Done | None = None

    def within(self, sub_branch: str | None) -> Scope:
        """The reader's scope, or one sub-branch of it."""
        return self.scope if sub_branch is None else Scope(frozenset((sub_branch,)))


@dataclass(frozen=True)
class Kind:
    """One kind; `every` is the period it is made for, a quarter (Q) or a month (M).

    `issued_as` are its names in the register, the one with details last.
    """

    id: str
    name: str
    purpose: str
    every: Literal["Q", "M"]
    suffix: str
    mime: str
    make: Callable[[Source, Order], Handout]
    issued_as: tuple[str, ...]
    asks: tuple[Asks, ...] = ()
    # What goes in with the details, in words.
    details: str = ""

    def file_name(self, order: Order, snapshot: int) -> str:
        """Kind, part of the bank, period and snapshot; a file for the house alone says so."""
        parts = [
            self.name,
            order.sub_branch,
            order.period.label_zh,
            _("快照{number}").format(number=snapshot),
            internal() if order.details else None,
        ]
        return safe_name("_".join(part for part in parts if part) + self.suffix)


def kinds() -> list[Kind]:
    """Every kind, in the order of the page."""
    return [
        Kind(
            "report",
            _("季度报告"),
            _("Word，上报和存档；人工填写的段落可从上一稿沿用"),
            "Q",
            ".docx",
            f"{OFFICE}.wordprocessingml.document",
            _report,
            (Report.kind,),
            ("documents",),
        ),
        Kind(
            "deck",
            _("例会幻灯片"),
            _("PowerPoint，会上讲；图表可编辑，备注里是口径"),
            "Q",
            ".pptx",
            f"{OFFICE}.presentationml.presentation",
            lambda source, order: deck.meeting_deck(
                source.cursor, source.home, order.period, scope=source.scope
            ),
            (Deck.kind,),
        ),
        Kind(
            "pack",
            _("例会材料"),
            _("单个网页文件，会前发；断网可看，可打印"),
            "Q",
            ".html",
            "text/html",
            lambda source, order: pack.meeting_pack(
                source.cursor, source.home, order.period, scope=source.scope
            ),
            (Pack.kind,),
        ),
        Kind(
            "bulletin",
            _("投诉情况通报"),
            _("Excel，每月通报；可只写一家支行，小件数已隐去"),
            "M",
            ".xlsx",
            f"{OFFICE}.spreadsheetml.sheet",
            lambda source, order: bulletin.monthly_bulletin(
                source.cursor,
                order.period,
                scope=source.within(order.sub_branch),
                details=order.details,
            ),
            (Bulletin.kind, DetailedBulletin.kind),
            ("sub_branch", "details"),
            _("附明细"),
        ),
        Kind(
            "profiles",
            _("一支行一页"),
            _("ZIP，每家支行一个 Excel 文件，发给各支行；小件数已隐去"),
            "Q",
            ".zip",
            "application/zip",
            lambda source, order: archive.make(
                source.cursor,
                order.period,
                scope=source.scope,
                details=order.details,
                on_done=source.on_done,
            ),
            (Archive.kind, DetailedArchive.kind),
            ("details",),
            _("附个案"),
        ),
    ]


def kind_of(issued_as: str) -> Kind | None:
    """The kind that the register calls so; none for what this version does not make."""
    return next((kind for kind in kinds() if issued_as in kind.issued_as), None)


def _report(source: Source, order: Order) -> Report:
    with _on_disk(order.keep) as keep, _on_disk(order.template) as template:
        return report.quarterly_report(
            source.cursor,
            order.period,
            scope=source.scope,
            keep=keep,
            template=template or report.TEMPLATE,
        )


@contextmanager
def _on_disk(held: Document | None) -> Iterator[Path | None]:
    """A brought document as a file under its own name, so that a complaint can name it."""
    if held is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="handout-") as folder:
        path = Path(folder) / safe_name(held.name)
        path.write_bytes(held.content)
        yield path
