"""All that the page says about a number as a small text file."""

import streamlit as st

from pages.ui import formats
from pages.ui.explaining import grounds, number
from pages.ui.text import _, name_of
from warehouse.explain import Explanation


def show(found: Explanation, snapshot: int) -> None:
    """Draw the button."""
    st.download_button(
        _("下载口径与来源（Markdown）"),
        data=lambda: markdown(found, snapshot).encode(),
        file_name=f"explain.{found.asked.id}.{found.period.id}.md",
        mime="text/markdown",
        key="explain.definition.download",
        icon=":material/description:",
        on_click="ignore",
        type="tertiary",
    )


def markdown(found: Explanation, snapshot: int) -> str:
    """Definition, formula, filters, verdict, thresholds and files of a number."""
    asked = found.asked
    title = f"# {name_of(asked)} · {found.period.label_zh}"
    facts = {
        _("数值"): number.value_words(found),
        _("口径"): asked.definition_zh,
        _("公式"): found.formula_zh,
        _("归期"): asked.basis_zh,
        _("筛选"): _("；").join(found.filters_zh) or _("未筛选"),
        _("计入"): formats.amount(found.row_count, unit=_("行")),
        _("注意"): _("；").join(asked.caveats_zh) or formats.NO_DATA,
        _("快照"): f"#{snapshot}",
    }
    sections = [title, _bullets([formats.labelled(name, text) for name, text in facts.items()])]
    verdict = [found.soundness.words_zh, *grounds.reasons(found), *grounds.reach(found)]
    for heading, lines in (
        (_("数据质量与覆盖"), verdict),
        (_("阈值"), grounds.thresholds(found)),
        (_("来源文件"), _files(found)),
    ):
        sections.append(f"## {heading}\n\n{_bullets(lines or [formats.NO_DATA])}")
    return "\n\n".join(sections) + "\n"


def _files(found: Explanation) -> list[str]:
    return [
        _("{file} › {sheet}：第 {first} 至 {last} 行之间计入 {count} 行").format(
            file=row["file_name"],
            sheet=row["source_sheet"] or formats.NO_DATA,
            first=formats.number(row["first_row"]),
            last=formats.number(row["last_row"]),
            count=formats.number(row["row_count"]),
        )
        for row in found.sources.iter_rows(named=True)
    ]


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
