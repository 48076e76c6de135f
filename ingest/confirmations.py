"""The rules by which a load waits for a person's confirmation, from confirmations.yml."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ingest.errors import ContractError
from ingest.targets import table_columns
from warehouse.definitions import read_yaml

FILE = Path(__file__).parent / "confirmations.yml"


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    enabled: bool


class CoverageShrank(_Rule):
    """Asks when a later delivery of a series tells of less time than the last one did."""

    smallest_rows: int = Field(ge=1)
    smallest_share_pct: float = Field(ge=0, le=100)


class TotalDisagrees(_Rule):
    """Asks when a total row states another number than there are rows."""


class IdentityChanged(_Rule):
    """Asks when a file's rows have the numbers of loaded ones and tell of other cases."""

    smallest_rows: int = Field(ge=1)
    smallest_pct: float = Field(ge=0, le=100)
    more_than_days: int = Field(ge=1)
    # What tells one case from another, by entity.
    columns: dict[str, tuple[str, ...]]

    @field_validator("columns", mode="before")
    @classmethod
    def _as_tuples(cls, given: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
        unknown = [
            f"{entity}.{column}"
            for entity, columns in given.items()
            for column in columns
            if column not in table_columns(entity)
        ]
        if unknown:
            message = f"没有这一列：{'、'.join(unknown)}"
            raise ValueError(message)
        return {entity: tuple(columns) for entity, columns in given.items()}


class OlderDelivery(_Rule):
    """Asks when a file of an earlier 截至 day overwrites what a file of a later day brought."""

    smallest_rows: int = Field(ge=1)


class HeadlineJump(_Rule):
    """Asks when a headline of a quarter that was complete jumps."""

    smallest_n: int = Field(ge=1)
    rate_points: float = Field(gt=0)
    count_pct: float = Field(gt=0)
    backfill_pct: float = Field(ge=0)
    confidence: float = Field(gt=0, lt=1)


class Confirmations(BaseModel):
    """Every rule with its numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    coverage_shrank: CoverageShrank
    total_disagrees: TotalDisagrees
    identity_changed: IdentityChanged
    older_delivery: OlderDelivery
    headline_jump: HeadlineJump


@cache
def confirmations() -> Confirmations:
    """The rules in force; raises ContractError naming file and key."""
    return read_confirmations(FILE)


def read_confirmations(path: Path) -> Confirmations:
    """The rules that a file states; raises ContractError naming file and key."""
    try:
        given = read_yaml(path)
        return Confirmations.model_validate(given)
    except yaml.YAMLError as error:
        message = f"{path.name}：不是有效的 YAML：{error}"
        raise ContractError(message) from None
    except ValidationError as error:
        faults = [
            f"{path.name}：{'.'.join(str(part) for part in fault['loc'])}：{fault['msg']}"
            for fault in error.errors()
        ]
        raise ContractError("\n".join(faults)) from None
