"""Logging in: find the form, fill it, send it, and see whether the page took it."""

from typing import Final
from urllib.parse import urlsplit

from outrider.agents.scout.pages.grounding import describe
from outrider.agents.scout.steps.attempts import TRIES, attempt, failure, ground, reacted, refused, uncover
from outrider.agents.scout.steps.keys import Keys, StoredKeys, keys_for, may_be_stored
from outrider.agents.scout.steps.login_form import LoginForm, button_after, login_form
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.tasks.intentions import LogIn
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Click, Fill, FillSecret, Navigate
from outrider.interfaces.models import Ask, Step
from outrider.interfaces.pages import Effect, Element
from outrider.interfaces.vault import Part
from outrider.problems import OutriderError


def log_in(wanted: LogIn, now: Situation) -> Outcome:
    """Find the log-in form, fill it, send it, and see whether the page took it.

    Raises what ``keys_for`` does, STEP_REFUSED, STEP_WITHOUT_EFFECT, and SECRET_NOT_FOUND when the page wants a
    one-time code that the log-in does not have.
    """
    if now.last is None and wanted.site and not _is_at(now.observation.url, wanted.site):
        return Move(Navigate(wanted.site), f"Opening {wanted.site}", "open")
    form = login_form(now.observation)
    if now.last is not None and (more := _after(now.last, form, now)):
        return more
    if not form.is_start and not now.taken("fill") and may_be_stored(wanted, now):
        return _to_log_in(now)
    keys = keys_for(wanted, now)
    if isinstance(keys, Ask):
        return keys
    return _next_field(keys, form, now) or _end(keys, form, now)


def _is_at(url: str, site: str) -> bool:
    return urlsplit(url).netloc == urlsplit(site).netloc


def _after(last: Step, form: LoginForm, now: Situation) -> Move | None:
    """What a step of ours came to; None: go on."""
    if now.phase not in ("fill", "press"):
        return None
    if last.effect is None:
        return _uncovered(last, now)
    sent = now.phase == "press" or (isinstance(last.action, Fill | FillSecret) and last.action.submit)
    return _after_sending(last.effect, form, now) if sent else None


def _uncovered(last: Step, now: Situation) -> Move | None:
    """Close what lay over the field, to try once more. Raises the problem of the step where that is not to be done."""
    covered = sum(step.problem is not None and step.problem[0] == "ELEMENT_COVERED" for step in now.steps)
    if last.problem is None or last.problem[0] != "ELEMENT_COVERED" or covered >= TRIES:
        raise failure(last, "log in", now)
    if now.uncovered >= covered:
        return None
    if closing := uncover(now):
        return closing
    raise failure(last, "log in", now)


def _next_field(keys: Keys, form: LoginForm, now: Situation) -> Move | None:
    """Fill the next field that is there and has not been filled; the last one of the page sends them."""
    filled = _filled(now)
    left = [(part, element) for part, element in form.fields() if part not in filled and keys.has(part)]
    if not left or not (form.is_start or filled):
        return None
    part, element = left[0]
    submit = len(left) == 1
    notes = {"part": part.value, "field": _fingerprint(element)}
    return Move(keys.put(part, element, submit=submit), keys.say(part, element, submit=submit), "fill", notes)


def _filled(now: Situation) -> set[str]:
    """The parts that are filled in."""
    return {step.memory["notes"]["part"] for step in now.taken("fill") if step.effect is not None}


def _after_sending(effect: Effect, form: LoginForm, now: Situation) -> Move | None:
    """What the page made of it: None when it went on. A form that did not go with Enter is sent by its button."""
    if why := refused(effect):
        raise OutriderError("STEP_REFUSED", action="log in", said=why)
    sent = now.taken("fill")[-1].memory["notes"]
    field = next((e for _, e in form.fields() if _fingerprint(e) == sent["field"]), None)
    if field is None or (sent["part"] == Part.USER_NAME and form.password is not None):
        return None
    if said := next((text.text for text in now.observation.texts if text.kind == "alert"), ""):
        raise OutriderError("STEP_REFUSED", action="log in", said=said)
    if effect.navigated:
        raise OutriderError("STEP_REFUSED", action="log in", said=_STILL_THERE)
    button = button_after(now.observation, field) if now.phase != "press" else None
    if button is None:
        raise OutriderError("STEP_WITHOUT_EFFECT", action="log in")
    return Move(Click(button.index), f"Sending it with {describe(button)}", "press")


_STILL_THERE: Final = "it shows the log-in form again"


def _end(keys: Keys, form: LoginForm, now: Situation) -> Outcome:
    """Nothing is left to fill in: logged in, or still on the way to the form."""
    parts = _filled(now)
    if Part.PASSWORD not in parts or now.last is None:
        return _to_log_in(now)
    if form.code is not None and Part.CODE not in parts:
        raise _without_code(keys)
    if now.last.effect is None or not reacted(now.last.effect):
        raise OutriderError("STEP_WITHOUT_EFFECT", action="log in")
    return Done()


def _without_code(keys: Keys) -> OutriderError:
    """The log-in is not through: the page wants a code that nobody here has."""
    if isinstance(keys, StoredKeys):
        return OutriderError("SECRET_NOT_FOUND", secret=f"{keys.login.name}.{Part.CODE}")
    said = "it asks for a one-time code, which only a log-in of the vault can have"
    return OutriderError("STEP_REFUSED", action="log in", said=said)


def _fingerprint(element: Element) -> str:
    """Names a field across pages."""
    return "|".join((element.role, element.name, *element.hints))


def _to_log_in(now: Situation) -> Outcome:
    return attempt(
        now,
        "find the log-in form",
        lambda: ground(now, Target("log in"), frozenset({"link", "button"})),
        lambda element: Click(element.index),
        lambda effect: False,
        lambda element: f"Going to the log-in form by {describe(element)}",
    )
