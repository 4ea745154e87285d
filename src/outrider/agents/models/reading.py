"""What a page says by structure, as text for models: a line for each record, with what its pieces are.

The heading within a list that records stand under is a line before the first of them.
"""

from collections.abc import Iterator
from typing import Final

from outrider.agents.observation import fitting
from outrider.interfaces.pages import Extraction, Field, RecordGroup

__all__ = ["render_extraction"]

#: About 2,000 tokens.
_CHARACTERS: Final = 8_000
_PIECE_CHARACTERS: Final = 160


def render_extraction(extraction: Extraction) -> str:
    """Lists, the largest on the page first, labelled values, and how the list goes on."""
    groups = sorted(extraction.groups, key=lambda group: -group.area)
    lines = [line for group in groups for line in _group_lines(group)]
    lines += [f"{pair.label}: {pair.value}" for pair in extraction.pairs]
    text, left = fitting(lines, _CHARACTERS)
    parts = ["read:", text]
    if left:
        parts.append(f"… {left} more lines")
    if extraction.next_page is not None:
        parts.append(f"The list goes on: [{extraction.next_page}] leads to its next page.")
    return "\n".join(parts)


def _group_lines(group: RecordGroup) -> Iterator[str]:
    yield f"-- {len(group.records)} entries" + (f", “{group.heading}”" if group.heading else "")
    section = ""
    for record in group.records:
        if record.section != section:
            section = record.section
            yield f"# {section or '(no heading)'}"
        yield "- " + " | ".join(filter(None, map(_piece, record.fields)))


def _piece(field: Field) -> str:
    text = field.text[:_PIECE_CHARACTERS]
    said = f"{field.label}: {text}" if field.label else text
    if field.kind == "rating" and field.hint:
        said = f"{said} ({field.hint})".strip()
    return f"[{field.index}] {said}" if field.index is not None else said
