"""Each kind of extract is taken for what it is, however few or many of its columns it has."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.contract import contracts
from ingest.errors import Refused
from ingest.header import read_header
from ingest.match import brings_all
from ingest.read.open import open_extract
from ingest.read.workbook import sheet_of
from ingest.recognise import match_header, recognise
from tests.demo_files import written_demo

OWN = {
    "机构表": "organisation_list",
    "机构基数表": "organisation_denominators",
    "投诉台账": "complaint_ledger",
    "考试成绩": "exam_scores",
    "消保审查台账": "review_ledger",
    "宣传活动台账": "outreach_ledger",
    "培训签到台账": "training_attendance",
    "检查整改台账": "inspection_ledger",
    "双录质检台账": "double_recording",
    "制度执行检查表": "policy_checks",
    "特殊群体服务设施台账": "service_facilities",
    "上线事项清单": "product_launches",
    "大事记": "calendar_events",
}


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return written_demo(tmp_path_factory)


def recognised_in(path: Path, header: str):
    path.write_text(f"{header}\n{','.join('1' for _ in header.split(','))}\n", "utf-8")
    return recognise(open_extract(path))[0]


def test_every_demo_file_is_its_own_contracts_by_at_least_two_columns(demo):
    for path in sorted(demo.iterdir()):
        found = recognise(open_extract(path))[0]
        kind = path.stem.removeprefix("演示数据_").split("_")[0]
        assert found.contract.id == OWN[kind], path.name
        assert found.unknown == (), path.name
        rivals = [match_header(c, found.table, found.header) for c in contracts().values()]
        others = [m for m in rivals if m.is_complete and m.contract.id != found.contract.id]
        assert all(m.recognised <= found.recognised - 2 for m in others), path.name


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("培训名称,培训日期,工号", "training_attendance"),
        ("序号,课程名称,培训时间,部门,员工编号,姓名,职务,学时,签到情况", "training_attendance"),
        ("检查编号,受检机构,检查日期", "inspection_ledger"),
        (
            "检查单号,被检查机构,检查时间,检查类别,存在问题,整改时限,完成整改日期,整改责任人",
            "inspection_ledger",
        ),
        ("双录编号,销售日期,是否双录", "double_recording"),
        (
            "业务流水号,网点名称,交易日期,产品名称,客户姓名,证件号码,双录情况,质检结论",
            "double_recording",
        ),
        ("机构,制度名称,检查要点,检查日期,执行情况", "policy_checks"),
        ("被检查机构,制度文件,检查内容,检查时间,落实情况,检查人", "policy_checks"),
        ("网点名称,设施类别,启用日期", "service_facilities"),
        ("网点名称,所属支行,机构号,设施名称,台数,投用日期,停用日期,状态", "service_facilities"),
        ("上线编号,事项名称,上线日期,审查编号", "product_launches"),
        ("上线编号,上线日期,是否经消保审查", "product_launches"),
        (
            "上线编号,产品名称,申请部门,审查类型,产品类别,上线日期,审查编号,送审日期,出具意见日期,审查结论,审查意见",
            "product_launches",
        ),
        ("日期,事件", "calendar_events"),
        ("发生日期,事件名称,事件类型,涉及机构,说明", "calendar_events"),
        ("项目编号,业务类别,产品名称,上线日期,审查结论", "review_ledger"),
        ("机构名称,所属支行,启用日期,状态", "organisation_list"),
        ("机构,统计月份,新员工数", "organisation_denominators"),
        ("机构,月份,各项存款余额(亿元)", "organisation_denominators"),
    ],
)
def test_headers_are_recognised(tmp_path, header, expected):
    found = recognised_in(tmp_path / "a.csv", header)
    assert found.contract.id == expected
    assert found.unknown == ()


@pytest.mark.parametrize(
    "header",
    [
        "序号,机构,日期,备注",
        "编号,机构,检查日期,检查结果",
        "机构,数量,启用日期,备注",
        "编号,收到日期,办结日期,状态,机构,内容",
        "流程编号,申请日期,申请单位,申请事项,状态,办结日期",
        "项目编号,项目名称,受理日期,办结日期,部门,状态",
        "编号,文号,标题,收到日期,办结日期",
        "编号,产品名称,业务类别,受理日期,状态",
        "流水号,来电时间,联系电话,内容,满意度",
    ],
)
def test_headers_that_could_be_anything_are_refused(tmp_path, header):
    with pytest.raises(Refused):
        recognised_in(tmp_path / "a.csv", header)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("编号,收到日期,办结日期,状态,机构,内容", "投诉台账.*如“投诉编号”"),
        ("编号,产品名称,申请日期,结论,状态", "消保审查台账.*如“审查类型”"),
    ],
)
def test_a_refusal_of_general_names_says_which_name_would_tell(tmp_path, header, expected):
    with pytest.raises(Refused, match=expected):
        recognised_in(tmp_path / "a.csv", header)


def test_a_refusal_names_what_the_nearest_new_kind_misses(tmp_path):
    with pytest.raises(Refused, match="检查整改台账.*缺少必需的列，可用的列名：检查编号"):
        recognised_in(tmp_path / "a.csv", "受检机构,检查日期,问题描述,整改期限,整改完成日期")


def names_of_columns() -> list[str]:
    columns = (c for contract in contracts().values() for c in contract.all_columns().values())
    return sorted({alias for column in columns for alias in column.aliases})


@example(["12363工单编号", "收到监管转办日期"])
@example(["支行", "网点", "层级", "上级机构"])
@given(st.lists(st.sampled_from(names_of_columns()), min_size=1, max_size=12))
def test_the_quick_look_at_a_header_and_the_match_say_the_same(cells: list[str]):
    header = read_header([cells], row=1, width=len(cells))
    for contract in contracts().values():
        match = match_header(contract, sheet_of([cells]), header)
        others = [other for c in contract.columns.values() for other in c.stand_in]
        if brings_all(contract, header) and not match.targets.keys() & others:
            assert not match.missing, contract.id
        assert brings_all(contract, header) or match.missing, contract.id


@pytest.mark.parametrize("contract", contracts().values(), ids=contracts().keys())
def test_the_quick_look_sees_a_header_that_has_all(contract):
    columns = contract.all_columns()
    required = [c.aliases[0] for c in columns.values() if c.required and c.aliases]
    cells = [*required, *(columns[group[0]].aliases[-1] for group in contract.require_any)]
    assert brings_all(contract, read_header([cells], row=1, width=len(cells)))
    for cell in required:
        rest = [other for other in cells if other != cell]
        header = read_header([rest], row=1, width=len(rest))
        assert brings_all(contract, header) == (
            not match_header(contract, sheet_of([rest]), header).missing
        )
