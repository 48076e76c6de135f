"""The contracts: how the files of each source look, from contracts/*.yml into frozen models."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import ContractError
from ingest.targets import table_columns
from warehouse.codes import dimensions
from warehouse.definitions import read_yaml
from warehouse.entities import entities

FOLDER = Path(__file__).parent / "contracts"

ColumnType = Literal[
    "text",
    "identifier",
    "code",
    "timestamp",
    "date",
    "period_start",
    "period_end",
    "integer",
    "decimal",
    "count",
    "boolean",
    "free_text",
    "score",
    "presence",
    "person_key",
    "digest",
]
Severity = Literal["error", "warning"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Model):
    """How one column of the core table is filled from the file."""

    aliases: tuple[str, ...] = ()
    type: ColumnType = "text"
    required: bool = False
    constant: str | None = None
    default: str | None = None
    if_absent: str | None = None
    unless_present: tuple[str, ...] = ()
    fallback: str | None = None
    stand_in: dict[str, str] = {}
    fill_down: bool = False
    lenient: bool = False
    code_list: str | None = None
    values: dict[str, str | None] = {}
    blanks: tuple[str, ...] = ()
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    utc_to: str | None = None
    unit_by_header: dict[str, int] = {}
    estimated: str | None = None
    attendance: str | None = None
    full_score: str | None = None
    present: str | None = None
    absent: str | None = None
    of: tuple[str, ...] = ()
    when_filled: dict[str, str] = {}
    number_repeats: bool = False
    spans: bool = False


class Ambiguous(_Model):
    """A header that means different columns in different files; its values decide."""

    aliases: tuple[str, ...]
    candidates: tuple[str, ...]


class Rule(_Model):
    """One check of the rows; error returns the row, warning loads it and says so."""

    id: str
    severity: Severity
    expectation: Literal["not_null", "between", "in_set", "rows"]
    column: str
    min: float | None = None
    max: float | None = None
    values: tuple[str, ...] = ()
    failing: str | None = None
    needs: tuple[str, ...] = ()
    message: str


class Unpivot(_Model):
    """Columns of the file that become rows of a child table."""

    name: str
    value: str
    full: str | None = None
    endings: tuple[str, ...] = ()
    listed: dict[str, str] = {}


class Child(_Model):
    """A child table: unpivoted columns, or columns of which every file row makes one row."""

    unpivot: Unpivot | None = None
    columns: dict[str, Column] = {}
    number: str | None = None
    copied: tuple[str, ...] = ()


class OtherKinds(_Model):
    """Rows that are of another kind, by the words of one column: calls that are no complaints."""

    column: str
    matching: str


class Header(_Model):
    """Where the header may be."""

    max_scan_rows: int = Field(default=20, ge=1, le=100)
    max_levels: int = Field(default=3, ge=1, le=3)


class Contract(_Model):
    """One source: how to recognise its files and what becomes of their columns."""

    id: str
    entity: str
    source: str
    title_zh: str
    sheet: str | None = None
    header: Header = Header()
    excel_1904: bool = False
    inventory: bool = False
    require_any: tuple[tuple[str, ...], ...] = ()
    generic: tuple[str, ...] = ()
    titled: str | None = None
    columns: dict[str, Column]
    helpers: dict[str, Column] = {}
    ambiguous: tuple[Ambiguous, ...] = ()
    personal: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    children: dict[str, Child] = {}
    other_kinds: OtherKinds | None = None
    rules: tuple[Rule, ...] = ()
    coverage: tuple[str, ...]
    digest: str = ""

    @property
    def row_child(self) -> tuple[str, Child] | None:
        """The child table whose rows are the file's rows, with its name."""
        for table, child in self.children.items():
            if child.unpivot is None:
                return table, child
        return None

    @property
    def sections(self) -> tuple[str, Unpivot] | None:
        """The child table that takes unpivoted columns, with its name."""
        for table, child in self.children.items():
            if child.unpivot is not None:
                return table, child.unpivot
        return None

    def all_columns(self) -> dict[str, Column]:
        """Main, row-child and helper columns by the name that staging uses."""
        found = dict(self.columns)
        if self.row_child:
            found |= self.row_child[1].columns
        return found | {f"helper_{name}": column for name, column in self.helpers.items()}

    def staged_name(self, name: str) -> str:
        """The staging column of a target or helper."""
        return f"helper_{name}" if name in self.helpers else name


