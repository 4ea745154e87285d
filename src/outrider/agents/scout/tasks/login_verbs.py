"""How a task says by the way whose log-in is to be used, as a table: "my log-in is saved as ann", "use the saved …"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import Intention, LogIn, Open
from outrider.agents.scout.tasks.language import Utterance, like
from outrider.agents.scout.tasks.phrases import STORED_LOGIN, Q

__all__ = ["LOGIN_VERBS", "first_of_all", "in_brackets", "mentioned", "mentions", "with_log_in"]

_NAME: Final = rf"(?P<name>{Q}|[\w@+-]+(?:\.[\w@+-]+)*)"
_SAVED: Final = r"(?:is|are|'s|’s) (?:saved|stored|kept|remembered)(?: (?:in|with) (?:the|your|my) vault)?"
_SITE: Final = r"(?:(?: data| details)?(?: (?:for|to|on|at|of) (?:the|this|that|your) [a-z]+)?)"


def _named(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (LogIn(utterance.expand(found["name"]), stored=True, beforehand=True),)


def _stored(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    login = with_log_in(found["what"], utterance)
    return None if login is None else (login,)


def with_log_in(means: str, utterance: Utterance) -> LogIn | None:
    """The log-in that is to be used, where the words say one of the vault by its name; None otherwise."""
    stored = STORED_LOGIN.fullmatch(f"with the {means.removeprefix('the ')}")
    if stored is None or not stored["name"]:
        return None
    utterance.take(stored)
    return LogIn(utterance.expand(stored["name"]), stored=True, beforehand=True)


LOGIN_VERBS: Final[tuple[Verb, ...]] = (
    Verb(rf"(?:my|the) (?:user )?(?:log-?in|account|credentials){_SITE} {_SAVED}", rf"(?:as|under) {_NAME}", _named),
    Verb(rf"my (?:saved|stored) (?:log-?in|credentials){_SITE}", rf"(?:is|are) (?:called |named )?{_NAME}", _named),
    Verb("use|take|using", r"(?P<what>.+)", _stored),
    Verb("with", r"(?P<what>.+)", _stored, after_and=False),
)

_SAVED_LOGIN: Final = r"(?:saved|stored) (?:log-?in|credentials)(?: data| details)?"
_OF_IT: Final = "(?: for (?:it|this|that))?"
#: A clause that says nothing but which log-in of the vault is to be used.
_MENTIONS: Final = tuple(
    like(pattern)
    for pattern in (
        rf"(?:the |my |our )?{_SAVED_LOGIN}{_OF_IT} (?:is|are) (?:called|named) {_NAME}",
        rf"(?:the |my |our )?{_SAVED_LOGIN}{_OF_IT} (?:is|are) (?P<name>{Q})",
        rf"{_NAME} (?:is|are) (?:the|my|our) {_SAVED_LOGIN}{_OF_IT}",
        rf"you(?:['’]ll| will| can| may)? (?:need|use|have to use) (?:the|my|our) {_SAVED_LOGIN}:? {_NAME}{_OF_IT}",
        rf"(?:my|our|the) log-?in{_OF_IT} (?:is|are) (?:saved|stored) (?:as|under) {_NAME}",
        rf"(?:log|sign) in (?:as|with) {_NAME} \((?:it(?:['’]s| is) )?(?:saved|stored)\)",
        rf"(?:log|sign) in with what(?:['’]s| is) (?:saved|stored) (?:as|under) {_NAME}",
    )
)
_LOGS_IN: Final = like(r"(?:log|sign) in\b")


def mentioned(clause: str, utterance: Utterance) -> LogIn | None:
    """The log-in of the vault that a clause names: "tracker-admin is the saved log-in"."""
    found = _mention(clause)
    if found is None:
        return None
    return LogIn(utterance.expand(found["name"]), stored=True, beforehand=not _LOGS_IN.match(clause))


def mentions(clause: str) -> bool:
    """Whether a clause says nothing but which log-in of the vault is to be used."""
    return _mention(clause) is not None


def _mention(clause: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.fullmatch(clause) for pattern in _MENTIONS)), None)


_BRACKETS: Final = like(
    rf"\s*\((?:(?:with|using|by|use) )?(?:(?:my|the) )?(?:saved|stored) (?:log-?in|credentials)\s*:?\s*{_NAME}\)"
)


def in_brackets(utterance: Utterance) -> tuple[Utterance, tuple[Intention, ...]]:
    """The text without "(saved log-in: ann)", and that log-in."""
    found = _BRACKETS.search(utterance.masked)
    if found is None:
        return utterance, ()
    rest = f"{utterance.masked[: found.start()]}{utterance.masked[found.end() :]}"
    return replace(utterance, masked=rest), _named(found, utterance)


_LOGIN_PAGE: Final = like(r"log-?in|sign-?in|log-?on")


def first_of_all(found: Sequence[Intention]) -> list[Intention]:
    """The intentions with a log-in that is only mentioned before all others, and once.

    An address with which the task begins is opened before, to be on its site; a page of it again, since logging in may
    lead elsewhere.
    """
    by_the_way = [one for one in found if isinstance(one, LogIn) and one.beforehand]
    others = [one for one in found if one not in by_the_way]
    site = [one for one in others[:1] if by_the_way and isinstance(one, Open)]
    path = "".join(urlsplit(one.url).path.strip("/") for one in site)
    is_page = bool(path) and not _LOGIN_PAGE.search(path)
    return [*site, *dict.fromkeys(by_the_way), *(others if is_page else others[len(site) :])]
