"""Whether a task goes round in circles: the same action again and again, on a page that shows the same."""

from collections import Counter
from hashlib import blake2b
from typing import Final

import msgspec

from outrider.interfaces.actions import Action
from outrider.interfaces.pages import Observation

__all__ = ["Repetition", "digest_of"]

_FOCUS: Final = frozenset({"focused"})
_ENCODER: Final = msgspec.json.Encoder()


class Repetition:
    """Counts what a task has done where."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[Action, str]] = Counter()

    def count(self, action: Action, observation: Observation) -> int:
        """How often the task has done this on a page that showed the same, this time included."""
        situation = action, digest_of(observation)
        self._seen[situation] += 1
        return self._seen[situation]


def digest_of(observation: Observation) -> str:
    """Equal for observations that show the same elements with the same values and states, and the same text.

    Where on the page they are, and where the focus is, does not count.
    """
    elements = [
        (
            each.role, each.name, each.tag, each.kind, each.value, sorted(each.states - _FOCUS),
            each.region, each.context, each.hints, each.href, each.options, each.complaint,
        )
        for each in observation.elements
    ]  # fmt: skip
    content = _ENCODER.encode((observation.url, observation.total_elements, elements, observation.texts))
    return blake2b(content, digest_size=12).hexdigest()
