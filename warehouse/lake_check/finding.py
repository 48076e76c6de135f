"""What a check of the lake found: faults to act on, and notes that need nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

Kind = Literal["fault", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: what, where, and what to do."""

    kind: Kind
    rule: str
    where: str
    message: str
    advice: str


@dataclass
class Findings:
    """All findings of one check, and what was looked at."""

    found: list[Finding] = field(default_factory=list)
    looked_at: dict[str, int] = field(default_factory=dict)

    def fault(self, rule: str, where: str, message: str, advice: str) -> None:
        """Add something that is wrong."""
        self.found.append(Finding("fault", rule, where, message, advice))

    def note(self, rule: str, where: str, message: str, advice: str) -> None:
        """Add something that is worth knowing but harms nobody."""
        self.found.append(Finding("note", rule, where, message, advice))

    @property
    def faults(self) -> Sequence[Finding]:
        """What somebody has to act on."""
        return [one for one in self.found if one.kind == "fault"]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_json(self) -> dict[str, object]:
        """The object that `check --json` prints."""
        return {
            "clean": self.is_clean,
            "looked_at": self.looked_at,
            "findings": [asdict(one) for one in self.found],
        }


_NAMES = {
    "files": "数据文件",
    "tables": "数据表",
    "rows": "数据行",
    "batches": "装载批次",
    "marts": "月度汇总表",
    "archived": "归档文件",
}


def findings_text(findings: Findings) -> str:
    """The findings as lines for people: first what is wrong, then what is only worth knowing."""
    looked = "，".join(f"{_NAMES[key]} {count}" for key, count in findings.looked_at.items())
    lines = [f"已核对：{looked}"]
    for kind, sign in (("fault", "✗"), ("note", "·")):
        lines += [
            f"{sign} {one.where}：{one.message}；{one.advice}"
            for one in findings.found
            if one.kind == kind
        ]
    count = len(findings.faults)
    lines.append("数据仓库完好" if not count else f"发现 {count} 处问题")
    return "\n".join(lines)
