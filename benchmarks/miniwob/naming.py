"""Which tasks say in words what is to be clicked, typed or chosen, and what the others leave to be found out.

A task is in the list of the others when nothing but the page, by what it shows or does, tells what is wanted, or when
more than clicking, typing and choosing is asked for. All that is not listed here names it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["UNNAMED", "is_named"]

#: Reason -> tasks.
UNNAMED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "what to type stands on the page, and has to be read there": frozenset(
            {
                "copy-paste", "copy-paste-2", "find-word", "read-table", "read-table-2", "scroll-text",
                "text-transform", "visual-addition",
            }
        ),
        "it has to be worked out or tried": frozenset(
            {
                "ascending-numbers", "buy-ticket", "book-flight", "book-flight-nodelay", "click-checkboxes-soft",
                "find-greatest", "generate-number", "guess-number", "odd-or-even", "simple-algebra",
                "simple-arithmetic", "stock-market", "terminal", "tic-tac-toe", "use-autocomplete",
                "use-autocomplete-nodelay",
            }
        ),
        "it is known by its look: a colour, a shape, an order of blinking": frozenset(
            {
                "click-color", "click-shades", "click-shape", "count-shape", "count-sides", "hot-cold",
                "identify-shape", "number-checkboxes", "simon-says", "use-colorwheel-2",
            }
        ),
        "a place in a drawing": frozenset(
            {"bisect-angle", "circle-center", "draw-circle", "draw-line", "find-midpoint", "right-angle"}
        ),
        "something is to be dragged, hovered, marked, resized or scrolled": frozenset(
            {
                "chase-circle", "daily-calendar", "drag-box", "drag-circle", "drag-cube", "drag-items",
                "drag-items-grid", "drag-shapes", "drag-shapes-2", "drag-single-shape", "drag-sort-numbers",
                "highlight-text", "highlight-text-2", "hover-shape", "moving-items", "resize-textarea",
                "scroll-text-2",
            }
        ),
    }
)  # fmt: skip


def is_named(task: str) -> bool:
    """Whether the words of the task name what is to be clicked, typed or chosen."""
    return not any(task in tasks for tasks in UNNAMED.values())
