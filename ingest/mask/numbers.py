"""Mobile and landline, identity-card and bank-card numbers, however they are written."""

from ingest.mask.rules import Rule, applied

_WIDE = (
    "０１２３４５６７８９＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
)
_NARROW = "0123456789@ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# What may stand between the groups of one number, line breaks included.
_SIGNS = r"[ \t\r\n　\x{00a0}\x{2000}-\x{2015}\x{202f}\x{205f}\x{feff}.．·•/_()（）－\x{2212}-]"
_BREAK = r"[\t\r\n]{1,2}"
_S, _MAYBE = _SIGNS + "{1,4}", _SIGNS + "{0,4}"
# RE2 has no look-around. A word border takes no character, so that numbers which share one
# separator are all found; letters beside a number are no border and are taken along.
_FROM = r"(\b|[A-Za-z_])"
_TO = r"(\b|[A-Za-z_])"

SUSPECT = f"(?:[0-9０-９]{_MAYBE}){{9}}[0-9０-９]"
# What takes more than one look: everything but mobile numbers written in one piece.
INTRICATE = (
    rf"[０-９]|[0-9]{_S}[0-9](?:{_MAYBE}[0-9]){{6}}|(?:[0-9]{_MAYBE}){{6}}[0-9]{_S}[0-9]|"
    rf"[0-9]{{4}}{_S}[0-9]{{3}}|[0-9]{{14}}|\b0[0-9]{{9}}|[0-9][A-Za-z_][0-9]{{6}}"
)

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# First two digits of an identity number: the province (99 is nowhere, and used for examples).
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91|99)"


def _spread(digits: str) -> str:
    return _MAYBE.join(digits.split())


# The same with room for separators between any two digits.
_SPREAD_DAY = (
    f"(?:{_spread('0 [1-9]')}|{_spread('1 [0-2]')}){_MAYBE}"
    f"(?:{_spread('0 [1-9]')}|{_spread('[12] [0-9]')}|{_spread('3 [01]')})"
)
_SPREAD_IDENTITY = _MAYBE.join(
    (
        _spread("[1-9] [0-9] [0-9] [0-9] [0-9] [0-9]"),
        f"(?:{_spread('1 9')}|{_spread('2 0')})",
        _spread("[0-9] [0-9]"),
        _SPREAD_DAY,
        _spread("[0-9] [0-9] [0-9] [0-9Xx]"),
    )
)


# In groups, the shape itself is the evidence: no order number is written like this. Where several
# groupings share a rule, the groups that took no part are empty.
_FOURS = _FROM + rf"([3-69]\d{{3}}){_S}(\d\d)\d\d{_S}\d{{4}}{_S}"
_RULES: tuple[Rule, ...] = (
    # Before cards, which would take the first digits of a number behind them for their last.
    (
        rf"((?:(?:[+]|\b00)86{_MAYBE}|\b86[ -])(?:10|2\d|[3-9]\d\d){_MAYBE})"
        + r"[2-8]\d{2,3}[ -]?(\d{4})"
        + _TO,
        r"\1****\2\3",
    ),
    (
        _FROM
        + rf"(?:(1[3-9]\d){_S}\d{{4}}{_MAYBE}(\d{{4}})|(1[3-9]\d)\d{{4}}{_S}(\d{{4}})|"
        + rf"(1[3-9]\d){_S}\d{{3}}{_MAYBE}\d(\d{{4}}))"
        + _TO,
        r"\1\2\4\6****\3\5\7\8",
    ),
    (_FROM + rf"(1{_S}[3-9]{_S}\d)(?:{_S}\d){{7}}{_S}(\d)" + _TO, r"\1\2****\3\4"),
    (_FOURS + rf"(?:\d{{3}}(\d){_S}(\d{{3}})|\d\d(\d\d){_S}(\d\d))" + _TO, r"\1\2\3****\4\5\6\7\8"),
    (_FOURS + rf"(?:\d(\d{{3}}){_S}(\d)|(\d{{4}}))" + _TO, r"\1\2\3****\4\5\6\7"),
    (_FROM + rf"([3-69]\d{{5}}){_S}\d{{6,9}}(\d{{4}})" + _TO, r"\1\2****\3\4"),
    (
        _FROM
        + rf"(?:(1[3-9]\d)\d{_S}\d{{3}}{_S}(\d{{4}})|(1[3-9]\d)\d{_S}\d{{4}}{_S}\d(\d\d)|"
        + rf"(1[3-9]\d)\d\d{_S}\d\d(\d{{4}}))"
        + _TO,
        r"\1\2\4\6****\3\5\7\8",
    ),
    (
        rf"(\b0(?:10|2\d|[3-9]\d\d)(?:{_S}|))[2-8]\d{{2,3}}[ -]?(\d{{4}})" + _TO,
        r"\1****\2\3",
    ),
    # Identity numbers of fifteen digits: place, day of birth, number.
    (
        _FROM + rf"({_PROVINCE}\d{{4}}){_S}\d\d{_DAY}{_S}\d{{3}}" + _TO,
        r"\1\2********\3",
    ),
    # A line that ends, or a tab that fell, within a number; what stands before it is most of one.
    (
        _FROM
        + rf"(1[3-9]\d)(?:\d{{4}}{_BREAK}\d{{4}}|\d{{5}}{_BREAK}\d{{3}}|"
        + rf"\d{{6}}{_BREAK}\d\d|\d{{7}}{_BREAK}\d)"
        + _TO,
        r"\1\2********\3",
    ),
    # Two in one breath, with nothing between them.
    (
        _FROM + r"(1[3-9]\d)\d{4}(\d{4})(1[3-9]\d)\d{4}(\d{4})" + _TO,
        r"\1\2****\3,\4****\5\6",
    ),
)
_MOBILE: Rule = (
    _FROM + r"((?:(?:00)?86[ -]?|0)?1[3-9]\d)\d{4}(\d{4})" + _TO,
    r"\1\2****\3\4",
)


