"""The form for logging in: its fields for a user, a password and a one-time code, and the button that sends it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from outrider.agents.scout.pages.grounding import TYPED
from outrider.agents.scout.steps.filling import field_words
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.synonyms import canonical
from outrider.interfaces.pages import Element, Observation
from outrider.interfaces.vault import Part

_USER_KINDS: Final = ("text", "email", "tel", "")
_USERS: Final = frozenset({"email", "username", "phone", "login"})
_CODE_KINDS: Final = ("text", "tel", "number", "password", "")
_CODES: Final = frozenset(
    {"verification", "security", "authentication", "authenticator", "2fa", "time", "login", "sms", "verify", "digit"}
)
_SENDS: Final = frozenset({"login", "next", "submit", "ok", "confirm", "verify", "go", "done"})


@dataclass(frozen=True, slots=True)
class LoginForm:
    """What of a log-in a page asks for; sites spread it over several."""

    user: Element | None
    password: Element | None
    code: Element | None

    @property
    def is_start(self) -> bool:
        """A log-in begins here; a code is asked for in its course only."""
        return self.user is not None or self.password is not None

    def fields(self) -> Iterator[tuple[Part, Element]]:
        """In the order in which they are filled: the password is sent with the rest."""
        parts = ((Part.USER_NAME, self.user), (Part.CODE, self.code), (Part.PASSWORD, self.password))
        yield from ((part, element) for part, element in parts if element is not None)


def login_form(observation: Observation) -> LoginForm:
    """What the page asks for."""
    secret = _secret_field(observation)
    code = _code_field(observation)
    user = _user_field(observation, secret, code)
    return LoginForm(user, secret, code)


def button_after(observation: Observation, field: Element) -> Element | None:
    """The button that sends a field of the form."""
    order = [element.index for element in observation.elements]
    after = observation.elements[order.index(field.index) + 1 :] if field.index in order else ()
    buttons = [e for e in after if e.role == "button" and "disabled" not in e.states]
    named = [e for e in buttons if (words := set(canonical(e.name))) and words <= _SENDS]
    return next(iter(named or [e for e in buttons if e.kind == "submit"]), None)


def _secret_field(observation: Observation) -> Element | None:
    """The password field of the log-in form: not one of a form for new users, when there are both."""
    secrets = [
        e for e in observation.elements if e.kind == "password" and "disabled" not in e.states and not _is_code(e)
    ]

    def foreign(element: Element) -> int:
        words = {word for text in (element.name, element.context, *element.hints) for word in field_words(text)}
        return sum(word in words for word in ("register", "confirm", "new")) - 2 * ("login" in words)

    return min(secrets, key=foreign, default=None)


def _user_field(observation: Observation, secret: Element | None, code: Element | None) -> Element | None:
    """The field before the password field; without one, a field that asks for a user on a page of its own."""
    fields = [
        e for e in observation.elements if e.role in TYPED and e.kind in _USER_KINDS and not e.options and e is not code
    ]
    if secret is not None:
        order = [e.index for e in observation.elements]
        before = [e for e in fields if order.index(e.index) < order.index(secret.index)]
        # A form in a menu beside the page has both fields there.
        own = [e for e in before if is_fillable(e)] or [e for e in before if e.region == secret.region]
        return own[-1] if own else None
    asking = [
        e
        for e in fields
        if is_fillable(e) and _USERS & {word for text in (e.name, *e.hints) for word in canonical(text)}
    ]
    said = any(_USERS & set(canonical(text.text)) for text in observation.texts if text.kind.startswith("heading"))
    return asking[0] if len(asking) == 1 and said else None


def _code_field(observation: Observation) -> Element | None:
    return next((e for e in observation.elements if is_fillable(e) and _is_code(e)), None)


def _is_code(element: Element) -> bool:
    """A field for a one-time code: by its purpose, else by its name, else by what else is said about it."""
    if element.kind not in _CODE_KINDS or "disabled" in element.states:
        return False
    if any("one-time-code" in hint.split() for hint in element.hints):
        return True
    return any(_names_code(set(canonical(text))) for text in ([element.name] if element.name else element.hints))


def _names_code(words: set[str]) -> bool:
    return words == {"code"} or bool(words & {"otp", "totp", "2fa"}) or ("code" in words and bool(words & _CODES))
