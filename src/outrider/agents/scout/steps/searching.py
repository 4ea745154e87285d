"""Fields that help to find something: forms that search by several values, and fields that suggest what to enter."""

from typing import Final

from outrider.agents.scout.pages.grounding import TYPED, describe
from outrider.agents.scout.steps.adjusting import fill_each
from outrider.agents.scout.steps.attempts import failure, ground
from outrider.agents.scout.steps.moving import is_fillable, search_fields, search_for
from outrider.agents.scout.steps.patience import MENU_SECONDS
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.steps.sending import submit
from outrider.agents.scout.synonyms import canonical
from outrider.agents.scout.tasks.deeds import EnterSuggested, ScrollIn, SearchBy
from outrider.agents.scout.tasks.intentions import SearchFor, Submit
from outrider.interfaces.actions import Click, Fill, Press, Wait
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["enter_suggested", "scroll_in", "search_by"]

#: So many letters at the beginning make a word the same family: "directed", "director".
_FAMILY: Final = 5
#: Suggestions are waited for so often.
_PATIENCE: Final = 3


def search_by(wanted: SearchBy, now: Situation) -> Outcome:
    """Each value into the field that is called after it, the one without a word into the only other; then send."""
    if search_fields(now.observation) and not now.taken("fill"):
        return search_for(SearchFor(wanted.query), now)
    fields = [one for one in now.observation.elements if is_fillable(one)]
    placed = [(_field_of(name, fields), value) for name, value in wanted.criteria if name]
    known = [(field, value) for field, value in placed if field is not None]
    left = [one for one in fields if one not in [field for field, _ in known]]
    rest = [value for name, value in wanted.criteria if not name]
    if len(known) < len(placed) or len(left) != len(rest):
        raise OutriderError("TARGET_NOT_FOUND", description=f"fields for “{wanted.query}”", url=now.observation.url)
    outcome = fill_each([*known, *zip(left, rest, strict=True)], now, "search") if now.phase in ("", "fill") else Done()
    return submit(Submit(""), now) if isinstance(outcome, Done) and now.phase != "sent" else outcome


def _field_of(name: str, fields: list[Element]) -> Element | None:
    """The field whose name is of the same family as a word."""
    called = [one for one in fields if any(_related(name, word) for word in canonical(one.name or one.context))]
    return called[0] if len(called) == 1 else None


#: What forms call the year of something.
_ALSO: Final = {"year": ("date", "release", "released", "published")}


def _related(one: str, other: str) -> bool:
    if other in _ALSO.get(one.lower(), ()):
        return True
    return one.lower() == other or (len(other) >= _FAMILY and one.lower()[:_FAMILY] == other[:_FAMILY])


def enter_suggested(wanted: EnterSuggested, now: Situation) -> Outcome:
    """Type the beginning, and choose the only suggestion that fits, or the first that begins so when that is all."""
    if now.last is not None and now.last.problem:
        raise failure(now.last, f"enter what begins with {wanted.begins}", now)
    if now.phase == "choose":
        return Done()
    if now.last is None:
        fields = [one for one in now.observation.elements if is_fillable(one)]
        if len(fields) != 1:
            raise OutriderError("TARGET_NOT_FOUND", description="the field that suggests", url=now.observation.url)
        return Move(
            Fill(fields[0].index, wanted.begins), f"Entering “{wanted.begins}” into {describe(fields[0])}", "type"
        )
    begins, ends = wanted.begins.lower(), wanted.ends.lower()
    names = [one for one in now.observation.elements if one.name.lower().startswith(begins) and one.role not in TYPED]
    fitting = [one for one in names if one.name.lower().endswith(ends)]
    if fitting:
        return Move(Click(fitting[0].index), f"Choosing {describe(fitting[0])}", "choose")
    if len(now.taken("wait")) < _PATIENCE:
        return Move(Wait(at_least=MENU_SECONDS), "Waiting for suggestions", "wait")
    description = f"a suggestion that begins with “{wanted.begins}”" + f" and ends with “{wanted.ends}”" * bool(ends)
    raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)


def scroll_in(wanted: ScrollIn, now: Situation) -> Outcome:
    """To the end by the keyboard, as a reader does."""
    if now.last is not None and now.last.problem:
        raise failure(now.last, "scroll", now)
    if now.last is not None:
        return Done()
    found = ground(now, wanted.target, TYPED)
    if isinstance(found, Ask):
        return found
    keys = "Control+End" if wanted.to_end else "Control+Home"
    return Move(Press(keys, found[0].element.index), f"Scrolling {describe(found[0].element)}", "press")
