"""Getting about: open an address, click, go to a page, search, go back, scroll, wait, press, download."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from outrider.agents.scout.pages.grounding import (
    CLICKED,
    TICKED,
    TYPED,
    Candidate,
    ambiguous,
    called,
    covers,
    describe,
    labelled,
    rank,
    signs,
)
from outrider.agents.scout.steps.attempts import (
    attempt,
    choose_by_answer,
    failure,
    fingerprint,
    ground,
    reacted,
    refused,
    spoken,
)
from outrider.agents.scout.steps.menus import by_start, closed_menu, onward, opening, says
from outrider.agents.scout.steps.patience import may_still_answer
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.intentions import (
    Capture,
    ClickOn,
    Collect,
    Count,
    Found,
    GoBack,
    GoTo,
    Open,
    PressKey,
    Read,
    ScrollPage,
    SearchFor,
    WaitFor,
)
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import When
from outrider.interfaces.actions import (
    Action,
    Back,
    Check,
    Click,
    Fill,
    Navigate,
    Press,
    Scroll,
    TakeScreenshot,
    Wait,
)
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Effect, Element, Observation
from outrider.problems import OutriderError

_SEARCH_WORDS: Final = frozenset({"search", "q", "query", "keyword", "suche", "recherche", "buscar"})


def once(now: Situation, action: Action, thought: str) -> Outcome:
    """Take one step, which needs no check but that it did not fail."""
    if now.last is None:
        return Move(action, thought)
    if now.last.problem:
        raise failure(now.last, thought, now)
    return Done()


def open_address(wanted: Open, now: Situation) -> Outcome:
    """Open an address; a path belongs to the site that is shown."""
    url = urljoin(now.observation.url, wanted.url) if wanted.url.startswith("/") else wanted.url
    return once(now, Navigate(url), f"Opening {url}")


def click_on(wanted: ClickOn, now: Situation) -> Outcome:
    """Click what is described; a checkbox is ticked rather than toggled.

    Raises STEP_REFUSED when the page objects to that, and nothing else is to be done, such as reading what it says.
    """

    def act(element: Element) -> Action:
        return Check(element.index) if element.role in TICKED else Click(element.index)

    def worked(effect: Effect) -> bool:
        clicked = now.last.action if now.last else None
        return (
            reacted(effect)
            or effect.value is not None
            or (not now.is_last and not (isinstance(now.following, _READS) and may_still_answer(now)))
            or (isinstance(clicked, Click) and _takes_focus(now.observation, clicked))
        )

    effect = now.last.effect if now.last is not None and now.is_last and now.phase == "try" else None
    if effect is not None and (why := refused(effect)):
        raise OutriderError("STEP_REFUSED", action=f"click {spoken(wanted.target)}", said=why)
    roles = wanted.target.roles | CLICKED if not wanted.target.roles & TYPED else wanted.target.roles
    return attempt(
        now,
        f"click {spoken(wanted.target)}",
        lambda: _called_alike(clickable(now, wanted.target, roles), wanted.target),
        act,
        worked,
        lambda element: f"Clicking {describe(element)}",
    )


#: What comes next tells whether a click has worked, but for these: they would read the page before what it brings.
_READS: Final = (Read, Collect, Count, Found, When)


def clickable(now: Situation, target: Target, roles: frozenset[str]) -> tuple[Candidate, ...] | Ask:
    """What a description means; else what is called just so and can be clicked although it has no role for that."""
    try:
        return ground(now, target, roles, sure=True)
    except OutriderError:
        elements, name = now.observation.elements, target.text
        plain = called(elements, name) or labelled(now.observation, name) or signs(elements, name)
        found = [Candidate(one, 1.0) for one in plain if not target.near or covers(one, Target("", near=target.near))]
        if not found:
            raise
    rivals = ambiguous(found)
    return choose_by_answer(now, spoken(target), rivals) if rivals and not now.taken("try") else tuple(found)


def _called_alike(candidates: tuple[Candidate, ...] | Ask, target: Target) -> tuple[Candidate, ...] | Ask:
    """Where the best has the very words, only others that have them: what else comes near is no second try."""
    if isinstance(candidates, Ask):
        return candidates
    words, place = set(plain_words(target.text)), Target("", near=target.near)
    having = tuple(
        one
        for one in candidates
        if words <= set(plain_words(one.element.name)) and (not target.near or covers(one.element, place))
    )
    return having if candidates and candidates[0] in having else candidates[:1]


def go_to(wanted: GoTo, now: Situation) -> Outcome:
    """Be on the page that is described: stay, or follow the link to it."""
    words = canonical(wanted.target.text)
    if now.last is None and (
        is_shown(now.observation, words) or (wanted.optional and _has_form(now.observation, words))
    ):
        return Done()
    if further := _further_behind(now, wanted.target):
        return further
    try:
        ways = None if now.phase == "try" else _ways_to(now, wanted.target)
    except OutriderError:
        if now.phase == "unfold":
            return Move(Wait(), "Waiting for the menu to open", "settle")
        opened: set[object] = {step.memory["notes"]["element"] for step in now.taken("unfold")}
        if menu := closed_menu(now, opened):
            return Move(opening(menu), f"Opening {describe(menu)}", "unfold", {"element": menu.index})
        if way := onward(now) or by_start(now, wanted.target):
            return way
        raise
    unsure = ways and not isinstance(ways, Ask) and not says(ways, wanted.target)
    if unsure and (way := by_start(now, wanted.target)):
        return way
    return attempt(
        now,
        f"go to {spoken(wanted.target)}",
        lambda: ways or _ways_to(now, wanted.target),
        lambda element: Click(element.index),
        reacted,
        lambda element: f"Going to {wanted.target.text} by {describe(element)}",
    )


def _further_behind(now: Situation, target: Target) -> Move | None:
    """The last stretch of a way that went by the page behind which something is: the link to it there."""
    if now.phase != "try" or canonical(target.text) not in _BEHIND or _went(now, target):
        return None
    if now.last is None or now.last.effect is None or not reacted(now.last.effect):
        return None
    roles = frozenset({"link", "button"})
    found = [
        e
        for e in now.observation.elements
        if e.role in roles and e.href and canonical(e.name) == canonical(target.text)
    ]
    return (
        Move(
            Click(found[0].index),
            f"Going to {target.text} by {describe(found[0])}",
            "try",
            {"element": fingerprint(found[0])},
        )
        if found
        else None
    )


def _went(now: Situation, target: Target) -> bool:
    """Whether the last step followed what is called so."""
    last = now.taken("try")[-1].memory["notes"]["element"] if now.taken("try") else ""
    return canonical(str(last).split("|")[1] if "|" in str(last) else "") == canonical(target.text)


def _ways_to(now: Situation, target: Target) -> Sequence[Candidate] | Ask:
    """Links and buttons that lead to a page: called so, or "view …"; several to one address are one."""
    roles = CLICKED - TICKED
    elements = [
        e for e in now.observation.elements if not _CHANGES & set(canonical(e.name)) - set(canonical(target.text))
    ]
    links = [e for e in elements if e.role == "link" and e.href and _is_named(e, target.text)]
    if len({e.href for e in links}) == 1:  # a button of that name does something here
        return (Candidate(links[0], 1.0),)
    called_so = any(plain_words(e.name) == plain_words(target.text) for e in elements)
    words = set(canonical(target.text))
    # "View alerts" is no way to the products, whatever stands beside it.
    named = [e for e in elements if words <= set(canonical(e.name))]
    viewing = replace(target, text=f"view {target.text}"), named
    for goal, among in ((target, elements),) if called_so else (viewing, (target, elements)):
        found = [one for one in rank(among, goal, roles) if one.score > 0.94]
        if found and len({one.element.href for one in found} - {""}) <= 1:
            return found
    behind = _BEHIND.get(canonical(target.text))
    if behind and not rank(elements, target, roles):
        return ground(now, Target(behind), roles, elements)
    return ground(now, target, roles, elements, sure=True)


def _is_named(element: Element, name: str) -> bool:
    """Whether it is called so, the number of things that are there aside: "Saved (3)"."""
    return plain_words(_NUMBER_OF.sub("", element.name)) == plain_words(name)


_NUMBER_OF: Final = re.compile(r"\s*\(\d+\)\s*$")
#: What sites often put on the page of something else.
_BEHIND: Final = {("register",): "log in", ("register", "form"): "log in"}
#: Words of links and buttons that change something rather than lead somewhere.
_CHANGES: Final = frozenset({"add", "remove", "clear", "empty"})


def is_shown(observation: Observation, words: tuple[str, ...]) -> bool:
    """Whether the page calls itself by these words: in its main heading, its address, or a part of its title."""
    last = next((part for part in reversed(urlsplit(observation.url).path.split("/")) if part), "")
    names = [re.sub(r"[_-]\d+$", "", last), *re.split(r"\s+[|–—:·-]\s+", observation.title)]
    names += [text.text for text in observation.texts if text.kind == "heading1"]
    return any(canonical(name) == words for name in names if name)


def _has_form(observation: Observation, words: tuple[str, ...]) -> bool:
    """A form to fill: one that a heading or button names so, or any when the words say no more than "form"."""
    fields = [e for e in observation.elements if is_fillable(e)]
    if not fields:
        return False
    special = set(words) - {"form", "detail", "field", "data", "information"}
    names = [text.text for text in observation.texts if text.kind.startswith("heading") or text.kind == "label"]
    names += [observation.title, *(e.name for e in observation.elements if e.role == "button")]
    names += [e.context for e in fields]
    return not special or any(special <= set(canonical(name)) for name in names)


def is_fillable(element: Element) -> bool:
    """A field of a form that is not for searching the site."""
    return (
        element.role in TYPED
        and element.region not in ("search", "banner", "contentinfo", "navigation")
        and not _searches(element)
    )


def search_for(wanted: SearchFor, now: Situation) -> Outcome:
    """Fill the search field and send it; open the field first where it is hidden behind a button."""
    fields = search_fields(now.observation)
    if not fields and not now.taken("reveal"):
        return _reveal(wanted, now)
    if now.phase == "send" and now.last is not None and now.last.effect is not None and reacted(now.last.effect):
        return Done()
    if now.phase == "try" and now.last is not None and now.last.effect is not None:
        if now.last.effect.navigated or now.last.effect.alerts:
            return Done()
        return _send_search(now, wanted)
    return attempt(
        now,
        f"search for {wanted.query}",
        lambda: fields,
        lambda element: Fill(element.index, wanted.query, submit=True),
        lambda effect: effect.navigated,
        lambda element: f"Searching for “{wanted.query}”",
    )


def _send_search(now: Situation, wanted: SearchFor) -> Outcome:
    """Enter did not open a page of results: press the search button, unless the list changed in place."""
    target = Target("search", frozenset({"button"}))
    buttons = [one for one in rank(now.observation.elements, target, frozenset({"button"})) if one.score > 0.8]
    filled = now.taken("try")[-1]
    if buttons:
        return Move(Click(buttons[0].element.index), f"Searching for “{wanted.query}” with the button", "send")
    if filled.effect is not None and filled.effect.changed:
        return Done()
    raise failure(filled, f"search for {wanted.query}", now)


def _reveal(wanted: SearchFor, now: Situation) -> Outcome:
    openers = rank(now.observation.elements, Target("search"), frozenset({"button", "link"}))
    if not openers:
        if wanted.optional:
            return Done()
        description = f"a field to search for {wanted.query}"
        raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)
    return Move(Click(openers[0].element.index), "Opening the search", "reveal")


def search_fields(observation: Observation) -> tuple[Candidate, ...]:
    """Fields that search the site, the likeliest first."""
    scored = [
        Candidate(e, _search_score(e)) for e in observation.elements if e.role in TYPED and "disabled" not in e.states
    ]
    found = tuple(sorted((one for one in scored if one.score > 0), key=lambda one: -one.score))
    return found or _with_search_button(observation.elements)


def _with_search_button(elements: Sequence[Element]) -> tuple[Candidate, ...]:
    """The field for a name or title in a form that a button called "search" sends."""
    controls = [e for e in elements if e.role != "generic"]
    end = next((at for at, e in enumerate(controls) if e.role == "button" and canonical(e.name) == ("search",)), 0)
    fields = [e for e in controls[max(0, end - _FORM_REACH) : end] if e.role == "textbox" and not e.options]
    return tuple(
        Candidate(e, 0.3) for e in fields if {"name", "title"} & set(canonical(f"{e.name} {' '.join(e.hints)}"))
    )


#: Elements before its button among which the fields of a small form are.
_FORM_REACH: Final = 6


def _search_score(element: Element) -> float:
    if element.options or element.kind in ("password", "email", "number", "checkbox"):
        return 0.0
    signs = (
        element.role == "searchbox" or element.kind == "search",
        element.region == "search",
        bool(_SEARCH_WORDS & set(canonical(element.name))),
        any(_SEARCH_WORDS & set(canonical(hint)) for hint in element.hints),
    )
    return sum(signs) + (0.5 if any(signs) and element.in_view else 0.0)


def _searches(element: Element) -> bool:
    return _search_score(element) > 0


def _takes_focus(observation: Observation, clicked: Click) -> bool:
    """A click into a text field does no more than put the focus there."""
    return any(e.index == clicked.index and e.role in TYPED for e in observation.elements)


def go_back(wanted: GoBack, now: Situation) -> Outcome:
    """Go back one page."""
    return once(now, Back(), "Going back")


def scroll_page(wanted: ScrollPage, now: Situation) -> Outcome:
    """Scroll; a page that is too short to scroll is no failure."""
    return once(now, Scroll(wanted.viewports), f"Scrolling {'up' if wanted.viewports < 0 else 'down'}")


def wait_for(wanted: WaitFor, now: Situation) -> Outcome:
    """Wait for a text. Raises TARGET_NOT_FOUND when it does not come."""
    if now.last is not None and now.last.problem and wanted.text:
        raise OutriderError("TARGET_NOT_FOUND", description=wanted.text, url=now.observation.url)
    return once(
        now, Wait(wanted.text), f"Waiting for “{wanted.text}”" if wanted.text else "Waiting for the page to settle"
    )


def press_key(wanted: PressKey, now: Situation) -> Outcome:
    """Press a key where the focus is, else in the field that was filled last."""
    focused = any("focused" in e.states for e in now.observation.elements)
    index = (
        None if focused else next((s.action.index for s in reversed(now.history) if isinstance(s.action, Fill)), None)
    )
    here = any(e.index == index for e in now.observation.elements)
    return once(now, Press(wanted.keys, index if here else None), f"Pressing {wanted.keys}")


def capture(wanted: Capture, now: Situation) -> Outcome:
    """Take a screenshot."""
    return once(now, TakeScreenshot(), "Taking a screenshot")
