"""Things that an application keeps: the form for a new one, its name, the page of one's own, and keeping it all."""

from collections.abc import Callable, Sequence
from typing import Final

from outrider.agents.scout.pages.grounding import CLICKED, TICKED, TYPED, Candidate, describe
from outrider.agents.scout.steps.attempts import attempt, reacted
from outrider.agents.scout.steps.mending import MEND, mended
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.steps.sending import confirming, deed_words, press, send_again, send_buttons
from outrider.agents.scout.synonyms import canonical, plain_words, stem
from outrider.agents.scout.tasks.intentions import Submit
from outrider.agents.scout.tasks.undertakings import Keep, MakeNew, NameIt, ToOwn
from outrider.interfaces.actions import Check, Click, Fill, Select
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

_MAKING: Final = frozenset({"create", "add"})
_OWN: Final = frozenset(canonical("account profile settings details edit"))
#: Links that are followed on the way to one form.
_MOST_WAYS: Final = 3


def make_new(wanted: MakeNew, now: Situation) -> Outcome:
    """Follow what says "new …", or "new" beside it; the list of such things may have it."""
    kind = {stem(word) for word in canonical(wanted.kind)}
    if now.phase == "open" and now.last is not None and now.last.effect is not None and reacted(now.last.effect):
        return Done()
    if now.last is None and _is_form_for(kind, now):
        return Done()
    makers = [e for e in now.observation.elements if e.role in CLICKED - TICKED and _makes(e, kind)]
    if makers:
        makers.sort(key=lambda e: (not kind <= _stems(e.name), e.region == "dialog"))
        return Move(
            Click(makers[0].index), f"Going to the form for a new {wanted.kind} by {describe(makers[0])}", "open"
        )
    lists = [e for e in now.observation.elements if e.role == "link" and _stems(e.name) == kind]
    if lists and not now.taken("list"):
        return Move(Click(lists[0].index), f"Going to {describe(lists[0])}, where a new one may be made", "list")
    raise OutriderError("TARGET_NOT_FOUND", description=f"new {wanted.kind}", url=now.observation.url)


def _makes(element: Element, kind: set[str]) -> bool:
    named = set(canonical(element.name))
    said = _stems(f"{element.name} {element.context} {_words_of(element.href)}")
    return bool(named & _MAKING) and kind <= said and len(named) <= len(kind) + 2


def _words_of(address: str) -> str:
    return address.partition("//")[2].partition("/")[2].replace("/", " ").replace("?", " ").replace("-", " ")


def _stems(text: str) -> set[str]:
    return {stem(word) for word in canonical(text)}


def _is_form_for(kind: set[str], now: Situation) -> bool:
    titles = [now.observation.title, *(t.text for t in now.observation.texts if t.kind.startswith("heading"))]
    about = any(kind <= _stems(title) and _MAKING & set(canonical(title)) for title in titles)
    return about and any(map(is_fillable, now.observation.elements))


def name_it(wanted: NameIt, now: Situation) -> Outcome:
    """Fill the field that is called "name", "title" or what the thing is."""
    return attempt(
        now,
        f"enter “{wanted.name}” as the name of the {wanted.kind}",
        lambda: _name_fields(wanted.kind, now),
        lambda element: Fill(element.index, wanted.name),
        lambda effect: True,
        lambda element: f"Entering “{wanted.name}” into {describe(element)}",
    )


def _name_fields(kind: str, now: Situation) -> Sequence[Candidate]:
    fields = [e for e in now.observation.elements if e.role in TYPED and not e.options and is_fillable(e)]
    kinds = {stem(word) for word in canonical(kind)}
    tests: tuple[Callable[[set[str]], bool], ...] = (
        lambda words: kinds < words and words - kinds <= _NAMES,
        lambda words: bool(words) and words <= _NAMES,
        lambda words: words == kinds,
    )
    for test in tests:
        found = [e for e in fields if any(test(_stems(text)) for text in (e.name or e.context, *e.hints))]
        if found:
            return (Candidate(found[0], 1.0),)
    raise OutriderError("TARGET_NOT_FOUND", description=f"a field for the name of the {kind}", url=now.observation.url)


_NAMES: Final = frozenset(stem(word) for word in canonical("name title"))


def to_own(wanted: ToOwn, now: Situation) -> Outcome:
    """Follow the links to the user's own account until a page has the field."""
    words = canonical(wanted.field.text)
    fields = [e for e in now.observation.elements if is_fillable(e)]
    if any(set(words) <= {*canonical(e.name), *canonical(e.context)} for e in fields):
        return Done()
    visited = {step.memory["notes"]["href"] for step in now.taken("own")}
    ways = [
        e
        for e in now.observation.elements
        if e.role in ("link", "button") and e.href not in visited and (said := set(canonical(e.name))) and said <= _OWN
    ]
    if not ways or len(visited) >= _MOST_WAYS:
        return Done()  # the field may be here under another name
    ways.sort(key=lambda e: "edit" not in plain_words(e.name))
    way = ways[0]
    return Move(Click(way.index), f"Looking for {wanted.field.text} at {describe(way)}", "own", {"href": way.href})


def keep(wanted: Keep, now: Situation) -> Outcome:
    """Press the button that sends what was changed, unless the page has taken it by itself or has no such button."""
    if now.last is not None and now.last.effect is not None:
        if mending := mended(now, "save"):
            return mending
        if now.phase == MEND and (again := send_again(now, _keeping(now))):
            return again
        if again := confirming(now):
            return again
        if reacted(now.last.effect) or now.phase == "settle":
            return Done()
    if now.last is None and _went_by_itself(now):
        return Done()
    buttons = [one for one in _keeping(now) if _keeps(one.element.name) and not _applies_a_code(one.element, now)]
    if not buttons and now.last is None:
        if made := next((one for one in now.plan[: now.at] if isinstance(one, MakeNew)), None):
            description = f"a button that keeps the new {made.kind}"
            raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)
        return Done()
    return press(now, "save what was changed", buttons, "Saving")


def _keeping(now: Situation) -> Sequence[Candidate]:
    last = next(
        (s.action.index for s in reversed(now.history) if isinstance(s.action, Fill | Select | Check | Click)), None
    )
    return send_buttons(now, Submit(), last)


def _applies_a_code(button: Element, now: Situation) -> bool:
    """Whether it is for a field of its own, which was left empty: that of a voucher, beside the number of pieces."""
    elements = now.observation.elements
    before = next((elements[at - 1] for at, e in enumerate(elements) if e.index == button.index and at), None)
    own = before is not None and before.role in TYPED and not before.value
    return own and plain_words(button.name) == ("apply",)


def _keeps(name: str) -> bool:
    """Whether a button says that it keeps something."""
    return bool(_KEEPING & deed_words(name))


_KEEPING: Final = frozenset(canonical("save submit edit add create ok done confirm apply rename register"))


def _went_by_itself(now: Situation) -> bool:
    """A choice or a box that opened another page when it was made."""
    last = now.history[-1] if now.history else None
    return last is not None and last.effect is not None and last.effect.navigated and not isinstance(last.action, Click)
