"""Writes an explanation for the terminal, or as one JSON object for other programs."""

import json
from dataclasses import asdict

import polars as pl

from warehouse.explain import Explanation
from warehouse.report import plain, render


def explanation_text(found: Explanation) -> str:
    """Formula, filters, verdict and files, as a person reads them."""
    asked = found.asked
    lines = [
        found.formula_zh,
        f"期间：{found.period.label_zh}（{asked.basis_zh}）",
        f"口径：{asked.definition_zh}",
        *(f"注意：{caveat}" for caveat in asked.caveats_zh),
        f"筛选：{'；'.join(found.filters_zh) or '未筛选'}",
        f"计入：{found.row_count:,} 行",
        f"数据质量：{found.soundness.words_zh}",
        *(f"  {reason.short_zh}：{reason.text_zh}" for reason in found.soundness.reasons),
        *(
            f"阈值：{one.value:g}（{one.kind}，{one.status}；{one.source_zh}）"
            for one in found.thresholds
        ),
    ]
    if found.sources.height:
        lines.append(render(found.sources.drop("batch_id", "is_demo"), "table"))
    if found.base is not None:
        lines += [f"分母的来源（{found.base.at}）：", render(found.base.rows, "table")]
    return "\n".join(lines)


def explanation_json(found: Explanation) -> str:
    """The same as one JSON object."""
    told = {
        "indicator": found.asked.id,
        "unit": found.asked.unit,
        "period": found.period.id,
        "where": found.where,
        "value": found.value,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "formula": found.formula_zh,
        "row_count": found.row_count,
        "soundness": asdict(found.soundness),
        "days_missing": found.reach.days_missing,
        "settles_on": found.reach.settles_on,
        "thresholds": [one.model_dump(mode="json") for one in found.thresholds],
        "sources": _rows(found.sources),
        "base": _rows(found.base.rows) if found.base else None,
    }
    return json.dumps(told, ensure_ascii=False, default=plain)


def _rows(frame: pl.DataFrame) -> list[dict[str, object]]:
    return [{k: plain(v) for k, v in row.items()} for row in frame.iter_rows(named=True)]
