"""Masking: every kind in every form goes, and nothing of ours is taken for a person."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contract import FOLDER
from ingest.mask import masked, masked_text, masked_texts, tells_person
from tests.ingest.privacy_forms import Planted, planted

CODES = Path(__file__).parents[2] / "warehouse" / "codes"
_SEPARATORS = re.compile(r"[\s.·•/_()（）\[\]\ufeff－-]")


def bare(text: str) -> str:
    """The text in ASCII forms and without anything that may stand between digits."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """Every planted form alone, in a sentence and twice, as masked; and that masked once more."""
    texts = {text: "" for one in planted() for text in _told(one)}
    once = masked_texts(tuple(texts))
    again = masked_texts(once)
    return dict(zip(texts, once, strict=True)) | dict(zip(once, again, strict=True))


def _told(one: Planted) -> tuple[str, str, str]:
    return one.text, f"来电反映：{one.text}。请尽快处理", f"{one.text}；{one.text}"


@pytest.mark.parametrize("one", planted(), ids=lambda one: f"{one.kind}-{one.text!r}")
def test_no_form_survives(shown, one: Planted):
    for text in _told(one):
        assert bare(one.secret) not in bare(shown[text])
        assert shown[shown[text]] == shown[text]


@pytest.mark.parametrize("card", ["4367 4212 3456 7896", "4367-4212-3456-7896"])
@pytest.mark.parametrize("between", ["\n", " / ", "，"])
def test_a_card_takes_no_digits_of_a_landline_behind_it(card, between):
    shown = bare(masked_text(f"{card}{between}0086-571-87654321"))
    assert [one for one in ("8765", "4367421234567896") if one in shown] == []


@pytest.mark.parametrize("mobile", ["138 4627 5931", "1 3 8 4 6 2 7 5 9 3 1", "138-4627-5931"])
def test_a_card_takes_no_digits_of_a_mobile_number_behind_it(mobile):
    shown = bare(masked_text(f"6225 8801 2345 6789\n{mobile}"))
    assert [one for one in ("13846275931", "384627593", "6225880123456789") if one in shown] == []


@pytest.mark.parametrize("before", ["另外", "今天", "昨日", "随后", "目前"])
def test_a_word_may_begin_behind_what_joins_sentences(before):
    assert masked_text(f"已联系。{before}高明先生来电") == f"已联系。{before}某先生来电"


@settings(max_examples=40, deadline=None)
@given(
    several=st.lists(st.sampled_from(planted()), min_size=2, max_size=4),
    between=st.sampled_from(["；", "，", "\n", "。另外", " / ", "、"]),
)
def test_none_of_several_in_one_text_survives(several, between):
    shown = bare(masked_text(between.join(one.text for one in several)))
    assert [one.text for one in several if bare(one.secret) in shown] == []


@settings(max_examples=40, deadline=None)
@given(
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    separators=st.lists(st.sampled_from(["", " ", "-", "  ", "－", "　"]), min_size=2, max_size=2),
    before=st.sampled_from(["", "电话", "(", "：", "A"]),
    after=st.sampled_from(["", "，谢谢", ")", "B", "\n"]),
)
def test_no_mobile_number_survives_whatever_separates_its_groups(number, separators, before, after):
    first, second = separators
    text = f"{before}{number[:3]}{first}{number[3:7]}{second}{number[7:]}{after}"
    assert number not in bare(masked_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05 10:11:12",
        "2024年3月5日至2024年3月31日",
        "2024.01.01-2024.12.31",
        "工单号2024030512345678",
        "流水号20240305101112345678",
        "金额1,234,567.89元，共12笔",
        "拨打95588或400-820-8820咨询",
        "客户要求退款", "客户高度不满", "客户曾多次来电", "客户关于贷款的投诉", "客户周末来电",
        "客户郑重要求", "客户陈述如下", "客户马上到网点", "客户万分焦急", "客户方面表示",
        "客户经理态度生硬", "投诉人要求道歉", "联系人：办公室", "小区长期噪音", "对方经理",
        "高级经理审批", "安全主任", "担任行长", "关于局长信箱", "申请律师", "车队长", "项目经理",
        "联系人（单位）", "客户“高端理财”产品", "办公室主任", "副行长接待",
        "微信支付失败", "QQ群通知", "第3栋楼外墙", "南门支行12号窗口", "3·15金融消费者权益日",
    ],
)  # fmt: skip
def test_what_is_nobodys_stays(text):
    assert masked_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "客户莫名被扣款", "客户莫名其妙被扣年费", "持卡人凌晨发现被盗刷", "客户凌晨来电", "客户：凌晨来电",
        "客户仲裁申请已受理", "客户蒙受损失", "客户杜绝再次发生", "客户岳母来电", "员工黄牌警告",
        "客户韩国消费", "客户厉害关系", "客户童装分期", "客户肖像权", "客户顾问", "客户孙女代办",
        "客户尤其不满", "本人尤其不满", "员工顾不上接待", "客户辛苦排队", "客户欧元兑换失败",
        "客户伍万元存款", "客户陆万元被转走", "客户陆拾万余元理财", "客户伍佰圆现钞",
        "客户黄金积存业务", "客户熊猫金币未到货", "客户东方财富账户", "客户龙支付失败",
        "客户徐汇支行开户", "客户吴江支行办理", "客户魏公村支行排队", "客户沈阳分行转来",
        "客户沈阳和平支行开户", "客户徐汇网点排队", "柜员郑州分行", "客户林城营业部反映", "客户苏州出差",
    ],
)  # fmt: skip
def test_ordinary_words_amounts_and_branches_stay(text):
    assert masked_text(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("客户黄金荣来电", "客户某某来电"),
        ("客户韩国强，", "客户某某，"),
        ("客户孙女士来电", "客户某女士来电"),
        ("客户王芳在徐汇支行开户", "客户某某在徐汇支行开户"),
        ("客户沈阳来电", "客户某某来电"),
        ("客户陆万里来电", "客户某某来电"),
    ],
)
def test_a_name_beside_such_a_word_goes(text, expected):
    assert masked_text(text) == expected


def _texts(node: object) -> list[str]:
    if isinstance(node, dict):
        return [text for pair in node.items() for part in pair for text in _texts(part)]
    if isinstance(node, list):
        return [text for part in node for text in _texts(part)]
    return [node] if isinstance(node, str) else []


def test_no_code_and_no_word_of_a_contract_is_taken_for_a_person(con):
    words = {
        cell
        for path in CODES.glob("*.csv")
        for row in csv.reader(path.read_text("utf-8").splitlines())
        for cell in row
    }
    for path in FOLDER.glob("*.yml"):
        words |= set(_texts(yaml.safe_load(path.read_text("utf-8"))))
    assert len(words) > 1000
    con.execute("create table words as select unnest($words) as word", {"words": sorted(words)})
    changed = con.execute(f"select word from words where {masked('word')} <> word").fetchall()
    assert changed == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("13846275931", True),
        ("138-4627-5931", True),
        ("zhangwei@example.com", True),
        ("客户欧阳靖宇来电", True),
        # A case number that begins with the day 16-01-12, and numbers of sixteen digits and more.
        ("16011200001", False),
        ("4367421234567897", False),
        ("2024030512345678", False),
        ("T000000123", False),
        ("SJ-2024-0305-0012", False),
    ],
)
def test_an_identifier_is_personal_only_when_it_is_certain(con, cell, expected):
    (found,) = con.execute(f"select {tells_person('$cell')}", {"cell": cell}).fetchone()
    assert found is expected
