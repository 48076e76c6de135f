"""The upload page on real homes: checked by the real loader, loaded by it, told at once."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from filelock import FileLock
from streamlit.testing.v1 import AppTest

from ingest.held import note_held
from ingest.preview import Concern, Preview
from pages.ui.upload import loader, store
from pages.ui.upload.desk import UPLOADS
from pages.ui.upload.loader import Running
from pages.ui.upload.names import MOST_BYTES, numbered, safe_name
from tests.pages_fixtures import assert_calm, go, opener, words
from warehouse import loading
from warehouse.disk import sha256_of
from warehouse.home import Home

LEDGER = "投诉编号,收到日期,业务类别\n{0}1,2024-03-05,贷款\n{0}2,2024-03-06,信用卡\n"
PATIENCE_S = 240.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An installation of its own."""
    return Home(tmp_path / "home")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, home: Home) -> AppTest:
    return opener(monkeypatch, home.root)("upload")


def upload(page: AppTest, *files: tuple[str, str]) -> None:
    page.file_uploader[0].set_value(
        [(name, content.encode(), "text/csv") for name, content in files]
    )
    page.run()


def until(page: AppTest, is_true: Callable[[str], bool]) -> str:
    """Look again as the page does by itself, until it says what is waited for."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert_calm(page)
        text = words(page)
        if is_true(text):
            return text
        assert time.monotonic() < deadline, text
        time.sleep(0.5)
        page.run()


def press(page: AppTest, label: str) -> None:
    [button] = [one for one in page.button if one.label == label]
    assert not button.disabled
    button.click().run()


def test_the_first_file_of_an_empty_installation_comes_in_by_the_page(
    page: AppTest, home: Home
) -> None:
    assert_calm(page)
    assert page.title[0].value == "上传"
    assert "收件箱是空的" in words(page)
    upload(page, ("台账.csv", LEDGER.format("A")))
    text = until(page, lambda text: "可以装载" in text)
    assert "识别为《投诉台账》" in text
    assert "将新增 <b>2</b>" in text
    # Nothing but the upload itself was written so far.
    assert not home.catalogue.exists()
    assert not home.inbox.exists() or not any(home.inbox.iterdir())
    press(page, "装载")
    text = until(page, lambda text: "数字已更新" in text)
    assert "新增 <b>2</b>" in text
    assert [(one.file, one.status) for one in loading.outcomes(home)] == [("台账.csv", "loaded")]
    assert not any(home.inbox.iterdir())
    assert len(list(home.archive.iterdir())) == 1


def test_a_refused_file_says_why_and_is_written_nowhere(page: AppTest, home: Home) -> None:
    upload(page, ("坏.csv", "甲,乙\n1,2\n"), ("好.csv", LEDGER.format("B")))
    text = until(page, lambda text: "会被退回" in text and "将新增" in text)
    assert "整个文件会被退回" in text
    assert [one.label for one in page.button].count("装载") == 1
    press(page, "移除")
    press(page, "放弃")
    assert "坏.csv" not in words(page)
    assert "好.csv" not in words(page)
    left = [one.name for one in home.uploads.rglob("*.csv")]
    assert left == []
    assert loading.outcomes(home) == []


def test_bad_rows_are_listed_with_their_place_and_the_slip_is_offered(
    page: AppTest, home: Home
) -> None:
    rows = LEDGER.format("C") + "C3,不是日期,贷款\n"
    upload(page, ("三行.csv", rows))
    text = until(page, lambda text: "可以装载" in text)
    assert "将退回 <b>1</b>" in text
    assert "收到日期" in text
    assert "下载问题清单 CSV" in [one.proto.label for one in page.get("download_button")]
    press(page, "装载")
    until(page, lambda text: "数字已更新" in text)
    [outcome] = loading.outcomes(home)
    assert loading.return_slip(home, outcome.result["sha256"]) is not None
    [slip] = [one.proto for one in page.get("download_button") if "退回单" in one.proto.label]
    assert slip.label == "下载退回单（含原始内容，只交给填报人）"
    # It can be had even while the page draws itself anew.
    assert slip.url
    assert not slip.deferred_file_id


def test_what_was_said_of_a_loaded_file_can_be_read_later(page: AppTest, home: Home) -> None:
    home.inbox.mkdir(parents=True)
    rows = LEDGER.format("N") + "N3,不是日期,贷款\nN4,2024-03-07,新类\nN5,2024-03-07,新类\n"
    (home.inbox / "提示.csv").write_text(rows, encoding="utf-8")
    page.run()
    press(page, "装载收件箱中的 1 个文件")
    text = until(page, lambda text: "已装载" in text and "收件箱是空的" in text)
    # Rows that went back come first.
    assert "第 4 行：“收到日期”的值“不是日期”" in text
    assert "（共 3 类，见下）" in text
    assert "5–6" not in text
    page.selectbox(key="upload.details").set_value(loading.outcomes(home)[0]).run()
    assert_calm(page)
    text = words(page)
    assert "5–6" in text
    assert "“业务类别”的值“新类”不在代码表中，已按原名装载" in text
    labels = [one.proto.label for one in page.get("download_button")]
    assert labels.count("下载退回单（含原始内容，只交给填报人）") == 1
    assert "下载问题清单 CSV" in labels


def test_rows_of_a_reason_are_counted_though_not_all_are_kept(page: AppTest, home: Home) -> None:
    home.inbox.mkdir(parents=True)
    bad = "".join(f"X{n},不是日期,贷款\n" for n in range(loading.KEPT_PROBLEMS + 50))
    good = "".join(f"Y{n},2024-03-05,贷款\n" for n in range(loading.KEPT_PROBLEMS + 60))
    rows = LEDGER.splitlines(keepends=True)[0] + bad + "Z,2024-03-05,新类\n" + good
    (home.inbox / "多.csv").write_text(rows, encoding="utf-8")
    page.run()
    press(page, "装载收件箱中的 1 个文件")
    text = until(page, lambda text: "已装载" in text and "收件箱是空的" in text)
    assert "第 2–251 行：" in text
    assert "（共 3 类，见下）" in text
    page.selectbox(key="upload.details").set_value(loading.outcomes(home)[0]).run()
    text = words(page)
    assert "问题 252 条" in text
    assert "2–251" in text
    assert "“业务类别”的值“新类”不在代码表中，已按原名装载" in text
    assert "下载的清单只有前 200 条，共 252 条；退回的行全部在退回单里。" in text


def test_uploads_are_still_there_after_a_reload(
    page: AppTest, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(page, ("台账.csv", LEDGER.format("A")))
    until(page, lambda text: "● 可以装载" in text)
    name = page.query_params[UPLOADS]
    again = opener(monkeypatch, home.root)("upload", **{UPLOADS: name})
    assert "台账.csv" in until(again, lambda text: "● 可以装载" in text)
    stranger = opener(monkeypatch, home.root)("upload")
    assert "台账.csv" not in words(stranger)
    press(again, "放弃")
    again.run()
    assert UPLOADS not in again.query_params
    page.run()
    assert "台账.csv" not in words(page)


def test_a_preview_says_which_files_it_takes_for_loaded(page: AppTest) -> None:
    files = (("一.csv", LEDGER.format("A")), ("坏.csv", "甲\n1\n"), ("二.csv", LEDGER.format("B")))
    upload(page, *files)
    text = until(page, lambda text: text.count("● 可以装载") == 2)
    assert "“装载前”的数已计入排在前面的“一.csv”。" in text
    assert text.count("“装载前”的数已计入") == 1


def test_a_load_that_ends_without_a_word_is_told(
    page: AppTest, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home.inbox.mkdir(parents=True)
    (home.inbox / "台账.csv").write_text(LEDGER.format("A"), encoding="utf-8")
    page.run()
    dead = Running(subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"]), tmp_path)
    dead.process.wait()
    monkeypatch.setattr(loader, "load", lambda *_given, **_more: dead)
    press(page, "装载收件箱中的 1 个文件")
    [warning] = page.warning
    assert warning.value.startswith("刚才的装载没有完成：程序没有说明原因就结束了。")
    (home.inbox / "台账.csv").unlink()
    page.run()
    assert not page.warning


def test_a_report_of_nothing_is_called_one(page: AppTest, home: Home) -> None:
    home.inbox.mkdir(parents=True)
    rows = "本月无投诉,,\n" + LEDGER.splitlines()[0] + "\n"
    (home.inbox / "零报告.csv").write_text(rows, encoding="utf-8")
    page.run()
    press(page, "装载收件箱中的 1 个文件")
    text = until(page, lambda text: "收件箱是空的" in text and "文件不必修改" in text)
    assert "零报告" in text.replace("零报告.csv", "")
    assert "内容未变" not in text


def test_a_file_that_others_have_changed_since_can_be_made_to_count_again(
    page: AppTest, home: Home
) -> None:
    home.inbox.mkdir(parents=True)
    header, rows = "投诉编号,收到日期,办结日期\n", "C{0},2026-0{1}-03,2026-0{1}-{2}\n"
    first, later = (
        header + "".join(rows.format(n, 1 + n % 6, day) for n in range(30)) for day in (10, 28)
    )
    (home.inbox / "一.csv").write_text(first, encoding="utf-8")
    (home.inbox / "二.csv").write_text(later, encoding="utf-8")
    page.run()
    press(page, "装载收件箱中的 2 个文件")
    until(page, lambda text: "收件箱是空的" in text)
    upload(page, ("一.csv", first))
    text = until(page, lambda text: "以这一份为准会这样" in text)
    assert "处理时长中位数" in text
    assert "有 30 行后来被“二.csv”改过" in text
    [button] = [one for one in page.button if one.label == "以这一份为准"]
    assert button.disabled
    page.checkbox[0].check().run()
    press(page, "以这一份为准")
    until(page, lambda text: "数字已更新" in text)
    assert loading.outcomes(home)[0].result["rows"]["updated"] == 30


def test_what_waits_in_the_inbox_is_shown_and_can_be_loaded(page: AppTest, home: Home) -> None:
    home.inbox.mkdir(parents=True)
    (home.inbox / "等着.csv").write_text(LEDGER.format("D"), encoding="utf-8")
    (home.inbox / "~$等着.xlsx").write_bytes(b"lock")
    page.run()
    text = words(page)
    assert "等着.csv" in text
    assert "~$" not in text
    assert "现在没有值守" in text
    press(page, "装载收件箱中的 1 个文件")
    until(page, lambda _text: bool(loading.outcomes(home)))
    assert "收件箱是空的" in until(page, lambda text: "等待装载" not in text)


def test_a_held_file_is_loaded_only_after_its_concerns_were_ticked(
    monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    """A rule that wants a confirmation: the note is the loader's own, the load is a real one."""
    home.inbox.mkdir(parents=True)
    path = home.inbox / "覆盖变短.csv"
    path.write_text(LEDGER.format("E"), encoding="utf-8")
    concern = Concern("coverage_shrank", "覆盖期间变短了")
    held_at = datetime(2026, 1, 1, tzinfo=UTC)
    note_held(home, path, sha256_of(path), Preview(concerns=(concern,)), held_at=held_at)
    app = opener(monkeypatch, home.root)("upload")
    assert "覆盖期间变短了" in words(app)
    [button] = [one for one in app.button if one.label == "确认装载"]
    assert button.disabled
    app.checkbox[0].check().run()
    press(app, "确认装载")
    until(app, lambda _text: [o.status for o in loading.outcomes(home)] == ["loaded"])


