"""Whether a condition of the task is met, as the page shows it."""

from outrider.agents.scout.pages.choosing import meets
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.steps.attempts import failure
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.steps.reading import look
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.criteria import Condition
from outrider.agents.scout.tasks.intentions import Read
from outrider.agents.scout.tasks.undertakings import When
from outrider.interfaces.actions import Extract
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["judge"]


def judge(wanted: When, now: Situation) -> Outcome:
    """Read the value that decides: of its field, else as the page says it. Raises RESULT_NOT_FOUND when it has none."""
    field = wanted.condition.field
    fields = [e for e in now.observation.elements if e.value is not None and _is_called(e, field)]
    if len(fields) == 1:
        return _judged(wanted, fields[0].value or "", now)
    extraction = now.extraction
    if extraction is None:
        if now.last is not None and now.last.problem:
            raise failure(now.last, "read the page", now)
        return Move(Extract(), f"Reading {field}", "read")
    value = look(Read((field,)), None, extraction, now).get(field)
    if value is None:
        raise OutriderError("RESULT_NOT_FOUND", missing=field, url=now.observation.url)
    return _judged(wanted, str(value.value), now)


def _judged(wanted: When, value: str, now: Situation) -> Done:
    """The verdict; where nothing is to be done by it, the value is told, since it is why."""
    field, met = wanted.condition.field, _is_met(wanted.condition, value)
    if wanted.then if met else wanted.otherwise:
        return Done({"verdict": met})
    return Done({"verdict": met, "values": [[field, value, now.observation.url, f"{field}: {value}"]]})


def _is_called(element: Element, field: str) -> bool:
    return any(canonical(text) == canonical(field) for text in (element.name, *element.hints))


def _is_met(condition: Condition, value: str) -> bool:
    if condition.field == "availability":
        return meets(Item("", availability=value), (condition,))
    if condition.test in ("is", "is not"):
        return (plain_words(value) == plain_words(condition.value)) is (condition.test == "is")
    return meets(Item("", columns={condition.field: value}), (condition,))
