"""What a row's own personal columns say stands in none of its stored texts."""

import pytest

from tests.ingest.conftest import Desk

HEADER = "投诉编号,收到日期,投诉人姓名,联系电话,经办人,投诉标题,投诉内容,处理情况\n"


def texts(desk: Desk, row: str, header: str = HEADER) -> tuple[str, str, str]:
    result = desk.load("a.csv", f"{header}T1,2026-03-05,{row}\n")
    assert result["status"] == "loaded", result
    asked = "select subject_masked, content_masked, reply_masked from lake.core.complaint"
    ((subject, content, reply),) = desk.ask(asked)
    return subject, content, reply


@pytest.mark.parametrize(
    ("name", "said"),
    [
        # Neither begins with a word that marks it, and 高 and 于 are everyday words.
        ("高涛华", "高涛华的贷款被拒，高涛华不满"),
        ("于晓敏", "客户于晓敏来电"),
        ("粘小平", "昨天粘小平到店"),
        ("阿依古丽·买买提", "阿依古丽·买买提说"),
        ("John Smith", "called by John Smith, upset"),
        ("周晨芳", "来电人周晨芳称"),
    ],
)
def test_the_name_of_a_row_is_masked_wherever_its_texts_say_it(
    desk: Desk, name: str, said: str
) -> None:
    found = texts(desk, f'{name},,,"{said}","{said}","已回复，{said}"')
    assert not [text for text in found if name in text]
    assert all("某某" in text for text in found)


def test_numbers_of_a_row_are_masked_in_whatever_form_they_have(desk: Desk) -> None:
    found = texts(desk, "匿名,+852 6123 4567,,回电+852 6123 4567,请拨+852 6123 4567,无人接听")
    assert found == ("回电***", "请拨***", "无人接听")


def test_who_handled_it_is_masked_too(desk: Desk) -> None:
    subject, content, reply = texts(desk, "匿名,,江晓月,退费,江晓月答应退费,江晓月已退")
    assert (subject, content, reply) == ("退费", "某某答应退费", "某某已退")


@pytest.mark.parametrize(
    ("complainant", "handler", "said"),
    [
        ("匿名", "江北支行", "匿名客户在江北支行办理"),
        ("客户", "管理员", "客户要求管理员回电"),
        ("不详", "信用卡部", "信用卡部不详述"),
        ("", "", "没有姓名"),
        ("单位", "13", "单位 13 号柜台"),
    ],
)
def test_what_is_no_name_stays(desk: Desk, complainant: str, handler: str, said: str) -> None:
    found = texts(desk, f"{complainant},,{handler},{said},{said},{said}")
    assert found == (said, said, said)


def test_names_of_other_rows_and_of_organisations_stay(desk: Desk) -> None:
    header = "投诉编号,收到日期,投诉人,被投诉机构,投诉内容\n"
    rows = "T1,2026-03-05,高明,高明支行,高明来过\nT2,2026-03-05,方圆,高明支行,高明支行方圆五百米\n"
    desk.load("a.csv", header + rows)
    asked = "select org_name, content_masked from lake.core.complaint order by complaint_id"
    assert desk.ask(asked) == [("高明支行", "某某来过"), ("高明支行", "高明支行某某五百米")]


def test_many_personal_columns_cost_no_more_than_a_look_each(desk: Desk) -> None:
    persons = (
        "投诉人姓名,联系人,联系电话,手机号,身份证号,邮箱,地址,户名,卡号,经办人,审核人,复核人,登记人"
    )
    header = f"投诉编号,收到日期,{persons},投诉内容\n"
    values = "王晓,李明,1,2,3,4,5,赵六,7,孙一丁,钱大,周小川,吴用"
    desk.load("a.csv", f"{header}T1,2026-03-05,{values},孙一丁和周小川没有回电给李明\n")
    assert desk.ask("select content_masked from lake.core.complaint") == [
        ("某某和某某没有回电给某某",)
    ]
