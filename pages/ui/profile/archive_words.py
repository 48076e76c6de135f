"""What an archive of profiles says about itself: its contents, what it hides, what is missing."""

from collections.abc import Iterable, Iterator

from pages.ui import formats
from pages.ui.profile.heading import Heading
from pages.ui.text import _, name_of
from warehouse.coverage import Coverage, is_complete
from warehouse.handouts.cross_table import WITHHELD
from warehouse.handouts.settings import small_counts
from warehouse.periods import Period
from warehouse.profile import ENTITY, Survey
from warehouse.registry import dimensions
from warehouse.scope import Scope


def internal() -> str:
    """What stands at the top of every sheet, and in the file name, where cases are listed."""
    return _("内部使用，不得外传")


def contents_name() -> str:
    """The file that says what the others rest on."""
    return _("说明.txt")


def lines(scope: Scope, *, details: bool) -> Iterator[str]:
    """What is said above every sheet besides period, filters, data date and snapshot."""
    seen = _("全部支行") if scope.sub_branches is None else _("、").join(sorted(scope.sub_branches))
    yield _("范围：{scope}").format(scope=seen)
    limit = small_counts().suppress_below if ENTITY in small_counts().entities else 0
    if details:
        yield _("本文件含逐件个案，较小的件数未作隐藏")
    elif limit:
        yield _(
            "小件数：少于 {limit} 件的不列（写作“<{limit}”或“{mark}”，0 件照列）；"
            "为使其不能由别的数推算，另有若干格、名次和中位数不列，并非没有投诉。本文件不含个案"
        ).format(limit=limit, mark=WITHHELD)


def contents(head: Heading, files: Iterable[str]) -> bytes:
    """The text that lies beside the workbooks, as the editors of Windows read it."""
    said = [
        *([head.notice] if head.notice else []),
        _("一支行一页"),
        *head.lines,
        "",
        _("文件："),
        *files,
    ]
    return "\r\n".join([*said, ""]).encode("utf-8-sig")


def gaps(held: Survey, period: Period, complaints: Coverage | None) -> Iterator[str]:
    """What is missing in all of the workbooks, and why."""
    if complaints is None:
        yield _("还没有装载投诉数据")
    elif not is_complete(period, complaints):
        text = _("投诉数据只有 {first} 至 {last}，没有覆盖整个期间")
        yield text.format(first=formats.day(complaints.first), last=formats.day(complaints.last))
    for by, found in held.mixes.items():
        if held.limit and found.is_empty():
            text = _("投诉结构（{name}）：件数少，列出会让人推算出较小的件数，不列")
            yield text.format(name=name_of(dimensions()[by]))
