"""Puts checked identifiers and SQL fragments of our own into statement templates.

Values from extracts never pass through here: they are parameters or already cells of a table.
"""

import re

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")
_SLOT = re.compile(r"<<(\w+)>>")


def identifier(name: str) -> str:
    """The name, quoted; raises ValueError unless it is plain snake_case."""
    if not _IDENTIFIER.fullmatch(name):
        message = f"not an identifier: {name!r}"
        raise ValueError(message)
    return f'"{name}"'


def names(columns: list[str] | tuple[str, ...], *, prefix: str = "") -> str:
    """A comma-separated list of quoted identifiers."""
    return ", ".join(prefix + identifier(column) for column in columns)


def literal(text: str) -> str:
    """A constant of a contract as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: list[str] | tuple[str, ...]) -> str:
    """A comma-separated list of SQL string literals."""
    return ", ".join(literal(text) for text in texts)


def fill(template: str, **parts: str) -> str:
    """The statement with each <<slot>> replaced by the fragment of that name."""
    return _SLOT.sub(lambda slot: parts[slot.group(1)], template)
