"""The slides: native charts of the registry's numbers, nothing over the edge, gaps said."""

import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Cm

from tests.conftest import installed_at
from tests.tables import fill_lake, install
from warehouse.__main__ import main
from warehouse.handouts.canvas import HEIGHT, WIDTH
from warehouse.handouts.deck import Deck, meeting_deck
from warehouse.handouts.facts import written
from warehouse.handouts.fitting import cut_to_fit, fitting_size, height_of
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.registry import indicator
from warehouse.scope import Scope

QUARTER = "2025Q4"
EVERYTHING = Scope.everything()


@pytest.fixture(scope="module")
def made(cursor: duckdb.DuckDBPyConnection, demo_home: Path) -> Deck:
    return meeting_deck(cursor, Home(demo_home), parse_period(QUARTER), scope=EVERYTHING)


def slides_of(deck: Deck):
    return list(Presentation(BytesIO(deck.content)).slides)


def texts(slide) -> list[str]:
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def charts(slide) -> list:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def assert_within(deck: Deck) -> None:
    """Every shape lies on its slide, and every text box holds its text."""
    for at, slide in enumerate(slides_of(deck), start=1):
        for shape in slide.shapes:
            assert shape.left >= 0, (at, shape.name)
            assert shape.top >= 0, (at, shape.name)
            assert shape.left + shape.width <= Cm(WIDTH) + 10, (at, shape.name)
            assert shape.top + shape.height <= Cm(HEIGHT) + 10, (at, shape.name)
            if shape.has_text_frame and shape.text_frame.text:
                size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
                needed = height_of(shape.text_frame.text, shape.width / Cm(1), size)
                assert needed <= shape.height / Cm(1) + 0.01, (at, shape.text_frame.text)


def test_ten_slides_with_notes_and_a_foot_that_says_what_they_rest_on(made: Deck) -> None:
    held = slides_of(made)
    assert 8 <= len(held) <= 12
    for slide in held:
        notes = slide.notes_slide.notes_text_frame.text
        assert "口径：" in notes
        foot = next(text for text in texts(slide) if "快照 #" in text)
        for part in ("演示数据", "2025年第4季度", "范围：全辖", "未筛选", "2026-06-16"):
            assert part in foot
    assert made.gaps == ()
    assert_within(made)


def test_the_numbers_are_those_of_the_registry(made: Deck, cursor) -> None:
    every = "\n".join(text for slide in slides_of(made) for text in texts(slide))
    for name in (
        "complaint_count", "complaint_timely_rate", "handling_days_median",
        "satisfaction_rate", "exam_pass_rate", "review_first_pass_rate", "outreach_audience",
        "training_coverage", "review_coverage", "handling_days_p90",
    ):  # fmt: skip
        (value,) = compute(cursor, name, parse_period(QUARTER), scope=EVERYTHING)["value"]
        assert written(indicator(name), value) in every, name


def test_charts_are_chart_objects_with_the_right_data(made: Deck, cursor) -> None:
    drawn = [chart for slide in slides_of(made) for chart in charts(slide)]
    assert len(drawn) == 7
    moved = drawn[0].plots[0]
    period = parse_period(QUARTER)
    for series, span in zip(moved.series, (period, parse_period("2025Q3")), strict=True):
        found = compute(cursor, "complaint_count", span, by=("category_group",), scope=EVERYTHING)
        held = dict(found.select("category_group", "value").iter_rows())
        for label, value in zip(moved.categories, series.values, strict=True):
            assert held[label] == value
    by_month = next(c.plots[0] for c in drawn if len(list(c.plots[0].categories)) == 13)
    window = parse_period("2024-12-01..2025-12-31")
    found = compute(cursor, "complaint_timely_rate", window, by=("month",), scope=EVERYTHING)
    held = dict(found.select("month", "value").iter_rows())
    for label, value in zip(by_month.categories, by_month.series[0].values, strict=True):
        assert held[label] == pytest.approx(value, abs=0.051)


def lake_of(root: Path, count: int, name: str) -> Home:
    """Complaints of so many sub-branches, fifty each, every tenth late in every second one."""
    rows = [
        {
            "complaint_id": f"{branch}-{n}",
            "org_name": name.format(branch),
            "received_at": "2025-10-08",
            "decided_at": "2025-11-20" if n % 10 == 0 and branch % 2 else "2025-10-12",
            "status": "已办结",
            "category": "贷款" if n % 2 else "信用卡使用和还款",
            "cause": "定价收费",
        }
        for branch in range(1, count + 1)
        for n in range(50)
    ]
    return fill_lake(root, ("2025-01-01", "2025-12-31"), complaint=rows)


def slide_of(deck: Deck, title: str):
    return next(slide for slide in slides_of(deck) if title in texts(slide)[0])


