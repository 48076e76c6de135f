"""Finds out how a text file is encoded and where its lines and quotes are, in one pass."""

import codecs
import re
import unicodedata
from pathlib import Path

from ingest.errors import refuse

CHUNK_BYTES = 1 << 22
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF16 = ("utf-16-le", "utf-16-be")
_START_BYTES = 1 << 16
# Chinese in UTF-8. So many of them without a fault between are no chance: GB18030 breaks at once.
_CHINESE = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_CERTAINLY_UTF8 = 8
# The characters of GB18030. In Western text that passes for it an accent takes the letter behind
# it along (K\xf6ln), or two accents stand between letters, which Chinese does at most now and then.
_PAIRS = re.compile(
    rb"((?<![\x81-\xfe][A-Za-z])(?:(?<=[A-Za-z])[\x80-\x9f\xc0-\xfe][A-Za-z]"
    rb"|[\x80-\x9f\xc0-\xfe][A-Za-z](?=[A-Za-z])|(?<=[A-Za-z])[\xc0-\xfe]{2}(?=[A-Za-z])))"
    rb"|[\x81-\xfe](?:[0-9][\x81-\xfe][0-9]|[\x40-\xfe])"
)
# Two characters in common use side by side; as Western text, four accents in a row.
_CHINESE_WORD = re.compile(rb"(?:[\xb0-\xd7][\xa1-\xfe]){2}")
_NO_TEXT = "不是可以读取的表格或文本文件；请提供 xlsx、xls、xlsb、ods 或 csv"
_UNKNOWN = "文件的文字编码不是 UTF-8、GB18030 或 UTF-16，无法读取；请另存为 CSV UTF-8 后再试"
_NOT_CHINESE = (
    "文件不是 UTF-8 编码，按 GB18030 读出来不是中文，像是西文编码（如 Windows-1252），没有猜测；"
    "请用原来的软件打开，另存为 CSV UTF-8 后再试"
)
_MARK_IS_WRONG = "文件开头标明的编码与内容不符，文件可能已损坏；请重新导出"
_DAMAGED = (
    "文件是 UTF-8 编码，但这一行有不合规的字节，可能被截断、损坏或由不同编码的文件拼接而成；"
    "请重新导出"
)


def _first_fault(path: Path, encoding: str) -> int | None:
    """Where decoding fails, as the position of a byte at or shortly before it; None if nowhere."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    read = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            # Pure ASCII blocks are valid in both candidates and need no decoding.
            if not chunk.isascii() or decoder.getstate()[0]:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    return read + error.start
            read += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return read
    return None


def _refuse_damaged_utf8(path: Path, fault: int) -> None:
    """Raises Refused when what stands before the fault can only be UTF-8.

    Damaged UTF-8 often is valid GB18030 and would be garbled without a word.
    """
    with path.open("rb") as file:
        start = file.read(fault)
    if sum(1 for _ in _CHINESE.finditer(start)) >= _CERTAINLY_UTF8:
        raise refuse("unreadable", _DAMAGED, row=start.count(b"\n") + 1)


def _refuse_western(path: Path, fault: int) -> None:
    """Raises Refused when what is no UTF-8 reads as GB18030, but is Western."""
    with path.open("rb") as file:
        before = file.read(fault)
        # No character of GB18030 has a line end in it, so that lines begin where characters do.
        line = before.rfind(b"\n") + 1
        sample = before[line:] + file.read(_START_BYTES)
    if _CHINESE_WORD.search(sample):
        return
    is_western = [bool(found) for found in _PAIRS.findall(sample)]
    if 2 * sum(is_western) > len(is_western):
        raise refuse("unreadable", _NOT_CHINESE, row=before.count(b"\n") + 1)


def _is_plausible(text: str) -> bool:
    odd = ("Cc", "Cn", "Co", "Cs")
    categories = {unicodedata.category(mark) for mark in set(text) - set("\t\r\n\ufeff")}
    return not categories.intersection(odd) and ("\n" in text or "\r" in text)


def _unmarked_utf16(start: bytes) -> str | None:
    """Which UTF-16 a text without BOM is in, when only one makes sense."""
    found = []
    for name in _UTF16:
        decoder = codecs.getincrementaldecoder(name)(errors="strict")
        try:
            if _is_plausible(decoder.decode(start)):
                found.append(name)
        except UnicodeDecodeError:
            continue
    return found[0] if len(found) == 1 else None


def find_encoding(path: Path) -> str:
    """The Python codec that reads the whole file: BOM, strict UTF-8, GB18030, UTF-16.

    Raises Refused when none does, or when the file is UTF-8 with damage.
    """
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    for mark, name in _MARKS:
        if start.startswith(mark):
            if _first_fault(path, name) is None:
                return name
            raise refuse("unreadable", _MARK_IS_WRONG)
    if b"\0" in start:
        utf16 = _unmarked_utf16(start)
        if utf16 is None or _first_fault(path, utf16) is not None:
            raise refuse("unreadable", _NO_TEXT)
        return utf16
    # Strict UTF-8 comes first: nearly every byte sequence is valid GB18030, so the other order
    # would garble UTF-8 without a word.
    fault = _first_fault(path, "utf-8")
    if fault is None:
        return "utf-8"
    _refuse_damaged_utf8(path, fault)
    if _first_fault(path, "gb18030") is None:
        _refuse_western(path, fault)
        return "gb18030"
    raise refuse("unreadable", _UNKNOWN)