def test_a_watcher_is_trusted_to_take_what_is_put_into_the_inbox(page: AppTest, home: Home) -> None:
    upload(page, ("给值守.csv", LEDGER.format("F")))
    until(page, lambda text: "可以装载" in text)
    home.data.mkdir(parents=True, exist_ok=True)
    with FileLock(home.watcher_lock):
        press(page, "装载")
        time.sleep(3)
        page.run()
        assert "正在值守" in words(page)
        assert "等待装载" in words(page)
    assert [one.name for one in home.inbox.iterdir()] == ["给值守.csv"]
    assert loading.outcomes(home) == []


def test_progress_of_a_running_load_is_shown_and_a_dead_one_is_not(
    page: AppTest, home: Home
) -> None:
    home.data.mkdir(parents=True, exist_ok=True)
    told = {
        "file": "大.csv",
        "position": 1,
        "files": 2,
        "stage": "整理",
        "step": 3,
        "steps": 7,
        "fraction": 0.5,
        "started_at": "2026-01-01T00:00:00+00:00",
        "pid": 1,
    }
    home.progress.write_text(json.dumps(told), encoding="utf-8")
    page.run()
    assert "大.csv" not in words(page)
    with FileLock(home.writer_lock):
        page.run()
        assert "正在装载“大.csv”" in words(page)
        assert "第 3/7 步：整理" in page.get("progress")[0].proto.text


