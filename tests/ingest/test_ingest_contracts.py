"""Contracts: what ships is sound, and a typo in one is an error that names file and key."""

import datetime
from pathlib import Path

import duckdb
import pytest
import yaml

from ingest.check import run_checks
from ingest.conform import conform
from ingest.contract import FOLDER, contracts, read_contract
from ingest.errors import ContractError, Refused
from ingest.prepare import prepare
from ingest.read.open import open_extract
from ingest.recognise import recognise
from ingest.rules import checks_of
from ingest.split import split
from ingest.staging import open_desk
from warehouse.entities import entities


@pytest.fixture
def broken(tmp_path: Path):
    """Writes a copy of the exam contract with one thing changed."""

    def write(change) -> Path:
        raw = yaml.safe_load((FOLDER / "exam_scores.yml").read_text("utf-8"))
        change(raw)
        path = tmp_path / "exam_scores.yml"
        path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
        return path

    return write


def test_every_entity_has_a_contract():
    assert {contract.entity for contract in contracts().values()} == set(entities())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda raw: raw.update(titel="x"), "exam_scores.yml:titel:"),
        (lambda raw: raw["columns"]["score"].update(typ="x"), "exam_scores.yml:columns.score.typ:"),
        (
            lambda raw: raw["columns"].update(points={}),
            "exam_scores.yml:columns.points：表 exam_result 没有此列",
        ),
        (lambda raw: raw.update(entity="exam"), "exam_scores.yml:entity：没有名为“exam”的数据种类"),
        (
            lambda raw: raw["columns"].pop("person_key"),
            "exam_scores.yml:columns：缺少业务主键列“person_key”",
        ),
        (lambda raw: raw.update(id="other"), "exam_scores.yml:id：应与文件名相同"),
        (
            lambda raw: raw["columns"]["post"].update(type="code"),
            "columns.post：类型为 code 时必须给出 code_list",
        ),
        (lambda raw: raw["columns"]["post"].update(code_list="posts"), "没有名为“posts”的代码表"),
        (lambda raw: raw["rules"].append(raw["rules"][0]), "rules.attendance_known：编号重复"),
        (
            lambda raw: raw["rules"][0].update(column="nothing"),
            "rules.attendance_known：引用了不存在的列“nothing”",
        ),
        (lambda raw: raw.update(coverage=["day"]), "coverage：没有列“day”"),
    ],
)
def test_typo_names_file_and_key(broken, change, fault):
    with pytest.raises(ContractError) as error:
        read_contract(broken(change))
    assert fault in str(error.value)


def test_new_source_needs_one_yaml_file_and_no_code(tmp_path, monkeypatch):
    (tmp_path / "hotline.yml").write_text(
        """
id: hotline
entity: complaint
source: hotline
title_zh: 热线系统
columns:
  complaint_id: {aliases: [Ticket], type: identifier, required: true}
  received_at: {aliases: [Opened], type: timestamp, formats: ["%d.%m.%Y"], required: true}
  status: {aliases: [State], values: {done: 已办结}}
coverage: [received_at]
""",
        encoding="utf-8",
    )
    found = contracts(tmp_path)
    assert list(found) == ["hotline"]
    assert found["hotline"].digest != contracts()["complaint_ledger"].digest


def _same_header_in(text: str, path: Path) -> str:
    path.write_text(text, encoding="utf-8")
    return recognise(open_extract(path))[0].contract.id


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("工单编号,收到投诉日期,投诉受理渠道", "complaint_ledger"),
        ("投诉編號,收到日期,業務類別", "complaint_ledger"),
        ("投诉编号*,收到日期:,投诉金额(元)", "complaint_ledger"),
        ("编号,登记日期,投诉原因", "complaint_ledger"),
        ("序号,机构,工号,姓名,考试名称,成绩", "exam_scores"),
        ("项目编号,送审单位,审查结论", "review_ledger"),
        ("机构,活动名称,活动日期,受众人次", "outreach_ledger"),
        ("机构名称,机构号,上级机构", "organisation_list"),
        ("机构,统计月份,营业网点数", "organisation_denominators"),
        ("机构,期初,期末,个人客户数", "organisation_denominators"),
    ],
)
def test_headers_are_recognised(tmp_path, header, expected):
    assert (
        _same_header_in(
            header + "\n" + ",".join("1" for _ in header.split(",")) + "\n", tmp_path / "a.csv"
        )
        == expected
    )


def test_all_sixty_nine_columns_of_a_real_ledger_are_known(tmp_path, extract):
    aliases = extract("../codes/J_header_alias.csv").read_text("utf-8").splitlines()[1:]
    names = list(dict.fromkeys(line.split(",")[3] for line in aliases))
    path = tmp_path / "a.csv"
    path.write_text(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n", encoding="utf-8")
    (match,) = recognise(open_extract(path))
    assert match.contract.id == "complaint_ledger"
    assert [match.header.columns[i].name for i in match.unknown] == []


def test_verdicts_count_exactly_the_rows_that_the_split_returns(tmp_path):
    path = tmp_path / "a.csv"
    rows = [
        "A1,2024-03-05,2024-03-08,是,贷款,1",
        "A1,2024-03-06,2024-03-08,是,贷款,1",
        "A2,x,2024-03-08,maybe,甲类,0",
        ",2024-03-05,2024-03-01,否,乙类,-3",
        "A4,2099-03-05,,否,贷款,2",
        "1.2E+15,2024-03-05,,否,,2",
    ]
    path.write_text(
        "投诉编号,收到日期,回复日期,重复投诉,业务类别,投诉人数\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
    con = duckdb.connect(":memory:")
    open_desk(con)
    today = datetime.date(2026, 1, 1)
    (match,) = recognise(open_extract(path))
    with pytest.raises(Refused, match="全部 6 行"):
        prepare(con, match, secret="", today=today)
    staging = conform(con, match, secret="")
    verdicts = run_checks(con, checks_of(con, staging, today=today), counts=True)
    failed = split(con, staging, verdicts)
    assert {index: verdict.unexpected for index, verdict in enumerate(verdicts)} == failed
    kinds = {verdict.check.kind for verdict in verdicts if not verdict.is_success}
    assert kinds == {"not_null", "in_set", "between", "rows"}
    assert {"duplicate_key", "scientific_notation", "code_unknown", "type_boolean"} <= {
        verdict.check.rule_id for verdict in verdicts if not verdict.is_success
    }
