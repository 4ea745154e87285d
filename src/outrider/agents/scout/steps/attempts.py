"""Doing one thing to the element that fits best, and seeing whether it had an effect.

What had none is tried once more on the next best element. Something that covers the page is closed first.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from outrider.agents.objections import objects
from outrider.agents.scout.amounts import count_word, ordinal
from outrider.agents.scout.pages.embeddings import load_reranker
from outrider.agents.scout.pages.grounding import CLICKED, NUMBERING, Candidate, ambiguous, covers, describe, rank
from outrider.agents.scout.pages.kinds import of_kind
from outrider.agents.scout.steps.patience import await_answer
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Action, Click, Press
from outrider.interfaces.models import Ask, Step
from outrider.interfaces.pages import Effect, Element
from outrider.problems import OutriderError

#: Phase of the steps that close what covers the page.
COVER: Final = "uncover"
#: How often one intention may try, covered and vanished elements included.
TRIES: Final = 4
#: How many things a question offers.
MOST_SHOWN: Final = 8
_AGAIN: Final = frozenset({"ELEMENT_GONE", "ELEMENT_COVERED"})
#: Nothing is agreed to that can be declined.
_CLOSERS: Final = (
    "close", "reject", "decline", "no thanks", "not now", "necessary only", "continue without", "skip", "accept", "ok",
)  # fmt: skip


def ground(
    now: Situation,
    target: Target,
    roles: frozenset[str],
    among: Sequence[Element] | None = None,
    *,
    sure: bool = False,
) -> tuple[Candidate, ...] | Ask:
    """Candidates for a description, best first; a question when the best two can't be told apart.

    ``sure`` asks as well when the best one lacks a word of the description. Raises TARGET_NOT_FOUND when nothing on
    the page fits.
    """
    elements = now.observation.elements if among is None else among
    if target.cue and not target.text and not target.near:
        return _one_of_kind(now, target, elements)
    candidates = _apposed(elements, target, roles) or rank(elements, target, roles)
    if rerank := load_reranker():
        candidates = rerank(candidates, elements, target, roles)
    if target.near and (own := tuple(one for one in candidates if covers(one.element, target))):
        candidates = own  # what is switched off there is not replaced by another's
    # A number names one thing, and no other.
    numbered = sure and re.search(r"\d", target.near) and not any(covers(one.element, target) for one in candidates)
    if not candidates or numbered:
        raise OutriderError("TARGET_NOT_FOUND", description=spoken(target), url=now.observation.url)
    rivals = () if now.taken("try") else ambiguous(candidates)
    if len(alike := [one for one in rivals if target.text in (one.element.name, *one.element.hints)]) == 1:
        return tuple(alike)
    if rivals:
        return choose_by_answer(now, spoken(target), rivals)
    if sure and not _is_called(candidates[0].element, target):
        return _confirmed(now, target, candidates)
    return candidates


def _one_of_kind(now: Situation, target: Target, elements: Sequence[Element]) -> tuple[Candidate, ...] | Ask:
    """The only thing of its kind, or the one at its place; a question when there are several."""
    found = [Candidate(one, 1.0) for one in of_kind(elements, target)]
    if not found:
        raise OutriderError("TARGET_NOT_FOUND", description=spoken(target), url=now.observation.url)
    return tuple(found) if len(found) == 1 else choose_by_answer(now, spoken(target), found)


def _is_called(element: Element, target: Target) -> bool:
    said = _KIND_OF_NAME.fullmatch(target.text)
    return covers(element, target) or (said is not None and covers(element, replace(target, text=said["name"])))


#: "the letter Z", "the topic Sorting": what kind of thing a name is the name of.
_KIND_OF_NAME: Final = re.compile(
    r"(?:letter|word|entry|option|topic|chapter|term|article|item|heading|section|menu|file|number|symbol|function"
    r"|class"
    r"|module|command|page|title|language|tag)\s+(?P<name>.+)",
    re.IGNORECASE,
)


def _apposed(elements: Sequence[Element], target: Target, roles: frozenset[str]) -> tuple[Candidate, ...]:
    """The elements with exactly the name that follows the word for its kind, unless one has both in its name."""
    said = _KIND_OF_NAME.fullmatch(target.text)
    if said is None or any(set(canonical(target.text)) <= set(canonical(e.name)) for e in elements):
        return ()
    named = rank(elements, replace(target, text=said["name"]), roles)
    return tuple(one for one in named if plain_words(NUMBERING.sub("", one.element.name)) == plain_words(said["name"]))


def _confirmed(now: Situation, target: Target, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...] | Ask:
    """The candidates when the user agrees that the best one is meant, although it is called otherwise.

    What belongs to something else than the task says is not meant.
    """
    best = candidates[0].element
    if target.near and not set(canonical(target.near)) & set(canonical(f"{best.name} {best.context} {best.region}")):
        raise OutriderError("TARGET_NOT_FOUND", description=spoken(target), url=now.observation.url)
    place = f" ({best.context})" if best.context and best.context != best.name else ""
    question = f"Nothing is called “{spoken(target)}”. Do you mean {describe(best)}{place}?"
    reply = now.answer(question)
    if reply is None:
        return Ask(question)
    if canonical(reply)[:1] not in (("yes",), ("yeah",), ("y",), ("ok",)):
        raise OutriderError("TARGET_NOT_FOUND", description=spoken(target), url=now.observation.url)
    return candidates


def choose_by_answer(now: Situation, description: str, rivals: Sequence[Candidate]) -> tuple[Candidate, ...] | Ask:
    """The rival that the user named, or the question which one is meant."""
    shown = [_distinct(one.element, rivals) for one in rivals[:MOST_SHOWN]]
    texts = [f"{one.element.name} {one.element.context} {one.element.region}" for one in rivals]
    chosen = which(now, description, shown, texts)
    return chosen if isinstance(chosen, Ask) else (rivals[chosen],)


def which(now: Situation, description: str, shown: Sequence[str], texts: Sequence[str] = ()) -> int | Ask:
    """Place of the one that the user named, or the question which one is meant.

    ``texts`` have the words by which an answer may name each, if they are more than is shown. Raises TARGET_NOT_FOUND
    when two answers name none.
    """
    options = ", ".join(f"{number}) {one}" for number, one in enumerate(shown[:MOST_SHOWN], start=1))
    question = f"Which one do you mean by “{description}”: {options}?"
    for _ in range(2):
        reply = now.answer(question)
        if reply is None:
            return Ask(question)
        exact = [place for place, one in enumerate(shown) if plain_words(one) == plain_words(reply)]
        chosen = exact[0] if len(exact) == 1 else _named(reply, texts or shown)
        if chosen is not None:
            return chosen
        question = f"I could not tell which one “{reply}” is. {question}"
    raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)


def attempt(
    now: Situation,
    what: str,
    candidates: Callable[[], Sequence[Candidate] | Ask],
    act: Callable[[Element], Action],
    worked: Callable[[Effect], bool],
    thought: Callable[[Element], str],
) -> Outcome:
    """Act on the best candidate until it works, which may take the page a moment. ``what`` names the deed in failures.

    What may have worked, since something on the page changed some time after it, is not tried on another.

    Raises STEP_WITHOUT_EFFECT, TARGET_NOT_FOUND, or the problem that the page met twice.
    """
    tries, last = now.taken("try"), now.last
    if tries and last is not None:
        if last.effect is not None and last is tries[-1]:
            if worked(last.effect):
                return Done(_doubt(last, what) if now.is_last else {})
            if longer := await_answer(now):
                return longer
            if any(last.memory.get("late", ())):
                raise OutriderError(
                    "STEP_WITHOUT_EFFECT", action=f"{what} (something on the page changes all the time)"
                )
        covered = sum(step.problem is not None and step.problem[0] == "ELEMENT_COVERED" for step in tries)
        if last.problem and now.uncovered < covered and (closing := uncover(now)):
            return closing
        switched_off = last.problem is not None and last.problem[0] == "ELEMENT_NOT_ACTIONABLE"
        if switched_off or _failed(tries) >= 2 or len(tries) >= TRIES:
            raise failure(tries[-1], what, now)
    found = candidates()
    if isinstance(found, Ask):
        return found
    tried = {step.memory["notes"]["element"] for step in tries if not _may_repeat(step)}
    left = [one.element for one in found if fingerprint(one.element) not in tried]
    if not left:
        raise (
            failure(tries[-1], what, now)
            if tries
            else OutriderError("TARGET_NOT_FOUND", description=what, url=now.observation.url)
        )
    return Move(act(left[0]), thought(left[0]), "try", {"element": fingerprint(left[0])})


def _doubt(step: Step, what: str) -> Mapping[str, Any]:
    """What is missing where a change some time later is all that speaks for a step having worked."""
    effect = step.effect
    if effect is None or not any(step.memory.get("late", ())):
        return {}
    told = effect.alerts or effect.dialogs or effect.downloads or effect.navigated or effect.opened_tab
    return {} if told else {"missing": [f"a word of the page on “{what}”: something on it changed a moment later"]}


def failure(step: Step, what: str, now: Situation) -> OutriderError:
    """The problem of a step that failed or did nothing."""
    if step.problem and step.problem[0] not in ("ELEMENT_NOT_ACTIONABLE", "OPTION_NOT_FOUND", "ELEMENT_GONE"):
        facts = {
            "url": now.observation.url,
            "reason": step.problem[1],
            "index": getattr(step.action, "index", None),
            **step.facts,
        }
        return OutriderError(step.problem[0], **facts | {"action": what})
    reason = f": {step.facts.get('reason') or step.problem[1]}" if step.problem else ""
    return OutriderError("STEP_WITHOUT_EFFECT", action=f"{what}{reason}")


def reacted(effect: Effect) -> bool:
    """The page showed some reaction to a click."""
    return bool(
        effect.navigated or effect.changed or effect.alerts or effect.dialogs or effect.opened_tab or effect.downloads
    )


def refused(effect: Effect) -> str:
    """What the page says when it refused a step, or ""."""
    texts = (*effect.alerts, *(dialog.message for dialog in effect.dialogs))
    return "; ".join(text.strip(" ×\n") for text in texts if objects(text))[:300]


def fingerprint(element: Element) -> str:
    """Names an element across observations, as far as a page gives it an identity."""
    return "|".join((element.role, element.name, element.href, element.context, str(element.index)))


def spoken(target: Target) -> str:
    """A description as the task worded it."""
    parts = (target.text, target.cue, f"({target.near})" if target.near else "")
    return " ".join(part for part in parts if part)


def _failed(tries: Sequence[Step]) -> int:
    return sum(not _may_repeat(step) for step in tries)


def _may_repeat(step: Step) -> bool:
    return step.problem is not None and step.problem[0] in _AGAIN


def uncover(now: Situation, *, dialogs_only: bool = False) -> Move | None:
    """Close the dialog or banner that lies over the page, if there is a way to."""
    closers = [e for e in now.observation.elements if e.role in CLICKED and e.region == "dialog"]
    if not closers and not dialogs_only:
        closers = [e for e in now.observation.elements if e.role == "button"]
    for word in _CLOSERS:
        wanted = set(canonical(word))
        for element in closers:
            if wanted <= set(canonical(element.name)) and len(canonical(element.name)) <= 4:
                return Move(Click(element.index), f"Closing what covers the page with {describe(element)}", COVER)
    if dialogs_only or now.uncovered:
        return None
    return Move(Press("Escape"), "Closing what covers the page with Escape", COVER)


def _distinct(element: Element, rivals: Sequence[Candidate]) -> str:
    """A name that tells an element from its rivals."""
    alike = sum(one.element.name == element.name and one.element.role == element.role for one in rivals) > 1
    place = element.context or element.region or element.href
    return f"{describe(element)} ({place})" if alike and place else describe(element)


_BY_NUMBER: Final = re.compile(
    r"(?:(?:the|number|option|no\.?|link|button)\s+)*(\w+)\)?(?:\s+(?:one|link|button))?\W*", re.IGNORECASE
)


def _named(reply: str, texts: Sequence[str]) -> int | None:
    """The place that an answer means: by its number ("2", "the second one"), or by words that only it has."""
    if found := _BY_NUMBER.fullmatch(reply):
        place = count_word(found[1]) or ordinal(found[1]) or 0
        if 0 < place <= len(texts) or place == -1:
            return place - 1 if place > 0 else len(texts) - 1
    words = set(canonical(reply))
    shared = [len(words & set(canonical(text))) for text in texts]
    best = max(shared)
    return shared.index(best) if best > 0 and shared.count(best) == 1 else None
