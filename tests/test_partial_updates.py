"""A later extract changes only what it tells: columns that it does not have keep their values."""

import json

import pytest

from tests.conftest import load
from tests.tables import install
from warehouse import marts
from warehouse.errors import WarehouseMissing
from warehouse.home import Home
from warehouse.lake import open_reader, open_writer, reading

FULL = """投诉编号,收到日期,办结日期,工单状态,被投诉机构,投诉业务类别,是否批准延期
A1,2024-01-01,,处理中,城东支行,信用卡,是
A2,2024-01-02,2024-01-05,已办结,城西支行,贷款,否
"""


@pytest.fixture
def home(tmp_path):
    install(tmp_path / "home")
    (tmp_path / "first.csv").write_text(FULL, encoding="utf-8")
    assert json.loads(load(tmp_path / "home", tmp_path / "first.csv")[0])["rows"]["inserted"] == 2
    return tmp_path / "home"


def _load(home, text):
    file = home.parent / "later.csv"
    file.write_text(text, encoding="utf-8")
    return json.loads(load(home, file)[0])["rows"]


def _rows(home):
    with reading(open_reader(Home(home))) as cursor:
        return cursor.execute(
            "select complaint_id, received_at::date::varchar, closed_at::date::varchar, status,"
            " org_name, category, is_extension_approved from lake.core.complaint order by 1"
        ).fetchall()


def test_a_file_with_fewer_columns_leaves_the_others_as_they_are(home):
    rows = _load(home, "投诉编号,收到日期,投诉业务类别\nA1,2024-01-01,借记卡\n")
    assert (rows["updated"], rows["inserted"]) == (1, 0)
    assert _rows(home)[0] == ("A1", "2024-01-01", None, "处理中", "城东支行", "借记卡", True)


def test_the_same_content_in_fewer_columns_is_no_change(home):
    rows = _load(home, "投诉编号,收到日期,工单状态\nA2,2024-01-02,已办结\nA1,2024-01-01,处理中\n")
    assert (rows["unchanged"], rows["updated"], rows["inserted"]) == (2, 0, 0)


def test_a_blank_cell_of_a_column_that_is_there_clears_the_value(home):
    rows = _load(home, "投诉编号,收到日期,投诉业务类别,被投诉机构\nA2,2024-01-02,,城西支行\n")
    assert rows["updated"] == 1
    assert _rows(home)[1] == ("A2", "2024-01-02", "2024-01-05", "已办结", "城西支行", None, False)


def test_a_closing_day_alone_is_held_against_the_opening_day_in_the_lake(tmp_path):
    home, rows = _pair(
        tmp_path,
        "机构名称,机构层级,开业日期\n城东支行,支行,2020-05-01\n城西支行,支行,2020-05-01\n",
        "机构名称,机构层级,撤并日期\n城东支行,支行,2019-05-01\n城西支行,支行,2024-05-01\n",
    )
    assert (rows["updated"], rows["quarantined"]) == (1, 1)
    assert sorted(_of(home, "org_name, closed_date::varchar", "organisation")) == [
        ("城东支行", None),
        ("城西支行", "2024-05-01"),
    ]
    with reading(open_reader(Home(home))) as cursor:
        issues = cursor.execute(
            "select source_row, column_name, rule_id, message from lake.meta.row_issue"
        ).fetchall()
    message = "撤并日期“2019-05-01”早于开业日期（文件没有“开业日期”，按仓库中已有的值核对）"
    assert issues == [(2, "撤并日期", "closed_after_opened", message)]


def test_a_day_received_alone_is_held_against_the_closing_day_in_the_lake(home):
    later = home.parent / "later.csv"
    later.write_text("投诉编号,收到日期\nA1,2024-01-06\nA2,2024-01-06\n", "utf-8")
    result = json.loads(load(home, later)[0])
    assert (result["rows"]["updated"], result["rows"]["quarantined"]) == (1, 1)
    (problem,) = [one for one in result["problems"] if one["row"]]
    assert (problem["row"], problem["column"], problem["value"]) == (3, "收到日期", "2024-01-06")
    assert problem["message"].startswith("办结日期（仓库中已有的值）早于收到日期")


def test_a_day_that_only_stands_in_for_the_one_held_breaks_no_rule(tmp_path):
    _, rows = _pair(
        tmp_path,
        "投诉编号,收到日期,受理日期\nA1,2024-03-01,2024-03-03\n",
        "投诉编号,受理日期,办结日期\nA1,2024-03-03,2024-03-02\nA2,2024-03-03,2024-03-02\n",
    )
    # A2 is new: there the day it was accepted stands for the day it was received.
    assert (rows["updated"], rows["quarantined"]) == (1, 1)


