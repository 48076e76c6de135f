"""How charts look: one template, colours that stay with a value, words in Chinese."""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import plotly.graph_objects as go

from pages.ui.text import _
from warehouse import codes
from warehouse.registry import dimensions

FONT = (
    "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Source Han Sans SC, "
    "WenQuanYi Micro Hei, sans-serif"
)
FONT_SIZE = 16
# Wide enough for the longest name of our code lists.
LABEL_WIDTH = 300
INK = "#1f2933"
MUTED = "#5b6770"
GRID = "#e4e8ec"
PAPER = "#ffffff"
ACCENT = "#0b5394"
ACCENT_SOFT = "#9dc3e6"
GOOD = "#00785a"
WARN = "#9a6700"
BAD = "#b3261e"
NEUTRAL = "#8a949d"
UNKNOWN = "#a9b1b8"

# Okabe and Ito first (without its pale yellow and black), then Paul Tol's muted set.
PALETTE = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#56b4e9",
    "#cc79a7",
    "#332288",
    "#999933",
    "#117733",
    "#882255",
    "#44aa99",
    "#cc6677",
    "#6f4e37",
    "#7a86cb",
    "#b8a44c",
    "#5f7a8c",
)
# For values that no code list knows: no colour of a known value.
UNLISTED = (
    "#b07aa1",
    "#9c755f",
    "#86bcb6",
    "#d37295",
    "#a0a04b",
    "#4e79a7",
    "#d4a6c8",
    "#f28e2b",
    "#59a14f",
    "#79706e",
    "#e15759",
    "#bab0ac",
)
# Lowest band first; dark red to dark blue keeps its order without colour vision.
BAND_COLOURS = ("#b3261e", "#e69f00", "#c9d6df", "#7fb2d9", "#0b5394")
# Dimensions whose order runs from good to bad take colours that say so.
ORDERED = {"adoption": (BAND_COLOURS[4], BAND_COLOURS[3], BAND_COLOURS[0])}
HEAT = ((0.0, "#f4f8fb"), (0.5, "#8fbbdd"), (1.0, "#0b5394"))


@cache
def _positions(dimension_id: str) -> dict[str, int]:
    """Place of each known value in its code list, by value or by group of values."""
    code_list = dimensions()[dimension_id].code_list if dimension_id in dimensions() else None
    if code_list is None:
        return {}
    by_group = dimension_id.endswith("_group") and dimension_id != code_list
    names = (code.group if by_group else code.name for code in codes.code_list(code_list))
    return {name: at for at, name in enumerate(dict.fromkeys(names))}


def colour_of(dimension_id: str, value: str | None, *, unlisted: Sequence[str] = ()) -> str:
    """The colour that a value always has, whatever else is on the chart.

    `unlisted`: every value of the dimension in the data that no code list knows, in fixed order.
    """
    if value is None:
        return UNKNOWN
    position = _positions(dimension_id).get(value)
    if position is None and value in unlisted:
        return UNLISTED[unlisted.index(value) % len(UNLISTED)]
    if position is None:
        # hash() changes from process to process; a digest does not.
        digest = int.from_bytes(hashlib.sha256(value.encode()).digest()[:4], "big")
        return UNLISTED[digest % len(UNLISTED)]
    palette = ORDERED.get(dimension_id, PALETTE)
    return palette[position % len(palette)]


@cache
def template() -> go.layout.Template:
    """The layout every chart shares."""
    axis = {
        "gridcolor": GRID,
        "linecolor": GRID,
        "zerolinecolor": "#b8c1c9",
        "tickfont": {"size": FONT_SIZE},
        "title": {"font": {"size": FONT_SIZE, "color": MUTED}, "standoff": 8},
        "automargin": True,
        "exponentformat": "none",
        "separatethousands": True,
        "fixedrange": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": FONT_SIZE, "color": INK},
            "colorway": list(PALETTE),
            "paper_bgcolor": PAPER,
            "plot_bgcolor": PAPER,
            "separators": ".,",
            "margin": {"l": 8, "r": 16, "t": 16, "b": 8},
            "xaxis": axis,
            "yaxis": axis | {"ticklabelstandoff": 6},
            "hoverlabel": {"font": {"family": FONT, "size": FONT_SIZE}, "bgcolor": PAPER},
            "legend": {"font": {"size": FONT_SIZE}, "itemclick": False, "itemdoubleclick": False},
            "bargap": 0.3,
            "hovermode": "closest",
            "dragmode": False,
        },
        # Labels of one chart are of one size; Plotly would shrink those that hardly fit.
        data={"bar": [{"constraintext": "none"}]},
    )


def muted(text: str) -> str:
    """Words of the second rank inside a chart."""
    return f"<span style='color:{MUTED}'>{text}</span>"


def text_width(text: str) -> int:
    """About how many pixels a label takes: a Chinese character is as wide as the type is high."""
    return sum(FONT_SIZE if ord(letter) > 0x2E80 else 9 for letter in text)


def shortened(text: str, width: int = LABEL_WIDTH) -> str:
    """The text cut to fit beside an axis; the whole of it stands in the hover and in the table."""
    if text_width(text) <= width:
        return text
    kept = text
    while kept and text_width(kept) > width - FONT_SIZE:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def figure(*, height: int) -> go.Figure:
    """An empty figure in the shared template."""
    return go.Figure(layout={"template": template(), "height": height})


def config(file_name: str) -> dict[str, Any]:
    """Plotly settings: Chinese words and months, and only the picture download in the bar."""
    months = [_("{n}月").format(n=n) for n in range(1, 13)]
    days = [_("周日"), _("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六")]
    words = {
        "Download plot": _("下载图片"),
        "Download plot as a PNG": _("下载图片"),
        "Download plot as a png": _("下载图片"),
        "Taking snapshot - this may take a few seconds": _("正在生成图片……"),
        "Snapshot succeeded": _("图片已生成"),
        "Sorry, there was a problem downloading your snapshot!": _("图片生成失败"),
    }
    formats = {
        "days": days,
        "shortDays": days,
        "months": months,
        "shortMonths": months,
        "date": "%Y-%m-%d",
    }
    return {
        "locale": "zh-CN",
        "locales": {"zh-CN": {"dictionary": words, "format": formats}},
        "displaylogo": False,
        "displayModeBar": "hover",
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"filename": file_name, "scale": 2},
        "scrollZoom": False,
        "doubleClick": False,
        "showTips": False,
    }
