"""The archive of profiles: what leaves the room tells no single customer, and opens anywhere."""

import io
import random
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath

import duckdb
import pytest

from pages.ui.profile import archive
from pages.ui.profile.archive import Archive, DetailedArchive
from tests.profile_readers import COUNT, CUTS, TIMELY, Attacker, Printed, books, printed
from tests.tables import fill_lake
from warehouse import periods, profile
from warehouse.coverage import coverage
from warehouse.gaps import measured
from warehouse.handouts import outward
from warehouse.handouts.cross_table import CrossTable, Suppressed
from warehouse.handouts.handout import HandoutError
from warehouse.handouts.settings import small_counts
from warehouse.handouts.withheld import REASON
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading, state
from warehouse.periods import parse_period
from warehouse.registry import dimensions, indicator, indicators
from warehouse.scope import Scope

EVERYTHING = Scope.everything()
LIMIT = small_counts().suppress_below
QUARTER = parse_period("2024Q2")
SEEDS = (1, 2, 3)
# From a handful of complaints to many: each size has its own small counts.
SIZES = {"甲": 90, "乙": 45, "丙": 30, "丁": 16, "戊": 12, "己": 9, "庚": 3, "辛": 0, "壬": 60}
CATEGORIES = ("贷款", "信用卡", "借记卡", "支付结算", "自营理财", "债务催收")
CAUSES = ("定价收费", "服务态度", "业务系统", "信息披露")


def small_world(seed: int) -> dict[str, list[dict[str, object]]]:
    """A bank whose sub-branches have few complaints, by chance in other cells for each seed."""
    draw = random.Random(seed)
    complaints = []
    for name, size in SIZES.items():
        for number in range(2 * size):
            received = date(2024, 1, 5) + timedelta(days=draw.randrange(175))
            days = draw.choice((3, 5, 8, 12)) if draw.random() < 0.93 else 40
            complaints.append(
                {
                    "complaint_id": f"{name}{number:03d}",
                    "org_name": f"{name}支行",
                    "received_at": received.isoformat(),
                    "decided_at": (received + timedelta(days=days)).isoformat(),
                    "status": "已办结",
                    "is_extension_approved": "false",
                    "category": draw.choices(CATEGORIES, (40, 25, 12, 6, 2, 1))[0],
                    "cause": draw.choices(CAUSES, (40, 20, 8, 2))[0],
                    "is_repeat": str(draw.random() < 0.06).lower(),
                    "satisfaction": draw.choices(
                        ("非常满意", "满意", "基本满意", "不满意", None), (30, 30, 10, 5, 20)
                    )[0],
                }
            )
    names = [f"{name}支行" for name in SIZES]
    organisations = [
        {"org_name": name, "org_level": "支行", "display_order": str(n)}
        for n, name in enumerate(names, start=1)
    ]
    return {"complaint": complaints, "organisation": organisations}


