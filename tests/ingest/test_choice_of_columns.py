"""Which of several columns serves a field, and what is said where none can be known for certain."""

import pytest

from ingest.read.open import open_extract
from ingest.recognise import recognise


@pytest.mark.parametrize("time", ["10:20", "10:20:00", "0.43"])
def test_a_time_of_day_gives_way_to_the_column_with_the_day(tmp_path, time):
    path = tmp_path / "台账.csv"
    path.write_text(
        f"投诉编号,投诉日期,投诉时间,被投诉机构,收到时间\nT1,2024-03-05,{time},城东支行,{time}\n",
        encoding="utf-8",
    )
    (found,) = recognise(open_extract(path))
    assert found.column_name("received_at") == "投诉日期"
    assert [p.column for p in found.notes] == ["投诉时间", "收到时间"]


def test_the_better_name_counts_where_both_columns_have_days(tmp_path):
    path = tmp_path / "台账.csv"
    path.write_text(
        "投诉编号,投诉日期,被投诉机构,收到时间\nT1,2024-03-05,城东支行,2024-03-06 10:20\n",
        encoding="utf-8",
    )
    (found,) = recognise(open_extract(path))
    assert found.column_name("received_at") == "收到时间"