def test_no_small_count_follows_from_what_moved_and_the_mix(tmp_path: Path) -> None:
    """Three loans, less than may be told: neither what moved nor the list leaves just them over."""
    now = {"借记卡": 30, "信用卡": 8, "贷款": 3}
    before = {"借记卡": 20, "信用卡": 6, "贷款": 9}
    rows = [
        {
            "complaint_id": f"{month}-{category}-{n}",
            "org_name": "第1支行",
            "received_at": f"2025-{month}-08",
            "category": category,
            "cause": "定价收费",
        }
        for month, held in (("10", now), ("07", before))
        for category, count in held.items()
        for n in range(count)
    ]
    home = fill_lake(tmp_path, ("2025-01-01", "2025-12-31"), complaint=rows)
    with reading(open_reader(home)) as cursor:
        deck = meeting_deck(cursor, home, parse_period(QUARTER), scope=EVERYTHING)
    moved = charts(slide_of(deck, "哪些变了"))[0].plots[0]
    assert list(moved.categories) == ["借记卡"]
    assert [list(series.values) for series in moved.series] == [[30], [20]]
    mix = charts(slide_of(deck, "投诉结构"))[0].plots[0]
    held = dict(zip(mix.categories, mix.series[0].values, strict=True))
    assert held == {"借记卡": 30, "其余2项合计": 11}


def test_the_ranking_tells_no_few_late_ones(tmp_path: Path) -> None:
    late = {1: 0, 2: 2, 3: 6}
    rows = [
        {
            "complaint_id": f"{branch}-{n}",
            "org_name": f"第{branch}支行",
            "received_at": "2025-10-08",
            "decided_at": "2025-11-20" if n < few else "2025-10-12",
            "status": "已办结",
        }
        for branch, few in late.items()
        for n in range(40)
    ]
    home = fill_lake(tmp_path, ("2025-01-01", "2025-12-31"), complaint=rows)
    with reading(open_reader(home)) as cursor:
        deck = meeting_deck(cursor, home, parse_period(QUARTER), scope=EVERYTHING)
    slide = slide_of(deck, "支行排名")
    (chart,) = charts(slide)
    assert list(chart.plots[0].categories) == ["1 第1支行 N=40", "2 第2支行", "3 第3支行 N=40"]
    assert any(text.endswith("不足5件的支行不列N") for text in texts(slide))


@pytest.mark.parametrize(
    ("count", "name"),
    [
        (3, "第{}支行"),
        (40, "第{}支行"),
        (40, "某某市高新技术产业开发区科技金融创新服务示范先行第{}支行（社区支行）"),
    ],
)
def test_few_and_many_sub_branches_and_long_names_fit(
    tmp_path: Path, count: int, name: str
) -> None:
    home = lake_of(tmp_path, count, name)
    with reading(open_reader(home)) as cursor:
        deck = meeting_deck(cursor, home, parse_period(QUARTER), scope=EVERYTHING)
    assert_within(deck)
    (ranking,) = charts(slides_of(deck)[8])
    labels = list(ranking.plots[0].categories)
    assert len(labels) == min(count, 20)
    assert all("N=" in label for label in labels)
    if count == 40:
        assert any("共 40 家，列前、后各 10 家" in text for text in texts(slides_of(deck)[8]))


def test_without_data_every_slide_says_what_is_missing(tmp_path: Path) -> None:
    home = install(tmp_path)
    with reading(open_reader(home)) as cursor:
        deck = meeting_deck(cursor, home, parse_period(QUARTER), scope=EVERYTHING)
    assert_within(deck)
    every = "\n".join(text for slide in slides_of(deck) for text in texts(slide))
    assert "缺2025年第4季度《投诉台账》（投诉量）" in every
    assert not [chart for slide in slides_of(deck) for chart in charts(slide)]
    assert not re.search(r"\d[件%]", every)
    # What nobody can judge is not called good.
    assert "●" not in every
    assert "没有能够对照阈值的指标" in every
    assert "没有能够判定的预警" in every
    asked = "\n".join(texts(slide_of(deck, "请会议决定")))
    assert "1. 2025年第4季度还缺：《" in asked
    assert {"《投诉台账》", "《考试成绩》"} <= set(re.findall("《[^》]+》", asked))


@given(
    st.text(st.sampled_from("支行投诉量abc 123（）\n"), max_size=400),
    st.floats(1, 30),
    st.floats(0.8, 15),
)
def test_text_is_made_to_fit(text: str, width: float, height: float) -> None:
    size = fitting_size(text, width, height, largest=28, smallest=8)
    kept = cut_to_fit(text, width, height, size)
    assert height_of(kept, width, size) <= max(height, height_of("…", width, size)) + 1e-9
    assert kept == text or kept.endswith("…")


def test_the_command_writes_the_slides(
    tmp_path: Path, demo_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "例会.pptx"
    with installed_at(demo_home):
        assert main(["deck", "--period", QUARTER, "--out", str(target)]) == 0
        assert "10 页（快照 #" in capsys.readouterr().out
        assert main(["deck", "--period", QUARTER, "--out", "x.ppt"]) == 2
    assert len(Presentation(str(target)).slides) == 10


def test_it_opens_in_libreoffice_with_every_slide(made: Deck, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice is not on this machine")
        pytest.skip("LibreOffice is not on this machine")
    (tmp_path / "例会.pptx").write_bytes(made.content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, str(tmp_path / "例会.pptx")], check=True, capture_output=True, timeout=120
    )
    pdf = (tmp_path / "例会.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 10
