"""Postal addresses: what comes behind a word such as 住址, and buildings down to the room."""

from ingest.mask.rules import Rule, applied

_MARK = (
    "(?:(?:家庭|居住|联系|通讯|通信|邮寄|户籍|收件|收货|身份证|现)(?:住址|地址|住所)|住址|"
    "家住|现住|居住在|居住于|住在|寄到|寄至|寄往)"
)
_SAYS = r"[是为在于:： 　\t（(]{0,3}"
_WORD = r"[^ 　\t\r\n，。；,;！!？?：:《》“”（）()]"
_FIRST = r"[^ 　\t\r\n，。；,;！!？?：:《》“”（）()房户宅]"
_DIGITS = "[0-9０-９]"
_NO = "[0-9A-Za-z一二三四五六七八九十百零〇０-９东西南北甲乙丙丁-]{1,8}"
_END = "(?:号院|号楼|号|室|栋|幢|单元|楼|层|户|座|组|弄|房)"
# A building alone is nobody's home: only what goes down to the room is an address.
_BUILDING = f"{_NO}[ 　]?(?:号楼|栋|幢|座)"
_FLOOR = f"[ -]?(?:{_NO}[楼层])?"
_ROOM = f"(?:{_DIGITS}{{1,5}}[ 　]?(?:室|号房|号|房)|[一二三四五六七八九十百零〇]{{1,5}}室)"
# What may follow the last word of an address: 4幢501, 842号7-3-1602.
_REST = f"(?:[－-]?{_DIGITS}{{1,5}}(?:室|号|房)?){{0,3}}"

SUSPECT = (
    f"{_MARK}|单元{_FLOOR}{_DIGITS}{{2,5}}|(?:号楼|栋|幢|座){_FLOOR}{_ROOM}|"
    f"[路街道巷弄村里]{_DIGITS}{{1,6}}号{_FLOOR}{_ROOM}"
)
_RULES: tuple[Rule, ...] = (
    (rf"({_MARK}{_SAYS})(?:{_FIRST}(?:[ 　]?{_WORD}){{0,60}})?{_DIGITS}{_END}{_REST}", r"\1***"),
    (
        rf"(?:{_DIGITS}{{1,6}}号院?)?(?:{_BUILDING}[ -]?)?(?:{_DIGITS}{{1,6}}号)?{_NO}单元{_FLOOR}"
        rf"{_DIGITS}{{2,5}}(?:室|号房|号|房)?",
        "***",
    ),
    (rf"(?:{_DIGITS}{{1,6}}号院?)?{_BUILDING}{_FLOOR}{_ROOM}", "***"),
    (rf"([路街道巷弄村里]){_DIGITS}{{1,6}}号{_FLOOR}{_ROOM}", r"\1***"),
)


def masked(text: str) -> str:
    """SQL for the text with such addresses masked from the house number on."""
    return applied(text, _RULES)
