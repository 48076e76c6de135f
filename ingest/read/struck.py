"""Which cells are struck through: that is how people withdraw a record, and it is read anyway."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from xml.etree import ElementTree as ET

from ingest.errors import Problem

_SHOWN = 10
# Stands before what is struck out of a number.
STRUCK_PART = "（划去："
_PIECE_BYTES = 1 << 20
_STRIKE = b"<strike"
_IS_STRUCK = re.compile(rb"""<strike\b(?!\s+val=["'](?:0|false))""")
_TEXT = re.compile(rb"<si>(.*?)</si>|<si/>", re.DOTALL)
_RUN = re.compile(rb"<r>(.*?)</r>", re.DOTALL)
_WORDS = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")
_STYLED = rb'<c r="([A-Z]{1,3})(\d+)"[^>]*?\bs="(?:%b)"[^>]*(?<!/)>\s*<(?:v|is|f)\b'
_SHARED = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*?\bt="s"[^>]*>\s*<v>(\d+)</v>')
# What is struck out of a number or a day would become a part of it: 100 and 200 make 100200.
_NUMBER = re.compile(r"[\d\s.,:：/年月日时分秒¥￥元万%，．-]+")


@dataclass(frozen=True)
class Struck:
    """The styles of struck cells, and the texts of which a part is struck, by their numbers.

    A text is None where it may be read as it is.
    """

    styles: frozenset[int] = frozenset()
    texts: Mapping[int, str | None] = field(default_factory=dict)

    def cells(self, piece: bytes) -> Iterator[tuple[bytes, bytes, str | None]]:
        """Column and row of the struck cells in a piece of XML, and what to read instead."""
        if self.styles:
            styles = b"|".join(str(style).encode() for style in sorted(self.styles))
            for letters, row in re.findall(_STYLED % styles, piece):
                yield letters, row, None
        if self.texts:
            for letters, row, number in _SHARED.findall(piece):
                if int(number) in self.texts:
                    yield letters, row, self.texts[int(number)]

    def of(self, kind: str, style: int, value: str) -> list[str | None]:
        """Whether a cell is struck, as the texts to read instead."""
        found: list[str | None] = [None] if style in self.styles else []
        if kind == "s" and value.isdigit() and int(value) in self.texts:
            found.append(self.texts[int(value)])
        return found


def struck_texts(archive: zipfile.ZipFile, part: str) -> dict[int, str | None]:
    """The shared texts of an XLSX of which a part is struck through."""
    with archive.open(part) as file:
        if not _holds_strike(iter(lambda: file.read(_PIECE_BYTES), b"")):
            return {}
    texts = enumerate(_TEXT.finditer(archive.read(part)))
    return {n: _shown(text[1]) for n, text in texts if text[1] and _IS_STRUCK.search(text[1])}


def _holds_strike(pieces: Iterator[bytes]) -> bool:
    """Whether anything is struck; few files have any, and then nothing is taken apart."""
    end = b""
    for piece in pieces:
        if _STRIKE in end + piece:
            return True
        end = piece[-len(_STRIKE) :]
    return False


def _shown(text: bytes) -> str | None:
    """A number of which a part is struck, with that part told from the rest; None for others."""
    runs = [
        (
            bool(_IS_STRUCK.search(run)),
            "".join(w.decode("utf-8", "replace") for w in _WORDS.findall(run)),
        )
        for run in _RUN.findall(text)
    ]
    is_number = _NUMBER.fullmatch("".join(words for _, words in runs))
    if not is_number or all(is_struck or not words.strip() for is_struck, words in runs):
        return None
    return unescape("".join(f"{STRUCK_PART}{w}）" if is_struck else w for is_struck, w in runs))


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
