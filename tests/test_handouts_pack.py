"""The pack: what the slides say, as one file that calls nobody, in a browser and on paper."""

import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from tests.browser_fixtures import Watch
from tests.conftest import installed_at
from tests.tables import install
from tests.test_handouts_deck import EVERYTHING, QUARTER, charts, lake_of, slides_of, texts
from warehouse import acknowledgements, alerts
from warehouse.__main__ import main
from warehouse.handouts import issued, pictures
from warehouse.handouts.canvas import BODY, COUNTS, RATES, SOFT, WORDS, Box, Chart, Series
from warehouse.handouts.deck import Deck, meeting_deck
from warehouse.handouts.html_slides import HtmlSlides
from warehouse.handouts.pack import Pack, meeting_pack
from warehouse.handouts.pictures import number, pictured
from warehouse.handouts.restatements import reproduced
from warehouse.home import Home
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period

if TYPE_CHECKING:
    from playwright.sync_api import Page

PERIOD = parse_period(QUARTER)
LONG = "某某市高新技术产业开发区科技金融创新服务示范先行第{}支行（社区支行）"
SIZES = [(1366, 768), (1920, 1080)]
OUTSIDE = """
    () => {
        const wide = document.documentElement.clientWidth;
        const found = [];
        if (document.documentElement.scrollWidth > wide) found.push('the page scrolls sideways');
        for (const sheet of document.querySelectorAll('.sheet')) {
            const at = sheet.getBoundingClientRect();
            for (const one of sheet.querySelectorAll('.box, svg text, svg rect')) {
                const is = one.getBoundingClientRect();
                const out = is.left < at.left - 1 || is.right > at.right + 1
                    || is.top < at.top - 1 || is.bottom > at.bottom + 1 || is.right > wide;
                if (out) found.push(one.textContent || one.outerHTML);
            }
            for (const one of sheet.querySelectorAll('p, h2, td, th')) {
                if (one.closest('.unseen')) continue;
                if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
                    found.push(one.textContent);
            }
            for (const one of sheet.querySelectorAll('svg')) {
                const months = [...one.querySelectorAll('.label[text-anchor=middle]')]
                    .map(e => e.getBoundingClientRect());
                if (months.some((a, at) => at && months[at - 1].right > a.left))
                    found.push('months run into each other');
                const drawn = [...one.querySelectorAll('.label')].map(e => e.getBoundingClientRect());
                const bars = [...one.querySelectorAll('rect')].map(e => e.getBoundingClientRect());
                for (const a of drawn) for (const b of bars)
                    if (a.right > b.left && a.left < b.right && a.bottom > b.top && a.top < b.bottom)
                        found.push('a label lies on a bar');
            }
        }
        return found;
    }
"""


@dataclass
class Drawn:
    """What stands on one slide, whatever kind of file it is in."""

    texts: Counter[str]
    notes: str
    charts: list[tuple[list[str], list[tuple[str, list[str]]]]]


def of_deck(deck: Deck) -> list[Drawn]:
    found = []
    for slide in slides_of(deck):
        drawn = []
        for chart in charts(slide):
            plot = chart.plots[0]
            form = Chart("", [], [], "", plot.data_labels.number_format)
            series = [(one.name, [number(v, form) for v in one.values]) for one in plot.series]
            drawn.append((list(plot.categories), series))
        notes = slide.notes_slide.notes_text_frame.text
        found.append(Drawn(Counter(filter(None, texts(slide))), notes, drawn))
    return found


def document(pack: Pack):
    return html.fromstring(pack.content.decode())


def of_pack(pack: Pack) -> list[Drawn]:
    found = []
    for section in document(pack).iterfind(".//section"):
        drawn = []
        for table in section.iterfind(".//table[@class='unseen']"):
            names, *rows = [[c.text_content() for c in row] for row in table.iterfind(".//tr")]
            values = [[row[at] for row in rows] for at in range(1, len(names))]
            drawn.append(([row[0] for row in rows], list(zip(names[1:], values, strict=True))))
            table.getparent().remove(table)
        words = section.xpath(
            ".//div[@class='sheet']//*[self::h2 or self::p or self::th or self::td]"
        )
        notes = section.find(".//p[@class='notes']").text_content()
        found.append(Drawn(Counter(one.text_content() for one in words), notes, drawn))
    return found


def made_of(home: Home) -> tuple[Deck, Pack]:
    with reading(open_reader(home)) as cursor:
        deck = meeting_deck(cursor, home, PERIOD, scope=EVERYTHING)
        return deck, meeting_pack(cursor, home, PERIOD, scope=EVERYTHING)


