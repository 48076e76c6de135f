"""Personal data planted everywhere in real files: no byte of what we keep or say holds any."""

import json
import re
from pathlib import Path

import pytest

from ingest.contract import Contract, contracts
from tests.ingest.conftest import Desk
from tests.ingest.privacy_forms import Planted, planted
from tests.ingest.test_privacy import bare
from warehouse.lake import open_reader

# Whatever a cell of these types says is stored, or shown in a reason.
_SPEAKING = ("text", "free_text", "code", "digest")
_GOOD = {
    "timestamp": "2026-03-05",
    "date": "2026-03-05",
    "period_start": "2026-01",
    "period_end": "2026-01",
    "integer": "1",
    "decimal": "100",
    "count": "1",
    "boolean": "是",
    "score": "85",
}
_PLANTED_IN = (
    "complaint_ledger",
    "exam_scores",
    "outreach_ledger",
    "inspection_ledger",
    "review_ledger",
    "policy_checks",
    "training_attendance",
    "service_facilities",
)


def _columns(contract: Contract) -> dict[str, str]:
    """The first alias of each column with its type; one header never twice."""
    found: dict[str, str] = {}
    for column in contract.all_columns().values():
        if column.aliases and column.type not in ("presence",):
            found.setdefault(column.aliases[0], column.type)
    return found


def _cell(kind: str, n: int, text: str) -> str:
    if kind == "person_key" or kind == "identifier":
        return f"K{n:06d}"
    if kind == "digest":
        # Masked, many of these are alike; the number keeps the rows apart.
        return f"第{n}号 {text}"
    return text if kind in _SPEAKING else _GOOD[kind]


def _rows(contract: Contract, *, bad: bool) -> list[list[str]]:
    columns = _columns(contract)
    unknown = ["内部说明", contract.personal[0] if contract.personal else "备用"]
    rows = [[*columns, *unknown]]
    for n, one in enumerate(planted()):
        rows.append([*(_cell(kind, n, one.text) for kind in columns.values()), one.text, one.text])
    if bad:
        dated = [i for i, kind in enumerate(columns.values()) if kind in ("timestamp", "date")]
        for n, one in enumerate(planted()[:12], start=1):
            rows[n][dated[0]] = one.text
    return rows


def _found(name: str, content: str) -> list[str]:
    """Which planted data are in this text, whatever stands between their digits."""
    plain = bare(content)
    return [f"{name}: {one.text!r}" for one in planted() if bare(one.secret) in plain]


def _kept(desk: Desk) -> dict[str, str]:
    """All that is kept: every table's cells, every file's bytes, reports and logs."""
    con = open_reader(desk.home)
    kept: dict[str, str] = {}
    tables = con.execute(
        """
        select schema_name, table_name from duckdb_tables()
        where database_name = 'lake' order by all
        """
    ).fetchall()
    assert ("meta", "row_issue") in tables
    for schema, table in tables:
        rows = con.execute(f'from lake."{schema}"."{table}"').fetchall()  # noqa: S608
        kept[f"{schema}.{table}"] = "\n".join(str(cell) for row in rows for cell in row)
    con.close()
    places = [desk.home.data, *desk.home.returned.glob("*.report.json")]
    for place in places:
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file():
                kept[str(path)] = path.read_bytes().decode("utf-8", "replace")
                kept[f"{path} (UTF-16)"] = path.read_bytes().decode("utf-16-le", "replace")
    return kept


def leaks(desk: Desk, *said: str) -> list[str]:
    kept = _kept(desk) | {f"said {n}": text for n, text in enumerate(said)}
    return sorted({leak for name, content in kept.items() for leak in _found(name, content)})


def test_the_search_itself_finds_what_is_there():
    for one in planted():
        assert _found("x", f"前{one.text}后")


@pytest.mark.parametrize("contract_id", _PLANTED_IN)
def test_nothing_planted_in_cells_is_kept_or_said(desk: Desk, caplog, contract_id: str):
    contract = contracts()[contract_id]
    caplog.set_level("INFO")
    desk.drop_rows("good.xlsx", _rows(contract, bad=False))
    desk.drop_rows("bad.xlsx", _rows(contract, bad=True), sheet="明细")
    checked = desk.say("--check", "--json")
    said = desk.say("--check")
    results = desk.run()
    assert {result["contract"] for result in results} == {contract_id}
    shown = "\n".join(map(str, results))
    assert leaks(desk, checked, said, shown, desk.stderr, caplog.text) == []
    (good,) = [result for result in results if result["file"] == "good.xlsx"]
    assert good["rows"]["inserted"], good["problems"][:3]


def _by_kind() -> list[Planted]:
    return list({one.kind: one for one in planted() if "\n" not in one.text}.values())


