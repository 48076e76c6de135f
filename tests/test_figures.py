"""Figures, tables, numbers and colours, each from plain values without a server."""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

from pages.ui import (
    figures_bars,
    figures_marks,
    figures_spread,
    figures_stacks,
    figures_trend,
    formats,
    table,
    theme,
)
from pages.ui.figures_marks import Target
from pages.ui.figures_stacks import Part
from pages.ui.figures_trend import Series
from pages.ui.frames import Matrix
from pages.ui.table import Column
from warehouse import numerals
from warehouse.registry import time_limits
from warehouse.spreadsheet import without_formula


def course(values: list[float | None], *, is_open: int = 0) -> pl.DataFrame:
    """Months from December 2024 on; the last `is_open` of them are unfinished."""
    months = ["2024-12", *(f"2025-{n:02d}" for n in range(1, 13))][: len(values)]
    marks = [at >= len(values) - is_open for at in range(len(values))]
    return pl.DataFrame({"month": months, "value": values, "is_incomplete": marks})


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (1234567.05, 1, "1,234,567.1"),
        (-2.5, 0, "−3"),
        (-0.04, 1, "0.0"),
        (None, 1, "—"),
    ],
)
def test_numbers_are_rounded_half_up_with_thousands(
    value: float | None, decimals: int, expected: str
) -> None:
    assert formats.number(value, decimals) == expected


def test_a_missing_value_says_when_its_denominator_is_empty() -> None:
    assert formats.amount(None, unit="%", denominator=0) == "—（分母为0）"
    assert formats.amount(None, unit="%") == "—"
    assert formats.amount(96.05, unit="%", decimals=1) == "96.1%"
    assert formats.amount(3, unit="件") == "3 件"


def test_a_change_that_rounds_to_nothing_is_no_change() -> None:
    assert formats.signed(0.04, 1) == "持平"
    assert formats.signed(0.05, 1) == "+0.1"
    assert formats.signed(-1.25, 1) == "−1.3"


@pytest.mark.parametrize("counts", [[1, 1, 1], [17, 3, 24], [1] * 7, [0, 5], [999, 1, 1, 1]])
def test_shares_add_up_to_a_hundred(counts: list[int]) -> None:
    shares = numerals.shares(counts)
    assert sum(shares) == Decimal(100)
    assert all(
        abs(s - Decimal(100) * c / sum(counts)) < Decimal("0.1")
        for s, c in zip(shares, counts, strict=True)
    )


def test_shares_of_nothing_are_zero() -> None:
    assert numerals.shares([0, 0]) == [0, 0]


def test_an_unfinished_month_is_dotted_hollow_and_named() -> None:
    figure = figures_trend.lines(
        [Series("中位数", course([5, 6, 2], is_open=1), "#000000", 1)], unit="天"
    )
    whole, dotted = figure.data
    assert list(whole.y) == [5, 6, None]
    assert list(dotted.y) == [None, 6, 2]
    assert dotted.line.dash == "dot"
    assert dotted.marker.color == theme.PAPER
    assert "未满月" in [note.text for note in figure.layout.annotations]
    assert figure.layout.yaxis.title.text == "天"


def test_finished_months_are_one_whole_line() -> None:
    figure = figures_trend.lines([Series("中位数", course([5, 6, 2]), "#000000", 1)], unit="天")
    assert len(figure.data) == 1
    assert list(figure.data[0].y) == [5, 6, 2]


def test_line_names_do_not_touch() -> None:
    series = [
        Series(name, course([5.0, value]), "#000000", 1)
        for name, value in (("甲", 6.0), ("乙", 6.1))
    ]
    figure = figures_trend.lines(series, unit="天")
    heights = sorted(note.y for note in figure.layout.annotations if "<b>" in note.text)
    assert heights[1] - heights[0] > 0.4


