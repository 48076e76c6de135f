"""Masks what tells who somebody is inside any text, in SQL: numbers, names, addresses, accounts."""

from functools import lru_cache

import duckdb

from ingest.mask import accounts, names, numbers, places

# Stands for a cell of which nothing may be shown.
HIDDEN = "***"

# Most texts hold nothing that looks like it: they cost one look and no more. A mobile number in
# one piece is by far the commonest find, and one rule takes it out.
# Names are looked for by an expression of their own: one for all would be slower than two.
_WORDS = f"{accounts.SUSPECT}|{places.SUSPECT}"
_SUSPECT = f"{numbers.SUSPECT}|{_WORDS}"
_INTRICATE = f"{numbers.INTRICATE}|{_WORDS}"
# Fewer bytes hold neither a number nor a marked name.
_SHORTEST_BYTES = 7


def suspicious(text: str) -> str:
    """SQL that is true where a text may hold something to mask; cheap to plan and to run."""
    return (
        f"({text} is not null and strlen({text}) >= {_SHORTEST_BYTES} "
        f"and (regexp_matches({text}, '{_SUSPECT}') or regexp_matches({text}, '{names.SUSPECT}')))"
    )


def masked(text: str) -> str:
    """SQL expression: the text with everything that tells who somebody is masked."""
    thoroughly = names.masked(places.masked(accounts.masked(numbers.masked(text))))
    return (
        f"case when not {suspicious(text)} then {text} "
        f"when regexp_matches({text}, '{_INTRICATE}') "
        f"or regexp_matches({text}, '{names.SUSPECT}') then {thoroughly} "
        f"else {numbers.masked_mobile(text)} end"
    )


def is_bare_number(cell: str) -> str:
    """SQL that is true where an identifier is digits and nothing else."""
    return f"regexp_full_match({cell}, '[0-9]+[Xx]?')"


def tells_person(cell: str) -> str:
    """SQL that is true where an identifier is somebody's number, address or name.

    Bare digits need certainty: every tenth order number of sixteen digits looks like a card.
    """
    return (
        f"case when {cell} is null then false "
        f"when {is_bare_number(cell)} then {numbers.is_telling(cell)} "
        f"else {masked(cell)} <> {cell} end"
    )


@lru_cache(maxsize=1)
def _desk() -> duckdb.DuckDBPyConnection:
    """A connection of its own, for texts that are needed before any lake is open."""
    return duckdb.connect(":memory:", config={"threads": 1})


def masked_texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Texts masked by the same rules: names of files, sheets and columns, values of codes."""
    if not texts:
        return ()
    found = dict(zip(texts, texts, strict=True))
    with _desk().cursor() as con:
        statement = f"select text from (select unnest($texts) as text) where {suspicious('text')}"
        suspects = [text for (text,) in con.execute(statement, {"texts": [*texts]}).fetchall()]
        # The rules take twenty times as long to plan as the look, and are seldom needed.
        if suspects:
            statement = f"select text, {masked('text')} from (select unnest($texts) as text)"
            found |= dict(con.execute(statement, {"texts": suspects}).fetchall())
    return tuple(found[text] for text in texts)


def masked_text(text: str) -> str:
    """One text masked by the same rules."""
    return masked_texts((text,))[0]
