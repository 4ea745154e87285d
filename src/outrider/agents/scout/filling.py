"""Forms: enter a value, choose an option, tick a box, send, log in."""

import re
from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.attempts import attempt, choose_by_answer, failure, ground, reacted, refused, spoken
from outrider.agents.scout.grounding import CHOSEN, CLICKED, TICKED, TYPED, Candidate, describe, rank
from outrider.agents.scout.intentions import Choose, Enter, LogIn, Submit, Target, Tick
from outrider.agents.scout.moving import is_fillable
from outrider.agents.scout.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical
from outrider.interfaces.actions import Action, Check, Click, Fill, Press, Select
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Effect, Element
from outrider.problems import OutriderError

_NO: Final = frozenset({"no", "false", "off", "unchecked", "0"})
_SENDING: Final = (
    "submit",
    "next",
    "save",
    "login",
    "register",
    "search",
    "ok",
    "done",
    "order",
    "finish",
    "confirm",
    "add",
)


def enter(wanted: Enter, now: Situation) -> Outcome:
    """Put a value into a field: typed, chosen or ticked, as the field wants it."""
    if wanted.optional and now.last is None and not _has_field(now, wanted.field):
        return Done()
    what = f"enter “{shown(wanted)}”" + (f" as {wanted.field.text}" if wanted.field.text else "")
    return attempt(
        now,
        what,
        lambda: _fields(now, wanted),
        lambda element: _put(element, wanted.value),
        lambda effect: _holds(effect, now, wanted.value),
        lambda element: f"Entering “{shown(wanted)}” into {describe(element)}",
    )


def shown(wanted: Enter) -> str:
    """A value as thoughts and failures may show it: never a password."""
    return "••••" if "password" in canonical(wanted.field.text) else wanted.value


def _has_field(now: Situation, field: Target) -> bool:
    best = rank(now.observation.elements, field, TYPED)
    return bool(best) and set(canonical(field.text)) <= {
        w for t in (best[0].element.name, *best[0].element.hints) for w in _words(t)
    }


def _words(text: str) -> Sequence[str]:
    """Words of a name or hint; ``password2`` counts as the second password."""
    return (*canonical(re.sub(r"(password|pass)[-_ ]?2\b", "confirm password", text, flags=re.IGNORECASE)),)


def _fields(now: Situation, wanted: Enter) -> Sequence[Candidate] | Ask:
    if not wanted.field.text:
        return _open_field(now, wanted)
    usable = [e for e in now.observation.elements if "readonly" not in e.states]
    if "confirm" in canonical(wanted.field.text):
        again = [
            Candidate(e, 1.0)
            for e in usable
            if e.kind == "password" and "confirm" in {w for t in (e.name, *e.hints) for w in _words(t)}
        ]
        if again:
            return again
    candidates = rank(usable, wanted.field, TYPED | CHOSEN)
    if not candidates and (radios := rank(usable, Target(wanted.value, near=wanted.field.text), TICKED)):
        return radios[:1]
    return (
        candidates and ground(now, wanted.field, TYPED | CHOSEN) or ground(now, wanted.field, TYPED | CHOSEN | TICKED)
    )


def _open_field(now: Situation, wanted: Enter) -> Sequence[Candidate] | Ask:
    """Where a value goes that the task names no field for: the focused field, else the only empty one."""
    fields = [e for e in now.observation.elements if e.role in TYPED and not e.options and "disabled" not in e.states]
    focused = [e for e in fields if "focused" in e.states]
    empty = [e for e in fields if not e.value and is_fillable(e)] or [e for e in fields if not e.value]
    found = [Candidate(e, 1.0) for e in focused or empty]
    if len(found) > 1:
        return choose_by_answer(now, f"the field for {wanted.value}", found)
    if not found:
        raise OutriderError("TARGET_NOT_FOUND", description=f"a field for “{wanted.value}”", url=now.observation.url)
    return found


