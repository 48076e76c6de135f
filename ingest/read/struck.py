"""Which cells are struck through: that is how people withdraw a record, and it is read anyway."""

from xml.etree import ElementTree as ET

from ingest.errors import Problem

_SHOWN = 10


def struck_styles(styles: bytes) -> frozenset[int]:
    """The styles of an XLSX whose text is struck through."""
    root = ET.fromstring(styles)  # noqa: S314 - Expat itself limits how far entities may grow
    struck = {
        number
        for number, font in enumerate(root.iterfind("{*}fonts/{*}font"))
        if (mark := font.find("{*}strike")) is not None and mark.get("val") not in ("0", "false")
    }
    styled = enumerate(root.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(style for style, one in styled if int(one.get("fontId") or 0) in struck)


def struck_note(sheet: str | None, rows: list[int]) -> Problem:
    """That these rows have cells that are struck through."""
    more = "等" if len(rows) > _SHOWN else ""
    message = (
        f"有 {len(rows)} 行的内容带删除线，仍作为数据读取："
        f"第 {'、'.join(map(str, rows[:_SHOWN]))}{more} 行；"
        "如果划去的记录不应计入，请删除这些行后重新提交"
    )
    return Problem(rows[0], None, None, "struck_rows", message, sheet)