def test_a_full_mark_that_only_the_lake_knows_is_the_one_that_counts(tmp_path):
    header = "考试名称,考试日期,工号,机构,成绩"
    _, rows = _pair(
        tmp_path,
        f"{header},满分\n消保考试,2024-03-01,1001,城东支行,100,120\n",
        f"{header}\n消保考试,2024-03-01,1001,城东支行,110\n消保考试,2024-03-01,1002,城东支行,110\n",
    )
    assert (rows["updated"], rows["quarantined"]) == (1, 1)


def test_running_with_an_empty_inbox_brings_an_older_lake_up_to_date(home):

    with open_writer(Home(home)) as con:
        con.execute(f"drop table lake.marts.{next(iter(marts.mart_tables()))}")
    with pytest.raises(WarehouseMissing, match="python -m ingest"):
        open_reader(Home(home))
    assert load(home) == []
    assert _rows(home)


def _pair(tmp_path, first, later):
    """An installation with two text files loaded in this order, and the rows of the second."""
    home = tmp_path / "pair"
    install(home)
    for name, text in (("first.csv", first), ("later.csv", later)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        result = json.loads(load(home, tmp_path / name)[0])
        assert result["status"] == "loaded", result
    return home, result["rows"]


def _of(home, columns, table="complaint"):
    with reading(open_reader(Home(home))) as cursor:
        return cursor.execute(f"select {columns} from lake.core.{table} order by all").fetchall()


RECEIVED = "received_at::date::varchar, accepted_at::date::varchar"


@pytest.mark.parametrize(
    ("first", "later", "stored"),
    [
        ("收到日期\nA1,2024-03-05", "受理日期\nA1,2024-03-12", ("2024-03-05", "2024-03-12")),
        ("受理日期\nA1,2024-03-05", "受理日期\nA1,2024-03-12", ("2024-03-12", "2024-03-12")),
        (
            "收到日期,受理日期\nA1,2024-03-05,2024-03-07",
            "收到日期,受理日期\nA1,,2024-03-12",
            ("2024-03-05", "2024-03-12"),
        ),
        (
            "收到日期,受理日期\nA1,2024-03-05,2024-03-07",
            "收到日期\nA1,2024-03-06",
            ("2024-03-06", "2024-03-07"),
        ),
    ],
)
def test_a_date_that_only_stands_in_for_another_replaces_no_real_one(
    tmp_path, first, later, stored
):
    home, rows = _pair(tmp_path, f"投诉编号,{first}\n", f"投诉编号,{later}\n")
    assert rows["updated"] == 1
    assert _of(home, RECEIVED) == [stored]


def test_a_default_overwrites_nothing_and_a_full_mark_in_the_cell_does(tmp_path):
    first = "考试名称,考试日期,工号,成绩,满分\n" + "".join(
        f"一季度考试,2024-03-05,0000{n},80,150\n" for n in (1, 2)
    )
    later = """考试名称,考试日期,工号,成绩,补考成绩
一季度考试,2024-03-05,00001,80,95
一季度考试,2024-03-05,00002,80/120,95
一季度考试,2024-03-05,00003,80,95
"""
    home, rows = _pair(tmp_path, first, later)
    assert (rows["updated"], rows["inserted"]) == (2, 1)
    marks = _of(home, "full_score::int, score::int, makeup_score::int", "exam_result")
    assert marks == [(100, 80, 95), (120, 80, 95), (150, 80, 95)]


def test_the_full_mark_of_a_section_stays_where_a_file_does_not_say_it(tmp_path):
    row = "一季度考试,2024-03-05,00001"
    home, _ = _pair(
        tmp_path,
        f"考试名称,考试日期,工号,成绩,法律法规板块(40分)\n{row},80,30\n",
        f"考试名称,考试日期,工号,成绩,法律法规板块\n{row},80,31\n",
    )
    assert _of(home, "score::int, full_score::int", "exam_section_score") == [(31, 40)]


def test_endings_that_a_later_file_brings_are_known_from_then_on(tmp_path):
    without = "投诉编号,收到日期\nA1,2024-03-05\n"
    ended = "投诉编号,收到日期,办结日期\nA1,2024-03-05,2024-03-09\n"
    facts = "dates_endings, closed_at::date::varchar, status"
    home, _ = _pair(tmp_path, without, ended)
    assert _of(home, facts) == [(None, "2024-03-09", None)]
    with_status = "投诉编号,收到日期,工单状态\nA1,2024-03-05,处理中\n"
    (tmp_path / "again").mkdir()
    home, rows = _pair(tmp_path / "again", ended, with_status)
    assert rows["updated"] == 1
    assert _of(home, facts) == [(None, "2024-03-09", "处理中")]
    (tmp_path / "third").mkdir()
    home, _ = _pair(tmp_path / "third", with_status, ended)
    assert _of(home, facts) == [(None, "2024-03-09", "处理中")]