def pack_of(home: Home, file: Path) -> Path:
    file.write_bytes(made_of(home)[1].content)
    return file


def assert_alone(pack: Pack) -> None:
    """Nothing in it refers to anything outside."""
    text = pack.content.decode()
    assert not re.search(r"https?:|//\w|@import|url\(|<link|<base|<iframe|<img", text)
    root = document(pack)
    for name in ("src", "href", "data", "poster", "srcset", "action"):
        for value in root.xpath(f"//@{name}"):
            assert value.startswith("#"), (name, value)
    for target in root.xpath("//@href"):
        assert root.get_element_by_id(target[1:]) is not None


@pytest.fixture(scope="module")
def both(demo_home: Path) -> tuple[Deck, Pack]:
    return made_of(Home(demo_home))


@pytest.fixture(scope="module")
def demo_file(both: tuple[Deck, Pack], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pack") / "例会.html"
    file.write_bytes(both[1].content)
    return file


def test_it_says_what_the_slides_say(both: tuple[Deck, Pack]) -> None:
    deck, pack = both
    assert of_pack(pack) == of_deck(deck)
    assert pack.facts == deck.facts
    assert pack.gaps == deck.gaps
    assert pack.summary == deck.summary == "10 页"
    assert sum(len(slide.charts) for slide in of_pack(pack)) == 7
    assert_alone(pack)


@pytest.mark.parametrize(("count", "name"), [(3, "第{}支行"), (40, "第{}支行"), (40, LONG)])
def test_it_says_the_same_of_few_and_many_sub_branches(
    tmp_path: Path, count: int, name: str
) -> None:
    deck, pack = made_of(lake_of(tmp_path, count, name))
    assert of_pack(pack) == of_deck(deck)
    assert len(of_pack(pack)[8].charts[0][0]) == min(count, 20)


def test_every_number_of_a_chart_is_written_beside_its_bar_or_point(
    both: tuple[Deck, Pack],
) -> None:
    for svg in document(both[1]).iterfind(".//svg"):
        table = svg.getnext()
        written = Counter(one.text_content() for one in svg.iterfind("text[@class='value']"))
        # A month without a number has no point to write it beside.
        told = Counter(one.text for one in table.iterfind(".//td") if one.text not in (None, "—"))
        assert written == told
        assert svg.get("role") == "img"
        assert svg.get("aria-label").endswith(table.find("caption").text)


def test_status_is_a_shape_and_a_word(both: tuple[Deck, Pack]) -> None:
    first = document(both[1]).find(".//section").text_content()
    assert any(word in first for word in WORDS.values())


def test_it_is_a_chinese_document_that_may_load_nothing(both: tuple[Deck, Pack]) -> None:
    text = both[1].content.decode()
    assert text.lstrip().startswith("<!DOCTYPE html>")
    assert '<html lang="zh-CN">' in text
    assert "<title>2025年第4季度消保例会材料</title>" in text
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    )
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in text
    root = document(both[1])
    assert [one.text_content() for one in root.iterfind(".//nav//li")] == [
        f"{at}. {one.text}" for at, one in enumerate(root.iterfind(".//h2"), start=1)
    ]


def test_the_length_of_a_bar_is_its_value_from_zero_on() -> None:
    series = [Series("本期", [40, 10, 0, None]), Series("上期", [20, 30, 5, 1], SOFT)]
    chart = Chart("按类别（件）", list("甲乙丙丁"), series, "bar", COUNTS)
    picture = pictured(BODY, chart)
    drawn = [bar for bar in picture.bars if bar.x > 0 and bar.y > pictures.LEGEND]
    assert len({bar.x for bar in drawn}) == 1
    scale = drawn[0].width / 40
    assert [bar.width / scale for bar in drawn] == pytest.approx([40, 20, 10, 30, 5, 1])
    assert [one.words for one in picture.words if one.kind == "name"] == ["本期", "上期"]
    values = [one.words for one in picture.words if one.kind == "value"]
    assert values == ["40", "20", "10", "30", "0", "5", "—", "1"]


