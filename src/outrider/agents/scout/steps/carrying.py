"""Values that are taken off the page and put into a field of it."""

from typing import Final

from outrider.agents.scout.pages.arithmetic import solution, total
from outrider.agents.scout.pages.grounding import TYPED
from outrider.agents.scout.pages.told import beside
from outrider.agents.scout.steps.adjusting import fill_each
from outrider.agents.scout.steps.attempts import ground, spoken
from outrider.agents.scout.steps.filling import enter
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.deeds import Copy, EnterCopied, EnterLabelled
from outrider.agents.scout.tasks.intentions import Enter
from outrider.interfaces.actions import Extract
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element, Extraction
from outrider.problems import OutriderError

__all__ = ["copy", "enter_copied", "enter_labelled"]

#: Beyond so many characters a look cuts the value of a field off.
_WHOLE: Final = 1000
#: A text with fewer words is a label or a button.
_PARAGRAPH_WORDS: Final = 4


def copy(wanted: Copy, now: Situation) -> Outcome:
    """Read the value; nothing is done on the page. Raises RESULT_NOT_FOUND."""
    if wanted.kind in ("sum", "equation"):
        return _learned(wanted.kind, _worked_out(wanted, now), now)
    text = _text_of(wanted, now)
    if isinstance(text, Ask):
        return text
    if wanted.kind == "field":
        return _learned(spoken(wanted.of), text, now)
    words = [word.strip('.,;:!?"“”()') for word in text.split()]
    place = wanted.place - 1 if wanted.place > 0 else wanted.place
    return _learned("word", words[place] if -len(words) <= place < len(words) else "", now)


def _learned(name: str, value: str, now: Situation) -> Done:
    if not value:
        raise OutriderError("RESULT_NOT_FOUND", missing=name, url=now.observation.url)
    return Done({"values": [[name, value, now.observation.url, value]]})


def _text_of(wanted: Copy, now: Situation) -> str | Ask:
    """The text of a field, or of the only paragraph besides the task's own words."""
    if wanted.of.text == "paragraph":
        own = plain_words(now.task.text)
        texts = [text.text for text in now.observation.texts if text.kind == "paragraph"]
        long = [text for text in texts if len(text.split()) >= _PARAGRAPH_WORDS and plain_words(text) != own]
        return long[0] if len(long) == 1 else ""
    fields = [one for one in now.observation.elements if one.role in TYPED and one.value]
    found = ground(now, wanted.of, TYPED, fields)
    if isinstance(found, Ask):
        return found
    value = found[0].element.value or ""
    return value if len(value) < _WHOLE else ""


def _worked_out(wanted: Copy, now: Situation) -> str:
    """The result of the only sum or equation on the page."""
    texts = [text.text for text in now.observation.texts]
    results = [solution(text, wanted.of.text) if wanted.kind == "equation" else total(text) for text in texts]
    known = list(filter(None, results))
    return known[0] if len(known) == 1 else ""


def enter_copied(wanted: EnterCopied, now: Situation) -> Outcome:
    """Enter what was read last."""
    if not now.known.values:
        raise OutriderError("RESULT_NOT_FOUND", missing="what is to be entered", url=now.observation.url)
    return enter(Enter(wanted.field, str(now.known.values[-1].value)), now)


def enter_labelled(wanted: EnterLabelled, now: Situation) -> Outcome:
    """Read the page, then fill field after field."""
    del wanted
    if now.last is None:
        return Move(Extract(), "Reading the labelled values of the page", "read")
    read = now.steps[0].effect
    extraction = read.extraction if read else None
    fields = [one for one in now.observation.elements if is_fillable(one) and _label(one)]
    values = [(one, _value_of(_label(one), extraction)) for one in fields]
    missing = [_label(one) for one, value in values if not value]
    if missing or not fields:
        raise OutriderError("RESULT_NOT_FOUND", missing=", ".join(missing) or "fields", url=now.observation.url)
    return fill_each(values, now, "enter the value of each label")


def _value_of(label: str, extraction: Extraction | None) -> str:
    if extraction is None:
        return ""
    pairs = (pair.value for pair in extraction.pairs if canonical(pair.label) == canonical(label))
    return next(pairs, "") or beside(label, extraction)


def _label(field: Element) -> str:
    return (field.name or field.context).strip(" :")
