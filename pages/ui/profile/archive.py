"""The profiles of all sub-branches as one ZIP: a workbook each, and what they rest on in words.

Needs no page to be open: a cursor and a period will do.
"""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import duckdb

from pages.ui.profile import workbook
from pages.ui.profile.archive_words import contents, contents_name, gaps, internal, lines
from pages.ui.profile.heading import Heading, heading
from pages.ui.text import _
from pages.ui.upload.names import numbered, safe_name
from warehouse import profile, quality
from warehouse.coverage import coverage, natural_key, trend_window
from warehouse.gaps import fitting
from warehouse.handouts.facts import Fact
from warehouse.handouts.handout import Handout, HandoutError
from warehouse.handouts.outward import outward
from warehouse.lake import State, state
from warehouse.peers import EVERYBODY, Place, members
from warehouse.periods import Period
from warehouse.profile import ENTITY, TRENDS, Profile, Survey
from warehouse.registry import Indicator, indicator
from warehouse.request import Where
from warehouse.scope import Scope

# Without an organisation table every organisation counts; nobody hands out a thousand files.
FILES_AT_MOST = 500
# How many are done, of how many, and which one was the last.
Done = Callable[[int, int, str], object]


@dataclass(frozen=True, kw_only=True)
class Archive(Handout):
    """A finished archive that may leave the room, and how many workbooks are in it."""

    kind: ClassVar[str] = "profiles"
    count: int

    @property
    def summary(self) -> str:
        """How many sub-branches there are."""
        return _("{count} 家支行，每家一个 Excel 文件").format(count=self.count)


@dataclass(frozen=True, kw_only=True)
class DetailedArchive(Archive):
    """An archive with the single cases, for use inside the bank only."""

    kind: ClassVar[str] = "profiles_details"


def make(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    *,
    scope: Scope,
    where: Where | None = None,
    details: bool = False,
    on_done: Done | None = None,
) -> Archive:
    """The profiles of a period; with the cases listed no small count is hidden.

    `on_done` hears of each sub-branch that is done. Raises HandoutError where there is none.
    """
    chosen, read = dict(where or {}), state(cursor)
    held = _survey(cursor, period, scope=scope, where=chosen, details=details)
    names = sorted(held.names, key=natural_key)
    _check(names)
    head = _heading(cursor, period, chosen, read, scope=scope, details=details)
    files: dict[str, bytes] = {}
    facts: list[Fact] = []
    given = profile.profiles(cursor, held, names, has_cases=details)
    for number, one in enumerate(given, start=1):
        files[_free_name(one.name, files)] = workbook.build(head, [one])
        facts += _facts(one, period, chosen)
        if on_done is not None:
            on_done(number, len(names), one.name)
    return (DetailedArchive if details else Archive)(
        period=period,
        scope=scope,
        where=chosen,
        state=read,
        content=_zipped({contents_name(): contents(head, files)} | files, read),
        facts=tuple(facts),
        gaps=tuple(gaps(held, period, coverage(cursor).get(ENTITY))),
        count=len(files),
    )


def _check(names: list[str]) -> None:
    if not names:
        raise HandoutError(_("没有可列的支行：请把《机构表》放入 ingest/inbox，层级写明“支行”"))
    if len(names) > FILES_AT_MOST:
        text = _("有 {count} 家机构，最多 {most} 家：请先装载《机构表》，层级写明“支行”")
        raise HandoutError(text.format(count=len(names), most=FILES_AT_MOST))


def _survey(
    cursor: duckdb.DuckDBPyConnection, period: Period, *, scope: Scope, where: Where, details: bool
) -> Survey:
    """What the profiles rest on; what to hide is decided by all sub-branches, whoever reads."""
    # A large group without an organisation table would be computed for long before it is refused.
    _check([one.name for one in members(cursor)])
    window = trend_window(period, coverage(cursor).get(ENTITY))
    if details:
        return profile.survey(cursor, period, window, where=where, scope=scope)
    held = profile.survey(cursor, period, window, where=where, scope=EVERYBODY)
    return outward(held, scope=scope)


def _heading(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    where: Where,
    read: State,
    *,
    scope: Scope,
    details: bool,
) -> Heading:
    held = coverage(cursor).get(ENTITY)
    head = heading(
        period,
        where,
        last_day=held.last if held else None,
        snapshot=read.number,
        is_demo=quality.is_demo(cursor),
    )
    return Heading((*head.lines, *lines(scope, details=details)), internal() if details else "")


def _free_name(name: str, taken: Iterable[str]) -> str:
    """A file name that Windows takes, that has no folder in it, and that no other file bears."""
    plain = unicodedata.normalize("NFC", name).replace("/", "_").replace("\\", "_")
    wanted, number = safe_name(f"{plain}.xlsx"), 1
    # Windows takes names for one that differ in case only.
    held = {one.casefold() for one in (contents_name(), *taken)}
    while numbered(wanted, number).casefold() in held:
        number += 1
    return numbered(wanted, number)


def _facts(held: Profile, period: Period, where: Where) -> Iterable[Fact]:
    """The figures that are noted when the archive is issued: those whose courses it shows."""
    for what in TRENDS:
        place = held.places.get(what)
        if place is not None and place.value is not None:
            yield _fact(indicator(what), place, period, where)


def _fact(asked: Indicator, place: Place, period: Period, where: Where) -> Fact:
    own = {**fitting(asked, where), "sub_branch": (place.sub_branch,)}
    return Fact(asked, period, own, place.value or 0.0, place.numerator, place.denominator)


def _zipped(files: Mapping[str, bytes], read: State) -> bytes:
    """The files as an archive; names that are not ASCII are marked as UTF-8 by the library."""
    held = io.BytesIO()
    moment = read.committed_at.astimezone().timetuple()[:6]
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, date_time=moment)
            info.external_attr = 0o644 << 16
            target.writestr(info, content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