def narrowed(text: str) -> str:
    """SQL for the text with full-width digits and signs as ASCII."""
    return f"translate({text}, '{_WIDE}', '{_NARROW}')"


def masked_mobile(text: str) -> str:
    """SQL for the text with mobile numbers in one piece masked, and nothing else."""
    return applied(text, (_MOBILE,))


def masked(text: str) -> str:
    """SQL for the text with every number that identifies somebody masked."""
    # A letter between two numbers belongs to the first; the second needs another pass.
    return applied(_long_masked(narrowed(text)), (*_RULES, _MOBILE, _MOBILE))


def _long_masked(text: str) -> str:
    """Long numbers one by one: only arithmetic tells an identity or card number from an order."""
    runs = f"regexp_extract_all({text}, '[0-9]{{15,}}[Xx]?')"
    spread = f"regexp_extract_all({text}, '{_SPREAD_IDENTITY}')"
    return (
        f"list_reduce(list_concat([{text}], list_distinct(list_concat({runs}, {spread}))), "
        f"lambda done, run: replace(done, run, {_number_masked('run')}))"
    )


def _number_masked(run: str) -> str:
    identity = rf"{_PROVINCE}\d{{4}}(?:19|20)\d{{2}}{_DAY}\d{{3}}[0-9Xx]"
    # Numbers of orders begin with a region and the day, too: a young birth needs its check digit.
    grown_up = rf"{_PROVINCE}\d{{4}}(?:19\d\d|200\d|201[0-5]){_DAY}\d{{3}}[0-9Xx]"
    old = rf"{_PROVINCE}\d{{6}}{_DAY}\d{{3}}"
    ends = f"left({run}, 6) || '********' || right({run}, 4)"
    card = f"left({run}, 6) || '****' || right({run}, 4)"
    return (
        f"case when regexp_matches({run}, '{_SIGNS}') then left({run}, 2) || repeat('*', 16) "
        f"when regexp_full_match({run}, '{identity}') "
        f"and (regexp_full_match({run}, '{grown_up}') or {_has_check_digit(run)}) then {ends} "
        f"when regexp_full_match({run}, '{old}') then {ends} "
        f"when regexp_full_match({run}, '62[0-9]{{14,17}}') then {card} "
        f"when regexp_full_match({run}, '[3-69][0-9]{{15,18}}') and {_is_luhn(run)} "
        f"then {card} else {run} end"
    )


def _has_check_digit(run: str) -> str:
    weights = "[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]"
    total = (
        f"list_sum(list_transform({weights}, "
        f"lambda weight, i: weight * try_cast(substr({run}, i, 1) as integer)))"
    )
    return f"upper(right({run}, 1)) = substr('10X98765432', ({total} % 11)::integer + 1, 1)"


def _is_luhn(run: str) -> str:
    digit = f"try_cast(substr(reverse({run}), i::integer, 1) as integer)"
    doubled = f"({digit} * (2 - i % 2))"
    total = (
        f"list_sum(list_transform(range(1, strlen({run}) + 1), "
        f"lambda i: {doubled} // 10 + {doubled} % 10))"
    )
    return f"{total} % 10 = 0"


def is_telling(cell: str) -> str:
    """SQL that is true where bare digits are a mobile, identity or card number beyond doubt."""
    # Numbers of cases often begin with the day: 16011200001 is such a one.
    day_first = rf"1[3-9]{_DAY}\d{{5}}"
    identity = rf"{_PROVINCE}\d{{4}}(?:19|20)\d{{2}}{_DAY}\d{{3}}[0-9Xx]"
    return (
        f"case when regexp_full_match({cell}, '1[3-9][0-9]{{9}}') "
        f"then not regexp_full_match({cell}, '{day_first}') "
        f"when regexp_full_match({cell}, '{identity}') then {_has_check_digit(cell)} "
        f"when regexp_full_match({cell}, '00861[3-9][0-9]{{9}}') then true "
        f"when regexp_full_match({cell}, '62[0-9]{{14,17}}') then {_is_luhn(cell)} "
        f"else false end"
    )
