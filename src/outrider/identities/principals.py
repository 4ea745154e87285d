"""What is remembered of checked keys and tokens, so that a request does not wait for the database."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from outrider.interfaces.identities import Principal

__all__ = ["Known", "Principals"]

#: How late a change is noticed that somebody makes without ``forget``: in the database itself, say.
_SECONDS: Final = 300.0
_MOST: Final = 20_000


class Known(NamedTuple):
    """What is known of a key or token."""

    principal: Principal
    #: By the clock of ``Principals``.
    until: float
    #: Digest of the whole key.
    digest: str = ""


class Principals:
    """Remembers for five minutes, at most so many; whoever changes something says so with ``forget``."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        self._clock = clock
        self._most = most
        self._known: dict[str, Known] = {}
        #: Raised when something is forgotten. What was looked up before is not to be remembered after.
        self.changes = 0

    def find(self, mark: str) -> Known | None:
        """What is remembered under that mark."""
        known = self._known.get(mark)
        return known if known is not None and known.until > self._clock() else None

    def remember(self, mark: str, known: Known, *, changes: int) -> None:
        """Keep it, unless something was forgotten since ``changes`` was read."""
        if changes != self.changes:
            return
        self._known.pop(mark, None)
        if len(self._known) >= self._most:
            self._known.pop(next(iter(self._known)))
        self._known[mark] = known

    def limit(self, seconds: float = _SECONDS) -> float:
        """Until when something is good that is for at most so many seconds."""
        return self._clock() + min(seconds, _SECONDS)

    def forget(self, organisation_id: str) -> None:
        """Have all of an organisation looked up anew."""
        self.changes += 1
        self._known = {
            mark: known for mark, known in self._known.items() if known.principal.organisation_id != organisation_id
        }
