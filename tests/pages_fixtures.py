"""How tests open pages: through app.py, on a server that is already warm, and read their figures."""

import html
import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "overview",
    "meeting",
    "handouts",
    "complaint_mix",
    "handling_time",
    "tracing",
    "exams",
    "reviews",
    "inspections",
    "outreach",
    "sub_branches",
    "profile",
    "attainment",
    "alerts",
    "health_check",
    "data_quality",
    "upload",
    "radar",
)
# Pages whose first view answers with words, tables or large numbers instead of a chart.
WITHOUT_CHARTS = ("data_quality", "radar", "upload", "meeting", "handouts")
Open = Callable[..., AppTest]


def use_home(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Point the app at an installation; the caches tell installations apart by themselves."""
    monkeypatch.setenv("DASHBOARD_HOME", str(home))
    monkeypatch.delenv("DASHBOARD_LANGUAGE", raising=False)


def warm_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest forgets before every run that app.py has been run; a real server remembers."""
    monkeypatch.setattr(
        script_runner, "_mpa_v1", lambda main: runpy.run_path(main, run_name="__main__")
    )


def opener(monkeypatch: pytest.MonkeyPatch, home: Path) -> Open:
    """A function that opens a page with parameters in its address."""
    use_home(monkeypatch, home)
    warm_server(monkeypatch)

    def open_page(page: str, **parameters: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in parameters.items():
            app.query_params[name] = value
        return app.run() if page == "overview" else go(app, page)

    return open_page


def go(app: AppTest, page: str) -> AppTest:
    """The app after the reader has chosen another page."""
    return app.switch_page(f"pages/{page}.py").run()


def words(app: AppTest) -> str:
    """Everything a reader can read on the page, charts apart."""
    parts = [element.value for element in (*app.title, *app.header, *app.subheader)]
    parts += [element.value for element in (*app.markdown, *app.caption, *app.info, *app.error)]
    parts += [element.proto.body for element in app.get("html")]
    return "\n".join(parts)


def plain(text: str) -> str:
    """HTML as the text it shows."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def tile(app: AppTest, name: str) -> str:
    """The text of the tile of this name."""
    for element in app.get("html"):
        for part in re.split(r"(?=<a class='why tile)", element.proto.body):
            if part.startswith("<a") and f"<span>{name}</span>" in part:
                return plain(part)
    message = f"no tile {name!r}"
    raise AssertionError(message)


def figure(app: AppTest, key: str) -> dict[str, Any]:
    """The figure of one chart as the browser gets it."""
    for element in app.get("plotly_chart"):
        if element.proto.id.endswith(f"-{key}"):
            return json.loads(element.proto.spec)
    keys = [element.proto.id for element in app.get("plotly_chart")]
    message = f"no chart {key!r}; there are {keys}"
    raise AssertionError(message)


def traces(app: AppTest, key: str, kind: str) -> list[dict[str, Any]]:
    """The traces of one kind in a chart."""
    return [trace for trace in figure(app, key)["data"] if trace["type"] == kind]


def assert_calm(app: AppTest) -> None:
    """Neither an exception nor the sentence that stands in for one."""
    assert [element.message for element in app.exception] == []
    assert [element.value for element in app.error] == []
