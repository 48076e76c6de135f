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


def test_running_with_an_empty_inbox_brings_an_older_lake_up_to_date(home):

    with open_writer(Home(home)) as con:
        con.execute(f"drop table lake.marts.{next(iter(marts.mart_tables()))}")
    with pytest.raises(WarehouseMissing, match="python -m ingest"):
        open_reader(Home(home))
    assert load(home) == []
    assert _rows(home)
