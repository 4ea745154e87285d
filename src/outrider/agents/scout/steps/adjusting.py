"""Values that are not typed into a field of their own: sliders, spinners, colours, one value for several fields."""

import re
from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.pages.colours import hexadecimal
from outrider.agents.scout.pages.grounding import TYPED, describe
from outrider.agents.scout.steps.attempts import failure
from outrider.agents.scout.steps.moving import is_fillable, once
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.deeds import Adjust, EnterAll, Pause
from outrider.interfaces.actions import Fill, Press, Wait
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["adjust", "enter_all", "fill_each", "pause"]

#: A slider is moved at most so often, the first try included.
_MOVES: Final = 3
#: A handle at its end stands this far over the slider, in pixels.
_EDGE: Final = 8
_NUMBER: Final = re.compile(r"[-−+]?\d+(?:[.,]\d+)?")


def enter_all(wanted: EnterAll, now: Situation) -> Outcome:
    """The value into one text field after the other."""
    fields = [e for e in now.observation.elements if is_fillable(e) and not {"readonly", "disabled"} & e.states]
    values = [(field, wanted.value) for field in fields]
    shown = "••••" if "password" in canonical(wanted.name) else wanted.value
    return fill_each(values, now, f"enter “{shown}” into all text fields", shown)


def fill_each(values: Sequence[tuple[Element, str]], now: Situation, what: str, shown: str = "") -> Outcome:
    """Each value into its field, one after the other; ``what`` names the deed in failures."""
    if now.last is not None and now.last.problem:
        raise failure(now.last, what, now)
    if not values:
        raise OutriderError("TARGET_NOT_FOUND", description=what, url=now.observation.url)
    at = len(now.taken("fill"))
    if at == len(values):
        return Done()
    field, value = values[at]
    return Move(Fill(field.index, value), f"Entering “{shown or value}” into {describe(field)}", "fill")


def adjust(wanted: Adjust, now: Situation) -> Outcome:
    """Bring what the task calls a slider, a spinner or a colour to its value."""
    what = f"set the {wanted.widget} to {', '.join(wanted.values)}"
    if wanted.widget == "colour":
        return fill_each(_coloured(wanted.values[0], now), now, what)
    sliders = _sliders(now.observation.elements) if wanted.widget == "slider" else _spinners(now.observation.elements)
    if len(sliders) != len(wanted.values):
        reason = f"{wanted.widget} ({len(sliders)} on the page, {len(wanted.values)} values)"
        raise OutriderError("TARGET_NOT_FOUND", description=reason, url=now.observation.url)
    if all(one.tag == "input" for one in sliders):
        return fill_each(tuple(zip(sliders, wanted.values, strict=True)), now, what)
    return _slide(sliders, [float(value.replace("−", "-").replace(",", ".")) for value in wanted.values], now, what)


def _coloured(name: str, now: Situation) -> list[tuple[Element, str]]:
    """The field of a colour with the code of the wanted one, written as the field has it."""
    code = hexadecimal(name)
    fields = [e for e in now.observation.elements if e.role in TYPED | {"button"} and _is_colour(e)]
    if not code or len(fields) != 1:
        return []
    return [(fields[0], code if fields[0].value and not fields[0].value.startswith("#") else f"#{code}")]


def _is_colour(element: Element) -> bool:
    signs = {word for text in (element.name, *element.hints) for word in plain_words(text)}
    return element.kind == "color" or bool(signs & {"color", "colour", "jscolor", "colorpicker"})


def _sliders(elements: Sequence[Element]) -> list[Element]:
    """Sliders, or the handles of what is one by its classes: those that hold no other."""
    found = [e for e in elements if e.role == "slider"]
    handles = [e for e in elements if any({"slider", "handle"} <= set(plain_words(hint)) for hint in e.hints)]
    inner = [
        e for e in handles if e.tag != "input" and not any(_is_in(other, e) for other in handles if other is not e)
    ]
    return found or inner


def _is_in(inner: Element, outer: Element) -> bool:
    x, y = inner.box.x + inner.box.width / 2, inner.box.y + inner.box.height / 2
    around = outer.box
    smaller = inner.box.width * inner.box.height < around.width * around.height
    return (
        smaller
        and around.x - 8 <= x <= around.x + around.width + 8
        and around.y - 8 <= y <= around.y + around.height + 8
    )


def _spinners(elements: Sequence[Element]) -> list[Element]:
    return [e for e in elements if e.role == "spinbutton"]


def _slide(sliders: Sequence[Element], values: Sequence[float], now: Situation, what: str) -> Outcome:
    """With the keyboard: one step shows which number on the page is its value, and how far a step goes."""
    last = now.last
    if last is None:
        return _probe(sliders, 0, now)
    if last.problem:
        raise failure(last, what, now)
    notes = last.memory["notes"]
    at, numbers = int(notes["slider"]), _numbers(sliders, now)
    if now.phase == "probe":
        moved = [place for place, (a, b) in enumerate(zip(notes["numbers"], numbers, strict=False)) if a != b]
        if not moved and notes["key"] == "ArrowRight":
            return _probe(sliders, at, now, "ArrowLeft")
        if not moved:
            raise failure(last, what, now)
        place, step = moved[0], abs(numbers[moved[0]] - notes["numbers"][moved[0]])
    else:
        place, step = int(notes["place"]), float(notes["step"])
    missing = round((values[at] - numbers[place]) / step)
    if abs(values[at] - numbers[place]) < step / 2:
        return _probe(sliders, at + 1, now) if at + 1 < len(sliders) else Done()
    if len([one for one in now.taken("move") if one.memory["notes"]["slider"] == at]) >= _MOVES:
        raise failure(last, what, now)
    key = Press("ArrowRight" if missing > 0 else "ArrowLeft", sliders[at].index, abs(missing))
    return Move(key, f"Moving the slider to {values[at]:g}", "move", {"slider": at, "place": place, "step": step})


def _probe(sliders: Sequence[Element], at: int, now: Situation, key: str = "ArrowRight") -> Move:
    notes = {"slider": at, "key": key, "numbers": _numbers(sliders, now)}
    return Move(Press(key, sliders[at].index), "Moving the slider one step", "probe", notes)


def _numbers(sliders: Sequence[Element], now: Situation) -> list[float]:
    """The values of the sliders as far as they tell them, then the numbers that stand alone on the page."""
    texts = [one.value or "" for one in sliders] + [text.text for text in now.observation.texts]
    return [float(text.replace("−", "-").replace(",", ".")) for text in texts if _NUMBER.fullmatch(text.strip())]


def pause(wanted: Pause, now: Situation) -> Outcome:
    """Let the time pass."""
    seconds = min(float(wanted.seconds), 600.0)
    return once(now, Wait(seconds=seconds + 10.0, at_least=seconds), f"Waiting for {wanted.seconds} seconds")
