"""Forms: enter a value, send."""

import re
from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.amounts import count_word
from outrider.agents.scout.pages.grounding import CHOSEN, TICKED, TYPED, Candidate, describe, rank
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, ground, reacted
from outrider.agents.scout.steps.further import next_page, section
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.steps.options import best_option, plain
from outrider.agents.scout.steps.progress import Done, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.intentions import Enter
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Action, Check, Click, Fill, Select
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Effect, Element
from outrider.problems import OutriderError

_NO: Final = frozenset({"no", "false", "off", "unchecked", "0"})
_YES: Final = frozenset({"yes", "true", "on", "checked", "1"})


def enter(wanted: Enter, now: Situation) -> Outcome:
    """Put a value into a field: typed, chosen or ticked, as the field wants it."""
    if wanted.optional and now.last is None and not _has_field(now, wanted.field):
        return Done()
    if not now.taken("try") and not _offers(wanted, now) and (move := section(wanted, now) or next_page(wanted, now)):
        return move
    what = f"enter “{shown(wanted)}”" + (f" as {wanted.field.text}" if wanted.field.text else "")
    return attempt(
        now,
        what,
        lambda: _fields(now, wanted),
        lambda element: _put(element, wanted.value),
        lambda effect: _holds(effect, now, wanted.value),
        lambda element: f"Entering “{shown(wanted)}” into {describe(element)}",
    )


def _offers(wanted: Enter, now: Situation) -> bool:
    """Whether anything on the page may be the field."""
    usable = [e for e in now.observation.elements if "readonly" not in e.states]
    near = Target(wanted.value, near=wanted.field.text)
    found = not wanted.field.text or rank(usable, wanted.field, TYPED | CHOSEN | TICKED) or rank(usable, near, TICKED)
    return bool(found or _star(now, wanted) or _editor(now, wanted.field))


def _editor(now: Situation, field: Target) -> Sequence[Candidate]:
    """The only field for a text of many lines, where the task wants a text written into a page that names none."""
    if not _BODY & set(canonical(field.text)):
        return ()
    large = [e for e in now.observation.elements if e.role == "textbox" and not e.kind and e.tag != "input"]
    return (Candidate(large[0], 1.0),) if len(large) == 1 else ()


_BODY: Final = frozenset(canonical("text content body review description"))


def shown(wanted: Enter) -> str:
    """A value as thoughts and failures may show it: never a password."""
    return "••••" if "password" in canonical(wanted.field.text) else wanted.value


def _has_field(now: Situation, field: Target) -> bool:
    best = rank(now.observation.elements, field, TYPED)
    return bool(best) and set(canonical(field.text)) <= {
        w for t in (best[0].element.name, *best[0].element.hints) for w in field_words(t)
    }


def field_words(text: str) -> Sequence[str]:
    """Words of a name or hint; ``password2`` counts as the second password."""
    return (*canonical(re.sub(r"(password|pass)[-_ ]?2\b", "confirm password", text, flags=re.IGNORECASE)),)


def _fields(now: Situation, wanted: Enter) -> Sequence[Candidate] | Ask:
    if not wanted.field.text:
        placed = wanted.field.position or wanted.field.cue == "textarea"
        return ground(now, wanted.field, TYPED) if placed else _open_field(now, wanted)
    usable = [e for e in now.observation.elements if "readonly" not in e.states]
    if "confirm" in canonical(wanted.field.text):
        again = [
            Candidate(e, 1.0)
            for e in usable
            if e.kind == "password" and "confirm" in {w for t in (e.name, *e.hints) for w in field_words(t)}
        ]
        if again:
            return again
    candidates = rank(usable, wanted.field, TYPED | CHOSEN)
    if any(is_fillable(one.element) for one in candidates):  # rather than one of a log-in or search beside it
        usable = [e for e in usable if e.role not in TYPED or is_fillable(e)]
        candidates = rank(usable, wanted.field, TYPED | CHOSEN)
    if len(candidates) > 1 and (called := _called_just_so(candidates, wanted.field)):
        return called
    if not candidates and (editor := _editor(now, wanted.field)):
        return editor
    if not candidates and (radios := rank(usable, Target(wanted.value, near=wanted.field.text), TICKED)):
        return radios[:1]
    if not candidates and (star := _star(now, wanted)):
        return star
    ticked = TICKED if wanted.value.casefold() in _YES | _NO else frozenset()
    return (candidates and ground(now, wanted.field, TYPED | CHOSEN, usable)) or ground(
        now, wanted.field, TYPED | CHOSEN | ticked
    )