def _put(element: Element, value: str) -> Action:
    if element.options:
        return Select(element.index, best_option(element.options, value) or value)
    if element.role in TICKED:
        return Check(element.index, value.casefold() not in _NO)
    return Fill(element.index, value)


def _holds(effect: Effect, now: Situation, value: str) -> bool:
    """The field has the value, whatever punctuation it adds."""
    if effect.value is None:
        return reacted(effect)
    action = now.last.action if now.last else None
    if isinstance(action, Select):
        return _plain(effect.value) == _plain(action.option) or reacted(effect) or bool(effect.value)
    if isinstance(action, Check):
        return True
    have, want = _plain(effect.value), _plain(value)
    return have == want or set(effect.value) <= {"•", "*"} or (bool(have) and (have in want or want in have))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def best_option(options: Sequence[str], wanted: str) -> str | None:
    """The option that is meant by some words, or None when none or several are."""
    exact = [option for option in options if _plain(option) == _plain(wanted)]
    if exact:
        return exact[0]
    words = set(canonical(wanted))
    holding = [option for option in options if words and words <= set(canonical(option))]
    if len(holding) == 1:
        return holding[0]
    shares = sorted(
        ((len(words & set(canonical(o))) / len(words | set(canonical(o))), o) for o in options), reverse=True
    )
    clear = len(shares) > 0 and shares[0][0] >= 0.5 and (len(shares) == 1 or shares[0][0] > shares[1][0])
    return shares[0][1] if clear else None


def choose(wanted: Choose, now: Situation) -> Outcome:
    """Choose an option: of a select, of radio buttons, or of a list that a click opens."""
    what = f"choose “{wanted.option}”" + (f" for {wanted.field.text}" if wanted.field else "")
    if now.phase == "unfold":
        return _choose_unfolded(wanted, now, what)
    selects = _selects(now, wanted)
    if isinstance(selects, Ask):
        return selects
    if selects or (now.last is not None and isinstance(now.last.action, Select)):
        return attempt(
            now,
            what,
            lambda: selects or (),
            lambda element: Select(element.index, best_option(element.options, wanted.option) or wanted.option),
            lambda effect: True,
            lambda element: f"Choosing “{best_option(element.options, wanted.option)}” in {describe(element)}",
        )
    return _choose_otherwise(wanted, now, what)


def _selects(now: Situation, wanted: Choose) -> Sequence[Candidate] | Ask:
    """Selects that have the option and, when the task names a field, are called so; a question when it has several."""
    elements = [e for e in now.observation.elements if e.options]
    having = [e for e in elements if best_option(e.options, wanted.option)]
    if wanted.field is None:
        found = [Candidate(e, 1.0) for e in having]
        return found if len(found) < 2 else choose_by_answer(now, f"the list with {wanted.option}", found)
    named = rank(elements, wanted.field, CHOSEN)
    fitting = [one for one in named if one.element in having]
    if named and not fitting and not now.steps:
        return _ask_option(now, wanted, named[0].element)
    return fitting or ([Candidate(e, 1.0) for e in having] if len(having) == 1 and not named else [])


def _ask_option(now: Situation, wanted: Choose, element: Element) -> Sequence[Candidate] | Ask:
    options = ", ".join(f"“{option}”" for option in element.options[:20])
    raise OutriderError(
        "TARGET_NOT_FOUND", description=f"{wanted.option} (offered: {options})", url=now.observation.url
    )


def _choose_otherwise(wanted: Choose, now: Situation, what: str) -> Outcome:
    """Radio buttons and other options on the page; else a list of its own making, unfolded first."""
    near = wanted.field.text if wanted.field else ""
    option = Target(wanted.option, near=near)
    shown_options = rank(
        now.observation.elements, option, frozenset({"option", "radio", "menuitem", "menuitemradio", "tab"})
    )
    if not shown_options and wanted.field is not None and now.last is None:
        lists = rank(now.observation.elements, wanted.field, CHOSEN | {"button"})
        if lists:
            return Move(Click(lists[0].element.index), f"Opening {describe(lists[0].element)}", "unfold")
    return _click_option(wanted, now, what, shown_options)


