"""Words on screen: the one way to the message catalogue and to names in the reader's language."""

import gettext
import os
from functools import cache
from pathlib import Path
from typing import Protocol

DOMAIN = "dashboard"
FOLDER = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "zh"


class Named(Protocol):
    """Anything from the registry that has a name in both languages."""

    @property
    def name_zh(self) -> str: ...

    @property
    def name_en(self) -> str: ...


def language() -> str:
    """The language of the screen, from DASHBOARD_LANGUAGE; Chinese when it is not set."""
    return os.environ.get("DASHBOARD_LANGUAGE") or SOURCE_LANGUAGE


@cache
def _catalogue(wanted: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, languages=[wanted], fallback=True)


def _(message: str) -> str:
    """The message in the language of the screen; the source text where no translation exists."""
    return _catalogue(language()).gettext(message)


def name_of(thing: Named) -> str:
    """Name of an indicator or dimension in the language of the screen."""
    if language().startswith("en") and thing.name_en:
        return thing.name_en
    return thing.name_zh
