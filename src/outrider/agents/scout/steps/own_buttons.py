"""What an entry of a list has of its own: the button that selects it, the field and button that add one more."""

from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.pages.grounding import Candidate, describe
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, reacted
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.steps.progress import Done, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words, stem
from outrider.agents.scout.tasks.deeds import EnterNew, PressOwn
from outrider.interfaces.actions import Click, Fill
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["enter_new", "press_own"]


def press_own(wanted: PressOwn, now: Situation) -> Outcome:
    """Press what the chosen entry has by one of the names. Raises TARGET_NOT_FOUND where it has to be there."""
    entry = now.known.pick or Item("")
    name, found = entry.name, [Candidate(one, 1.0) for one in _own(wanted, entry, now)]
    if not found and now.last is None and not wanted.required:
        others = _called(wanted, now)
        return Done({"missing": [f"that “{name}” is selected: it has no button for that"]} if others else {})
    if len(found) > 1 and now.last is None:
        chosen = choose_by_answer(now, f"{wanted.names[0]} “{name}”", found)
        if isinstance(chosen, Ask):
            return chosen
        found = list(chosen)
    return attempt(
        now,
        f"{wanted.names[0]} “{name}”",
        lambda: found,  # of this entry alone: that of another is never pressed instead
        lambda one: Click(one.index),
        reacted,
        lambda one: f"Clicking {describe(one)} of “{name}”",
    )


def _own(wanted: PressOwn, entry: Item, now: Situation) -> list[Element]:
    """The buttons that are called so in what says the entry's name, and nothing that the entry does not say."""
    named = _called(wanted, now)
    words = set(plain_words(f"{entry.name} {entry.text} {' '.join(entry.columns.values())}"))
    return [e for e in named if _is_of(e, plain_words(entry.name), words)]


def _called(wanted: PressOwn, now: Situation) -> list[Element]:
    """The buttons of that name; it may say what with, as "Select this train" or "Book now"."""
    buttons = [(e, plain_words(e.name)) for e in now.observation.elements if e.role in _PRESSED]
    said = [(e, told[1:]) for e, told in buttons if told[:1] and told[0] in wanted.names]
    own = {*_WITH_WHAT, *plain_words(wanted.noun), stem(wanted.noun.lower())}
    return [e for e, more in said if set(more) <= own or (len(more) == 1 and more[0] not in _MEANS_MORE)]


def _is_of(button: Element, name: Sequence[str], words: set[str]) -> bool:
    *said, last = plain_words(button.context) or ("",)  # the last word may be cut
    rest = {*said, last} - set(plain_words(button.name))
    whole = rest - {last} if any(word.startswith(last) for word in words) else rest
    return bool(name) and set(name) <= {*said, last} and whole <= words


_PRESSED: Final = frozenset({"button", "link", "menuitem"})
_WITH_WHAT: Final = frozenset({"this", "the", "now", "it"})
#: With these it does something else.
_MEANS_MORE: Final = frozenset({"all", "none", "file", "files", "date", "dates", "up", "later", "another", "more"})


def enter_new(wanted: EnterNew, now: Situation) -> Outcome:
    """Put the name of a new entry into the field for it: that of the list, or the one before a button that adds."""
    return attempt(
        now,
        f"enter “{wanted.name}” as a new entry",
        lambda: _fields_for_new(wanted.list, now),
        lambda field: Fill(field.index, wanted.name),
        lambda effect: True,
        lambda field: f"Entering “{wanted.name}” into {describe(field)}",
    )


def _fields_for_new(of: str, now: Situation) -> Sequence[Candidate]:
    """Raises TARGET_NOT_FOUND where no field, or more than one, is for new entries."""
    elements = now.observation.elements
    places = {e.index: at for at, e in enumerate(elements)}
    fields = [e for e in elements if is_fillable(e)]
    words = set(canonical(of)) - _PLAIN
    told = [e for e in fields if _FOR_NEW & set(plain_words(f"{e.name} {' '.join(e.hints)}"))]
    adding = [e for e in fields if _is_followed_by_adding(elements[places[e.index] + 1 :], words)]
    named = [e for e in fields if words and words <= {*canonical(e.name), *canonical(e.context)}]
    for some in ([e for e in adding if e in named], adding, named, told):
        if len(some) == 1:
            return (Candidate(some[0], 1.0),)
    description = f"a field for a new entry of the {of or 'list'}"
    raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)


def _is_followed_by_adding(after: Sequence[Element], words: set[str]) -> bool:
    button = next((e for e in after if e.role in ("button", "textbox", "combobox")), None)
    if button is None or button.role != "button":
        return False
    said = set(canonical(button.name))
    return "+" in button.name or ("add" in said and said <= {"add", *_PLAIN, *words})


_PLAIN: Final = frozenset(canonical("list new item entry task"))
_FOR_NEW: Final = frozenset({"new", "add", "todo", "done"})  # "What needs to be done?"
