"""The endpoints as a table, to say what is there when a request misses."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["RouteTable"]

_PARAMETER: Final = re.compile(r"\{[^}]+\}")
_LIKENESS: Final = 0.8
#: Longer paths are no slips of the keyboard, and comparing them is slow.
_COMPARED_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class _Route:
    methods: frozenset[str]
    template: str

    def matches(self, path: str) -> bool:
        pattern = "[^/]+".join(map(re.escape, _PARAMETER.split(self.template)))
        return re.fullmatch(pattern, path) is not None

    def filled_from(self, path: str) -> str:
        """The template with its parameters taken from the same places of ``path``."""
        given = path.split("/")
        parts = self.template.split("/")
        filled = (
            (given[place] if place < len(given) else "") or part if _PARAMETER.fullmatch(part) else part
            for place, part in enumerate(parts)
        )
        return "/".join(filled)


class RouteTable:
    """Methods and paths of an API, as (path template, methods); a path may come again with other methods."""

    def __init__(self, routes: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._routes = tuple(_Route(frozenset(methods), template) for template, methods in routes)

    def methods(self, path: str) -> frozenset[str]:
        """The methods that a path takes, HEAD and OPTIONS included; empty for an unknown path."""
        found = frozenset[str]().union(*(route.methods for route in self._routes if route.matches(path)))
        return found | {"HEAD", "OPTIONS"} if "GET" in found else found | {"OPTIONS"} if found else found

    def suggestion(self, method: str, path: str) -> str:
        """`` Did you mean POST /v1/sessions/x/message?``, or nothing when no endpoint is like it."""
        if len(path) > _COMPARED_CHARACTERS:
            return ""
        candidates = [r.filled_from(path) for r in self._routes if method in r.methods and not r.matches(path)]
        close = difflib.get_close_matches(path, candidates, n=1, cutoff=_LIKENESS)
        return f" Did you mean {method} {close[0]}?" if close else ""