@pytest.mark.parametrize(
    ("values", "runs", "marks"),
    [
        ([90.0, 91.0, None, 95.5, None, 99.0, 100.0], [2, 2], 5),
        ([None, 90.0, None], [], 1),
        ([None, None], [], 0),
        ([100.0, 100.0], [2], 2),
        ([0.0], [], 1),
    ],
)
def test_a_line_has_gaps_where_months_are_missing(
    values: list[float | None], runs: list[int], marks: int
) -> None:
    months = [f"2025-{at:02}" for at in range(1, len(values) + 1)]
    picture = pictured(Box(1, 1, 19.5, 13), Chart("", months, [Series("", values)], "line", RATES))
    assert [len(one.points) for one in picture.courses] == runs
    assert len(picture.marks) == marks
    assert [one.words for one in picture.words if one.kind == "label"] == months
    known = [value for value in values if value is not None]
    heights = [y for _x, y, _colour in picture.marks]
    assert all(0 <= y <= picture.height for y in heights)
    assert sorted(heights, reverse=True) == [
        y for _value, y in sorted(zip(known, heights, strict=True), key=lambda pair: pair[0])
    ]


def test_a_label_that_had_to_be_cut_is_told_whole() -> None:
    labels = [f"{at} {LONG.format(at) * 3}" for at in range(20)]
    chart = Chart("", labels, [Series("", [1.0] * 20)], "bar", RATES)
    picture = pictured(Box(1, 1, 15, 12), chart)
    assert any(one.whole == labels[0] and one.words.endswith("…") for one in picture.words)
    assert [label for label, _values in picture.rows] == labels


