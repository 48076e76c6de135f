"""Masks phone, identity-card, bank-card numbers and e-mail addresses inside free text, in SQL."""

# Cheap test first: most texts hold nothing that looks like a number or an address.
_SUSPECT = r"[0-9０-９][0-9０-９ 　()（）－-]{5,}[0-9０-９Xx]|[@＠]"
_WIDE = "０１２３４５６７８９＠－　Ｘｘ"
_NARROW = "0123456789@- Xx"
_FROM = r"(^|[^0-9])"
_TO = r"([^0-9]|$)"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

# RE2 has no look-around: each number takes the characters around it along, so neighbours that
# share one separator need a second pass.
_RULES: tuple[tuple[str, str], ...] = (
    (r"([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", r"\1***@\2"),
    (_FROM + r"(\d{4})[ -]+(\d{4})[ -]+(\d{4})[ -]+(\d{4})[ -]+(\d{1,3})" + _TO, r"\1\2\3\4\5\6\7"),
    (_FROM + r"(\d{4})[ -]+(\d{4})[ -]+(\d{4})[ -]+(\d{4})" + _TO, r"\1\2\3\4\5\6"),
    (_FROM + r"(\d{6})[ -]+(\d{8}|\d{4}[ -]+\d{4})[ -]+(\d{3}[0-9Xx])" + _TO, r"\1\2********\4\5"),
    (_FROM + r"(1[3-9]\d)[ -]+(\d{4})[ -]+(\d{4})" + _TO, r"\1\2\3\4\5"),
    (
        _FROM + r"([1-9]\d{5})(?:18|19|20)\d{2}" + _DAY + r"(\d{3}[0-9Xx])" + _TO,
        r"\1\2********\3\4",
    ),
    (_FROM + r"([1-9]\d{5})\d{2}(?:0[1-9]|1[0-2])[0-3](\d{4})" + _TO, r"\1\2********\3\4"),
    (_FROM + r"(\d{6})\d{6,9}(\d{4})" + _TO, r"\1\2****\3\4"),
    (_FROM + r"((?:(?:00)?86[ -]?)?1[3-9]\d)\d{4}(\d{4})" + _TO, r"\1\2****\3\4"),
    (_FROM + r"(0\d{2,3})[ -]\d{3,4}(\d{4})" + _TO, r"\1\2-****\3\4"),
)
HIDDEN = "***"


def masked(text: str) -> str:
    """SQL expression: the text with every number and address in it masked."""
    expression = f"translate({text}, '{_WIDE}', '{_NARROW}')"
    for pattern, replacement in _RULES:
        passes = 2 if pattern.startswith(_FROM) else 1
        for _ in range(passes):
            expression = f"regexp_replace({expression}, '{pattern}', '{replacement}', 'g')"
    return f"case when regexp_matches({text}, '{_SUSPECT}') then {expression} else {text} end"