def _table_faults(contract: Contract) -> list[str]:
    """Columns and child tables that the core tables do not have."""
    entity = entities()[contract.entity]
    main = table_columns(contract.entity)
    faults = [
        f"columns.{name}：表 {contract.entity} 没有此列"
        for name in contract.columns
        if name not in main
    ]
    for table, child in contract.children.items():
        if table not in entity.children:
            faults.append(f"children.{table}：不是 {contract.entity} 的子表")
            continue
        faults.extend(
            f"children.{table}.columns.{name}：表 {table} 没有此列"
            for name in child.columns
            if name not in table_columns(table)
        )
    dated = {*main, *(contract.row_child[1].columns if contract.row_child else ())}
    faults.extend(f"coverage：没有列“{name}”" for name in contract.coverage if name not in dated)
    missing = [key for key in entity.key if key != "source" and key not in contract.columns]
    return faults + [f"columns：缺少业务主键列“{name}”" for name in missing]


def _code_faults(contract: Contract) -> list[str]:
    """Code columns without a code list that exists."""
    faults: list[str] = []
    for name, column in contract.all_columns().items():
        if column.code_list is not None and column.code_list not in dimensions():
            faults.append(f"columns.{name}.code_list：没有名为“{column.code_list}”的代码表")
        if column.type == "code" and column.code_list is None:
            faults.append(f"columns.{name}：类型为 code 时必须给出 code_list")
    faults.extend(
        f"ambiguous：“{name}”不是带代码表的列"
        for choice in contract.ambiguous
        for name in choice.candidates
        if name not in contract.columns or contract.columns[name].code_list is None
    )
    return faults


def _reference_faults(contract: Contract) -> list[str]:
    """Names of other columns, in columns and rules, that nothing bears."""
    names = {*table_columns(contract.entity), *contract.helpers}
    for child in contract.children.values():
        names |= set(child.columns)
    faults: list[str] = []
    for name, column in contract.all_columns().items():
        references = [*column.of, *column.unless_present, *column.when_filled, column.fallback]
        references += column.stand_in
        references += [column.estimated, column.attendance, column.full_score]
        faults.extend(
            f"columns.{name}：引用了不存在的列“{other}”"
            for other in references
            if other is not None and other not in names
        )
    faults.extend(
        f"rules.{rule.id}：引用了不存在的列“{other}”"
        for rule in contract.rules
        for other in (rule.column, *rule.needs)
        if other not in names
    )
    other = contract.other_kinds
    if other is not None and other.column not in names:
        faults.append(f"other_kinds：引用了不存在的列“{other.column}”")
    ids = [rule.id for rule in contract.rules]
    return faults + [f"rules.{each}：编号重复" for each in sorted(set(ids)) if ids.count(each) > 1]


def _faults(contract: Contract) -> list[str]:
    """Names that the model's types cannot check: entities, tables, columns, code lists."""
    known = entities()
    if contract.entity not in known:
        return [f"entity：没有名为“{contract.entity}”的数据种类；已有：{'、'.join(known)}"]
    return [*_table_faults(contract), *_code_faults(contract), *_reference_faults(contract)]


def read_contract(path: Path) -> Contract:
    """One contract file, checked; raises ContractError naming file and key."""
    try:
        raw = read_yaml(path)
        contract = Contract.model_validate(raw)
    except yaml.YAMLError as error:
        message = f"{path.name}：不是有效的 YAML:{error}"
        raise ContractError(message) from None
    except ValidationError as error:
        faults = [
            f"{path.name}:{'.'.join(str(part) for part in fault['loc'])}:{fault['msg']}"
            for fault in error.errors()
        ]
        raise ContractError("\n".join(faults)) from None
    faults = [f"{path.name}:{fault}" for fault in _faults(contract)]
    if contract.id != path.stem:
        faults.append(f"{path.name}:id：应与文件名相同，实为“{contract.id}”")
    if faults:
        raise ContractError("\n".join(faults))
    digest = hashlib.sha256(contract.model_dump_json().encode()).hexdigest()[:16]
    return contract.model_copy(update={"digest": digest})


@cache
def contracts(folder: Path = FOLDER) -> dict[str, Contract]:
    """Every contract by id; raises ContractError with the faults of all files."""
    found: dict[str, Contract] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            contract = read_contract(path)
        except ContractError as error:
            faults.append(str(error))
            continue
        found[contract.id] = contract
    if faults:
        raise ContractError("\n".join(faults))
    return found
