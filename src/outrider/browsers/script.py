"""The JavaScript that runs in the isolated world of every frame, put together from ``inject/``."""

from importlib.resources import files
from typing import Final

#: Name of the isolated world: the page's own scripts can neither see nor change what runs there.
WORLD: Final = "outrider"

_PARTS: Final = (
    "dom", "roles", "candidates", "texts", "memory", "observe", "records", "extract", "changes", "reaction", "arrival",
    "pointer", "fields", "pickers", "concealed", "environment",
)  # fmt: skip


def _source() -> str:
    folder = files("outrider.browsers") / "inject"
    parts = "\n".join((folder / f"{part}.js").read_text("utf-8") for part in _PARTS)
    return f"globalThis.outrider ??= (() => {{\n'use strict';\nconst api = {{}};\n{parts}\nreturn api;\n}})();"


#: Defines ``outrider``, once per document.
SOURCE: Final = _source()
