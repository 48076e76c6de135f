"""Our own YAML definitions, read into frozen models; a typo is an error naming file and key."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from warehouse.errors import DefinitionError

# The C parser reads the same safe subset ten times as fast, where it is there.
try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

FOLDER = Path(__file__).parent
Model = TypeVar("Model", bound=BaseModel)


class _Loader(_SafeLoader):
    """Refuses a key that is written twice, of which YAML would silently take the later one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        names: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in names:
                line = key.start_mark.line + 1
                message = f"第 {line} 行的“{key.value}”在同一处已写过一次，只能留下一个"
                raise yaml.YAMLError(message)
            names.add(str(key.value))
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:  # noqa: ANN401
    """What a YAML file holds; raises YAMLError, also for another encoding and for doubled keys."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = "文件不是 UTF-8 编码，请用编辑器另存为 UTF-8"
        raise yaml.YAMLError(message) from None
    return yaml.load(text, Loader=_Loader)  # noqa: S506


def load_mapping(file_name: str, model: type[Model]) -> dict[str, Model]:
    """The entries of one definitions file by id, in file order.

    Raises DefinitionError naming file, entry and key.
    """
    path = FOLDER / file_name
    try:
        raw = read_yaml(path)
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
