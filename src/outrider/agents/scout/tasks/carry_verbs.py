"""The verbs that carry a value from the page into a field of it, as a table: copy, paste, read off, work out."""

import re
from typing import Final

from outrider.agents.scout.amounts import ordinal
from outrider.agents.scout.tasks.deeds import Copy, EnterCopied, EnterLabelled
from outrider.agents.scout.tasks.grammar import Verb, always
from outrider.agents.scout.tasks.intentions import Intention, Read
from outrider.agents.scout.tasks.language import Utterance, like, without_article
from outrider.agents.scout.tasks.phrases import field, target
from outrider.agents.scout.tasks.targets import Target

__all__ = ["CARRY_VERBS"]

_ENTER: Final = r"enter|type(?: in)?|input|put|write|paste|insert|fill in|key in"
_INTO: Final = r"(?:in|into|to) (?!.*\b(?:basket|cart|bag|trolley)\b)(?:the )?(?P<field>.+)"
_NOTED: Final = (
    r"(?:it|that|this|them|(?:your|the) (?:answer|result|solution)"
    r"|(?:the|that|this) (?:copied )?(?:text|word|value|number))"
)
_WORD: Final = r"(?:the )?(?P<place>\w+) word (?:in|of|from) (?:the )?(?P<of>.+)"
_PARAGRAPH: Final = like(r"(?:the )?(?:paragraph|text)(?: (?:below|above))?")
_SUM: Final = (
    r"(?:the |this )?(?:following )?(?:maths?|arithmetic|mathematical)? ?"
    r"(?:problem|sum|expression|exercise|calculation)(?: below| shown)?"
)


def _copy(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Copy("field", target(found["of"], utterance)),)


def _word(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    place = ordinal(found["place"])
    if not place:
        return None
    utterance.worded.append(f"{found['place']} {found['of']}")
    of = Target("paragraph") if _PARAGRAPH.fullmatch(found["of"]) else target(found["of"], utterance)
    return (Copy("word", of, place),)


def _paste(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (EnterCopied(field(found["field"], utterance) if found["field"] else Target("")),)


def _value(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    label = utterance.expand(without_article(found["label"]))
    return (Read((label,)), EnterCopied(field(found["field"], utterance)))


def _equation(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.worded.append(found["name"])
    return (Copy("equation", Target(found["name"])),)


CARRY_VERBS: Final[tuple[Verb, ...]] = (
    Verb("copy", r"(?:the )?(?:text|contents?|value) (?:in|from|of|inside) (?:the )?(?P<of>.+)", _copy),
    Verb("find|take|get|copy|read|look up|locate", _WORD, _word),
    Verb(_ENTER, rf"{_NOTED}(?:,? {_INTO})?", _paste),
    Verb(_ENTER, r"(?:the )?value (?:of|for) (?P<label>.+?) (?:in|into) (?:the )?(?P<field>.+)", _value),
    Verb(
        _ENTER,
        r"(?:the )?values? (?:that|which) (?:corresponds?|belongs?|fits?)(?: (?:with|to))? (?:each|the|every) labels?"
        r"(?: (?:in|into) the (?:form|fields?))?",
        always(EnterLabelled()),
    ),
    Verb("solve|calculate|compute|work out|answer", _SUM, always(Copy("sum", Target("")))),
    Verb("solve", r"(?:the equation )?for (?P<name>[a-z])", _equation),
)
