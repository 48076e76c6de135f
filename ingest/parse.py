"""SQL expressions that turn the text of a cell into a value; NULL when it is not one."""

from ingest.sql import literal, literals
from ingest.told_days import begun, told_moment

_WIDE = "０１２３４５６７８９：／－．，％　＋（）～"
_NARROW = "0123456789:/-.,% +()~"
# Cells that only say "nothing here".
DASHES = (
    *("-", "--", "—", "——", "－", "/", "#N/A", "N/A", "n/a", "None", "\\N"),
    *("NULL", "null", "Null", "(null)", "(NULL)", "<null>", "<NULL>"),
    *("NaN", "nan", "NAN", "NaT", "<NA>"),
)
BLANKS = (*DASHES, "无", "NA")
# What Excel shows where a formula fails; #N/A is a blank.
FAILED = (
    *("#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
    "#GETTING_DATA",
)
# The days at both ends are what systems write where there is no date.
_EARLIEST, _LATEST = "timestamp '1900-01-02'", "timestamp '2099-12-30 23:59:59'"
_EPOCH = "date '1970-01-01'"
_FILLER = (
    "^\\x27?(0{8}|0{14}|0000[-/.]00?[-/.]00?([ T].*)?"
    "|((0001|1753|1900|1970)[-/.年]?0?1[-/.月]?0?1|1899[-/.年]?12[-/.月]?3[01]"
    "|(2099|2999|3000|9999)[-/.年]?12[-/.月]?31)日?([ T].*)?)$"
)
_MONTHS = "((?:19|20)[0-9]{2})年(1[0-2]|0?[1-9])月?[-~至到—](1[0-2]|0?[1-9])(?:月份?)?"
# No case is older, and five digits that are no serial may be a month (20243).
_FIRST_SERIAL = "timestamp '1990-01-01'"
_DATE_FORMATS = tuple(
    date + time
    for date in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
    for time in ("", " %H:%M:%S", " %H:%M")
) + ("%Y-%m-%d %H:%M:%S.%f", "%Y%m%d %H:%M:%S", "%Y%m%d %H:%M")
# 12,5 and 1.234,56 are other countries' decimals: only groups of three are thousands.
_WHOLE = "(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
# What a number with a unit of its own ends in.
_OWN_UNIT = "[元万wW亿千百人次份篇场家户名册张条个天日项台套处间件部辆把本所](余|多|左右|以上|[+])?"
ESTIMATE = (
    r"^(约|近|逾|超过|超|大约|约有|共约)?\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*(万|千|百|亿|w|W)?(余|多|来)?(万|千)?\s*"
    r"(?:人次|人|份|篇|次|场|家|户|名|册|张|条|个|台|套|处|间|件|部|辆|把|本|所)?\s*(余|多|左右|以上|\+)?(?:人次|人|份|篇|次)?$"
)


def narrow(text: str) -> str:
    """Full-width digits and signs as ASCII."""
    return f"translate({text}, '{_WIDE}', '{_NARROW}')"


def _in_range(timestamp: str, text: str) -> str:
    # DuckDB also takes words such as 'epoch' for a time.
    return (
        f"case when regexp_matches({text}, '[0-9]') "
        f"and {timestamp} between {_EARLIEST} and {_LATEST} "
        f"and ({timestamp})::date <> {_EPOCH} then {timestamp} end"
    )


def is_filler(text: str) -> str:
    """SQL that is true where a cell holds a day that systems write for no day: 1900-01-01."""
    return f"coalesce(regexp_matches({text}, '{_FILLER}'), false)"


def is_failed(text: str) -> str:
    """SQL that is true where a cell is the result of a formula that fails."""
    return f"coalesce(starts_with({text}, '#') and {text} in ({literals(FAILED)}), false)"


def _is_odd(text: str) -> str:
    """SQL that is true where a time has a zone (+08:00, Z, UTC) or the hour 24."""
    later = f"contains({text}, ' 24:') or contains({text}, 'T24:')"
    # Behind the day a dash can only be a zone: 10:20-05.
    west = f"contains({text}[11:], '-')"
    return f"({text}[-1] in ('Z', 'C') or contains({text}, '+') or {west} or {later})"


def timestamp(
    text: str,
    *,
    formats: tuple[str, ...] = (),
    excel_1904: bool = False,
    is_utc: bool = False,
    is_begin: bool = False,
) -> str:
    """A point in time, in the contract's formats or else any usual spelling or Excel serial.

    A cell that says another zone than ours, or 24:00, is no value: its day would be a guess.
    """
    plain = narrow(text)
    odd, plain_odd = ("false", "false") if is_utc else (_is_odd(text), _is_odd(plain))
    if formats:
        # %Y would take the 24 of a year of two digits for the year 24.
        ordered = sorted(formats, key=lambda each: "%y" not in each)
        own = f"try_strptime({plain}, [{literals(ordered)}])"
        # Workbooks turn true dates into ISO text whatever format the source prints.
        is_iso = f"regexp_matches({plain}, '^\\d{{4}}-\\d\\d-\\d\\d')"
        iso = f"case when {is_iso} and not {plain_odd} then try_cast({plain} as timestamp) end"
        return _in_range(f"coalesce({own}, {iso})", plain)
    # 2024年3月5日10时5分 → 2024-3-5 10:5
    swapped = f"regexp_replace(translate({plain}, '年月时点分', '--:::'), '[日号T]|秒', ' ', 'g')"
    ours = f"regexp_replace({swapped}, '(:\\d\\d(?:\\.\\d+)?) ?[+]08(?::?00)?$', '\\1')"
    tidy = f"trim(regexp_replace({ours}, '\\s+', ' ', 'g'), ' :')"
    compact = (
        f"case when regexp_full_match({plain}, '\\d{{8}}') then try_strptime({plain}, '%Y%m%d') "
        f"when regexp_full_match({plain}, '\\d{{14}}') "
        f"then try_strptime({plain}, '%Y%m%d%H%M%S') end"
    )
    epoch = "timestamp '1904-01-01'" if excel_1904 else "timestamp '1899-12-30'"
    counted = f"({epoch} + to_seconds(round(try_cast({plain} as double) * 86400)))"
    serial = (
        f"case when regexp_full_match({plain}, '[2-7]\\d{{4}}(\\.\\d+)?') and {counted} "
        f"between {_FIRST_SERIAL} and current_date + to_years(10) then {counted} end"
    )
    spelled = f"try_strptime({tidy}, [{literals(_DATE_FORMATS)}])"
    # One look spares what is no date at all, such as a word, the long way.
    told = f"case when regexp_matches({plain}, '[周期午晨晚AaPp]') then {told_moment(plain)} end"
    span = told_moment(f"({begun(plain)})") if is_begin else "null"
    careful = _in_range(f"coalesce({spelled}, {compact}, {serial}, {told}, {span})", plain)
    # Most cells are ISO days or ISO text, and CASE looks at a branch only where none before fits.
    return (
        f"case when {text} is null then null "
        # A cast to a day passes over what stands behind it: 2024-3-5 1.
        f"when strlen({text}) = 10 and {text}[8] = '-' and try_cast({text} as date) "
        f"between {_EARLIEST}::date and {_LATEST}::date and {text} <> '1970-01-01' "
        f"then try_cast({text} as date)::timestamp "
        f"when {text}[1] in ('1', '2') and not {odd} and {text}[1:4] <> '1970' "
        f"and try_cast({text} as timestamp) "
        f"between {_EARLIEST} and {_LATEST} then try_cast({text} as timestamp) else {careful} end"
    )


def local_day(timestamp_sql: str, zone: str) -> str:
    """The calendar day in a zone of a point in time that is written in UTC."""
    return f"date_trunc('day', timezone({literal(zone)}, timezone('UTC', {timestamp_sql})))"


def period(text: str, *, end: bool, is_month: bool = False) -> str:
    """First or last day of a written month, quarter, half-year or year; a full date is itself.

    In a column of months the first of a month, which Excel makes of 2024年3月, stands for it.
    """
    bare = f"replace({narrow(text)}, ' ', '')"
    plain = f"translate({bare}, '一二三四年月./', '1234----')"
    year = f"try_cast(regexp_extract({plain}, '^((?:19|20)\\d{{2}})', 1) as integer)"
    month = f"try_cast(regexp_extract({plain}, '^\\d{{4}}-?(\\d{{1,2}})-?$', 1) as integer)"
    spelled_quarter = "^\\d{4}-?(?:[Qq]|第)?([1-4])(?:季度|季)?$"
    quarter = f"try_cast(regexp_extract({plain}, '{spelled_quarter}', 1) as integer)"
    is_quarter = f"regexp_matches({plain}, '[Qq]|季')"
    first = (
        f"case when {is_quarter} then make_date({year}, {quarter} * 3 - 2, 1) "
        f"when {month} between 1 and 12 then make_date({year}, {month}, 1) "
        f"when regexp_full_match({plain}, '\\d{{4}}-?') then make_date({year}, 1, 1) end"
    )
    months = f"case when {is_quarter} then 3 when {month} is not null then 1 else 12 end"
    day = f"({timestamp(text)})"
    if end and is_month:
        day = f"(case when day({day}) = 1 then last_day({day}) else {day} end)"
    chosen = f"({first} + to_months({months}) - interval 1 day)::date" if end else first
    is_range = f"regexp_full_match({bare}, '{_MONTHS}')"
    return (
        f"case when {is_range} then {_months(bare, end=end)} "
        f"else coalesce(({day})::date, {chosen}) end"
    )


def _months(text: str, *, end: bool) -> str:
    """First or last day of a range of months: 2024年1-3月."""
    year, first, last = (
        f"try_cast(regexp_extract({text}, '{_MONTHS}', {group}) as integer)" for group in (1, 2, 3)
    )
    day = f"last_day(make_date({year}, {last}, 1))" if end else f"make_date({year}, {first}, 1)"
    return f"case when {first} <= {last} then {day} end"


def decimal(text: str, *, kind: str = "decimal(18, 6)", factor: int = 1) -> str:
    """An exact number; thousands marks, currency signs and 万 / 亿 are understood.

    The factor is that of the header's unit; a unit in the cell itself goes before it.
    """
    quick = f"try_cast({text} as decimal(18, 6))"
    return (
        f"case when {text} is null then null "
        f"when {quick} is not null then try_cast({quick} * {factor} as {kind}) "
        f"else try_cast({_in_header_unit(text, _spelled_number(text), factor)} as {kind}) end"
    )


def _in_header_unit(text: str, number: str, factor: int) -> str:
    """A spelled number times the factor of its header, but for cells that say their own unit."""
    if factor == 1:
        return number
    plain = narrow(text)
    # ¥1.2 below 万元 may be either.
    return (
        f"case when regexp_matches({plain}, '{_OWN_UNIT}\\s*$') then {number} "
        f"when not regexp_matches({plain}, '[¥￥]|人民币') "
        f"then try({number} * {factor}) end"
    )


def _spelled_number(text: str) -> str:
    bare = (
        f"regexp_replace({narrow(text)}, '^\\s+|\\s*(元|人民币)?\\s*$|([¥￥]|人民币)\\s*', '', 'g')"
    )
    scaled = (
        f"case when regexp_full_match({bare}, '-?{_WHOLE}(\\.[0-9]+)?[万亿]') then "
        f"try(try_cast(replace(left({bare}, -1), ',', '') as decimal(28, 6)) "
        f"* (case when suffix({bare}, '亿') then 100000000 else 10000 end)) end"
    )
    is_plain = f"regexp_full_match({bare}, '[-+]?({_WHOLE})?(\\.[0-9]+)?')"
    plainly = f"case when {is_plain} then try_cast(replace({bare}, ',', '') as decimal(28, 6)) end"
    return f"coalesce({plainly}, {scaled})"


def _whole(text: str, number: str, factor: int) -> str:
    """SQL for a number without a fraction; digits alone take the short way."""
    number = f"({_in_header_unit(text, number, factor)})"
    digits = f"try_cast({text} as bigint)"
    if factor != 1:
        digits = f"try_cast({text}::hugeint * {factor} as bigint)"
    return (
        f"case when {text} is null then null "
        f"when regexp_full_match({text}, '-?[0-9]{{1,15}}') then {digits} "
        f"when {number} = floor({number}) then try_cast({number} as bigint) end"
    )


def integer(text: str, *, factor: int = 1) -> str:
    """A whole number; a unit such as 人 or 天 may follow."""
    units = "人次|人|天|日|份|篇|次|场|家|户|名|个|项|条"
    plain = f"regexp_replace({narrow(text)}, '^\\s+|\\s*({units})?\\s*$', '', 'g')"
    return _whole(text, _spelled_number(plain), factor)


def count(text: str, *, factor: int = 1) -> str:
    """A number of things that may be rounded: 约200人次, 1.2万, 5000余份, 200+."""
    plain = narrow(text)

    def part(group: int) -> str:
        return f"regexp_extract({plain}, '{ESTIMATE}', {group})"

    def unit(group: int) -> str:
        return (
            f"(case {part(group)} when '百' then 100 when '千' then 1000 when '万' then 10000 "
            "when 'w' then 10000 when 'W' then 10000 when '亿' then 100000000 else 1 end)"
        )

    digits = f"try_cast(replace({part(2)}, ',', '') as decimal(18, 6))"
    return _whole(text, f"({digits} * {unit(3)} * {unit(5)})", factor)


def is_estimate(text: str) -> str:
    """Whether a count is written as a rounded one; NULL when there is none."""
    plain = narrow(text)
    parts = " || ".join(
        f"regexp_extract({plain}, '{ESTIMATE}', {group})" for group in (1, 3, 4, 5, 6)
    )
    return f"case when {text} is not null then length({parts}) > 0 end"


def score(text: str, *, full: str = "100") -> str:
    """The points of a mark such as 85, 85分 or 90/100; 85% says them only where 100 is full."""
    points = f"try_cast(regexp_extract({narrow(text)}, '{_SCORE}', 1) as decimal(9, 3))"
    return f"case when not contains({narrow(text)}, '%') or ({full}) = 100 then {points} end"


def score_full(text: str) -> str:
    """The full mark in 90/100."""
    return f"try_cast(regexp_extract({narrow(text)}, '{_SCORE}', 2) as decimal(9, 3))"


def attendance(text: str) -> str:
    """参考, 缺考 or 免考 as a mark's cell tells it."""
    return (
        f"case when {text} in ({literals(_ABSENT)}) then '缺考' "
        f"when {text} in ({literals(_EXEMPT)}) then '免考' "
        f"when regexp_matches({narrow(text)}, '{_SCORE}') then '参考' end"
    )


def is_no_mark(text: str) -> str:
    """SQL that is true where a cell says in a word why there is no mark."""
    return f"{text} in ({literals(NO_MARK)})"


_SCORE = r"^\s*([0-9]+(?:\.[0-9]+)?)\s*(?:%|分?\s*(?:/\s*([0-9]+(?:\.[0-9]+)?)\s*分?)?)\s*$"
_ABSENT = ("缺考", "缺席", "未参加", "未参加考试", "未参考", "未考", "旷考", "弃考")
_EXEMPT = ("免考", "免试", "豁免")
NO_MARK = (*_ABSENT, *_EXEMPT)