@pytest.fixture(scope="module", params=SEEDS)
def small(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    root = tmp_path_factory.mktemp(f"small-{request.param}")
    home = fill_lake(root, ("2024-01-01", "2024-08-31"), **small_world(request.param))
    with reading(open_reader(home)) as held:
        yield held


@pytest.fixture(scope="module")
def outside(small: duckdb.DuckDBPyConnection) -> Archive:
    """What may leave the room."""
    return archive.make(small, QUARTER, scope=EVERYTHING)


@pytest.fixture(scope="module")
def told(outside: Archive) -> dict[str, Printed]:
    return printed(outside.content)


def received(cursor: duckdb.DuckDBPyConnection) -> int:
    return round(compute(cursor, COUNT, QUARTER, scope=EVERYTHING)["value"][0])


def attacker(cursor: duckdb.DuckDBPyConnection, made: Archive) -> Attacker:
    return Attacker(printed(made.content), LIMIT, received(cursor))


def test_no_small_count_can_be_worked_out(
    small: duckdb.DuckDBPyConnection, outside: Archive
) -> None:
    found = attacker(small, outside)
    # The truth is among what the reader thinks possible, so nothing false is printed.
    parts = compute(small, COUNT, QUARTER, by=("sub_branch", "category_group"), scope=EVERYTHING)
    assert parts["value"].is_between(0, LIMIT, closed="none").any()
    truth = {
        ("total", name): (n, n)
        for name, n in compute(small, COUNT, QUARTER, by=("sub_branch",), scope=EVERYTHING)
        .select("sub_branch", "value")
        .iter_rows()
    }
    assert found.solution(within=truth) is not None
    assert found.leaks() == []


def test_the_attacker_finds_what_is_not_hidden(small: duckdb.DuckDBPyConnection) -> None:
    made = archive.make(small, QUARTER, scope=EVERYTHING, details=True)
    assert len(attacker(small, made).leaks()) > 20


def test_hiding_only_the_small_counts_is_not_enough(
    small: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_small(table: CrossTable, limit: int, *, kept: object = None) -> Suppressed:
        return Suppressed(
            table, limit, frozenset(p for p in table.places() if 0 < table.at(p) < limit)
        )

    monkeypatch.setattr(outward, "suppress", only_small)
    made = archive.make(small, QUARTER, scope=EVERYTHING)
    assert attacker(small, made).leaks() != []


def test_no_rate_tells_a_small_count(
    small: duckdb.DuckDBPyConnection, told: dict[str, Printed]
) -> None:
    """Whoever takes every printed numerator and denominator together still knows no small one."""
    hidden = 0
    for what in (one for one in indicators() if one in profile.surveyed()):
        asked = indicator(what)
        if not small_counts().limit(asked):
            continue
        found = compute(small, what, QUARTER, by=("sub_branch",), scope=EVERYTHING)
        for name, _value, above, below in found.iter_rows():
            row = told[name].ranks.get(asked.name_zh)
            counts = {
                "ratio": (above, below, (below or 0) - (above or 0)),
                "mean": (below,),
                "percentile": (below,),
            }.get(asked.kind, (above,))
            if any(n is not None and 0 < n < LIMIT for n in counts):
                hidden += 1
                assert row is not None
                assert row["未排名的原因"] == REASON
                figures = ("数值", "名次", "参与排名", "支行中位数", "比中位数好", "分子", "分母")
                assert [row[figure] for figure in figures] == [None] * len(figures)
    assert hidden > 20


def test_the_measures_of_the_same_cases_go_together(told: dict[str, Printed]) -> None:
    """Points and shares of the same few ratings would tell each other."""
    family = [
        indicator(what).name_zh
        for what in profile.surveyed()
        if indicator(what).denominator == "rated_count"
    ]
    assert len(family) == 3
    for one in told.values():
        assert len({one.ranks[name]["数值"] is None for name in family if name in one.ranks}) <= 1


def test_ranks_and_medians_are_bounds_where_somebody_is_not_told(
    small: duckdb.DuckDBPyConnection, told: dict[str, Printed]
) -> None:
    found = profile.survey(small, QUARTER, QUARTER, scope=EVERYTHING).places[TIMELY]
    truth = {row["sub_branch"]: row for row in found.iter_rows(named=True)}
    listed = 0
    for name, one in told.items():
        row = one.ranks.get(indicator(TIMELY).name_zh)
        if row is None or row["数值"] is None:
            continue
        listed += 1
        said = str(row["未排名的原因"])
        low, high = map(int, said.split("名次在")[1].split("之间")[0].split("至"))
        assert low <= truth[name]["rank"] <= high
        assert row["支行中位数"] is None
        if "支行中位数在" in said:
            bounds = said.split("支行中位数在")[1].removesuffix("%之间").split("至")
            assert float(bounds[0]) <= round(truth[name]["median"], 1) <= float(bounds[1])
    assert listed


def test_nothing_is_in_an_order_that_counts_decide(told: dict[str, Printed]) -> None:
    shown = 0
    for cut in CUTS:
        orders = [list(one.mixes[dimensions()[cut].name_zh]) for one in told.values()]
        longest = max(orders, key=len)
        shown += len(longest)
        for order in orders:
            assert order == [label for label in longest if label in order]
    # Of few parts all may have to be hidden, but not of both cuts.
    assert shown > 2


def test_a_reader_of_few_gets_his_own_and_the_same_is_hidden(
    small: duckdb.DuckDBPyConnection, told: dict[str, Printed]
) -> None:
    own = archive.make(small, QUARTER, scope=Scope(frozenset({"丙支行", "庚支行"})))
    assert {name: one for name, one in told.items() if name in ("丙支行", "庚支行")} == printed(
        own.content
    )
    assert own.count == 2
    text = zipfile.ZipFile(io.BytesIO(own.content)).read("说明.txt").decode("utf-8-sig")
    assert "范围：丙支行、庚支行" in text


@pytest.fixture(scope="module")
def demo(cursor: duckdb.DuckDBPyConnection) -> Archive:
    return archive.make(cursor, parse_period("2025Q2"), scope=EVERYTHING)


@pytest.fixture(scope="module")
def detailed(cursor: duckdb.DuckDBPyConnection) -> Archive:
    return archive.make(cursor, parse_period("2025Q2"), scope=EVERYTHING, details=True)


def words(made: Archive) -> str:
    return "\n".join(
        str(value)
        for book in books(made.content).values()
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    )


def test_what_is_printed_is_what_compute_gives(
    demo: Archive, cursor: duckdb.DuckDBPyConnection
) -> None:
    told = printed(demo.content)
    for what in (COUNT, TIMELY, "handling_days_median", "exam_pass_rate"):
        found = compute(cursor, what, parse_period("2025Q2"), by=("sub_branch",), scope=EVERYTHING)
        held = dict(found.select("sub_branch", "value").iter_rows())
        shown = {
            name: row["数值"]
            for name, one in told.items()
            if (row := one.ranks.get(indicator(what).name_zh)) and row["数值"] is not None
        }
        assert shown
        assert shown == {name: pytest.approx(held[name]) for name in shown}


def test_without_the_cases_none_is_named_and_with_them_each_sheet_says_so(
    demo: Archive, detailed: Archive, cursor: duckdb.DuckDBPyConnection
) -> None:
    rows = cursor.execute("select complaint_id from lake.core.complaint").fetchall()
    ids = {name for (name,) in rows}
    said, said_inside = words(demo), words(detailed)
    assert not [name for name in ids if name in said]
    assert len([name for name in ids if name in said_inside]) > 20
    assert isinstance(detailed, DetailedArchive)
    for book in books(detailed.content).values():
        assert [sheet["A1"].value for sheet in book] == ["内部使用，不得外传"] * len(
            book.sheetnames
        )
    assert "不得外传" not in said
    with zipfile.ZipFile(io.BytesIO(detailed.content)) as held:
        text = held.read("说明.txt").decode("utf-8-sig")
    assert text.startswith("内部使用，不得外传\r\n")


def test_the_files_say_what_they_rest_on(demo: Archive, cursor: duckdb.DuckDBPyConnection) -> None:
    last = coverage(cursor)["complaint"].last
    said = (
        "期间：2025年第2季度",
        "筛选：未筛选",
        f"投诉数据截至：{last}",
        f"快照：#{state(cursor).number}",
        "范围：全部支行",
        "演示数据",
        f"少于 {LIMIT} 件的不列",
    )
    with zipfile.ZipFile(io.BytesIO(demo.content)) as held:
        text = held.read("说明.txt").decode("utf-8-sig")
    for part in said:
        assert part in text
    for book in books(demo.content).values():
        for sheet in book:
            head = "\n".join(str(row[0]) for row in sheet.iter_rows(max_row=12, values_only=True))
            assert all(part in head for part in said), sheet.title


def test_files_are_in_natural_order_and_marked_as_utf8(demo: Archive) -> None:
    with zipfile.ZipFile(io.BytesIO(demo.content)) as held:
        assert held.testzip() is None
        infos = held.infolist()
    names = [info.filename for info in infos]
    assert names[0] == "说明.txt"
    assert names.index("高新区第2支行.xlsx") < names.index("高新区第11支行.xlsx")
    assert len(names) == demo.count + 1 == 21
    assert all(info.flag_bits & 0x800 for info in infos)


@pytest.mark.parametrize(
    "names",
    [
        ["../../etc/x", "甲/乙", "甲\\乙", "甲_乙"],
        ["CON", "con", "a:b*?", "a_b__", "A_B__"],
        ["长" * 300, "长" * 301, "说明.txt", "支行 ", "支行."],
        ["e\u0301", "\u00e9", "\u202e支行", "支行\x00"],
    ],
)
def test_file_names_are_safe_and_none_replaces_another(names: list[str]) -> None:
    taken: dict[str, bytes] = {}
    for name in names:
        taken[archive._free_name(name, taken)] = b""
    assert len(taken) == len(names)
    assert len({name.casefold() for name in taken}) == len(names)
    for name in taken:
        assert not set(name) & set('<>:"/\\|?*')
        assert PurePosixPath(name).name == PureWindowsPath(name).name == name
        assert name.endswith(".xlsx")
        assert len(name.encode()) <= 200
        assert name.split(".")[0].upper() != "CON"
        assert name == name.strip()


def test_progress_is_told_of_each_sub_branch(cursor: duckdb.DuckDBPyConnection) -> None:
    heard: list[tuple[int, int, str]] = []
    few = Scope(frozenset({"城东支行", "高新区第2支行", "高新区第11支行"}))
    made = archive.make(
        cursor,
        parse_period("2025Q2"),
        scope=few,
        on_done=lambda *told: heard.append(told),
    )
    assert heard == [(1, 3, "城东支行"), (2, 3, "高新区第2支行"), (3, 3, "高新区第11支行")]
    assert made.summary == "3 家支行，每家一个 Excel 文件"


def test_the_gaps_named_are_those_in_which_everybody_is_told(
    cursor: duckdb.DuckDBPyConnection,
) -> None:
    period = parse_period("2025Q2")
    window = periods.parse_period("2024-06-01..2025-06-30")
    held = profile.survey(cursor, period, window, scope=EVERYTHING)
    safe = outward.outward(held, scope=EVERYTHING)
    partly = {
        one.id
        for one in measured()
        if any(reason == REASON for reason in safe.places[one.id]["reason"])
    }
    assert TIMELY in partly
    named = [
        finding.gap.indicator_id
        for one in profile.profiles(cursor, safe, safe.names, has_cases=False)
        for finding in one.findings
    ]
    assert named
    assert not set(named) & partly
    with_all = [
        finding.gap.indicator_id
        for one in profile.profiles(cursor, held, held.names, has_cases=False)
        for finding in one.findings
    ]
    assert TIMELY in with_all


def test_figures_that_are_not_told_are_not_registered_either(demo: Archive) -> None:
    told = printed(demo.content)
    assert demo.facts
    for fact in demo.facts:
        (name,) = fact.where["sub_branch"]
        assert told[str(name)].ranks[fact.asked.name_zh]["数值"] == pytest.approx(fact.value)
    timely = [fact for fact in demo.facts if fact.asked.id == TIMELY]
    assert 0 < len(timely) < demo.count


def test_by_the_settings_all_may_be_told(
    cursor: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    loose = small_counts().model_copy(update={"suppress_below": 0})
    monkeypatch.setattr(outward, "small_counts", lambda: loose)
    made = archive.make(cursor, parse_period("2025Q2"), scope=EVERYTHING)
    assert REASON not in words(made)


def test_exams_are_treated_alike_where_the_settings_say_so(
    cursor: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = small_counts().model_copy(
        update={"suppress_below": 10, "entities": ("complaint", "exam_result")}
    )
    period = parse_period("2025Q2")
    held = profile.survey(cursor, period, period, scope=EVERYTHING)
    monkeypatch.setattr(outward, "small_counts", lambda: strict)
    safe = outward.outward(held, scope=EVERYTHING)
    for cut, frame in safe.exams.items():
        assert frame.filter(frame["denominator"].is_between(1, 9)).is_empty(), cut
    # Sections were sat by more than ten everywhere, some posts by fewer.
    assert len(safe.exams["section"]) == len(held.exams["section"]) > 0
    assert len(safe.exams["post"]) < len(held.exams["post"])


def test_a_bank_without_sub_branches_says_what_to_load(tmp_path: Path) -> None:
    home = fill_lake(
        tmp_path,
        ("2024-01-01", "2024-06-30"),
        complaint="complaint_id | received_at\n1 | 2024-04-01",
        organisation="org_name | org_level\n分行 | 分行",
    )
    with (
        reading(open_reader(home)) as cursor,
        pytest.raises(HandoutError, match="机构表"),
    ):
        archive.make(cursor, QUARTER, scope=EVERYTHING)


def test_a_period_without_complaints_is_made_and_says_so(
    cursor: duckdb.DuckDBPyConnection,
) -> None:
    made = archive.make(cursor, parse_period("2031Q1"), scope=EVERYTHING)
    assert made.count == 20
    assert "没有覆盖整个期间" in "".join(made.gaps)
