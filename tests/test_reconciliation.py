"""Two extracts tell one figure: both numbers, their difference and the word for it."""

from pathlib import Path

import pytest

from tests.ingest.conftest import Desk
from warehouse import reconciliation
from warehouse.errors import DefinitionError
from warehouse.home import Home
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.reconciliation import Reconciliation, reconcile, reconciliations, stated_totals
from warehouse.scope import Scope

ORGANISATIONS = "机构名称,机构层级,上级机构\n甲支行,支行,某分行\n乙支行,支行,某分行\n某分行,分行,\n"
BASES = "机构,统计期间,员工数\n甲支行,2024-03,3\n乙支行,2024-03,1\n"
TRAINING = (
    "培训名称,培训日期,工号,机构\n"
    "消保培训,2024-03-05,001,甲支行\n"
    "消保培训,2024-03-05,002,甲支行\n"
    "消保培训,2024-03-05,003,乙支行\n"
    "消保培训,2024-03-05,004,乙支行\n"
)
COMPLAINTS = "序号,投诉编号,收到日期,被投诉机构\n1,A1,2024-03-05,甲支行\n合计,3,,\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An installation with a list of staff numbers and a list of who was trained."""
    desk = Desk(Home(tmp_path_factory.mktemp("reconciled")))
    for name, text in (("机构.csv", ORGANISATIONS), ("基数.csv", BASES), ("培训.csv", TRAINING)):
        assert desk.load(name, text)["status"] == "loaded"
    return desk


def test_part_that_is_larger_than_the_whole_exceeds(desk: Desk) -> None:
    with reading(open_reader(desk.home)) as cursor:
        asked = reconciliations()["trained_people_and_staff"]
        found = reconcile(cursor, asked, parse_period("2024Q1"), scope=Scope.everything())
    assert found.select("sub_branch", "left", "right", "difference", "status").rows() == [
        ("乙支行", 2.0, 1.0, 1.0, "超出"),
        ("甲支行", 2.0, 3.0, -1.0, "合理"),
    ]


def test_two_sources_of_one_figure_agree_or_differ(desk: Desk) -> None:
    side = {"indicator": "training_attendance_count", "name_zh": "参训"}
    asked = Reconciliation.model_validate(
        {
            "id": "pair",
            "title_zh": "参训人次",
            "left": side,
            "right": {**side, "where": {"sub_branch": ["甲支行"]}},
            "by": ["sub_branch"],
            "relation": "equal",
            "explanation_zh": "示例",
        }
    )
    with reading(open_reader(desk.home)) as cursor:
        found = reconcile(cursor, asked, parse_period("2024Q1"), scope=Scope.everything())
    assert dict(found.select("sub_branch", "status").iter_rows()) == {
        "甲支行": reconciliation.AGREES,
        "乙支行": reconciliation.ONE_SIDE,
    }


def test_total_row_is_kept_beside_what_was_read(desk: Desk) -> None:
    desk.load("合计.csv", COMPLAINTS.replace("合计,3", "合计,1"))
    with reading(open_reader(desk.home)) as cursor:
        found = stated_totals(cursor).select("file_name", "stated", "found", "status").rows()
    assert found == [("合计.csv", 1, 1, "一致")]


def test_typo_names_file_entry_and_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from warehouse import definitions  # noqa: PLC0415

    text = (Path(definitions.FOLDER) / reconciliation.FILE).read_text(encoding="utf-8")
    (tmp_path / reconciliation.FILE).write_text(
        text.replace("indicator: review_count", "indicator: review_counts"), encoding="utf-8"
    )
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    reconciliations.cache_clear()
    try:
        with pytest.raises(DefinitionError) as caught:
            reconciliations()
    finally:
        reconciliations.cache_clear()
    assert str(caught.value) == (
        "reconciliations.yml:reviewed_launches_and_reviews.right.indicator:没有指标 'review_counts'"
    )
