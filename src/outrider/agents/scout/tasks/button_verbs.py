"""The words of buttons as verbs, as a table: save, apply, confirm; cancel, edit or archive something."""

import re
from typing import Final

from outrider.agents.scout.tasks.deeds import EnterNew, PressOwn
from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import ClickOn, Intention, Pick, Submit
from outrider.agents.scout.tasks.language import Utterance, has_quotation, like, without_article
from outrider.agents.scout.tasks.phrases import Q, picked
from outrider.agents.scout.tasks.targets import Target

#: What a button of a form is called for: the form itself, and what is in it.
_FORM_WORDS: Final = like(
    r"\b(?:it|them|this|that|the|my|your|these|all|of|form|page|now|entries|data|everything|input|values)\b"
)
_BUTTON_WORDS: Final = 2
_KIND_WORDS: Final = like(
    r"^(?:(?:the|my|this|that|our|your) )?(?:order|invoice|ticket|booking|reservation|request|message|mail|e-?mail|row"
    r"|entry|item|product|user|customer|account|task|issue|project|article|post|comment|review|file|document|number"
    r"|no\.?"
    r"|from|by|of|for|with|called|named|titled|to|on|in|at|the| )+(?=[A-Z0-9#\ue000-\uf8ff])"
)
#: A verb that is as often a noun acts on something: "share it", not "share price".
_ON_SOMETHING: Final = r"(?=\s+(?:it|them|this|that|the|my|your|these|all)\b)"


def _save(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Send the form by the button that is called so; what else the button's name has is in the object."""
    what = _FORM_WORDS.sub(" ", found["what"] or "").split()
    if len(what) > _BUTTON_WORDS:
        return None
    utterance.worded.append(_without(found["what"] or "", what))
    return (Submit(utterance.expand(" ".join((found["verb"], *what)))),)


def _without(text: str, words: list[str]) -> str:
    return " ".join(word for word in text.split() if word not in words)


def _act_on(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Click what is called like the verb, next to the thing: "cancel order 10425"."""
    what = (found["what"] or "").strip()
    if found["state"] is None and (chosen := picked(what, utterance)) and isinstance(pick := chosen[-1], Pick):
        own = PressOwn((found["verb"].lower().split()[0],), pick.selection.noun, required=True)
        return (*chosen, own) if pick.selection.count <= 1 else None
    verb = found["verb"] if found["state"] is None else f"{found['verb']} as {found['state']}"
    if not what or _IT.fullmatch(what):
        utterance.worded.append(what)
        return (ClickOn(Target(verb, _ACTING)),)
    if has_quotation(what) or re.search(r"\d", what):
        what = utterance.without(_KIND_WORDS, what)
    return (ClickOn(Target(verb, _ACTING, near=utterance.expand(without_article(what)))),)


def _add_to_list(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if _NO_NAME.fullmatch(found["name"]):
        return None
    utterance.worded.append(found["list"])
    return (EnterNew(utterance.expand(found["name"]), utterance.expand(found["list"])), Submit("add"))


_NO_NAME: Final = like("it|this|that|them|these|those|(?:new |an? )?(?:item|entry|task|to-?do)s?|everything|all|both")
_IT: Final = like(r"(?:it|them|this|that|(?:the|this) (?:page|form|changes|dialog|entry|item))")
_ACTING: Final = frozenset({"button", "link", "menuitem"})


def acts_on_it(click: ClickOn) -> bool:
    """Whether it is meant for what was spoken of before: "book it"."""
    return click.target.roles == _ACTING and not click.target.near


_WHAT: Final = r"(?:(?:for|to|from|of)?\s*(?P<what>.+?))?(?P<state>(?!))?"

#: What lists tell as often as it is done: "name and join date".
_ALSO_NOUNS: Final = "book|reserve|join|renew|bookmark|mute|unmute|withdraw|rsvp(?: to)?"
#: "book a table for two at seven" wants a form to be filled in.
_NO_DETAILS: Final = r"(?!.*\b(?:for|at|from|on|to|until)\b)"

_NEW: Final = (
    r"(?:the |an? )?(?:(?:item|entry|task|to-?do) )?"
    rf"(?P<name>{Q}|(?-i:[A-Z]\S*(?: [a-z]\S*){{0,3}}?)|[a-z]+(?: [a-z]+)?)"
)
_LIST: Final = r"(?P<list>(?:[\w-]+ ){0,2}?(?:list|to-?dos?))"

BUTTON_VERBS: Final[tuple[Verb, ...]] = (
    Verb("add|put|write", rf"{_NEW} (?:to|on|onto) (?:the|my|this|our) {_LIST}", _add_to_list),
    Verb("add", rf"(?:the |an? )?(?P<list>item|entry|task|to-?do) (?P<name>{Q})", _add_to_list),
    Verb("(?P<verb>save|apply|confirm|publish)", r"(?P<what>.+)?", _save, alone=True),
    Verb(rf"(?P<verb>post|update|finish|place|store|create|complete|add){_ON_SOMETHING}", r"(?P<what>.+)?", _save),
    Verb("(?P<verb>mark|flag)", r"(?P<what>.+?) as (?P<state>[\w ]+)", _act_on),
    Verb(
        "(?P<verb>cancel|edit|archive|approve|subscribe|unsubscribe|unfollow|rename|duplicate|resend|reopen|restore"
        "|undo|refresh|reload|reset|retry|expand|collapse|clear|unpublish|reply)",
        _WHAT,
        _act_on,
        alone=True,
    ),
    Verb(f"(?P<verb>{_ALSO_NOUNS}){_ON_SOMETHING}", _NO_DETAILS + _WHAT, _act_on),
    Verb(f"(?P<verb>{_ALSO_NOUNS})", _NO_DETAILS + _WHAT, _act_on, after_and=False),
    Verb(rf"(?P<verb>share|like|print|copy|pin|star|block|pause|play|stop|modify){_ON_SOMETHING}", _WHAT, _act_on),
)
