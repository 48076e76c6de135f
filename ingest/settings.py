"""The settings of loading, from ingest/settings.yml of the installation or of the program."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import Fault
from warehouse.definitions import read_yaml
from warehouse.home import Home
from warehouse.journal import Keeping

_SHIPPED = Path(__file__).parent / "settings.yml"


class Settings(BaseModel):
    """What an installation decides about loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    archive: Keeping = "keep"


def settings(home: Home) -> Settings:
    """The installation's own settings, else those of the program; raises Fault for a typo."""
    own = home.root / "ingest" / "settings.yml"
    path = own if own.exists() else _SHIPPED
    try:
        content = read_yaml(path) or {}
        # YAML reads a bare `off` as false.
        if isinstance(content, dict) and content.get("archive") is False:
            content["archive"] = "off"
        return Settings.model_validate(content)
    except yaml.YAMLError as error:
        message = f"设置文件 {path} 读不懂：{error}；请改正后再运行"
        raise Fault(message) from error
    except ValidationError as error:
        known = "只有 archive 一项，只能写 keep、encrypt 或 off"
        names = [str(fault["loc"][0]) for fault in error.errors() if fault["loc"]]
        wrong = f"“{names[0]}”不对，" if names else ""
        message = f"设置文件 {path} 有误：{wrong}{known}；请改正后再运行"
        raise Fault(message) from error
