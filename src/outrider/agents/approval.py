"""Asking the user about what screening holds up: the question, and what counts as a yes."""

import re
from collections.abc import Sequence
from typing import Final

from outrider.interfaces.screening import Ruling
from outrider.problems import OutriderError

__all__ = ["agrees", "blocked", "declined", "is_plain_no", "question_about", "refused"]

_EDGES: Final = " \t\r\n.,;:!'\"“”"
_YES: Final = frozenset(
    [
        *("yes", "y", "yeah", "yep", "ok", "okay", "sure", "please do", "go on", "go ahead", "do it", "continue"),
        *("proceed", "allow", "approve", "approved", "confirm", "confirmed", "i agree", "agreed"),
        *("ja", "oui", "sí", "si"),
    ]
)
_NO: Final = frozenset(
    [
        *("no", "n", "nope", "stop", "don't", "dont", "do not", "never", "cancel", "deny", "denied"),
        *("no thanks", "no, thanks", "nein", "non"),
    ]
)
_BETWEEN: Final = re.compile(r"[,.;!\n]+")
_PLEASANTRIES: Final = re.compile(r"(?:,? (?:please|thanks|thank you|that's fine|that is fine|it's fine))++$")


def question_about(ruling: Ruling, action: str) -> str:
    """What the user is asked; ``action`` as a person would say it, empty for the task itself."""
    if not action:
        return f"{ruling.reason} Shall I carry it out? (yes or no)"
    return f"I am about to do this: {action}. {ruling.reason} Shall I? (yes or no)"


def agrees(answer: str) -> bool:
    """Only a plain yes is a yes, said once or more: “yes, go ahead”."""
    return all(piece in _YES for piece in _pieces(answer))


def is_plain_no(answer: str) -> bool:
    """Nothing but a no: it says nothing on how to go on."""
    return all(piece in _NO for piece in _pieces(answer))


def refused(ruling: Ruling) -> OutriderError:
    """The task may not be asked for, or the user does not stand by it."""
    return OutriderError("REQUEST_BLOCKED", rule=ruling.rule, reason=ruling.reason)


def blocked(ruling: Ruling, action: str) -> OutriderError:
    """The policy does not let the action be done, or the user has declined it before."""
    return OutriderError("ACTION_BLOCKED", action=action, rule=ruling.rule, risk=ruling.risk, reason=ruling.reason)


def declined(ruling: Ruling, action: str) -> OutriderError:
    """The user said no; the model is told."""
    return OutriderError("ACTION_DECLINED", action=action, rule=ruling.rule, reason=ruling.reason)


def _pieces(answer: str) -> Sequence[str]:
    plain = _plain(answer)
    return [plain] if plain in _YES | _NO else [_plain(piece) for piece in _BETWEEN.split(plain)]


def _plain(answer: str) -> str:
    return _PLEASANTRIES.sub("", answer.strip(_EDGES).lower()).strip(_EDGES)