def test_a_bar_of_an_unfinished_month_is_hatched() -> None:
    figure = figures_trend.bars(Series("场次", course([3, 4], is_open=1), "#000000"), unit="场")
    assert list(figure.data[0].marker.pattern.shape) == ["", "/"]
    assert "未满月" in figure.data[0].text[1]
    assert "未满月" not in figure.data[0].text[0]


def test_month_words_carry_the_year_only_where_it_begins() -> None:
    ticks = figures_trend.month_ticks(["2024-12", "2025-01", "2025-02"], ["N=1", "N=2", "N=3"])
    assert ["年" in tick for tick in ticks] == [True, True, False]
    assert "12月" in ticks[0]
    assert "N=2" in ticks[1]


def test_the_running_share_of_a_pareto_ends_at_a_hundred() -> None:
    figure = figures_bars.pareto(["甲", "乙", "丙"], [50.0, 30.0, 20.0], unit="件")
    bars, line = figure.data
    assert list(bars.x) == [50, 30, 20]
    assert bars.text[0] == "50 件 · 50.0%"
    assert list(line.x) == [50, 80, 100]


def test_stacks_fill_every_bar_to_a_hundred() -> None:
    parts = [
        Part("甲", "#111111", [1, 5]),
        Part("乙", "#222222", [1, 0]),
        Part("丙", "#333333", [1, 3]),
    ]
    for figure, axis in (
        (figures_stacks.stacked_shares(["一月", "二月"], parts, unit="件"), "y"),
        (figures_stacks.stacked_rows(["城东", "城西"], parts, unit="件"), "x"),
    ):
        assert [trace.name for trace in figure.data] == ["甲", "乙", "丙"]
        sums = [sum(trace[axis][at] for trace in figure.data) for at in range(2)]
        assert sums == pytest.approx([100, 100])


def test_a_value_that_is_missing_has_a_dash_and_no_bar() -> None:
    figure = figures_bars.ranked(["甲", "乙"], [3.0, None], unit="件")
    assert list(figure.data[0].x) == [3, 0]
    assert list(figure.data[0].text) == ["3 件", "—"]


def test_targets_show_the_threshold_and_its_direction() -> None:
    rows = [
        Target("及时率", 96.04, 98, "#000000", "▲", "≥"),
        Target("及格率", None, 95, "#000000", "○", "≥"),
    ]
    figure = figures_marks.targets(rows)
    texts = [note.text for note in figure.layout.annotations]
    assert list(figure.data[0].text) == ["▲ 96.0%", "○ —"]
    assert "≥ 98.0%" in texts
    assert "○ 无数据" in texts
    assert [shape.x0 for shape in figure.layout.shapes] == [98, 95]


def test_a_heat_table_writes_every_number() -> None:
    held = Matrix(["客服热线"], ["信用卡", "贷款"], [[7.0, 0.0]], [7.0], [7.0, 0.0], pl.DataFrame())
    figure = figures_spread.heat(held, unit="件")
    assert list(figure.data[0].text[0]) == ["7", "·"]
    assert "<b>7</b>" in figure.layout.yaxis.ticktext[0]
    assert figure.data[0].hovertext[0][0] == "客服热线 × 信用卡<br>7 件"


def test_days_beyond_sixty_share_a_bar_and_the_limits_are_drawn() -> None:
    days = pl.DataFrame({"value": [0.0, 15.0, 61.0, 400.0], "count": [2.0, 3.0, 1.0, 4.0]})
    figure = figures_spread.handling_days(days, time_limits())
    assert list(figure.data[0].x) == [0, 15, 61]
    assert list(figure.data[0].y) == [2, 3, 5]
    assert [note.text for note in figure.layout.annotations] == ["15日", "30日", "60日"]


@pytest.mark.parametrize(
    ("score", "band"),
    [(0, 0), (59.99, 0), (60, 1), (69.9, 1), (70, 2), (80, 3), (89.9, 3), (90, 4), (100, 4)],
)
def test_scores_fall_into_the_five_bands(score: float, band: int) -> None:
    assert figures_spread.band_of(score) == band


