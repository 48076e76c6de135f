"""Says of a date that could be several days which ones; none of them is ever chosen."""

import re
from datetime import date

import duckdb
import pyarrow as pa

from ingest.told_days import TOLD, WEEKDAYS

_SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[ T].*)?")
_RULES = ("type_timestamp", "type_date")
_BRACKETS = str.maketrans("（）：", "():")
# Order of day, month and year in the three numbers.
_ORDERS = ((2, 1, 0), (2, 0, 1), (0, 1, 2))


def _days(parts: tuple[int, int, int], *, short_year: bool) -> list[date]:
    found = []
    for year, month, day in _ORDERS if short_year else _ORDERS[:2]:
        try:
            found.append(date(parts[year] + 2000 * short_year, parts[month], parts[day]))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def readings(text: str) -> list[date]:
    """Every day that a date without its year in front may mean, 日/月/年 first."""
    match = _SHORT.fullmatch(text)
    if match is None:
        return []
    first, second, third = (int(part) for part in match.groups())
    return _days((first, second, third), short_year=len(match.group(3)) == 2)


def _weekday_words(text: str) -> str | None:
    """What to say of a day whose weekday is another one, or of noon and midnight mixed up."""
    match = re.match(TOLD, text.translate(_BRACKETS))
    if match is None:
        return None
    year, month, day, bare, bracketed, half, hour = match.groups()[:7]
    try:
        told = date(int(year), int(month), int(day))
    except ValueError:
        return None
    weekday = WEEKDAYS[told.weekday()]
    if (bare or bracketed or weekday).replace("天", "日") != weekday:
        return (
            f"的值“{text}”写的星期与日期不符（{told.isoformat()} 是星期{weekday}），没有猜测；"
            "请核对日期"
        )
    if half == "上午" and hour == "12":
        return f"的值“{text}”可能是 0 点，也可能是中午 12 点，没有猜测；请改写成 24 小时制"
    return None


def _words(text: str) -> str | None:
    if told := _weekday_words(text):
        return told
    days = readings(text)
    if not days:
        return None
    *others, last = (day.isoformat() for day in days)
    listed = f"{'、'.join(others)} 或 {last}" if others else last
    if not others:
        return f"的值“{text}”没有按年-月-日书写，看来是 {listed}，但没有猜测；应写成 {listed}"
    ways = "两" if len(days) == 2 else "三"
    return (
        f"的值“{text}”有{ways}种读法（{listed}），不能确定是哪一天，没有猜测；"
        "应写成年-月-日的样子，如 2024-03-05"
    )


def name_readings(con: duckdb.DuckDBPyConnection) -> None:
    """Rewrite the reasons in `issues` for dates that may mean several days."""
    rows = con.execute(
        """
        select distinct value_masked from issues
        where list_contains($rules, rule_id) and value_masked is not null
        """,
        {"rules": list(_RULES)},
    ).fetchall()
    found = {text: words for (text,) in rows if (words := _words(text)) is not None}
    if not found:
        return
    con.register("date_words", pa.table({"text": list(found), "words": list(found.values())}))
    con.execute(
        """
        update issues
        set message = '“' || column_name || '”' || date_words.words
        from date_words
        where issues.value_masked = date_words.text and list_contains($rules, issues.rule_id)
        """,
        {"rules": list(_RULES)},
    )
    con.unregister("date_words")
