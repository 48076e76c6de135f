"""Our own YAML definitions, read into frozen models; a typo is an error naming file and key."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from warehouse.errors import DefinitionError

FOLDER = Path(__file__).parent
Model = TypeVar("Model", bound=BaseModel)


def load_mapping(file_name: str, model: type[Model]) -> dict[str, Model]:
    """The entries of one definitions file by id, in file order.

    Raises DefinitionError naming file, entry and key.
    """
    path = FOLDER / file_name
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        message = f"{file_name}:不是有效的 YAML:{error}"
        raise DefinitionError(message) from None
    if not isinstance(raw, dict):
        message = f"{file_name}:应为“编号: 内容”的映射"
        raise DefinitionError(message)
    faults: list[str] = []
    found: dict[str, Model] = {}
    for key, entry in raw.items():
        try:
            found[key] = model.model_validate({"id": key, **(entry or {})})
        except ValidationError as error:
            faults.extend(
                f"{file_name}:{key}.{'.'.join(str(part) for part in fault['loc'])}:{fault['msg']}"
                for fault in error.errors()
            )
    if faults:
        raise DefinitionError("\n".join(faults))
    return found
