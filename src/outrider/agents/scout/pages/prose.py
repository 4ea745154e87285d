"""What sentences say about something that was done: what it cost and by whom, where there is no doubt."""

import re
from calendar import day_name, month_name
from dataclasses import dataclass
from typing import Final

from outrider.agents.scout.amounts import money
from outrider.agents.scout.pages.told import ASIDE
from outrider.agents.scout.synonyms import value_kind
from outrider.agents.scout.tasks.language import without_article
from outrider.interfaces.pages import Extraction

__all__ = ["Sentence", "sentences_on"]

#: Not after what may be an abbreviation: "by J. Orme", "Orme Co. Ltd".
_BETWEEN: Final = re.compile(r"(?<=[\w)]{4}[.!?])\s+(?=[A-Z])")
#: What makes another thing of what a sentence says: it was not, is to be, or is only meant.
_DOUBT: Final = re.compile(
    r"n['’]t\b"
    r"|\b(?:(?:not|never|no|none|would|could|can|may|might|should|will|shall|to be|if|unless|instead|about|nearly)\b"
    r"|offer|quot|estimat|propos|plan|budget|expect|ask|refus|reject|promis)",
    re.IGNORECASE,
)
_PAID: Final = re.compile(r"\b(?:for|costs?|costing|paid|(?:came|comes) to|a (?:cost|price) of)\s+$", re.IGNORECASE)
#: "£50 a month", "£50–70": no amount by itself.
_RATE: Final = re.compile(r"\s*(?:per\b|an?\b|each\b|every\b|[/–-]|to\b|or\b)", re.IGNORECASE)
_BY: Final = re.compile(
    rf"\bby (?!(?:{'|'.join((*month_name[1:], *day_name))})\b)"
    r"(?P<who>(?:the )?[A-Z][\w&'’-]*(?: (?:& |and |of )?[A-Z][\w&'’-]*)*)(?=[.!?]?$|[,;)]| [a-z])"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence about a deed."""

    text: str

    def value(self, name: str) -> str | None:
        """The amount that was paid, or by whom it was done; None when it says none, or several."""
        return self._cost() if value_kind(name) == "price" else self._doer()

    def _cost(self) -> str | None:
        first = money(self.text)
        if first is None:
            return None
        before, _, after = self.text.partition(first.text)
        clear = _PAID.search(before) and money(after) is None and not _RATE.match(after)
        return first.text if clear else None

    def _doer(self) -> str | None:
        found = _BY.findall(self.text)
        return found[0] if len(found) == 1 and len(re.findall(r"\bby\b", self.text)) == 1 else None


def sentences_on(deed: str, extraction: Extraction) -> tuple[Sentence, ...]:
    """The sentences that say without a doubt that a deed ("mending the roof") was done, each once."""
    verb, _, thing = deed.partition(" ")
    done = rf"{re.escape(verb.lower().removesuffix('ing'))}(?:ing|ed)"
    named = r"\s+".join(map(re.escape, without_article(thing).split()))
    says = re.compile(
        rf"\b{done}\s+(?:(?:the|our|a|an|its)\s+)?{named}\b"
        rf"|\b{named}\s+(?:is|are|was|were|has been|have been|got)\s+(?:now\s+)?{done}\b",
        re.IGNORECASE,
    )
    own = (text.text for text in extraction.texts if text.region not in ASIDE)
    sentences = dict.fromkeys(sentence for text in own for sentence in _BETWEEN.split(text))
    return tuple(Sentence(one) for one in sentences if says.search(one) and not _DOUBT.search(one))