def test_nothing_planted_around_the_rows_is_kept_or_said(desk: Desk):
    for n, one in enumerate(_by_kind()):
        rows = [
            [f"填表说明 {one.text}"],
            ["投诉编号", "收到日期", "办结日期", "被投诉机构", "投诉内容", one.text],
            [f"T{n}", "2026-03-05", "2026-03-06", "城东支行", "服务慢", "1"],
            [f"U{n}", "不详", "2026-03-06", "城东支行", "服务慢", "1"],
            ["合计", "2"],
            [f"制表人：{one.text}"],
        ]
        desk.drop_rows(f"台账{n}.xlsx", rows)
    checked, said = desk.say("--check", "--json"), desk.say("--check")
    results = desk.run()
    assert [result["status"] for result in results] == ["loaded"] * len(results)
    assert leaks(desk, checked, said, str(results), desk.stderr) == []


def test_a_column_of_an_exam_named_after_a_person_keeps_the_name_out(desk: Desk):
    rows = [
        ["考试名称", "考试日期", "工号", "机构", "成绩", "客户欧阳靖宇来电13846275931板块得分"],
        ["一季度", "2026-03-05", "K1", "城东支行", "90", "45"],
    ]
    desk.drop_rows("成绩.xlsx", rows)
    (result,) = desk.run()
    assert result["status"] == "loaded"
    assert desk.ask("select count(*) from lake.core.exam_section_score") == [(1,)]
    assert leaks(desk, str(result)) == []


def test_the_same_staff_number_is_one_person_and_cannot_be_read_back(desk: Desk):
    desk.load(
        "a.csv", "考试名称,考试日期,工号,姓名,成绩\n一季度,2026-03-05,13846275931,欧阳靖宇,90\n"
    )
    desk.load(
        "b.csv", "考试名称,考试日期,工号,姓名,成绩\n二季度,2026-06-05,13846275931,欧阳靖宇,80\n"
    )
    ((people, shape),) = desk.ask(
        "select count(distinct person_key), min(person_key) from lake.core.exam_result"
    )
    assert people == 1
    assert re.fullmatch("[0-9a-f]{16}", shape)
    assert leaks(desk) == []


def test_an_identifier_that_is_a_persons_number_goes_back_masked(desk: Desk):
    result = desk.load(
        "台账.csv",
        "投诉编号,收到日期,被投诉机构\n13846275931,2026-03-05,城东支行\nT2,2026-03-05,城东支行\n",
    )
    assert result["rows"] == {
        "read": 2, "inserted": 1, "updated": 0, "unchanged": 0, "quarantined": 1, "ignored": 0
    }  # fmt: skip
    (problem,) = [p for p in result["problems"] if p["rule"] == "identifier_personal"]
    assert problem["value"] == "138****5931"
    assert "业务系统的编号" in problem["message"]
    assert leaks(desk, str(result)) == []


def test_an_unexpected_fault_leaves_no_value_in_the_log(desk: Desk, monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> None:
        message = "cell says 13846275931"
        raise RuntimeError(message)

    monkeypatch.setattr("ingest.prepare.create_source", broken)
    desk.drop("台账.csv", "投诉编号,收到日期,被投诉机构\nT1,2026-03-05,客户欧阳靖宇来电\n")
    said = desk.say("--json")
    logs = sorted((desk.home.data / "logs").glob("*"))
    assert logs
    assert "RuntimeError" in logs[0].read_text("utf-8")
    content = "\n".join(Path(log).read_text("utf-8") for log in logs)
    assert _found("log", content + said + desk.stderr) == []


def test_the_submitting_unit_is_masked_and_is_never_a_number(desk: Desk):
    header = ["投诉编号", "收到日期", "办结日期", "被投诉机构", "投诉内容"]

    def row(number: str, org: str = "城东支行") -> list[str]:
        return [number, "2026-03-05", "2026-03-06", org, "慢"]

    bad = ["T1x", "不详", "2026-03-06", "城东支行", "慢"]
    desk.drop_rows(
        "a.xlsx", [["填报单位：个金部（联系人欧阳靖宇13846275931）"], header, row("T1"), bad]
    )
    desk.drop_rows("b.xlsx", [["填报单位：", "13846275931"], header, row("T2")])
    desk.drop_rows("c.xlsx", [header, row("T3"), ["填报部门：13846 275931"]])
    customer = "城东支行（客户欧阳靖宇13846275931）"
    desk.drop_rows("d.xlsx", [header, row("T4", customer), row("T5", customer)])
    desk.drop_rows("e.xlsx", [["填报单位：个金部138-4627-5931"], ["x", "y"], ["1", "2"]])
    said = desk.say()
    units = dict(desk.ask("select file_name, submitted_by from lake.meta.batch"))
    assert units["a.xlsx"].startswith("个金部（")
    assert "138****5931" in units["a.xlsx"]
    assert (units["b.xlsx"], units["c.xlsx"]) == ("城东支行", "城东支行")
    assert units["d.xlsx"].startswith("城东支行（客户")
    (report,) = desk.home.returned.glob("e.xlsx.report.json")
    assert json.loads(report.read_text("utf-8"))["submitted_by"].startswith("个金部")
    kept = bare("\n".join([*_kept(desk).values(), said]))
    assert [one for one in ("13846275931", "欧阳靖宇") if one in kept] == []
