"""Logging in: find the form, fill it, send it, and see whether the page took it."""

from typing import Final

from outrider.agents.scout.pages.grounding import TYPED, describe
from outrider.agents.scout.steps.attempts import attempt, failure, ground, reacted, refused
from outrider.agents.scout.steps.filling import field_words
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical
from outrider.agents.scout.tasks.intentions import LogIn, Target
from outrider.interfaces.actions import Click, Fill
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError


def log_in(wanted: LogIn, now: Situation) -> Outcome:
    """Find the log-in form, fill it, send it, and see whether the page took it."""
    if now.phase == "send" and now.last is not None:
        return _logged_in(now)
    user, password = _credential(now, wanted.user, _USER_QUESTION), _credential(now, wanted.password, _WORD_QUESTION)
    if isinstance(user, Ask) or isinstance(password, Ask):
        return user if isinstance(user, Ask) else password if isinstance(password, Ask) else Done()
    secret = _secret_field(now)
    name = _user_field(now, secret)
    if secret is None and name is None:
        return _to_log_in(now)
    if name is not None and not now.taken("user"):
        return Move(Fill(name.index, user, submit=secret is None), f"Entering “{user}” into {describe(name)}", "user")
    if secret is None:
        return _to_log_in(now)
    return Move(Fill(secret.index, password, submit=True), "Entering the password and sending it", "send")


_USER_QUESTION: Final = "Which user name or email address shall I log in with?"
_WORD_QUESTION: Final = "Which password shall I log in with?"


def _credential(now: Situation, given: str, question: str) -> str | Ask:
    value = given or now.answer(question)
    return value if value is not None else Ask(question)


def _logged_in(now: Situation) -> Outcome:
    last = now.steps[-1]
    if last.effect is None:
        raise failure(last, "log in", now)
    if why := refused(last.effect) or _still_refused(now):
        raise OutriderError("STEP_REFUSED", action="log in", said=why)
    if not reacted(last.effect):
        raise OutriderError("STEP_WITHOUT_EFFECT", action="log in")
    return Done()


def _still_refused(now: Situation) -> str:
    """The log-in form is still there, and the page shows an alert."""
    if _secret_field(now) is None:
        return ""
    return next((text.text for text in now.observation.texts if text.kind == "alert"), "")


def _secret_field(now: Situation) -> Element | None:
    """The password field of the log-in form: not one of a form for new users, when there are both."""
    secrets = [e for e in now.observation.elements if e.kind == "password" and "disabled" not in e.states]

    def foreign(element: Element) -> int:
        words = {word for text in (element.name, element.context, *element.hints) for word in field_words(text)}
        return sum(word in words for word in ("register", "confirm", "new")) - 2 * ("login" in words)

    return min(secrets, key=foreign, default=None)


def _user_field(now: Situation, secret: Element | None) -> Element | None:
    """The field before the password field; without one, a field that asks for a user on a page of its own."""
    fields = [
        e
        for e in now.observation.elements
        if e.role in TYPED and e.kind in ("text", "email", "tel", "") and not e.options
    ]
    if secret is not None:
        order = [e.index for e in now.observation.elements]
        before = [e for e in fields if order.index(e.index) < order.index(secret.index) and is_fillable(e)]
        return before[-1] if before else None
    users = {"email", "username", "phone", "login"}
    asking = [
        e
        for e in fields
        if is_fillable(e) and users & {word for text in (e.name, *e.hints) for word in canonical(text)}
    ]
    said = any(users & set(canonical(text.text)) for text in now.observation.texts if text.kind.startswith("heading"))
    return asking[0] if len(asking) == 1 and said else None


def _to_log_in(now: Situation) -> Outcome:
    return attempt(
        now,
        "find the log-in form",
        lambda: ground(now, Target("log in"), frozenset({"link", "button"})),
        lambda element: Click(element.index),
        lambda effect: False,
        lambda element: f"Going to the log-in form by {describe(element)}",
    )