def test_filters_chosen_elsewhere_survive_a_visit(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = opener(monkeypatch, demo_home)("overview")
    app.multiselect(key="branch").set_value(["港湾支行"]).run()
    go(app, "upload")
    assert_calm(app)
    go(app, "handling_time")
    assert app.multiselect(key="branch").value == ["港湾支行"]


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("台账.xlsx", "台账.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\数据\\台账.xlsx", "台账.xlsx"),
        ("投诉\r\n台账\x00.csv", "投诉台账.csv"),
        ("台账\u202excod.csv", "台账xcod.csv"),
        ('台账<1>:"|?*.csv', "台账_1______.csv"),
        ("CON.csv", "_CON.csv"),
        ("lpt1", "_lpt1"),
        (".隐藏.csv", "隐藏.csv"),
        ("~$台账.xlsx", "台账.xlsx"),
        ("台账.csv.part", "台账.csv.part_"),
        ("   ", "未命名"),
        ("/", "未命名"),
        ("𠮷野家 投诉（①）.csv", "𠮷野家 投诉（①）.csv"),
    ],
)
def test_names_become_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe
    assert not loading.is_passed_over(safe_name(given))


def test_long_names_keep_their_ending_and_whole_characters() -> None:
    name = safe_name("很长的名字" * 100 + ".xlsx")
    assert name.endswith("字.xlsx") or name.endswith(".xlsx")
    assert len(name.encode()) <= MOST_BYTES
    assert len(safe_name("a." + "b" * 500).encode()) <= MOST_BYTES
    assert numbered("台账.csv", 2) == "台账(2).csv"