def _choose_unfolded(wanted: Choose, now: Situation, what: str) -> Outcome:
    return _click_option(wanted, now, what, rank(now.observation.elements, Target(wanted.option), CLICKED))


def _click_option(wanted: Choose, now: Situation, what: str, found: Sequence[Candidate]) -> Outcome:
    return attempt(
        now,
        what,
        lambda: found or ground(now, Target(wanted.option), CLICKED),
        lambda element: Check(element.index) if element.role in TICKED else Click(element.index),
        lambda effect: reacted(effect) or effect.value is not None,
        lambda element: f"Choosing {describe(element)}",
    )


def tick(wanted: Tick, now: Situation) -> Outcome:
    """Bring a checkbox or radio button into the wanted state."""
    return attempt(
        now,
        f"{'tick' if wanted.checked else 'untick'} {spoken(wanted.target)}",
        lambda: ground(now, wanted.target, TICKED),
        lambda element: Check(element.index, wanted.checked),
        lambda effect: True,
        lambda element: f"{'Ticking' if wanted.checked else 'Unticking'} {describe(element)}",
    )


def submit(wanted: Submit, now: Situation) -> Outcome:
    """Send the form that was worked on, and see whether the page took it."""
    if now.last is not None and now.last.effect is not None and (why := refused(now.last.effect)):
        raise OutriderError("STEP_REFUSED", action="send the form", said=why)
    last = next((s.action.index for s in reversed(now.history) if isinstance(s.action, Fill | Select | Check)), None)
    buttons = _send_buttons(now, wanted, last)
    if not buttons and now.last is None and last is not None:
        return Move(Press("Enter", last), "Sending the form with Enter", "enter")
    if now.phase == "enter" and now.last is not None and now.last.effect is not None and reacted(now.last.effect):
        return Done()
    return attempt(
        now,
        _unsent(now),
        lambda: buttons,
        lambda element: Click(element.index),
        reacted,
        lambda element: f"Sending the form with {describe(element)}",
    )


def _unsent(now: Situation) -> str:
    """The deed, with the required fields that are still empty."""
    empty = [e.name for e in now.observation.elements if "required" in e.states and e.role in TYPED and not e.value]
    return "send the form" + (f" (required and empty: {', '.join(empty)})" if empty else "")


def _send_buttons(now: Situation, wanted: Submit, last: int | None) -> Sequence[Candidate]:
    """Buttons that send: the one that the task names, else the first after the field that was filled last."""
    elements = now.observation.elements
    buttons = [e for e in elements if e.role == "button" and "disabled" not in e.states]
    if wanted.button and (named := rank(buttons, Target(wanted.button), frozenset({"button"}))):
        return named
    position = next((i for i, e in enumerate(elements) if e.index == last), -1)
    after = [e for e in elements[position + 1 :] if e in buttons and e.region not in ("search", "banner")]
    sending = [e for e in after if e.kind == "submit" or set(canonical(e.name)) & set(_SENDING)]
    return [
        Candidate(e, 1.0)
        for e in sending or [b for b in buttons if b.kind == "submit" and b.region not in ("search", "banner")]
    ]


def log_in(wanted: LogIn, now: Situation) -> Outcome:
    """Find the log-in form, fill it, send it, and see whether the page took it."""
    if now.phase == "send" and now.last is not None:
        return _logged_in(now)
    user, password = _credential(now, wanted.user, _WHO), _credential(now, wanted.password, _SECRET)
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


_WHO: Final = "Which user name or email address shall I log in with?"
_SECRET: Final = "Which password shall I log in with?"  # noqa: S105 - a question, not a password


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
        words = {word for text in (element.name, element.context, *element.hints) for word in _words(text)}
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
