"""One row of the verb tables: which words begin a clause, what may follow, and what that means."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from outrider.agents.scout.tasks.intentions import Intention
from outrider.agents.scout.tasks.language import Utterance, like

#: Makes intentions of a match; None: this row does not fit after all.
Build = Callable[[re.Match[str], Utterance], tuple[Intention, ...] | None]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a clause means, and what it says beside its verb: each word of that has to be part of the meaning."""

    intentions: tuple[Intention, ...]
    said: str = ""
    #: Text that the patterns of the rules matched by themselves.
    worded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verb:
    """A row: alternatives of the verb, what follows it, and what the whole means."""

    #: Regular expression of the verb's forms.
    heads: str
    #: Regular expression of all that follows.
    rest: str
    build: Build
    #: The verb may stand without an object, so a bare one after "and" begins a clause.
    alone: bool = False
    #: The verb may begin a clause after a comma or "and", not only a sentence.
    after_and: bool = True
    #: What follows the verb asks for nothing: it forbids what is not done unasked.
    idle: bool = False

    def read(self, clause: str, utterance: Utterance) -> Meaning | None:
        """What the clause means by this row, or None."""
        pattern = rf"(?P<verb_>{self.heads})\b{_TO_WHOM}(?:\s*:)?\s*+{self.rest}"
        found = like(pattern).fullmatch(clause)
        if found is None:
            return None
        hearing = utterance.afresh()
        hearing.take(found)
        intentions = self.build(found, hearing)
        if intentions is None:
            return None
        return Meaning(intentions, "" if self.idle else clause[found.end("verb_") :], tuple(hearing.worded))


#: For whom something is done changes nothing: "find me a lamp".
_TO_WHOM: Final = r"(?:\s+(?:me|us)\b(?!\s+(?:to|from|in|as|with|how)\b))?"


def always(*intentions: Intention) -> Build:
    """A row whose meaning does not depend on what follows the verb."""
    return lambda found, utterance: intentions