def test_full_marks_are_counted_in_the_last_step() -> None:
    spread = pl.DataFrame({"value": [59.9, 60.0, 100.0], "count": [1.0, 2.0, 3.0]})
    figure = figures_spread.scores(spread)
    assert list(figure.data[0].x) == [57.5, 62.5, 97.5]
    assert list(figure.data[0].y) == [1, 2, 3]
    assert list(figure.data[0].marker.color) == [theme.BAND_COLOURS[at] for at in (0, 1, 4)]


def test_a_category_keeps_its_colour_whatever_else_is_shown() -> None:
    assert theme.colour_of("category_group", "信用卡") == theme.PALETTE[3]
    assert theme.colour_of("category_group", "借记卡") == theme.PALETTE[2]
    assert theme.colour_of("category_group", None) == theme.UNKNOWN


def test_an_unknown_value_has_a_lasting_colour_of_its_own() -> None:
    first = theme.colour_of("category_group", "数字人民币")
    assert first in theme.UNLISTED
    assert first not in theme.PALETTE
    assert theme.colour_of("category_group", "数字人民币") == first


def test_groups_of_a_code_list_have_different_colours() -> None:
    groups = ["人民币储蓄", "借记卡", "信用卡", "贷款", "自营理财", "支付结算", "债务催收", "其他"]
    assert len({theme.colour_of("category_group", group) for group in groups}) == len(groups)


def test_plotly_speaks_chinese_and_offers_only_the_picture() -> None:
    config = theme.config("图")
    assert config["locales"]["zh-CN"]["format"]["shortMonths"][0] == "1月"
    assert config["modeBarButtons"] == [["toImage"]]
    assert config["displaylogo"] is False


FRAME = pl.DataFrame(
    {
        "label": ["=1+1", "＋2", "城东<支行>", None],
        "value": [-1.25, None, 1234.0, 0.0],
        "verdict": ["met", "missed", None, "near"],
        "at": [datetime(2026, 1, 2, 3, 4, tzinfo=UTC)] * 4,
    }
)
COLUMNS = [
    Column("label", "支行"),
    Column("value", "变化", "number", 1, "天"),
    Column("verdict", "状态", "status"),
]


def test_a_table_escapes_what_the_source_wrote() -> None:
    text = table.html(FRAME, COLUMNS, name="名")
    assert "&lt;" + "支行" + "&gt;" in text
    assert "<支行>" not in text
    assert "−1.3" in text
    assert "变化\uff08天\uff09" in text
    assert "■ 未达标" in text


def test_a_file_opens_in_excel_and_runs_nothing() -> None:
    data = table.csv(FRAME, COLUMNS)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == ["支行", "变化\uff08天\uff09", "状态"]
    assert lines[1].split(",") == ["'=1+1", "-1.25", "达标"]
    assert lines[2].split(",") == ["'＋2", "", "未达标"]


@pytest.mark.parametrize(
    "text", ["=cmd", "+1", "-1", "@x", "＝1", "－1", "＠x", "\tx", "\rx", "  =1"]
)
def test_text_that_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert without_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["城东支行", "3-5 天", "a=b", ""])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert without_formula(text) == text


def test_a_long_name_is_cut_beside_the_axis_only() -> None:
    name = "Conventional adjustable mortgage (ARM) 的一个很长很长的名字"
    figure = figures_bars.ranked([name], [1.0], unit="件")
    assert figure.layout.yaxis.ticktext[0].endswith("…")
    assert theme.text_width(figure.layout.yaxis.ticktext[0]) <= theme.LABEL_WIDTH
    assert figure.data[0].hovertext[0].startswith(name)


def test_an_unfinished_month_lies_under_a_veil_in_a_stack() -> None:
    part = Part("甲", "#111111", [1, 2])
    figure = figures_stacks.stacked_shares(["5月", "6月"], [part], unit="件", is_open=[False, True])
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0.5, 1.5)]
