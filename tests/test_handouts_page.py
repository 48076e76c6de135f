"""交付物: every kind is made and opens, is registered, made again, and what moved since is named."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from pages.ui.handouts.kinds import OFFICE, kinds
from tests.conftest import load
from tests.pages_fixtures import Open, assert_calm, opener, words
from tests.tables import fill_lake
from warehouse.handouts import issued
from warehouse.home import Home

HEADER = "投诉编号,收到日期,回复投诉人/作出处理决定日期,工单状态,业务类别,被投诉机构\n"
ROWS = "".join(
    f"A{n},2025-10-{n:02d},2025-10-{n + 9:02d},已办结,{'贷款' if n % 2 else '信用卡'},城东支行\n"
    for n in range(1, 21)
)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


def drop(root: Path, name: str, text: str) -> None:
    inbox = Home(root).inbox
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / name).write_text(text, encoding="utf-8")
    (line,) = load(root)
    assert json.loads(line)["status"] == "loaded", line


def choose(page: AppTest, kind: str) -> None:
    page.radio(key="handouts.kind").set_value(kind).run()


def made(page: AppTest, kind: str) -> bytes:
    """Make a hand-out as a reader does; its bytes."""
    choose(page, kind)
    page.button(key="handouts.make").click().run()
    assert_calm(page)
    return page.session_state["handouts.shelf"].finished[kind].made.content


def look(page: AppTest, view: str) -> str:
    page.segmented_control(key="handouts.view").set_value(view).run()
    assert_calm(page)
    return words(page)


def tables(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def register(page: AppTest, by: str) -> None:
    page.text_input(key="handouts.by").set_value(by)
    [button] = [one for one in page.button if one.label == "登记为已发布"]
    button.click().run()


def opened_report(content: bytes) -> str:
    return Document(io.BytesIO(content)).paragraphs[0].text


def opened_deck(content: bytes) -> str:
    return Presentation(io.BytesIO(content)).slides[0].shapes[0].text_frame.text


def opened_book(content: bytes) -> str:
    return str(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A1"].value)


def opened_archive(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        assert held.testzip() is None
        name = next(one for one in held.namelist() if one.endswith(".xlsx"))
        return opened_book(held.read(name))


OPENED: dict[str, tuple[Callable[[bytes], str], str]] = {
    "report": (opened_report, "消费者权益保护工作季度报告"),
    "deck": (opened_deck, "2025年第4季度消保工作：主要数字"),
    "pack": (lambda content: content.decode("utf-8"), "2025年第4季度消保例会材料"),
    "bulletin": (opened_book, "投诉情况通报"),
    "profiles": (opened_archive, "一支行一页"),
}


@pytest.mark.parametrize("kind", [one.id for one in kinds()])
def test_each_kind_is_made_and_opens(demo: Open, kind: str) -> None:
    page = demo("handouts", period="2025Q4")
    open_it, begins = OPENED[kind]
    assert begins in open_it(made(page, kind))
    done = page.session_state["handouts.shelf"].finished[kind]
    held = next(one for one in kinds() if one.id == kind)
    assert done.file_name.startswith(held.name)
    assert done.file_name.endswith(held.suffix)
    assert f"快照{done.made.state.number}" in done.file_name
    assert done.made.summary in words(page)
    if held.every == "Q":
        assert done.made.period.id == "2025Q4"


def test_a_result_of_another_choice_says_so(demo: Open) -> None:
    page = demo("handouts", period="2025Q4")
    made(page, "bulletin")
    assert not page.warning
    page.toggle(key="handouts.details.bulletin").set_value(True).run()  # noqa: FBT003
    assert "上面现在选的不同" in page.warning[0].value
    made(page, "bulletin")
    assert not page.warning
    done = page.session_state["handouts.shelf"].finished["bulletin"]
    assert "不得外传" in done.file_name
    assert done.made.kind == "bulletin_details"


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Open, Path]:
    """An installation with twenty complaints of one sub-branch."""
    root = tmp_path / "home"
    drop(root, "台账.csv", HEADER + ROWS)
    return opener(monkeypatch, root), root


def test_from_issuing_to_the_restatement(own: tuple[Open, Path]) -> None:
    open_page, root = own
    page = open_page("handouts", period="2025Q4")
    assert "还没有登记过已发布的交付物" in words(page)
    made(page, "report")
    register(page, "  ")
    assert page.warning[0].value == "请填写由谁发布。"
    assert issued.read(Home(root)) == []
    register(page, "王敏")
    assert_calm(page)
    (one,) = issued.read(Home(root))
    assert (one.by, one.kind, one.period.id) == ("王敏", "report", "2025Q4")
    assert "已登记为 1号 2025年第4季度季度报告" in "".join(e.value for e in page.success)
    held = tables(page)
    assert "王敏" in held
    assert one.sha256[:12] in held
    # What was issued can be made again, and nothing moved yet.
    page.button(key="handouts.again").click().run()
    assert_calm(page)
    assert f"登记的 {len(one.stated)} 个数字全部相同" in words(page)
    assert "全部相同" in look(page, "restated")
    assert "只有一个快照" in look(page, "machine")

    drop(root, "更正.csv", HEADER + "A3,2025-10-03,2025-12-30,已办结,贷款,城东支行\n")
    page = open_page("handouts", period="2025Q4")
    said = look(page, "restated")
    assert "份交付物" in said
    held = tables(page)
    assert "更正.csv" in held
    assert "处理及时率" in held
    look(page, "machine")
    held = tables(page)
    # What the correction did comes first; the day that it reaches made others due.
    assert "计法改变：更正.csv 第2行" in held
    assert "更正.csv、数据日期或机构变化" in held
    assert "新计入（行未变）：台账.csv" in held
    assert "处理及时率" in held
    assert "其间装载的文件" in words(page)
    page.segmented_control(key="handouts.compared").set_value("issued").run()
    assert_calm(page)
    assert "个变了" in words(page)
    assert "更正.csv" in tables(page)


def test_a_result_of_an_older_snapshot_says_so(own: tuple[Open, Path]) -> None:
    open_page, root = own
    page = open_page("handouts", period="2025Q4")
    made(page, "bulletin")
    drop(root, "新.csv", HEADER + "B1,2025-12-03,2025-12-10,已办结,贷款,城东支行\n")
    page.run()
    assert_calm(page)
    assert "数字可能已变" in page.warning[0].value


def test_a_damaged_last_edition_is_named_and_nothing_is_made(demo: Open) -> None:
    page = demo("handouts", period="2025Q4")
    uploader = next(one for one in page.file_uploader if "上一稿" in one.label)
    uploader.set_value([("旧稿.docx", b"PK\x03\x04 no", f"{OFFICE}.wordprocessingml.document")])
    page.run()
    page.button(key="handouts.make").click().run()
    assert [element.message for element in page.exception] == []
    (error,) = page.error
    assert "打不开 Word 文件 旧稿.docx" in error.value
    assert page.session_state["handouts.shelf"].finished == {}


def test_a_bank_without_sub_branches_is_told_what_to_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = fill_lake(
        tmp_path,
        ("2024-01-01", "2024-06-30"),
        complaint="complaint_id | received_at\n1 | 2024-04-01",
        organisation="org_name | org_level\n分行 | 分行",
    )
    page = opener(monkeypatch, home.root)("handouts")
    choose(page, "profiles")
    page.button(key="handouts.make").click().run()
    assert [element.message for element in page.exception] == []
    assert "《机构表》" in page.error[0].value
