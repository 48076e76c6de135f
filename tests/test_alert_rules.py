"""The file of alert rules: it loads, and a typo names file, rule and key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from warehouse import alert_rules, definitions
from warehouse.errors import DefinitionError
from warehouse.registry import indicators

GOOD: dict[str, object] = {
    "name_zh": "规则",
    "name_en": "rule",
    "advice_zh": "看",
    "kind": "level",
    "indicator": "complaint_timely_rate",
}


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    indicators()
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    alert_rules.rules.cache_clear()
    yield tmp_path / alert_rules.FILE
    alert_rules.rules.cache_clear()


def test_every_rule_looks_at_an_indicator_that_it_can_judge():
    kinds = {rule.kind for rule in alert_rules.rules().values()}
    assert kinds == {"level", "trend", "count"}
    for rule in alert_rules.rules().values():
        asked = indicators()[rule.indicator]
        assert asked.kind in alert_rules.KINDS[rule.kind]
        assert asked.direction != "none"
        assert rule.advice_zh.endswith("。")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"indicatr": "x"}, r"alert_rules\.yml:r\..*indicatr"),
        ({"indicator": "nothing"}, r"alert_rules\.yml:r\.indicator:没有指标 'nothing'"),
        ({"indicator": "complaint_count"}, "只能用于 ratio、percentile 类指标"),
        ({"indicator": "basically_satisfied_rate"}, "没有可预警的好坏方向"),
        ({"by": ["colour"]}, r"by:没有维度 'colour'"),
        ({"by": ["month"]}, r"by:没有维度 'month'"),
        ({"kind": "guess"}, r"alert_rules\.yml:r"),
        ({"confidence": 95}, r"alert_rules\.yml:r\.level\.confidence"),
        ({"kind": "trend", "window_months": 3, "worsening_months": 3}, "worsening_months"),
        ({"kind": "trend", "leave": {"margin": 1}}, r"leave\.margin:只用于 level"),
        ({"kind": "count"}, "只能用于 count 类指标"),
        ({"kind": "count", "indicator": "complaint_count", "warning": 0.999}, "应小于 control"),
        ({"kind": "count", "indicator": "exam_scored_count"}, "没有可预警的好坏方向"),
        ({"leave": {"after_months": 0}}, r"leave\.after_months"),
    ],
)
def test_a_fault_names_file_rule_and_key(written: Path, change: dict[str, object], said: str):
    written.write_text(yaml.safe_dump({"r": GOOD | change}), encoding="utf-8")
    with pytest.raises(DefinitionError, match=said):
        alert_rules.rules()


def test_all_faults_are_told_at_once(written: Path):
    faulty = {"a": GOOD | {"indicator": "x"}, "b": GOOD | {"indicator": "y"}, "c": GOOD}
    written.write_text(yaml.safe_dump(faulty), encoding="utf-8")
    with pytest.raises(DefinitionError) as error:
        alert_rules.rules()
    assert str(error.value).count("没有指标") == 2