def _called_just_so(candidates: Sequence[Candidate], field: Target) -> Sequence[Candidate]:
    """The only field that is called just so, on the page or in its source: "assigned to" is ``assignedto``."""
    same = [one for one in candidates if any(_is_name(text, field.text) for text in _names_of(one.element))]
    if len(same) > 1 and len({_ROW.sub("", "".join(one.element.hints)) for one in same}) == 1:
        same = [one for one in same if one.element.value]  # of a row that is there, not of the empty one after it
    secrets = [one for one in candidates if one.element.kind == "password" and not _confirms(one.element)]
    if field.near and len(secrets) > 1:
        return ()  # of which form it is matters more
    return same if len(same) == 1 and not field.position else ()


def _confirms(element: Element) -> bool:
    return "confirm" in {word for text in _names_of(element) for word in field_words(text)}


#: The number of a row in the name of its fields.
_ROW: Final = re.compile(r"\d+")


def _names_of(element: Element) -> Sequence[str]:
    return (element.name or element.context, *element.hints)


def _is_name(text: str, wanted: str) -> bool:
    """The same letters or words; a field for keywords may be ``keyword``, one of a row ``items-0-in_stock``."""
    words, said = canonical(wanted), canonical(re.sub(r"[_-]", " ", text))
    same = plain(wanted) in (plain(text), f"{plain(text)}s") or (bool(words) and said == words)
    return same or (len(words) > 1 and said[-len(words) :] == words)


def _star(now: Situation, wanted: Enter) -> Sequence[Candidate]:
    """The star to click for a rating, where a row of five or ten of them is all that there is to fill in."""
    if not {"score", "rating", "star", "rate"} & set(canonical(wanted.field.text)):
        return ()
    stars = [e for e in now.observation.elements if not e.href and any("star" in plain_words(h) for h in e.hints)]
    value = count_word(wanted.value.split()[0]) or 0
    return (Candidate(stars[value - 1], 1.0),) if len(stars) in (5, 10) and 0 < value <= len(stars) else ()


def _open_field(now: Situation, wanted: Enter) -> Sequence[Candidate] | Ask:
    """Where a value goes that the task names no field for: the focused field, else the only empty one."""
    fields = [e for e in now.observation.elements if e.role in TYPED and not e.options and "disabled" not in e.states]
    focused = [e for e in fields if "focused" in e.states]
    empty = [e for e in fields if not e.value and is_fillable(e)] or [e for e in fields if not e.value]
    found = [Candidate(e, 1.0) for e in focused or empty]
    if len(found) > 1:
        return choose_by_answer(now, f"the field for {wanted.value}", found)
    if not found:
        raise OutriderError("TARGET_NOT_FOUND", description=f"a field for “{wanted.value}”", url=now.observation.url)
    return found


def _put(element: Element, value: str) -> Action:
    if element.options:
        return Select(element.index, best_option(element.options, value) or value)
    if element.role not in TYPED | CHOSEN | TICKED:
        return Click(element.index)
    if element.role in TICKED:
        return Check(element.index, value.casefold() not in _NO)
    return Fill(element.index, value)


def _holds(effect: Effect, now: Situation, value: str) -> bool:
    """The field has the value, whatever punctuation it adds."""
    if effect.value is None:
        return reacted(effect)
    action = now.last.action if now.last else None
    if isinstance(action, Select):
        return plain(effect.value) == plain(action.option) or reacted(effect) or bool(effect.value)
    if isinstance(action, Check):
        return True
    have, want = plain(effect.value), plain(value)
    return have == want or set(effect.value) <= {"•", "*"} or (bool(have) and (have in want or want in have))
