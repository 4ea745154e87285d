"""A form that was sent and refused: which fields the page marks, and what the user says is to be entered there."""

from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.pages.grounding import TICKED, TYPED, describe
from outrider.agents.scout.pages.told import ASIDE
from outrider.agents.scout.steps.attempts import refused
from outrider.agents.scout.steps.progress import Move, Situation
from outrider.interfaces.actions import Action, Fill, Select
from outrider.interfaces.models import Ask, Step
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["MEND", "as_sent", "marked", "mended", "name_of"]

#: Phase of the steps that put a refused form right, and how often it is sent again.
MEND: Final = "mend"
_MOST_AGAIN: Final = 3
_BULLET: Final = "•"


def mended(now: Situation, action: str, said: str = "") -> Move | Ask | None:
    """Ask what is to be entered into the fields that the page does not take, and enter it; None: nothing is wrong.

    ``said`` is why, if it is known. Raises STEP_REFUSED for what can't be put right so, or was tried too often.
    """
    mending = _steps_since_sent(now)
    if not said and not mending and now.last is not None and now.last.effect is not None:
        said = refused(now.last.effect)
    done = {step.memory["notes"]["field"] for step in mending}
    wrong = [field for field in marked(now) if _label(field) not in done]
    if not wrong and (mending or not said):
        return None
    if not wrong or not all(map(_can_be_asked, wrong)) or len(now.taken("again")) >= _MOST_AGAIN:
        raise OutriderError("STEP_REFUSED", action=action, said=said or _correcting(wrong))
    field = wrong[0]
    question = _question(field, field.complaint or said)
    reply = now.answer(question)
    if reply is None:
        return Ask(question)
    way: Action = Select(field.index, reply) if field.options else Fill(field.index, reply)
    return Move(way, f"Entering “{reply}” into {describe(field)} instead", MEND, {"field": _label(field)})


def _steps_since_sent(now: Situation) -> Sequence[Step]:
    """The steps that have put fields right since the form was sent last."""
    since = next((at for at, step in enumerate(reversed(now.steps)) if step.memory["phase"] != MEND), len(now.steps))
    return now.steps[len(now.steps) - since :]


def _can_be_asked(field: Element) -> bool:
    """Passwords are no matter for a conversation."""
    return (field.role in TYPED or bool(field.options)) and field.kind != "password" and bool(_label(field))


def _question(field: Element, why: str) -> str:
    value = "what was entered" if _BULLET in (field.value or "") else f"“{field.value}”"
    said = f"does not take {value} for" if field.value else "asks for"
    choice = f" One of: {', '.join(field.options)}." if field.options else ""
    return f"The page {said} {_label(field)}{f' (“{why}”)' if why else ''}. What is to be entered?{choice}"


def _correcting(fields: Sequence[Element]) -> str:
    names = [f"{_label(e)} ({e.complaint or ('not accepted' if e.value else 'empty')})" for e in fields]
    return f"please correct: {', '.join(names)}"


def marked(now: Situation) -> list[Element]:
    """The fields of the form that was sent which the page marks as wrong or lacking.

    A form that comes next may have marks of its own, and so may an empty one for the next thing of the kind.
    """
    before: dict[str, tuple[bool, bool]] = next(
        (step.memory["notes"]["sent"] for step in reversed(now.steps) if "sent" in step.memory.get("notes", {})), {}
    )
    fields = [e for e in _fields(now) if _label(e) in before]
    if now.last is not None and now.last.effect is not None and not now.last.effect.replaced:
        filled = {name_of(step) for step in now.history if isinstance(step.action, Fill)}
        fields = [e for e in fields if not before[_label(e)][1] or _label(e) in filled]
    elif not any(e.value for e in fields if before[_label(e)][0]):
        return []
    return [e for e in fields if "invalid" in e.states]


def as_sent(now: Situation) -> dict[str, tuple[bool, bool]]:
    """Whether each field has a value, which is not to be remembered here, and whether it is marked as wrong already."""
    return {_label(e): (bool(e.value), "invalid" in e.states) for e in _fields(now)}


def name_of(step: Step) -> str:
    """What the field of a step was called, as its memory has it."""
    parts = str(step.memory.get("notes", {}).get("element", "")).split("|")
    return parts[1] if len(parts) > 1 else ""


def _fields(now: Situation) -> list[Element]:
    fields = (e for e in now.observation.elements if e.value is not None or e.role in TYPED | TICKED)
    return [e for e in fields if e.region not in ASIDE]


def _label(field: Element) -> str:
    return field.name or field.context
