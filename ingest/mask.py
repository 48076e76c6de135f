"""Masks phone, identity-card, bank-card numbers and e-mail addresses inside free text, in SQL."""

# Cheap test first: most texts hold nothing that looks like a number or an address.
_SUSPECT = r"[0-9０-９][0-9０-９ 　()（）－-]{5,}[0-9０-９Xx]|[@＠]"
_WIDE = "０１２３４５６７８９＠－　Ｘｘ"
_NARROW = "0123456789@- Xx"
# RE2 has no look-around. A word border takes no character, so that numbers which share one
# separator are all found; letters beside a number are no border and are taken along.
_FROM = r"(\b|[A-Za-z_])"
_TO = r"(\b|[A-Za-z_])"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

_GROUPED: tuple[tuple[str, str], ...] = (
    (_FROM + r"(\d{4})[ -]+(\d{4})[ -]+(\d{4})[ -]+(\d{4})[ -]+(\d{1,3})" + _TO, r"\1\2\3\4\5\6\7"),
    (_FROM + r"(\d{4})[ -]+(\d{4})[ -]+(\d{4})[ -]+(\d{4})" + _TO, r"\1\2\3\4\5\6"),
    (_FROM + r"(\d{6})[ -]+(\d{8}|\d{4}[ -]+\d{4})[ -]+(\d{3}[0-9Xx])" + _TO, r"\1\2********\4\5"),
    (_FROM + r"(1[3-9]\d)[ -]+(\d{4})[ -]+(\d{4})" + _TO, r"\1\2\3\4\5"),
    (_FROM + r"(0\d{2,3})[ -]\d{3,4}(\d{4})" + _TO, r"\1\2-****\3\4"),
)
_LONG: tuple[tuple[str, str], ...] = (
    (
        _FROM + r"([1-9]\d{5})(?:18|19|20)\d{2}" + _DAY + r"(\d{3}[0-9Xx])" + _TO,
        r"\1\2********\3\4",
    ),
    (_FROM + r"([1-9]\d{5})\d{2}(?:0[1-9]|1[0-2])[0-3](\d{4})" + _TO, r"\1\2********\3\4"),
    (_FROM + r"(\d{6})\d{6,9}(\d{4})" + _TO, r"\1\2****\3\4"),
)
_MOBILE = (_FROM + r"((?:(?:00)?86[ -]?)?1[3-9]\d)\d{4}(\d{4})" + _TO, r"\1\2****\3\4")
_EMAIL = (r"([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", r"\1***@\2")
# What the short way cannot do: full-width signs, addresses, numbers in groups, numbers longer than
# a mobile's, and numbers joined by a single letter (which need a second pass).
_INTRICATE = r"[０-９＠－@]|[0-9][ 　-]+[0-9]|[0-9]{14}|[0-9][A-Za-z_][0-9]{6}"
HIDDEN = "***"


def _applied(text: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
        text = f"regexp_replace({text}, '{pattern}', '{replacement}', 'g')"
    return text


def _pass(text: str) -> str:
    return _applied(text, (*_GROUPED, *_LONG, _MOBILE))


def masked(text: str) -> str:
    """SQL expression: the text with every number and address in it masked."""
    narrow = f"translate({text}, '{_WIDE}', '{_NARROW}')"
    return (
        f"case when not regexp_matches({text}, '{_SUSPECT}') then {text} "
        f"when regexp_matches({text}, '{_INTRICATE}') "
        f"then {_pass(_pass(_applied(narrow, (_EMAIL,))))} "
        f"else {_applied(text, (_MOBILE,))} end"
    )
