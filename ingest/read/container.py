"""What a file is that is no plain text, told by its bytes; refuses by name what is no table."""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from ingest.errors import Refused, refuse

ZIP_MAGIC = b"PK"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROTECTED = "文件有密码保护，无法读取；请取消密码后再试"
BROKEN = "工作簿已损坏或不完整，无法打开；请用 Excel 打开并另存后再试"
# An honest workbook of a million rows unpacks to less than either; beyond, memory is at risk.
MOST_UNPACKED_BYTES = 2 << 30
MOST_RATIO = 200
_RATIO_FROM_BYTES = 200 << 20
_UNREADABLE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError),
    *(OSError, ValueError, NotImplementedError),
)
_WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_ZIPPED = {
    "word/document.xml": "Word 文档",
    "ppt/presentation.xml": "PowerPoint 演示文稿",
    "Index/Document.iwa": "Numbers 或 Pages 文档",
}
_OLE_STREAMS = {
    "EncryptedPackage": "",
    "Workbook": "xls",
    "Book": "xls",
    "WordDocument": "Word 文档",
    "PowerPoint Document": "PowerPoint 演示文稿",
    "__substg1.0_0037001F": "Outlook 邮件",
}
_MAGICS = {
    b"%PDF": "PDF 文档",
    b"\x89PNG": "图片（PNG）",
    b"\xff\xd8\xff": "图片（JPEG）",
    b"GIF8": "图片（GIF）",
    b"BM": "图片（BMP）",
    b"Rar!": "压缩包（RAR）",
    b"7z\xbc\xaf\x27\x1c": "压缩包（7z）",
    b"\x1f\x8b": "压缩包（gzip）",
    b"{\\rtf": "RTF 文档",
    b"SQLite format 3": "SQLite 数据库",
    b"PAR1": "Parquet 文件",
    b"ID;P": "SYLK 文件",
    b"\0\0\x02\0\x06\x04": "Lotus 1-2-3 文件",
}
_DBF = "DBF 数据库文件"
_DBF_VERSIONS = b"\x02\x03\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5"
_BIFF_BOFS = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
_FILEPASS, _DATEMODE, _BOUNDSHEET = 0x2F, 0x22, 0x85
# What Excel and WPS can open although we do not.
_OPENABLE = ("SYLK", "DBF", "Lotus", "MHTML")
_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 xlsx 再放入"
_SEND = "请提供 xlsx、xls、xlsb、ods 或 csv"


def not_a_table(name: str) -> Refused:
    """The refusal of a file that is something else."""
    advice = _SAVE_AS if any(word in name for word in _OPENABLE) else _SEND
    message = f"文件内容是“{name}”，不能作为表格读取；{advice}"
    return refuse("unreadable", message)


def _is_dbf(start: bytes) -> bool:
    if len(start) < 32 or start[0] not in _DBF_VERSIONS:
        return False
    month, day = start[2], start[3]
    header, record = struct.unpack_from("<HH", start, 8)
    return 1 <= month <= 12 and 1 <= day <= 31 and header >= 33 and record > 1


def refuse_by_magic(start: bytes) -> None:
    """Raises Refused naming the kind of file when the first bytes are those of a known other."""
    for magic, name in _MAGICS.items():
        # Two letters alone may begin a text.
        if start.startswith(magic) and (len(magic) > 2 or b"\0" in start[:64] or magic[0] < 0x20):
            raise not_a_table(name)
    if _is_dbf(start):
        raise not_a_table(_DBF)


def check_zip(path: Path) -> None:
    """Raises Refused unless the zip archive is a workbook that can be unpacked safely."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part.filename: part for part in archive.infolist()}
            manifest = parts.get("META-INF/manifest.xml")
            is_locked = manifest is not None and b"encryption-data" in archive.read(manifest)
    except _UNREADABLE:
        raise refuse("unreadable", BROKEN) from None
    except RuntimeError:
        raise refuse("encrypted", PROTECTED) from None
    for name, title in _ZIPPED.items():
        if name in parts:
            raise not_a_table(title)
    if not any(name in parts for name in _WORKBOOK_PARTS):
        message = f"文件内容是压缩包（ZIP），里面有 {len(parts)} 个文件；请解压后把表格文件单独放入"
        raise refuse("unreadable", message)
    if is_locked or any(part.flag_bits & 1 for part in parts.values()):
        raise refuse("encrypted", PROTECTED)
    unpacked = sum(part.file_size for part in parts.values())
    ratio = unpacked / max(path.stat().st_size, 1)
    if unpacked > MOST_UNPACKED_BYTES or (unpacked > _RATIO_FROM_BYTES and ratio > MOST_RATIO):
        message = (
            f"工作簿解压后约有 {unpacked / 2**30:.1f} GB，为防止耗尽内存没有打开；"
            "请删除多余的空白行列和工作表，或另存为 CSV 后再放入"
        )
        raise refuse("too_large", message)
    if not _is_whole(path):
        raise refuse("unreadable", BROKEN)


def _is_whole(path: Path) -> bool:
    """Whether every part unpacks to what its checksum says; readers of workbooks do not look."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (*_UNREADABLE, RuntimeError):
        return False


def check_ole(data: bytes) -> None:
    """Raises Refused unless the compound file holds a workbook without a password."""
    names = [name for name in _OLE_STREAMS if name.encode("utf-16-le") + b"\0\0" in data]
    found = [_OLE_STREAMS[name] for name in names]
    if "" in found or _FILEPASS in dict(_globals(data)):
        raise refuse("encrypted", PROTECTED)
    if found and found[0] != "xls":
        raise not_a_table(found[0])
    # The reader takes each byte of its texts for a letter.
    if "Book" in names and "Workbook" not in names:
        raise refuse("unreadable", f"文件是 Excel 5.0/95 的工作簿，其中的文字无法读取；{_SAVE_AS}")


def is_ole_1904(data: bytes) -> bool:
    """Whether an old workbook counts its days from 1904."""
    return dict(_globals(data)).get(_DATEMODE, b"").startswith(b"\1")


def _globals(data: bytes) -> list[tuple[int, bytes]]:
    """The first records of an old workbook: number and content, up to its list of sheets."""
    starts = [at for bof in _BIFF_BOFS if (at := data.find(bof)) >= 0]
    found: list[tuple[int, bytes]] = []
    at = min(starts, default=len(data))
    while at + 4 <= len(data) and len(found) < 4096:
        number, length = struct.unpack_from("<HH", data, at)
        if number == _BOUNDSHEET:
            break
        found.append((number, data[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def is_zip_1904(data: bytes) -> bool:
    """Whether a workbook counts its days from 1904."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
        start = archive.read("xl/workbook.xml")
    return re.search(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""", start) is not None
