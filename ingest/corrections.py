"""Known errors of the sources, put right by configuration: ingest/corrections.yml.

`python -m ingest.corrections` lists every entry and whether it was ever used.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from ingest.contract import Contract, contracts
from ingest.errors import ContractError, IngestError
from warehouse.commands import carry_out
from warehouse.definitions import read_yaml
from warehouse.entities import entities
from warehouse.errors import WarehouseError
from warehouse.home import Home, current_home
from warehouse.lake import open_reader, reading
from warehouse.output import prepare_output, put_out
from warehouse.signals import end_program

FILE = "corrections.yml"
DISPOSITION = "corrected"
_SHOWN = 80
_IN_CHINESE = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，请检查拼写",
    "string_too_short": "不能为空",
    "too_short": "不能为空",
}


def _as_text(value: object) -> object:
    """YAML reads 2026-01-03 as a date and 12 as a number; cells are text."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, (int, float)) else value


Cell = Annotated[str, BeforeValidator(_as_text)]


class Correction(BaseModel):
    """One known error: the row that has it, and what stands there instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contract: str
    where: dict[str, Cell] = Field(min_length=1)
    set: dict[str, Cell | None] = Field(min_length=1)
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    on: date

    @property
    def rule_id(self) -> str:
        """By what the lake knows this entry again, whatever its place in the file."""
        content = json.dumps([self.contract, self.where, self.set], ensure_ascii=False)
        return f"corrected:{hashlib.sha256(content.encode()).hexdigest()[:8]}"

    @property
    def title(self) -> str:
        """The entry as people find it in the file."""
        cells = "，".join(f"{name}: {value}" for name, value in self.where.items())
        return f"{self.contract}（{cells}）"

    def key(self) -> dict[str, str]:
        """The part of `where` that identifies the row."""
        known = _identifying(contracts()[self.contract])
        return {name: value for name, value in self.where.items() if name in known}


def _identifying(contract: Contract) -> set[str]:
    names = {name for name in entities()[contract.entity].key if name != "source"}
    for name in tuple(names):
        column = contract.columns.get(name)
        names |= {contract.staged_name(part) for part in column.of} if column else set()
    return names


@dataclass(frozen=True)
class Corrections:
    """Every entry of one installation's file."""

    entries: tuple[Correction, ...] = ()
    # In a rebuild the moment of a load after which the same file was loaded again.
    earlier_load: str = ""

    def of(self, contract: Contract) -> tuple[Correction, ...]:
        """The entries for the files of one contract."""
        return tuple(entry for entry in self.entries if entry.contract == contract.id)

    def digest(self, contract: Contract) -> str:
        """Changes with the contract or with its entries: then the same bytes load again."""
        own = self.of(contract)
        if not own and not self.earlier_load:
            return contract.digest
        content = contract.digest + "".join(entry.rule_id for entry in own) + self.earlier_load
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def _faults(entries: Sequence[Correction]) -> list[str]:
    faults = []
    seen: dict[str, int] = {}
    for number, entry in enumerate(entries, start=1):
        at = f"{FILE}:第 {number} 条"
        contract = contracts().get(entry.contract)
        if contract is None:
            faults.append(f"{at}:contract：没有名为“{entry.contract}”的合约")
            continue
        columns = contract.all_columns()
        faults += [
            f"{at}:{part}.{name}：合约 {contract.id} 没有此列"
            for part, cells in (("where", entry.where), ("set", entry.set))
            for name in cells
            if name not in columns or not columns[name].aliases
        ]
        if not entry.key():
            names = "、".join(sorted(n for n in _identifying(contract) if n in columns))
            faults.append(f"{at}:where：须含认定一行的列（{names}）")
        if all(entry.where.get(name) == value for name, value in entry.set.items()):
            faults.append(f"{at}:set：与 where 相同，没有改动")
        if entry.rule_id in seen:
            faults.append(f"{at}：与第 {seen[entry.rule_id]} 条重复")
        else:
            faults += _contradictions(number, entries)
        seen.setdefault(entry.rule_id, number)
    return faults


def _contradictions(number: int, entries: Sequence[Correction]) -> list[str]:
    """Earlier entries that put something else into the same cells of the same row."""
    entry = entries[number - 1]
    return [
        f"{FILE}:第 {number} 条:set.{name}：第 {other} 条也改同一行的这一列，只能留下一条"
        for other, earlier in enumerate(entries[: number - 1], start=1)
        if (earlier.contract, earlier.where) == (entry.contract, entry.where)
        and earlier.rule_id != entry.rule_id
        for name in entry.set
        if name in earlier.set
    ]


def read_corrections(home: Home) -> Corrections:
    """The installation's entries, checked; raises ContractError naming file, entry and key."""
    path: Path = home.root / "ingest" / FILE
    if not path.exists():
        return Corrections()
    try:
        raw = read_yaml(path) or []
        entries = TypeAdapter(tuple[Correction, ...]).validate_python(_with_on(raw))
    except yaml.YAMLError as error:
        message = f"{FILE}：不是有效的 YAML：{error}"
        raise ContractError(message) from None
    except ValidationError as error:
        faults = [
            _validation_fault(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()
        ]
        raise ContractError("\n".join(faults)) from None
    except ValueError as error:
        # YAML takes 2024-03-33 for a date; in quotes it is text.
        message = f"{FILE}：有读不懂的日期（{error}）；单元格里写错的日期请加引号"
        raise ContractError(message) from None
    faults = _faults(entries)
    if faults:
        raise ContractError("\n".join(faults))
    return Corrections(entries)


def _with_on(raw: object) -> object:
    """To YAML a bare `on` is a yes; here it is a key like the others."""
    if not isinstance(raw, list):
        return raw
    return [
        {"on" if key is True else key: value for key, value in entry.items()}
        if isinstance(entry, dict)
        else entry
        for entry in raw
    ]


def _validation_fault(place: tuple[int | str, ...], kind: str, message: str) -> str:
    if not place or not isinstance(place[0], int):
        return f"{FILE}：应为列表，每条以“- contract:”开头"
    key = ".".join(str(part) for part in place[1:])
    return f"{FILE}:第 {place[0] + 1} 条:{key}：{_IN_CHINESE.get(kind, message)}"


def main() -> int:
    """List every entry with the number of cells it has put right so far."""
    prepare_output()
    return carry_out(
        lambda: _list(current_home()),
        codes={IngestError: 1, WarehouseError: 1},
        after_fault="更正表没有列全，排除故障后请再运行一次",
        after_interrupt="已中断",
    )


def _list(home: Home) -> int:
    entries = read_corrections(home).entries
    if not entries:
        put_out(f"更正表 ingest/{FILE} 中没有条目")
        return 0
    used: dict[str, int] = {}
    if home.catalogue.exists():
        with reading(open_reader(home)) as cursor:
            rows = cursor.execute(
                """
                select rule_id, count(*) from lake.meta.row_issue
                where disposition = $disposition
                group by all
                """,
                {"disposition": DISPOSITION},
            ).fetchall()
        used = dict(rows)
    for number, entry in enumerate(entries, start=1):
        count = used.get(entry.rule_id, 0)
        state = f"用过 {count} 次" if count else "从未与任何一行相符，请核对"
        put_out(f"第 {number} 条 {entry.title}：{state}；{entry.reason[:_SHOWN]}")
    return 0 if all(entry.rule_id in used for entry in entries) else 1


if __name__ == "__main__":
    end_program(main())
