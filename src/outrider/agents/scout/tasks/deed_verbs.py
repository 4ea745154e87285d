"""The verbs for what is closed or hidden on a page, as a table: expand, look through, find and click, focus."""

import re
from typing import Final

from outrider.agents.scout.tasks.deeds import FindAndClick, Focus, FollowMenu, LookThrough, Unfold
from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import Intention, OpenPick, Pick
from outrider.agents.scout.tasks.language import Utterance, like, without_article
from outrider.agents.scout.tasks.phrases import Q, picked, target

__all__ = ["DEED_VERBS", "hides"]

_CLICK: Final = r"(?:click(?: on)?|select|pick|choose|press|tap(?: on)?|open)"
#: What can be looked through because parts of it are closed.
_CLOSED: Final = (
    r"(?:(?:[\w-]+ ){0,2}?(?:sections?|tabs?|menus?|trees?|folders?|pages?|accordions?|panels?|lists?|groups?))"
    r"(?: below| above| here)?"
)
_LOOK: Final = (
    r"expand|unfold|open(?: up)?|switch between|switch through|switch|navigate(?: through)?|go through|look through"
    r"|look in(?:to)?|browse(?: through)?|search(?: through)?|use"
)


def _find_and_click(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    entries = picked(like(r"\bsearch (?=results?\b)").sub("", found["what"]), utterance)
    utterance.worded.append("search" if "search result" in found["what"].lower() else "")
    pick = entries[-1] if entries else None
    if entries and isinstance(pick, Pick) and (pick.selection.position or pick.selection.order):
        return (*entries, OpenPick())
    return (FindAndClick(target(found["what"], utterance)),)


def _unfold(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    kind = (found["kind"] or "section").lower()
    utterance.worded.append(found["kind"] or "")
    name = utterance.expand(without_article(found["name"] or ""))
    return (Unfold(kind.removesuffix("s"), name, every=kind.endswith("s")),)


def hides(before: str, rest: str) -> bool:
    """Whether the instruction at ``rest`` only says what is to be looked for by the one before it."""
    return bool(_SEEKS.search(before) and like(rf"{_CLICK}\b").match(rest))


_SEEKS: Final = like(r"(?:^|\bto )(?:find|locate|look for|search for|seek)$")


def _along(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """Station after station of a menu: "File > Export > PDF"."""
    return (FollowMenu(tuple(utterance.expand(one) for one in like(_STEP).split(found["way"]))),)


_STEP: Final = r"\s*(?:>|»|→)\s*"
_KIND: Final = (
    r"(?P<kind>(?:pie |context |drop-?down |main |side )?(?:section|menu|panel|accordion|group|branch|node|tree"
    r"|question|answer|detail|item)s?)"
)

DEED_VERBS: Final[tuple[Verb, ...]] = (
    Verb(
        _LOOK,
        rf"(?:between )?(?:the |all |these |those |this )*{_CLOSED},?\s+(?:to|and) (?:find and )?{_CLICK} (?P<what>.+)",
        _find_and_click,
    ),
    Verb(rf"(?:find|locate|look for|search for|seek) and {_CLICK}", r"(?P<what>.+)", _find_and_click),
    Verb(
        "expand|unfold",
        rf"(?:the |all |this |these )*(?:(?P<name>{Q}) )?{_KIND}(?: below| above| here)?",
        _unfold,
    ),
    Verb("expand|unfold", rf"(?:the )?(?P<name>{Q})(?P<kind>(?!))?", _unfold),
    Verb(
        "switch between|(?:navigate|go|look|browse) through|expand all",
        rf"(?:the |all |these |those |this )*{_CLOSED}",
        lambda found, utterance: (LookThrough(),),
    ),
    Verb("select|choose|click(?: on)?|pick", rf"(?P<way>[^>»→]+(?:{_STEP}[^>»→]+)+)", _along),
    Verb("select|choose|tick|check|pick", r"(?:nothing|none(?: of (?:them|these))?)(?: at all)?", lambda found, _: ()),
    Verb(
        "focus|put the (?:focus|cursor)|place the (?:focus|cursor)|move the (?:focus|cursor)",
        r"(?:(?:on|in|into|to|onto|inside)\b)?\s*(?P<what>.+)",
        lambda found, utterance: (Focus(target(found["what"], utterance)),),
    ),
)
