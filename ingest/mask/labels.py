"""The names of columns, which may hold personal data as cells do."""

from dataclasses import replace

from ingest.mask import masked_texts
from ingest.match import Match


def with_masked_names(match: Match) -> Match:
    """The match whose columns and sections are called by masked names, to be kept and shown."""
    columns = match.header.columns
    shown = masked_texts(tuple(column.name for column in columns))
    named = tuple(replace(c, name=name) for c, name in zip(columns, shown, strict=True))
    sections = masked_texts(tuple(section.name for section in match.sections.values()))
    return replace(
        match,
        header=replace(match.header, columns=named),
        sections={
            position: replace(section, name=name)
            for (position, section), name in zip(match.sections.items(), sections, strict=True)
        },
    )
