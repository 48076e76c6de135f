"""SQL for days that are told with their weekday, or with a time of twelve hours."""

from ingest.sql import literal, literals

# 2026年3月5日星期四 下午3:05, 2026-03-05 03:05 PM.
WEEKDAYS = "一二三四五六日"
_WEEKDAY = f"(?:星期|周)([{WEEKDAYS}天])"
_HALVES = "上午|下午|中午|凌晨|晚上"
TOLD = (
    r"^((?:19|20)\d\d)[-/.年](\d\d?)[-/.月](\d\d?)[日号]?"
    rf"(?:\s*(?:{_WEEKDAY}|\({_WEEKDAY}\)))?"
    rf"(?:\s*({_HALVES})?\s*(\d\d?)[:时点](\d\d?)(?:分|[:分](\d\d?)秒?)?(?:\s*([AaPp][Mm]))?)?$"
)
_TOLD_PARTS = ("year", "month", "day", "bare", "bracketed", "half", "hour", "minute", "second", "m")

_TIME = r"\d\d?(?:[:时点]\d\d?(?::\d\d|分)?|[时点])"
_UNTIL = rf"(?:{_HALVES})?\s*{_TIME}$"
# A dash may also be a zone (10:20-05:00), but not where the day, half of the day or hour is written
# in Chinese, where the hour has one digit, or where no zone is so far away.
_SPAN = (
    rf"^((?:\d+年.*{_TIME}|.*(?:{_HALVES})\s*{_TIME}|.*[时点](?:\d\d?分?)?"
    rf"|.* \d:\d\d(?::\d\d)?)\s*-+\s*{_UNTIL}"
    rf"|.*{_TIME}\s*(?:[~—–至到]+\s*{_UNTIL}|-+\s*(?:1[3-9]|2[0-3]):\d\d$))"
)
# 09:00-11:00: nor where the second time is later, unless the first is one at night.
_DASHED = r"^[-/.年月日号\d]+\s+(\d\d:\d\d)(?::\d\d)?\s*-+\s*(\d\d:\d\d)(?::\d\d)?$"
_MORNING, _MIDNIGHT = "06:00", "24:00"
_END = rf"\s*[-~—–至到]+\s*{_UNTIL}"


def begun(text: str) -> str:
    """SQL for a moment without the time of the same day at which it ends: 14:00-16:00."""
    shorter = f"regexp_replace(regexp_replace({text}, {literal(_END)}, ''), '[时点]$', ':00')"
    first, second = (f"regexp_extract({text}, {literal(_DASHED)}, {group})" for group in (1, 2))
    is_later = (
        f"{first} >= {literal(_MORNING)} and {second} > {first} and {second} < {literal(_MIDNIGHT)}"
    )
    is_span = f"regexp_matches({text}, {literal(_SPAN)}) or ({is_later})"
    return f"case when {is_span} then {shorter} end"


def told_moment(text: str) -> str:
    """SQL for a day with its weekday, or a time of twelve hours; NULL where they contradict."""
    hour = "try_cast(p.hour as integer)"
    # 上午12:30 may be past midnight or past noon, 12:30 AM cannot.
    clock = (
        "case when p.hour = '' then 0 when p.half <> '' and p.m <> '' then null "
        f"when p.half = '' and p.m = '' then {hour} "
        f"when lower(p.m) = 'am' and {hour} = 12 then 0 "
        f"when p.half = '上午' or lower(p.m) = 'am' then case when {hour} < 12 then {hour} end "
        f"when p.half = '凌晨' then case when {hour} < 6 then {hour} end "
        f"when p.half = '中午' then case when {hour} in (11, 12) then {hour} end "
        f"when {hour} >= 12 and (p.half <> '晚上' or {hour} >= 18) then {hour} "
        f"when {hour} >= case p.half when '晚上' then 6 else 1 end and {hour} < 12 "
        f"then {hour} + 12 end"
    )
    written = (
        f"concat(p.year, '-', p.month, '-', p.day, ' ', {clock}, ':', "
        "coalesce(nullif(p.minute, ''), '0'), ':', coalesce(nullif(p.second, ''), '0'))"
    )
    moment = f"try_strptime({written}, '%Y-%m-%d %H:%M:%S')"
    weekday = f"translate(concat(p.bare, p.bracketed), '天{WEEKDAYS}', '71234567')"
    fits = f"({weekday} = '' or {weekday} = isodow({moment})::varchar)"
    parts = f"regexp_extract({text}, {literal(TOLD)}, [{literals(_TOLD_PARTS)}])"
    # The list holds the parts, so that they are taken apart once.
    return f"list_transform([{parts}], lambda p: case when {fits} then {moment} end)[1]"
