"""Our own definitions: every reference holds, every spelling is one value's, typos are named."""

import pytest
import yaml

from warehouse import codes, definitions, registry
from warehouse.entities import entities
from warehouse.errors import DefinitionError


def test_every_definition_loads_and_refers_to_what_exists():
    assert len(registry.indicators()) >= 20
    for indicator in registry.indicators().values():
        assert indicator.entity in entities()
        assert set(indicator.dimensions) <= set(registry.dimensions())
    for dimension in registry.dimensions().values():
        if dimension.code_list:
            assert codes.code_list(dimension.code_list)
    assert [limit.days for limit in registry.time_limits()] == [15, 30, 60]


def test_example_thresholds_stand_only_beside_demo_data():
    from datetime import date

    day = date(2026, 1, 1)
    assert registry.thresholds("complaint_timely_rate", day, demo=False) == []
    [example] = registry.thresholds("complaint_timely_rate", day, demo=True)
    assert (example.status, example.kind) == ("示例", "example")
    assert registry.thresholds("complaint_timely_rate", date(2020, 1, 1), demo=True) == []


@pytest.mark.parametrize(
    ("indicator", "value", "verdict"),
    [
        ("complaint_timely_rate", 98.0, "met"),
        ("complaint_timely_rate", 96.0, "near"),
        ("complaint_timely_rate", 95.9, "missed"),
        ("complaint_timely_rate", None, "no_data"),
        ("repeat_rate", 5.0, "met"),
        ("repeat_rate", 7.0, "near"),
        ("repeat_rate", 7.1, "missed"),
    ],
)
def test_a_value_is_judged_in_the_good_direction(indicator, value, verdict):
    from datetime import date

    [threshold] = registry.thresholds(indicator, date(2026, 1, 1), demo=True)
    assert registry.judge(registry.indicator(indicator), value, threshold) == verdict


@pytest.mark.parametrize("dimension", codes.dimensions())
def test_every_code_list_is_sound(dimension):
    listed = codes.code_list(dimension)
    assert len({code.name for code in listed}) == len(listed)
    assert {code.group for code in listed} <= {code.name for code in listed}
    assert codes.lookup(dimension)


@pytest.mark.parametrize(
    ("dimension", "spelling", "name"),
    [
        ("cause", "因金融机构管理制度、业务规则与流程引起的投诉", "管理制度、业务规则与流程"),
        ("cause", "因定价收费引起的投诉", "定价收费"),
        ("cause", "債務催收方式和手段", "债务催收方式和手段"),
        ("category", "其它", "其他"),
        ("category", "信 用 卡", "信用卡"),
        ("service_channel", "中后台", "中、后台业务渠道"),
        ("service_channel", "手机银行", "移动客户端"),
    ],
)
def test_known_spellings_find_their_value(dimension, spelling, name):
    assert codes.lookup(dimension)[codes.match_key(spelling)] == name


@pytest.mark.parametrize("value", ["存款", "社保卡", "储蓄类", "服务态度及服务水平"])
def test_an_unknown_value_is_not_guessed(value):
    for dimension in ("category", "cause"):
        assert codes.match_key(value) not in codes.lookup(dimension)


def test_a_typo_in_a_definition_names_file_entry_and_key(tmp_path, monkeypatch):
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    entry = {"days": 15, "name_zh": "一", "name_en": "a", "source_zh": "x", "dayz": 1}
    (tmp_path / "time_limits.yml").write_text(yaml.safe_dump({"simple": entry}), "utf-8")
    with pytest.raises(DefinitionError, match=r"time_limits\.yml:simple\.dayz"):
        definitions.load_mapping("time_limits.yml", registry.TimeLimit)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"indicator": "no_such"}, "indicator:没有指标 'no_such'"),
        ({"value": 120}, "value:“处理及时率”是百分比，阈值应在 0 到 100 之间，写的是 120.0"),
        ({"yellow_margin": -1}, "黄色区间 yellow_margin 不能为负"),
        ({"effective_to": "2023-12-31"}, "早于 effective_from 2024-01-01"),
        ({"kind": "regulatory"}, "kind 为 example 的 status 应为“示例”"),
        ({"indicator": "review_count"}, "没有好坏方向，不能设阈值"),
        ({"value": "高"}, "value"),
        ({"valeu": 3}, "valeu"),
    ],
)
def test_a_wrong_threshold_is_an_error_that_names_file_and_entry(
    tmp_path, monkeypatch, change, fault
):
    entry = {
        "indicator": "complaint_timely_rate", "value": 98, "yellow_margin": 2, "kind": "example",
        "status": "示例", "effective_from": "2024-01-01", "source_zh": "示例值",
    }  # fmt: skip
    faults = _thresholds_fault(tmp_path, monkeypatch, {"mine": entry | change})
    assert fault in faults
    assert "thresholds.yml:mine" in faults


def test_two_thresholds_of_one_kind_may_follow_but_not_overlap(tmp_path, monkeypatch):
    first = {
        "indicator": "complaint_timely_rate", "value": 97, "yellow_margin": 2, "kind": "own",
        "status": "own", "effective_from": "2024-01-01", "source_zh": "本行办法",
    }  # fmt: skip
    second = first | {"value": 98, "effective_from": "2025-01-01"}
    assert "与同类的 first 生效期间重叠" in _thresholds_fault(
        tmp_path, monkeypatch, {"first": first, "second": second}
    )
    kept = {"first": first | {"effective_to": "2024-12-31"}, "second": second}
    assert _thresholds_fault(tmp_path, monkeypatch, kept) == ""
    from datetime import date

    values = [
        [one.value for one in registry.thresholds("complaint_timely_rate", day, demo=False)]
        for day in (date(2023, 12, 31), date(2024, 6, 30), date(2024, 12, 31), date(2025, 1, 1))
    ]
    assert values == [[], [97], [97], [98]]


def _thresholds_fault(folder, monkeypatch, entries):
    for path in definitions.FOLDER.glob("*.yml"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "thresholds.yml").write_text(yaml.safe_dump(entries, allow_unicode=True))
    monkeypatch.setattr(definitions, "FOLDER", folder)
    registry._all_thresholds.cache_clear()
    try:
        registry.check_definitions()
    except DefinitionError as error:
        registry._all_thresholds.cache_clear()
        return str(error)
    return ""


@pytest.fixture(autouse=True)
def _forget_other_thresholds():
    yield
    registry._all_thresholds.cache_clear()


def test_what_the_report_template_calls_required_is_regulatory_and_to_be_confirmed():
    from datetime import date

    for indicator in ("training_coverage", "review_coverage", "regulatory_rectified_rate"):
        [found] = registry.thresholds(indicator, date(2026, 3, 31), demo=False)
        assert (found.value, found.kind, found.status) == (100, "regulatory", "待确认")
        assert "待本行确认" in found.source_zh
