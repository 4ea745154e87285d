"""The form of an answer: JSON, or XML where a surface has it and the client prefers it (RFC 9110, section 12.5.1)."""

from typing import Any, Final

import orjson

from outrider.protocol.xml import to_xml

__all__ = ["FORMS", "JSON", "content_type", "preferred", "written"]

JSON: Final = "application/json"
_XML: Final = ("application/xml", "text/xml")
#: From the one that is liked best by us.
FORMS: Final = (JSON, "text/json", *_XML)


def preferred(accept: str) -> str:
    """The first of the forms that the client likes best; JSON when it likes none of them."""
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    weights = {form: _weight(form, ranges) for form in FORMS}
    best = max(FORMS, key=lambda form: weights[form])
    return best if ranges and weights[best] > 0 else JSON


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0


def _weight(form: str, ranges: list[tuple[str, float]]) -> float:
    """Of the closest range that includes the form."""
    for including in (form, f"{form.partition('/')[0]}/*", "*/*"):
        found = [weight for name, weight in ranges if name == including]
        if found:
            return max(found)
    return 0.0


def written(form: str, root: str, content: Any) -> bytes:
    """JSON values in that form; ``root`` names the outermost element of XML."""
    return to_xml(root, content) if form in _XML else orjson.dumps(content)


def content_type(form: str) -> str:
    """What the answer's header says."""
    return form if form == JSON else f"{form}; charset=utf-8"
