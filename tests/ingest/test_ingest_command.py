"""The command as scripts and schedulers use it: output, exit codes, files on their way."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import ingest.put_away
from tests.ingest.conftest import Desk
from warehouse.loading import load_order, waiting

LEDGER = "投诉编号,收到日期,业务类别\nA1,2024-03-05,贷款\nA2,2024-03-06,信用卡\n"
CHANGED = (
    "投诉编号,收到日期,业务类别\nA1,2024-03-05,贷款\nA2,2024-03-06,借记卡\nA3,2024-03-07,贷款\n"
)
_NULLABLE = {"type": ["string", "null"]}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file", "sha256", "contract", "entity", "status", "rows", "problems", "snapshot"],
    "properties": {
        "file": {"type": "string"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "contract": _NULLABLE,
        "entity": _NULLABLE,
        "status": {"enum": ["loaded", "unchanged", "refused"]},
        "rows": {
            "type": "object",
            "additionalProperties": False,
            "required": ["read", "inserted", "updated", "unchanged", "quarantined", "ignored"],
            "properties": {
                name: {"type": "integer", "minimum": 0}
                for name in ("read", "inserted", "updated", "unchanged", "quarantined", "ignored")
            },
        },
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["row", "column", "value", "rule", "message"],
                "properties": {
                    "row": {"type": ["integer", "null"]},
                    "column": _NULLABLE,
                    "value": _NULLABLE,
                    "rule": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "snapshot": {"type": ["integer", "null"]},
    },
}


def tree(root: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with size and time of change."""
    return {
        str(path.relative_to(root)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
    }


def test_json_has_one_object_per_file_and_mixed_outcome_exits_1(desk: Desk) -> None:
    desk.drop("台账2.csv", LEDGER)
    desk.drop("台账10.csv", "甲,乙\n1,2\n")
    desk.drop("台账11.csv", LEDGER)
    desk.drop(".hidden.csv", LEDGER)
    desk.drop("~$台账.xlsx", b"lock")
    desk.drop("台账.csv.part", LEDGER)
    (desk.home.inbox / "子文件夹").mkdir()
    results = desk.run()
    for result in results:
        jsonschema.validate(result, SCHEMA)
    assert [(r["file"], r["status"]) for r in results] == [
        ("台账2.csv", "loaded"),
        ("台账10.csv", "refused"),
        ("台账11.csv", "unchanged"),
    ]
    assert results[2]["rows"] == {
        "read": 2,
        "inserted": 0,
        "updated": 0,
        "unchanged": 2,
        "quarantined": 0,
        "ignored": 0,
    }
    assert results[0]["snapshot"] == desk.snapshot()
    assert desk.exit_code == 1
    assert desk.stderr.splitlines() == [
        "跳过 .hidden.csv：隐藏文件",
        "跳过 ~$台账.xlsx：Office 的临时锁文件",
        "跳过 台账.csv.part：尚未传完的文件",
        "跳过 子文件夹：子文件夹",
    ]
    left = {path.name for path in desk.home.inbox.iterdir()}
    assert left == {".hidden.csv", "~$台账.xlsx", "台账.csv.part", "子文件夹"}
    sha = results[0]["sha256"][:12]
    assert {path.name for path in desk.home.archive.iterdir()} == {
        f"{sha}_台账2.csv",
        f"{sha}_台账11.csv",
    }


def test_same_bytes_again_say_which_rows_are_still_not_loaded(desk: Desk) -> None:
    rows = LEDGER + "A9,不是日期,贷款\n"
    first = desk.load("a.csv", rows)
    again = desk.load("b.csv", rows)
    assert again["status"] == "unchanged"
    kept = first["rows"]["inserted"]
    assert again["rows"] == first["rows"] | {"inserted": 0, "unchanged": kept}
    assert again["rows"]["quarantined"] == 1
    [note] = again["problems"]
    assert note["rule"] == "returned_before"
    assert note["message"].startswith("上次装载时有 1 行退回，再放同样的文件不会补上这些行；")
    assert len(list(desk.home.returned.glob("退回单_*"))) == 1


def test_same_bytes_again_change_nothing_and_new_content_updates(desk: Desk) -> None:
    first = desk.load("a.csv", LEDGER)
    again = desk.load("b.csv", LEDGER)
    assert (again["status"], again["snapshot"], again["contract"]) == (
        "unchanged",
        None,
        "complaint_ledger",
    )
    assert desk.snapshot() == first["snapshot"]
    assert desk.exit_code == 0
    changed = desk.load("c.csv", CHANGED)
    assert changed["rows"] == {
        "read": 3,
        "inserted": 1,
        "updated": 1,
        "unchanged": 1,
        "quarantined": 0,
        "ignored": 0,
    }
    assert changed["snapshot"] > first["snapshot"]
    assert desk.ask(
        "select complaint_id, category, source_row from lake.core.complaint order by 1"
    ) == [
        ("A1", "贷款", 2),
        ("A2", "借记卡", 3),
        ("A3", "贷款", 4),
    ]
    assert desk.ask(
        f"select category from lake.core.complaint at (version => {first['snapshot']}) where complaint_id = 'A2'"
    ) == [("信用卡",)]


def test_changed_contract_loads_the_same_bytes_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.load("a.csv", LEDGER)
    from ingest.contract import contracts

    newer = contracts()["complaint_ledger"].model_copy(update={"digest": "0" * 16})
    monkeypatch.setitem(contracts(), "complaint_ledger", newer)
    again = desk.load("a.csv", LEDGER)
    assert again["status"] == "loaded"
    assert again["rows"]["unchanged"] == 2


def test_check_writes_nothing_with_and_without_a_lake(new_desk: Desk) -> None:
    path = new_desk.drop("成绩.csv", "考试名称,工号,成绩\n一季度,001,90\n")
    before = tree(new_desk.home.root)
    (result,) = new_desk.run("--check")
    assert result["rows"]["inserted"] == 1
    assert result["snapshot"] is None
    assert tree(new_desk.home.root) == before
    new_desk.run()
    changed = new_desk.drop("成绩2.csv", "考试名称,工号,成绩\n一季度,001,91\n一季度,002,60\n")
    bad = new_desk.drop("坏.csv", "甲,乙\n1,2\n")
    before = tree(new_desk.home.root)
    results = new_desk.run("--check", str(changed), str(bad))
    assert results[0]["rows"] == {
        "read": 2,
        "inserted": 1,
        "updated": 1,
        "unchanged": 0,
        "quarantined": 0,
        "ignored": 0,
    }
    assert results[1]["status"] == "refused"
    assert new_desk.exit_code == 1
    assert tree(new_desk.home.root) == before
    assert not path.exists()


def test_files_outside_the_inbox_are_copied_even_from_a_read_only_place(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    good, bad = folder / "good.csv", folder / "bad.csv"
    good.write_text(LEDGER, encoding="utf-8")
    bad.write_text("甲,乙\n1,2\n", encoding="utf-8")
    for path in (good, bad):
        path.chmod(stat.S_IRUSR)
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    before = tree(folder)
    try:
        results = desk.run(str(good), str(bad))
    finally:
        folder.chmod(stat.S_IRWXU)
    assert tree(folder) == before
    assert [result["status"] for result in results] == ["loaded", "refused"]
    assert (desk.home.archive / f"{results[0]['sha256'][:12]}_good.csv").read_text(
        "utf-8"
    ) == LEDGER
    assert (desk.home.returned / "bad.csv").exists()


def test_returned_files_of_one_name_never_overwrite_each_other(desk: Desk) -> None:
    for content in ("甲,乙\n1,2\n", "甲,丙\n1,2\n", "甲,丙\n1,2\n"):
        desk.load("x.csv", content)
    names = sorted(path.name for path in desk.home.returned.iterdir())
    assert names[:4] == ["x-2.csv", "x-2.csv.report.json", "x.csv", "x.csv.report.json"]
    # Each content has its 退回单 once.
    assert len(names) == 6
    assert all(name.startswith("退回单_x_") for name in names[4:])


def test_kill_between_commit_and_move_is_healed_by_the_next_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.drop("a.csv", LEDGER)
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(ingest.put_away, "archive", killed)
        desk.say("--json")
    assert desk.exit_code == 130
    assert path.exists()
    snapshot = desk.snapshot()
    (result,) = desk.run()
    assert result["status"] == "unchanged"
    assert desk.snapshot() == snapshot
    assert not path.exists()
    assert desk.ask("select count(*) from lake.core.complaint") == [(2,)]


def test_kill_before_commit_leaves_the_lake_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ingest.pipeline

    path = desk.drop("a.csv", LEDGER)
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(ingest.pipeline, "log_rows", killed)
        desk.say()
    assert desk.ask("select count(*) from lake.core.complaint") == [(0,)]
    assert desk.ask("select count(*) from lake.meta.batch") == [(0,)]
    assert path.exists()
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 2


class Panic(BaseException):
    """What the Rust readers raise: no Exception."""


def test_unexpected_error_refuses_one_file_and_the_next_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ingest.pipeline

    genuine = ingest.pipeline.open_extract

    def panics(path: Path) -> object:
        if path.name == "a.csv":
            message = "cell 身份证110101199003076234"
            raise Panic(message)
        return genuine(path)

    monkeypatch.setattr(ingest.pipeline, "open_extract", panics)
    desk.drop("a.csv", LEDGER)
    desk.drop("b.csv", CHANGED)
    results = desk.run()
    assert [result["status"] for result in results] == ["refused", "loaded"]
    (log,) = (desk.home.data / "logs").iterdir()
    assert (
        results[0]["problems"][0]["message"]
        == f"处理时出现意外错误（Panic），整个文件退回；技术细节见 {log.name}"
    )
    assert "110101199003076234" not in log.read_text("utf-8")
    assert "panics" in log.read_text("utf-8")


def test_wrong_use_exits_2(desk: Desk, tmp_path: Path) -> None:
    desk.say(str(tmp_path / "nowhere.csv"))
    assert desk.exit_code == 2
    assert "找不到文件" in desk.stderr
    with pytest.raises(SystemExit) as stopped:
        desk.say("--unknown")
    assert stopped.value.code == 2


def test_empty_inbox_is_fine(new_desk: Desk) -> None:
    assert "没有要装载的文件" in new_desk.say()
    assert new_desk.exit_code == 0
    assert not new_desk.home.root.exists()


def test_text_report_shows_counts_and_the_first_problems(desk: Desk) -> None:
    rows = "".join(f"A{i},2024-03-05,城东支行,甲类{i}\n" for i in range(30))
    desk.drop("a.csv", "投诉编号,收到日期,被投诉机构,业务类别\n" + rows)
    lines = desk.say().splitlines()
    assert lines[:3] == [
        "a.csv  已装载（投诉台账）",
        "  读入 30 行 = 新增 30 + 更新 0 + 未变 0 + 退回 0 + 忽略 0",
        "  · 第 2 行：“业务类别”的值“甲类0”不在代码表中，已按原名装载",
    ]
    assert lines[-1] == "  …… 还有 10 类问题"
    assert len(lines) == 23


def test_text_report_tells_one_reason_once_with_its_rows(desk: Desk) -> None:
    rows = "".join(f"A{i},2024-03-05,城东支行,甲类\n" for i in (1, 2, 3))
    desk.drop(
        "a.csv",
        f"投诉编号,收到日期,被投诉机构,业务类别\n{rows}A4,2024-03-05,城东支行,贷款\n"
        "A5,2024-03-05,城东支行,甲类\n",
    )
    assert desk.say().splitlines()[2:] == [
        "  · 第 2–4、6 行：“业务类别”的值“甲类”不在代码表中，已按原名装载"
    ]


def test_demo_files_are_marked(desk: Desk) -> None:
    desk.drop("演示数据_台账.csv", LEDGER)
    desk.drop("b.csv", "演示数据,,\n" + CHANGED)
    desk.drop("c.csv", "投诉编号,收到日期,业务类别\nC1,2024-03-05,贷款\n")
    desk.run()
    assert desk.ask("select file_name, is_demo from lake.meta.batch order by 1") == [
        ("b.csv", True),
        ("c.csv", False),
        ("演示数据_台账.csv", True),
    ]


def test_the_module_runs_as_a_program(desk: Desk) -> None:
    desk.drop("a.csv", "甲,乙\n1,2\n")
    run = subprocess.run(
        [sys.executable, "-m", "ingest", "--check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "DASHBOARD_HOME": str(desk.home.root)},
        cwd=Path(__file__).parents[2],
    )
    assert run.returncode == 1
    assert run.stdout.startswith("a.csv  会被退回\n")
    assert run.stderr == ""


def test_great_expectations_is_not_imported_until_a_file_is_checked() -> None:
    code = "import sys, ingest.__main__; sys.exit('great_expectations' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False)
    assert run.returncode == 0


def test_what_great_expectations_leaves_out_is_there_for_who_asks() -> None:
    code = """
import gc, sys
from ingest.gx_imports import import_great_expectations
import_great_expectations()
assert gc.isenabled()
assert not {"altair", "scipy.stats"} & sys.modules.keys()
from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as kl
assert kl.stats.entropy([1, 1], [1, 1]) == 0
assert kl.alt.Chart is __import__("altair").Chart
from scipy import stats
assert stats is sys.modules["scipy.stats"]
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False)
    assert run.returncode == 0


def test_names_sort_as_people_count() -> None:
    assert sorted(["支行11.csv", "支行2.csv", "a.csv", "².csv"], key=load_order) == [
        "a.csv",
        "².csv",
        "支行2.csv",
        "支行11.csv",
    ]


@pytest.mark.parametrize(
    "more", ["(更正)", "（更正）", " - 副本", "(1)", "-更正", "_更正", "更正", "2", ".更正"]
)
def test_a_file_whose_name_goes_on_is_loaded_after_the_one_it_corrects(
    desk: Desk, more: str
) -> None:
    desk.drop(f"3月投诉{more}.csv", LEDGER.replace("信用卡", "借记卡"))
    desk.drop("3月投诉.csv", LEDGER)
    assert [one.name for one in waiting(desk.home)] == ["3月投诉.csv", f"3月投诉{more}.csv"]
    desk.run()
    assert desk.ask("select category from lake.core.complaint where complaint_id = 'A2'") == [
        ("借记卡",)
    ]
