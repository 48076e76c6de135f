"""Finds out how a text file is encoded and where its lines and quotes are, in one pass."""

import codecs
from pathlib import Path

from ingest.errors import refuse

CHUNK_BYTES = 1 << 22
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Strict UTF-8 comes first: nearly every byte sequence is valid GB18030, so the other order would
# garble UTF-8 without a word.
_CANDIDATES = ("utf-8", "gb18030")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                # Pure ASCII blocks are valid in both candidates and need no decoding.
                if not chunk.isascii() or decoder.getstate()[0]:
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def find_encoding(path: Path) -> str:
    """The Python codec that reads the whole file: BOM, strict UTF-8, GB18030, UTF-16.

    Raises Refused when none does.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            if _decodes(path, name):
                return name
            message = "文件开头标明的编码与内容不符，文件可能已损坏；请重新导出"
            raise refuse("unreadable", message)
    for name in _CANDIDATES:
        if _decodes(path, name):
            return name
    message = "文件的文字编码不是 UTF-8、GB18030 或 UTF-16，无法读取；请另存为 CSV UTF-8 后再试"
    raise refuse("unreadable", message)
