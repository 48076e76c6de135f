"""How small counts are treated in what leaves the room, from definitions/handouts.yml."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from warehouse.definitions import load_mapping
from warehouse.entities import entities
from warehouse.errors import DefinitionError
from warehouse.registry import Indicator


class SmallCounts(BaseModel):
    """Below how many cases a cell is not told apart, and of which kinds of extracts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    suppress_below: int = Field(ge=0)
    entities: tuple[str, ...]

    def limit(self, asked: Indicator) -> int:
        """The smallest count of this indicator that may stand alone; 0 where any may."""
        return self.suppress_below if asked.entity in self.entities else 0


@cache
def small_counts() -> SmallCounts:
    """The settings in force; raises DefinitionError naming file, entry and key."""
    found = load_mapping("handouts.yml", SmallCounts)
    if list(found) != ["small_counts"]:
        message = f"handouts.yml:应只有 small_counts 一项,写的是 {'、'.join(found)}"
        raise DefinitionError(message)
    for name in found["small_counts"].entities:
        if name not in entities():
            message = f"handouts.yml:small_counts.entities:没有数据种类 {name!r}"
            raise DefinitionError(message)
    return found["small_counts"]