def test_a_taken_name_in_the_inbox_gets_a_number_and_nothing_is_lost(home: Home) -> None:
    home.inbox.mkdir(parents=True)
    (home.inbox / "台账.csv").write_text("old", encoding="utf-8")
    [path] = store.save(home, [("台账.csv", BytesIO(b"new"))])
    place = store.into_inbox(home, path)
    assert place.name == "台账(2).csv"
    assert place.read_bytes() == b"new"
    assert (home.inbox / "台账.csv").read_text() == "old"
    assert not path.exists()
    assert [one.name for one in home.inbox.iterdir() if one.name.startswith(".")] == []


def test_uploads_of_one_name_stay_apart_and_old_ones_are_swept(home: Home) -> None:
    first, second = store.save(home, [("a.csv", BytesIO(b"1")), ("a.csv", BytesIO(b"2"))])
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
    long_ago = time.time() - store.KEPT_S - 60
    os.utime(first.parent, (long_ago, long_ago))
    [third] = store.save(home, [("b.csv", BytesIO(b"3"))])
    assert not first.exists()
    assert third.exists()


def test_an_inbox_that_cannot_be_written_gives_the_upload_back(home: Home) -> None:
    home.inbox.parent.mkdir(parents=True)
    [path] = store.save(home, [("a.csv", BytesIO(b"1"))])
    home.inbox.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="exists"):
        store.into_inbox(home, path)
    assert path.read_bytes() == b"1"
