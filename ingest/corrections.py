"""Known errors of the sources, put right by configuration: ingest/corrections.yml.

`python -m ingest.corrections` lists every entry and whether it was ever used.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import duckdb
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from ingest.contract import Contract, contracts
from ingest.errors import ContractError, Fault, Problem
from ingest.mask import HIDDEN, masked
from ingest.match import Match
from ingest.parse import timestamp
from ingest.sql import fill, literal
from warehouse.entities import entities
from warehouse.home import Home, current_home
from warehouse.lake import open_reader, reading

FILE = "corrections.yml"
DISPOSITION = "corrected"
_DATES = ("timestamp", "date")
_SHOWN = 80


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
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        entries = TypeAdapter(tuple[Correction, ...]).validate_python(_with_on(raw))
    except yaml.YAMLError as error:
        message = f"{FILE}：不是有效的 YAML：{error}"
        raise ContractError(message) from None
    except ValidationError as error:
        faults = [_validation_fault(fault["loc"], fault["msg"]) for fault in error.errors()]
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


def _validation_fault(place: tuple[int | str, ...], message: str) -> str:
    if not place or not isinstance(place[0], int):
        return f"{FILE}：应为列表，每条以“- contract:”开头"
    key = ".".join(str(part) for part in place[1:])
    return f"{FILE}:第 {place[0] + 1} 条:{key}：{message}"


def _is(match: Match, name: str, wanted: str) -> str:
    """SQL that is true where a cell says what the entry says; a date may be written otherwise."""
    cell = f"c{match.targets[name]}"
    column = match.contract.all_columns()[name]
    same = f"{cell} = {literal(wanted)}"
    if column.type not in _DATES:
        return f"({same})"
    read = timestamp(cell, formats=column.formats, excel_1904=match.contract.excel_1904)
    return f"({same} or {read} = try_cast({literal(wanted)} as timestamp))"


def _rows(con: duckdb.DuckDBPyConnection, match: Match, where: dict[str, str]) -> list[int]:
    statement = fill(
        """
        select _row from cells
        where <<condition>> and _row not in (select _row from ignored)
        order by _row
        """,
        condition=" and ".join(_is(match, name, value) for name, value in where.items()),
    )
    return [row for (row,) in con.execute(statement).fetchall()]


def _was_used(con: duckdb.DuckDBPyConnection, entry: Correction) -> bool:
    row = con.execute(
        "select 1 from lake.meta.row_issue where rule_id = $rule limit 1", {"rule": entry.rule_id}
    ).fetchone()
    return row is not None


def _stale(entry: Correction) -> Fault:
    message = (
        f"更正表 ingest/{FILE} 中的一条不再相符：{entry.title}；以前的装载用过它，"
        "这次同一编号的行已不是原来的内容（来源可能已经修正）。请核对后删去或改写该条（"
        f"{entry.by}，{entry.on}）"
    )
    return Fault(message)


@dataclass(frozen=True)
class Applied:
    """What one entry changed: rows, and what is said of each."""

    entry: Correction
    rows: tuple[int, ...]


def correct(
    con: duckdb.DuckDBPyConnection,
    match: Match,
    entries: Sequence[Correction],
    *,
    has_lake: bool,
) -> list[Applied]:
    """Put the cells right that the entries name.

    Raises Fault when an entry that was of use before no longer fits the row it names.
    """
    applied: list[Applied] = []
    for entry in entries:
        names = {*entry.where, *entry.set}
        if not names <= match.targets.keys():
            continue
        rows = _rows(con, match, entry.where)
        if rows:
            applied.append(Applied(entry, tuple(rows)))
        elif has_lake and _rows(con, match, entry.key()) and _was_used(con, entry):
            raise _stale(entry)
    if applied:
        _refuse_contradictions(applied)
        _note_changes(con, match, applied)
        _rewrite(con, match, applied)
    return applied


def _refuse_contradictions(applied: Sequence[Applied]) -> None:
    """Raise Fault where two entries, whose `where` differ, meet in one cell."""
    seen: dict[tuple[int, str], Correction] = {}
    for one in applied:
        for cell in ((row, name) for row in one.rows for name in one.entry.set):
            other = seen.setdefault(cell, one.entry)
            if other is not one.entry:
                message = (
                    f"更正表 ingest/{FILE} 中有两条改同一个单元格（第 {cell[0]} 行的 {cell[1]}）："
                    f"{other.title} 与 {one.entry.title}；请核对后只留下一条"
                )
                raise Fault(message)


def _note_changes(con: duckdb.DuckDBPyConnection, match: Match, applied: Sequence[Applied]) -> None:
    """Create `stage_corrected`: for each changed cell the masked words that are logged."""
    con.execute(
        """
        create or replace table stage_corrected (
            _row bigint, rule_id varchar, column_name varchar, value_masked varchar,
            message varchar
        )
        """
    )
    for one in applied:
        for name, new in one.entry.set.items():
            cell = f"c{match.targets[name]}"
            is_kept_back = match.contract.all_columns()[name].type in ("person_key", "free_text")
            old = literal(HIDDEN) if is_kept_back else f"left({masked(cell)}, 200)"
            con.execute(
                fill(
                    """
                    insert into stage_corrected
                    select
                        _row, $rule, $column, <<old>>,
                        '“' || $column || '”按更正表由“' || coalesce(<<old>>, '') || '”改为“'
                        || coalesce(<<new>>, '') || '”：' || $reason,
                    from cells
                    where _row in (select unnest($rows::bigint[]))
                    """,
                    old=old,
                    new=literal(HIDDEN) if is_kept_back else masked("$new::varchar"),
                ),
                {
                    "rule": one.entry.rule_id,
                    "column": match.column_name(name),
                    "reason": f"{one.entry.reason}（{one.entry.by}，{one.entry.on}）",
                    "rows": list(one.rows),
                    **({} if is_kept_back else {"new": new}),
                },
            )


def _rewrite(con: duckdb.DuckDBPyConnection, match: Match, applied: Sequence[Applied]) -> None:
    """Lay the new values over `cells`; what was delivered stays beneath."""
    replaced: dict[int, list[str]] = {}
    for one in applied:
        rows = ", ".join(str(row) for row in one.rows)
        for name, new in one.entry.set.items():
            value = "null" if new is None or not new.strip() else literal(new)
            whens = replaced.setdefault(match.targets[name], [])
            whens.append(f"when _row in ({rows}) then {value}")
    (kind,) = con.execute(
        """
        select coalesce(max(table_type), 'VIEW') from information_schema.tables
        where table_name = 'cells' and table_catalog = current_database()
        """
    ).fetchone() or ("VIEW",)
    what = "view" if kind == "VIEW" else "table"
    con.execute(fill("alter <<what>> cells rename to stage_delivered", what=what))
    columns = ", ".join(
        f"case {' '.join(whens)} else c{i} end as c{i}" for i, whens in replaced.items()
    )
    con.execute(
        fill("create view cells as select * replace (<<c>>) from stage_delivered", c=columns)
    )


def log_corrected(con: duckdb.DuckDBPyConnection, applied: Sequence[Applied]) -> list[Problem]:
    """Add every changed cell to `issues`; gives one line for each entry that was of use."""
    if not applied:
        return []
    con.execute(
        f"insert into issues select _row, '{DISPOSITION}', rule_id, column_name, "  # noqa: S608
        "value_masked, message from stage_corrected"
    )
    return [
        Problem(
            one.rows[0] if len(one.rows) == 1 else None,
            None,
            None,
            DISPOSITION,
            f"按更正表改正了 {len(one.rows)} 行：{one.entry.contract}，{one.entry.reason}"
            f"（{one.entry.by}，{one.entry.on}）",
        )
        for one in applied
    ]


def main() -> int:
    """List every entry with the number of cells it has put right so far."""
    home = current_home()
    try:
        entries = read_corrections(home).entries
    except ContractError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not entries:
        sys.stdout.write(f"更正表 ingest/{FILE} 中没有条目\n")
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
        sys.stdout.write(f"第 {number} 条 {entry.title}：{state}；{entry.reason[:_SHOWN]}\n")
    return 0 if all(entry.rule_id in used for entry in entries) else 1


if __name__ == "__main__":
    sys.exit(main())
