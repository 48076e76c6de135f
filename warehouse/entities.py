"""The entities that extracts bring: tables and business keys, from definitions/entities.yml."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from warehouse.definitions import load_mapping


class Entity(BaseModel):
    """One kind of extract; its table in `core` bears the entity's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name_zh: str
    name_en: str
    file_zh: str
    key: tuple[str, ...]
    children: dict[str, tuple[str, ...]] = {}


@cache
def entities() -> dict[str, Entity]:
    """Every entity by id."""
    return load_mapping("entities.yml", Entity)
