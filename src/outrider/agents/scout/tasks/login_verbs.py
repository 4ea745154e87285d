"""How a task says by the way whose log-in is to be used, as a table: "my log-in is saved as ann", "use the saved …"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import Intention, LogIn
from outrider.agents.scout.tasks.language import Utterance, like
from outrider.agents.scout.tasks.phrases import STORED_LOGIN, Q

__all__ = ["LOGIN_VERBS", "first_of_all", "in_brackets", "with_log_in"]

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


def first_of_all(found: Sequence[Intention]) -> list[Intention]:
    """The intentions with a log-in that is only mentioned before all others, and once."""
    mentioned = [one for one in found if isinstance(one, LogIn) and one.beforehand]
    others = [one for one in found if one not in mentioned]
    return [*dict.fromkeys(mentioned), *others]
