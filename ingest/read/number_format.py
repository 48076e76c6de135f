"""What Excel shows of a number by its cell's format, where that is more than the number."""

import re
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

# Excel keeps fifteen digits of a number.
TOO_LONG = 1e15
_BUILT_IN = {"9": "0%", "10": "0.00%"}
# Quoted, escaped, colours, conditions and languages, filling; then what numbers are made of.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|(\[[^\]]*\])|([_*].)|(#*0+|#+|General)|(.)', re.DOTALL)
_NO_CONDITION = re.compile(r"\[(?:\$-[0-9A-Fa-f]+|Color\d+|[A-Za-z]+)\]")
# Other signs may be points, colons or units, and make another number of it.
_NAME = re.compile(r"[\w\-/ ()（）〔〕#]*")
_UNQUOTED = "-/() "
_LETTERED = re.compile(r"[A-Za-z0-9]")
# 0.00"万元": a plain number and a unit that multiplies it.
_MULTIPLIED = re.compile(r'(?:#,##)?0(?:\.0+)?_?\s?(?:"([万亿]元?)"|\\?([万亿]))_?\s?')
_MONEY = re.compile(r"RMB|CNY|USD|HKD|EUR|JPY|GBP", re.IGNORECASE)


@dataclass(frozen=True)
class NumberFormat:
    """A percentage, or else texts and the numbers of digits that stand between them.

    One that is scaled shows fewer digits than there are: 12345 as 1.2. One with a unit shows 1.2
    as 1.2万.
    """

    pieces: tuple[str | int, ...] = ()
    is_scaled: bool = False
    # 万 or 亿, by which the value itself is not multiplied.
    unit: str = ""
    # Of three sections or more the third is that of zero.
    has_own_zero: bool = False

    def shown(self, value: str) -> str | None:
        """The number as it is shown, all its digits kept; None where it is the plain number."""
        number = float(value)
        if self.is_scaled:
            return None
        if self.unit:
            return f"{Decimal(f'{number:.15g}'):f}{self.unit}"
        if not self.pieces:
            points = f"{number * 100:.15g}"
            return f"{Decimal(points):f}%" if "e" in points else f"{points}%"
        first = 1 if self.has_own_zero else 0
        if not number.is_integer() or not first <= number < TOO_LONG:
            return None
        places = sum(piece for piece in self.pieces if isinstance(piece, int))
        digits = str(int(number)).zfill(places)
        # What is too long stands at the front.
        more, texts = len(digits) - places, []
        for piece in self.pieces:
            if isinstance(piece, str):
                texts.append(piece)
            else:
                texts.append(digits[: piece + more])
                digits, more = digits[piece + more :], 0
        return "".join(texts)


def _sections(code: str) -> list[list[re.Match[str]]]:
    """The parts of a format: for positive numbers, negative ones, zero and text."""
    found: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token[6] == ";":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _is_percent(sections: list[list[re.Match[str]]]) -> bool:
    numbers = [section for section in sections if any(token[5] for token in section)]
    return bool(numbers) and all(
        sum(token[6] == "%" for token in section) == 1 for section in numbers
    )


def is_scaled(code: str) -> bool:
    """Whether a number is shown smaller than it is, by the thousand or by ten thousand.

    A comma behind the last digit takes three digits off: 0.0, and 0!.0,. A point that is a mere
    text takes off those behind it: 0\\.0000"万元".
    """
    section = _sections(code)[0]
    places = [place for place, token in enumerate(section) if token[5]]
    if not places:
        return False
    behind = section[places[-1] + 1 :]
    points = any("." in (token[1], token[2]) for token in section[places[0] : places[-1]])
    points |= "!." in code.partition(";")[0]
    is_named = any(unit in (token[0] or "") for token in behind for unit in "千万亿")
    return (bool(behind) and behind[0][6] == ",") or (points and is_named)


def _pieces(section: list[re.Match[str]]) -> tuple[str | int, ...]:
    """The pieces of an identifier; none where the format is one of amounts."""
    pieces: list[str | int] = []
    for token in section:
        quoted, escaped, bracket, filling, number, other = token.groups()
        text = next((one for one in (quoted, escaped, other) if one is not None), "")
        if filling:
            continue
        if bracket and not _NO_CONDITION.fullmatch(bracket):
            return ()
        if (other and other not in _UNQUOTED) or not _NAME.fullmatch(text):
            return ()
        if number:
            pieces.append(number.count("0") or 1)
        elif text:
            pieces.append(text)
    places = [at for at, piece in enumerate(pieces) if isinstance(piece, int)]
    if not places or _MONEY.search("".join(p for p in pieces if isinstance(p, str))):
        return ()
    before = "".join(str(piece) for piece in pieces[: places[0]])
    is_padded = sum(int(pieces[at]) for at in places) > 1
    return tuple(pieces) if is_padded or _LETTERED.search(before) else ()


def number_format(code: str) -> NumberFormat | None:
    """The format of percentages or of identifiers; None for all others."""
    sections = _sections(code)
    if _is_percent(sections):
        return NumberFormat()
    if multiplied := _MULTIPLIED.fullmatch(code):
        return NumberFormat(unit=multiplied[1] or multiplied[2])
    pieces = _pieces(sections[0])
    return NumberFormat(pieces, has_own_zero=len(sections) > 2) if pieces else None


def formats_of(styles: bytes) -> dict[int, NumberFormat]:
    """The styles of cells whose numbers are shown as percentages, scaled or as identifiers."""
    root = ET.fromstring(styles)  # noqa: S314 - Expat itself limits how far entities may grow
    codes = dict(_BUILT_IN)
    for one in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[one.get("numFmtId") or ""] = one.get("formatCode") or ""
    known = {
        number: NumberFormat(is_scaled=True) if is_scaled(code) else number_format(code)
        for number, code in codes.items()
    }
    found = {}
    for style, one in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        shown = known.get(one.get("numFmtId") or "")
        if shown is not None:
            found[style] = shown
    return found
