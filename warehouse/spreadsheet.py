"""What a spreadsheet makes of a text."""

import re

# Characters with which a formula begins, full-width forms included.
FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"^\s*[{re.escape(FORMULA_STARTS)}]|^[\t\r]")


def without_formula(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would run it."""
    return f"'{text}" if _FORMULA.match(text) else text
