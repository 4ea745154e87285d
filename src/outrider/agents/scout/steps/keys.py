"""What to log in with: what the task names, a log-in of the vault, or what the user answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from outrider.agents.scout.pages.grounding import describe
from outrider.agents.scout.steps.attempts import which
from outrider.agents.scout.steps.progress import Situation
from outrider.agents.scout.synonyms import plain_words
from outrider.agents.scout.tasks.intentions import LogIn
from outrider.interfaces.actions import Action, Fill, FillSecret
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.interfaces.vault import Part, SavedLogin
from outrider.problems import OutriderError
from outrider.vault.origins import covers, origin_of

_NAMES: Final[Mapping[Part, str]] = MappingProxyType(
    {Part.USER_NAME: "user name", Part.PASSWORD: "password", Part.CODE: "one-time code"}
)


class Keys(Protocol):
    """Something to log in with."""

    def has(self, part: Part) -> bool: ...

    def put(self, part: Part, element: Element, *, submit: bool) -> Action:
        """The action that puts a part into a field."""
        ...

    def say(self, part: Part, element: Element, *, submit: bool) -> str:
        """The thought to it: no value of a secret."""
        ...


@dataclass(frozen=True, slots=True)
class ToldKeys:
    """User name and password of the task or of the user's answers."""

    user: str
    password: str

    def has(self, part: Part) -> bool:
        return part is not Part.CODE

    def put(self, part: Part, element: Element, *, submit: bool) -> Action:
        return Fill(element.index, self.user if part is Part.USER_NAME else self.password, submit=submit)

    def say(self, part: Part, element: Element, *, submit: bool) -> str:
        if part is Part.USER_NAME:
            return f"Entering “{self.user}” into {describe(element)}"
        return "Entering the password" + (" and sending it" if submit else "")


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """A log-in of the vault, of which only the name is known here."""

    login: SavedLogin

    def has(self, part: Part) -> bool:
        return part in self.login.parts

    def put(self, part: Part, element: Element, *, submit: bool) -> Action:
        return FillSecret(element.index, f"{self.login.name}.{part}", submit=submit)

    def say(self, part: Part, element: Element, *, submit: bool) -> str:
        sending = " and sending it" if submit else ""
        return f"Logging in with the stored log-in “{self.login.name}”: entering its {_NAMES[part]}{sending}"


def keys_for(wanted: LogIn, now: Situation) -> Keys | Ask:
    """What to log in with on the page that is shown; a question when that has to be told.

    Raises what ``stored_login`` does.
    """
    login = stored_login(wanted, now)
    if isinstance(login, Ask):
        return login
    if login is not None:
        return StoredKeys(login)
    user, password = _told(now, wanted.user, _USER_QUESTION), _told(now, wanted.password, _WORD_QUESTION)
    return user if isinstance(user, Ask) else password if isinstance(password, Ask) else ToldKeys(user, password)


def may_be_stored(wanted: LogIn, now: Situation) -> bool:
    """Whether it takes the page with the form to say what to log in with."""
    return not wanted.password and bool(wanted.stored or now.task.logins)


_USER_QUESTION: Final = "Which user name or email address shall I log in with?"
_WORD_QUESTION: Final = "Which password shall I log in with?"


def _told(now: Situation, given: str, question: str) -> str | Ask:
    value = given or now.answer(question)
    return value if value is not None else Ask(question)


def stored_login(wanted: LogIn, now: Situation) -> SavedLogin | Ask | None:
    """The log-in of the vault that is meant and bound to the page's origin; a question when several are.

    None when none is and the task does not insist on one. Raises LOGIN_NOT_STORED, SECRET_ORIGIN_REFUSED for one that
    is bound elsewhere, and TARGET_NOT_FOUND when answers name none. Where a field's frame is of another origin than
    the page, the vault has the last word.
    """
    if wanted.password or any(isinstance(step.action, Fill) for step in now.steps):
        return None
    if begun := _begun_with(now):
        return begun
    origin = origin_of(now.observation.url)
    meant = [login for login in now.task.logins if not wanted.user or _is_meant(login, wanted.user)]
    fitting = [login for login in meant if covers(login.origins, origin)]
    if not fitting and (foreign := _foreign(wanted, meant)):
        raise OutriderError("SECRET_ORIGIN_REFUSED", secret=f"{foreign.name}.{Part.PASSWORD}", origin=origin)
    if not fitting and wanted.stored:
        called = f"log-in “{wanted.user}”" if wanted.user else "log-in"
        raise OutriderError("LOGIN_NOT_STORED", wanted=called, origin=origin)
    if len(fitting) < 2:
        return next(iter(fitting), None)
    chosen = which(
        now, "the stored log-in", [one.name for one in fitting], [f"{one.name} {one.user_name}" for one in fitting]
    )
    return chosen if isinstance(chosen, Ask) else fitting[chosen]


def _begun_with(now: Situation) -> SavedLogin | None:
    """The log-in that this log-in has begun with: its second page may be of another origin."""
    names = {step.action.secret.rpartition(".")[0] for step in now.steps if isinstance(step.action, FillSecret)}
    return next((login for login in now.task.logins if login.name in names), None)


def _foreign(wanted: LogIn, meant: list[SavedLogin]) -> SavedLogin | None:
    """A log-in that the task names, and that is bound to other origins: nothing else is tried in its place."""
    named = (one for one in meant if wanted.user and (wanted.stored or _is_called(one, wanted.user)))
    return next(named, None)


def _is_meant(login: SavedLogin, said: str) -> bool:
    return _is_called(login, said) or login.user_name.casefold() == said.casefold()


def _is_called(login: SavedLogin, said: str) -> bool:
    return plain_words(login.name) == plain_words(said)
