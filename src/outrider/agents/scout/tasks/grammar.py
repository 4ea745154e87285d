"""One row of the verb tables: which words begin a clause, what may follow, and what that means."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from outrider.agents.scout.tasks.intentions import Intention
from outrider.agents.scout.tasks.language import Utterance

#: Makes intentions of a match; None: this row does not fit after all.
Build = Callable[[re.Match[str], Utterance], tuple[Intention, ...] | None]


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

    def read(self, clause: str, utterance: Utterance) -> tuple[Intention, ...] | None:
        """What the clause means by this row, or None."""
        found = re.fullmatch(rf"(?:{self.heads})\b\s*+{self.rest}", clause, re.IGNORECASE)
        return self.build(found, utterance) if found else None


def always(*intentions: Intention) -> Build:
    """A row whose meaning does not depend on what follows the verb."""
    return lambda found, utterance: intentions