def test_texts_of_the_data_are_no_markup(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>第{}支行\"'&amp;"
    deck, pack = made_of(lake_of(tmp_path, 3, name))
    assert of_pack(pack) == of_deck(deck)
    text = pack.content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;第" in text
    assert text.count("<script") == 1
    canvas = HtmlSlides("<b>题</b>")
    canvas.new_slide("<i>页</i>", "<u>脚</u>", "</p><script>记</script>")
    canvas.table(BODY, [("<s>头</s>", "乙"), ("<s>格</s>", "丁")], (1, 1))
    root = html.fromstring(canvas.saved().decode())
    assert not root.xpath("//b|//i|//u|//s")
    assert len(root.xpath("//script")) == 1


def test_without_data_every_slide_says_what_is_missing(tmp_path: Path) -> None:
    deck, pack = made_of(install(tmp_path))
    assert of_pack(pack) == of_deck(deck)
    every = "\n".join(text for slide in of_pack(pack) for text in slide.texts)
    assert "缺2025年第4季度《投诉台账》（投诉量）" in every
    assert "<svg" not in pack.content.decode()
    assert not re.search(r"\d[件%]", every)
    assert_alone(pack)


def test_the_command_writes_it_and_it_is_issued_and_reproduced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = lake_of(tmp_path / "lake", 3, "第{}支行")
    target = tmp_path / "out" / "例会.html"
    with installed_at(home.root):
        told = ["pack", "--period", QUARTER, "--out", str(target)]
        assert main([*told, "--issue", "王某"]) == 0
        said = capsys.readouterr().out
        assert "10 页（快照 #" in said
        assert "已登记为 1号 2025年第4季度例会材料（网页）" in said
        assert main([*told[:-1], "x.htm"]) == 2
        assert "应以 .html 结尾" in capsys.readouterr().err
        assert reproduced(home, issued.issued(home, 1)) == target.read_bytes()


def test_who_took_on_a_red_one_later_is_not_in_what_was_issued_before(
    demo_home: Path, tmp_path: Path
) -> None:
    home = Home(shutil.copytree(demo_home, tmp_path / "home"))
    with reading(open_reader(home)) as cursor:
        first = meeting_pack(cursor, home, PERIOD, scope=EVERYTHING)
        one = issued.issue(home, first, file_name="例会.html", by="王某")
        (red, *_) = alerts.evaluate(cursor, scope=EVERYTHING).of("red")
        acknowledgements.acknowledge(home, red, name="赵敏", note="", due=None)
        today = meeting_pack(cursor, home, PERIOD, scope=EVERYTHING)
    assert "赵敏" in today.content.decode()
    assert reproduced(home, issued.issued(home, one.number)) == first.content


def opened(page: "Page", file: Path, size: tuple[int, int] = SIZES[0]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(file.as_uri())


def shown(page: "Page") -> str:
    """The slide at the top of the window."""
    return page.evaluate(
        """() => [...document.querySelectorAll('section')].reduce((a, b) =>
            Math.abs(a.getBoundingClientRect().top) <= Math.abs(b.getBoundingClientRect().top)
            ? a : b).id"""
    )


def test_it_opens_from_a_disk_and_calls_nobody(
    demo_file: Path, browser_page: "Page", watch: Watch
) -> None:
    calls: list[str] = []
    browser_page.on("request", lambda request: calls.append(request.url))
    opened(browser_page, demo_file)
    assert browser_page.title() == "2025年第4季度消保例会材料"
    assert calls == [demo_file.as_uri()]
    assert watch.errors == []
    # The policy of the page itself keeps anything else from being loaded.
    browser_page.evaluate("document.body.append(Object.assign(new Image(), {src: 'x.png'}))")
    browser_page.wait_for_timeout(200)
    assert any("Content Security Policy" in error for error in watch.errors)


def test_keys_move_between_slides(demo_file: Path, browser_page: "Page") -> None:
    opened(browser_page, demo_file)
    for key, slide in (
        ("ArrowRight", "s1"), ("ArrowRight", "s2"), ("PageDown", "s3"), ("ArrowLeft", "s2"),
        ("PageUp", "s1"), ("ArrowLeft", "s1"), ("End", "s10"), ("ArrowRight", "s10"),
        ("PageUp", "s9"), ("Home", "s1"),
    ):  # fmt: skip
        browser_page.keyboard.press(key)
        assert shown(browser_page) == slide, key
        assert browser_page.evaluate("document.activeElement.id") == slide
    browser_page.get_by_role("link", name="目录").first.click()
    browser_page.locator("nav a").nth(4).click()
    assert shown(browser_page) == "s5"


def test_without_scripts_links_move(demo_file: Path, browser: "object") -> None:
    visitor = browser.new_context(java_script_enabled=False)
    page = visitor.new_page()
    page.goto(demo_file.as_uri())
    page.locator("nav a").nth(7).click()
    assert page.locator("#s8 h2").is_visible()
    assert page.url.endswith("#s8")
    page.locator("#s8 summary").click()
    assert page.locator("#s8 .notes").is_visible()
    visitor.close()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_the_demo_runs_over_an_edge(
    demo_file: Path, browser_page: "Page", size: tuple[int, int]
) -> None:
    opened(browser_page, demo_file, size)
    assert browser_page.evaluate(OUTSIDE) == []
    sheet = browser_page.locator(".sheet").first.bounding_box()
    assert sheet["width"] / sheet["height"] == pytest.approx(16 / 9, abs=0.001)
    assert sheet["height"] < size[1]


@pytest.mark.parametrize(("count", "name"), [(3, "第{}支行"), (40, "第{}支行"), (40, LONG)])
def test_few_and_many_sub_branches_and_long_names_stay_within(
    tmp_path: Path, browser_page: "Page", count: int, name: str
) -> None:
    file = pack_of(lake_of(tmp_path / "lake", count, name), tmp_path / "f.html")
    for size in SIZES:
        opened(browser_page, file, size)
        assert browser_page.evaluate(OUTSIDE) == [], size
        browser_page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert browser_page.evaluate(OUTSIDE) == [], size


def test_a_sub_branch_that_is_named_as_a_script_does_not_run(
    tmp_path: Path, browser_page: "Page", watch: Watch
) -> None:
    home = lake_of(tmp_path / "lake", 3, "<script>alert(1)</script>第{}支行")
    said: list[str] = []
    browser_page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    opened(browser_page, pack_of(home, tmp_path / "f.html"))
    assert "<script>alert(1)</script>第" in browser_page.locator("#s9").inner_text()
    assert (said, watch.errors) == ([], [])


def test_notes_of_many_indicators_print_under_their_slide(
    tmp_path: Path, browser: "object"
) -> None:
    canvas = HtmlSlides("题")
    meaning = (
        "审查一次通过率：期间内审查意见为首次通过的项目占全部已审查项目的比例（按审查完成日计）"
    )
    for count in (1, 20, 28):
        canvas.new_slide("页", "脚", "\n".join(["口径：", *[meaning] * count]))
    (tmp_path / "f.html").write_bytes(canvas.saved())
    page = browser.new_page()
    page.goto((tmp_path / "f.html").as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 3
    page.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_slide_and_its_notes_print_on_one_page(
    demo_file: Path, browser: "object", scripts: bool
) -> None:
    visitor = browser.new_context(java_script_enabled=scripts)
    page = visitor.new_page()
    page.goto(demo_file.as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 10
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert all(float(width) > float(height) for width, height in boxes)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 734})
    for notes in page.locator(".notes").all():
        assert notes.bounding_box()["height"] > 10
    page_height = (210 - 2 * 8) * 96 / 25.4
    for section in page.locator("section").all():
        assert section.bounding_box()["height"] <= page_height
    assert (
        page.locator("#s1 .sheet").evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    )
    visitor.close()
