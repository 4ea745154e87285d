"""The JavaScript that runs in the isolated world of every frame, put together from ``inject/``."""

import json
import re
from importlib.resources import files
from typing import Final

#: Name of the isolated world: the page's own scripts can neither see nor change what runs there.
WORLD: Final = "outrider"

_PARTS: Final = (
    "dom", "roles", "candidates", "texts", "memory", "observe", "records", "extract", "changes", "reaction", "arrival",
    "pointer", "fields", "pickers", "concealed", "environment",
)  # fmt: skip
#: A field called "children" hides the children of its form, also in this world: HTML has the names of fields override
#: what forms have (https://html.spec.whatwg.org/multipage/forms.html#the-form-element). Walking the document, these are
#: taken by symbols, which no field can be called. Nothing but nodes may have members of these names in ``inject/``.
_HIDEABLE: Final = (
    "assignedSlot", "attributes", "checkVisibility", "childNodes", "children", "className", "closest",
    "compareDocumentPosition", "contains", "getClientRects", "innerText",
    "firstChild", "firstElementChild", "getAttribute", "getBoundingClientRect", "getRootNode", "hasAttribute",
    "lastChild", "localName", "matches", "nextElementSibling", "nextSibling", "nodeType", "parentElement",
    "previousElementSibling", "previousSibling", "querySelector", "querySelectorAll", "shadowRoot", "tagName",
    "textContent",
)  # fmt: skip
_ACCESS: Final = re.compile(rf"(?<!\.)(?:(\?\.)|\.)({'|'.join(_HIDEABLE)})\b")
_OWN: Final = """
const BUILT_IN = {};
for (const name of NAMES) {
  BUILT_IN[name] = Symbol.for(`outrider ${name}`); // of all frames: nodes may come from another one
  for (const { prototype } of [Node, CharacterData, Text, Element, HTMLElement, SVGElement, DocumentFragment, Document,
    TreeWalker]) {
    const property = Object.getOwnPropertyDescriptor(prototype, name);
    if (property) Object.defineProperty(prototype, BUILT_IN[name], property);
  }
}
""".replace("NAMES", json.dumps(_HIDEABLE))


def _source() -> str:
    folder = files("outrider.browsers") / "inject"
    parts = "\n".join((folder / f"{part}.js").read_text("utf-8") for part in _PARTS)
    parts = _OWN + _ACCESS.sub(r"\1[BUILT_IN.\2]", parts)
    return f"globalThis.outrider ??= (() => {{\n'use strict';\nconst api = {{}};\n{parts}\nreturn api;\n}})();"


#: Defines ``outrider``, once per document.
SOURCE: Final = _source()
