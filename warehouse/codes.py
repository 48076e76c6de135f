"""Code lists: the values each classification knows, their spelling variants, groups and order."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import zhconv

from warehouse.errors import DefinitionError

FOLDER = Path(__file__).parent / "codes"
_COLUMNS = ("code", "name", "group", "name_en", "aliases")
_NOISE = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_CAUSE_FRAME = re.compile(r"^因（?:金融机构）?(.+?)引起的投诉$")


@dataclass(frozen=True)
class Code:
    """One value of a classification; `code` is a local key, never an official one."""

    code: str
    name: str
    group: str
    name_en: str
    aliases: tuple[str, ...]


@cache
def dimensions() -> tuple[str, ...]:
    """Every classification that has a code list."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.csv")))


@cache
def code_list(dimension: str) -> tuple[Code, ...]:
    """The codes of one classification in the bank's order."""
    path = FOLDER / f"{dimension}.csv"
    if not path.exists():
        message = f"没有名为 {dimension!r} 的代码表；已有：{', '.join(dimensions())}"
        raise DefinitionError(message)
    found = tuple(
        Code(
            row["code"],
            row["name"],
            row["group"],
            row["name_en"],
            tuple(alias for alias in row["aliases"].split("|") if alias),
        )
        for row in _rows(path)
    )
    doubled = sorted({code.code for code in found if [c.code for c in found].count(code.code) > 1})
    if doubled:
        message = f"代码表 {path.name}：编号 {'、'.join(doubled)} 写了不止一行，只能留下一行"
        raise DefinitionError(message)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    """The lines of a code list, each with all cells that are asked for; raises DefinitionError."""
    try:
        # Excel puts a mark in front of the first column's name.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                message = (
                    f"代码表 {path.name}：第一行缺少列名 {'、'.join(missing)}；"
                    "列之间用半角逗号分隔，请从备份或原版取回后再改"
                )
                raise DefinitionError(message)
            rows = []
            for row in reader:
                if None in row or any(row[name] is None for name in _COLUMNS):
                    message = (
                        f"代码表 {path.name}：第 {reader.line_num} 行的列数与第一行不同，"
                        "请补齐或去掉多余的逗号"
                    )
                    raise DefinitionError(message)
                rows.append(row)
    except (UnicodeDecodeError, csv.Error):
        message = f"代码表 {path.name}：不是 UTF-8 编码的 CSV，请另存为“CSV UTF-8”"
        raise DefinitionError(message) from None
    if not rows:
        message = f"代码表 {path.name}：一行也没有，请从备份或原版取回"
        raise DefinitionError(message)
    return rows


def match_key(text: str) -> str:
    """The form in which two spellings of one value compare equal: width, script, spaces, case."""
    folded = unicodedata.normalize("NFKC", text)
    simplified = zhconv.convert(_NOISE.sub("", folded), "zh-hans")
    framed = _CAUSE_FRAME.match(simplified)
    return (framed.group(1) if framed else simplified).casefold()


@cache
def lookup(dimension: str) -> dict[str, str]:
    """Match key of every name and known spelling → canonical name."""
    found: dict[str, str] = {}
    for code in code_list(dimension):
        for spelling in (code.name, *code.aliases):
            key = match_key(spelling)
            if found.setdefault(key, code.name) != code.name:
                message = f"代码表 {dimension}.csv:“{spelling}”同时属于{found[key]}和{code.name}"
                raise DefinitionError(message)
    return found


def store_code_lists(con: duckdb.DuckDBPyConnection) -> None:
    """Copy the code lists into the lake when they differ from what it holds."""
    wanted = [
        (dimension, code.code, code.name, code.group, order)
        for dimension in dimensions()
        for order, code in enumerate(code_list(dimension))
    ]
    held = con.execute(
        "select dimension, code, name, group_name, display_order from lake.meta.code"
    ).fetchall()
    if sorted(held) == sorted(wanted):
        return
    con.execute("begin transaction")
    con.execute("delete from lake.meta.code")
    con.executemany("insert into lake.meta.code values ($1, $2, $3, $4, $5)", wanted)
    con.execute("commit")
