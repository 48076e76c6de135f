"""Which of several columns serves a field, and what is said where none can be known for certain."""

import pytest

from ingest.errors import Refused
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


HEADER = ["投诉编号", "收到日期", "被投诉机构"]


def _lines(path, rows):
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return recognise(open_extract(path))


def test_two_tables_beside_one_another_are_refused(tmp_path):
    row = ["T1", "2024-03-05", "城东支行", "", "T4", "2024-03-05", "城西支行"]
    with pytest.raises(Refused) as refusal:
        _lines(tmp_path / "台账.csv", [[*HEADER, "", *HEADER], row])
    assert [(p.row, p.column, p.message) for p in refusal.value.problems] == [
        (
            1,
            "投诉编号",
            "两张同样的表左右并排：A1 和 E1 都是“投诉编号”的表头；"
            "请把右边的表移到左边的表下方，或放到另一张工作表",
        )
    ]


def test_a_joined_export_that_repeats_its_columns_is_one_table(tmp_path):
    row = ["T1", "2024-03-05", "城东支行"]
    (found,) = _lines(tmp_path / "台账.csv", [[*HEADER, "", *HEADER], [*row, "", *row]])
    assert found.targets["complaint_id"] == 0


def test_a_header_below_too_many_lines_is_named(tmp_path):
    rows = [[f"说明第{i}条", "", ""] for i in range(24)]
    with pytest.raises(Refused) as refusal:
        _lines(tmp_path / "台账.csv", [*rows, HEADER, ["T1", "2024-03-05", "城东支行"]])
    assert [(p.row, p.message) for p in refusal.value.problems][-1] == (
        25,
        "第 25 行像是“投诉台账”的表头，但只在前 20 行中查找表头；请删去表头上方多余的行",
    )


def test_levels_of_organisations_in_brackets_are_not_chosen_among(tmp_path):
    header = ["投诉编号", "收到日期", "被投诉机构（一级）", "被投诉机构（二级）"]
    (found,) = _lines(tmp_path / "台账.csv", [header, ["T1", "2024-03-05", "某分行", "城东支行"]])
    assert found.column_name("org_name") is None
    assert [(p.column, p.message) for p in found.notes] == [
        (
            name,
            f"列“{name}”只是几级中的一级，不能确定应采用哪一级，没有采用；"
            "请把应采用的一列去掉括号后重新提交",
        )
        for name in header[2:]
    ]


def test_one_level_or_one_without_brackets_serves(tmp_path):
    header = ["投诉编号", "收到日期", "被投诉机构（二级）"]
    (found,) = _lines(tmp_path / "甲.csv", [header, ["T1", "2024-03-05", "城东支行"]])
    assert found.column_name("org_name") == "被投诉机构（二级）"
    assert found.notes == []
    header = ["投诉编号", "收到日期", "被投诉机构（一级）", "被投诉机构"]
    (found,) = _lines(tmp_path / "乙.csv", [header, ["T1", "2024-03-05", "某分行", "城东支行"]])
    assert found.column_name("org_name") == "被投诉机构"
    assert [(p.column, p.message) for p in found.notes] == [
        ("被投诉机构（一级）", "列“被投诉机构（一级）”与另一列含义相同，没有采用")
    ]


@pytest.mark.parametrize("names", [("一级", "二级"), ("省级", "市级"), ("第一层", "第二层")])
def test_a_refusal_for_want_of_an_organisation_tells_of_its_levels(tmp_path, names):
    shown = [f"被检查机构({name})" for name in names]
    with pytest.raises(Refused) as refusal:
        _lines(
            tmp_path / "检查.csv",
            [
                ["检查项目编号", *shown, "检查类型", "发现问题", "检查日期"],
                ["J1", "某分行", "城东支行", "自查", "无", "2024-03-05"],
            ],
        )
    (problem,) = refusal.value.problems
    assert "缺少必需的列" in problem.message
    assert problem.message.endswith(
        f"；“{shown[0]}”“{shown[1]}”是不同的级，不能确定应采用哪一级；"
        "请把应采用的一列去掉括号后重新提交"
    )


@pytest.mark.parametrize("numbers", [("1", "2"), ("一", "二"), ("一级", "二级"), ("初审", "复审")])
def test_columns_other_than_organisations_have_no_levels(tmp_path, numbers):
    names = [f"审查意见({number})" for number in numbers]
    (found,) = _lines(
        tmp_path / "审查.csv",
        [["审查编号", "审查结论", *names], ["S1", "通过", "改一处", "再改一处"]],
    )
    assert found.column_name("opinion_masked") == names[0]
    assert [(p.column, p.message) for p in found.notes] == [
        (names[1], f"列“{names[1]}”与另一列含义相同，没有采用")
    ]


def test_numbered_columns_are_no_levels_of_an_organisation(tmp_path):
    header = ["考试名称", "考试日期", "工号", "机构(1)", "机构(2)", "成绩(1)", "成绩(2)"]
    row = ["消保", "2024-03-05", "1", "城东支行", "城西支行", "90", "95"]
    (found,) = _lines(tmp_path / "考试.csv", [header, row])
    assert found.column_name("org_name") == "机构(1)"
    assert found.column_name("score") == "成绩(1)"
    assert all(p.message.endswith("与另一列含义相同，没有采用") for p in found.notes)


def test_two_remarks_in_brackets_behind_a_name_are_passed_over(tmp_path):
    header = ["*投诉编号〔必填〕", "*收到日期（YYYY-MM-DD）〔必填〕", "被投诉机构*（全称）（必填）"]
    (found,) = _lines(tmp_path / "台账.csv", [header, ["T1", "2024-03-05", "城东支行"]])
    assert set(found.targets) >= {"complaint_id", "received_at", "org_name"}
