"""Getting to where something is: a list of a kind of thing, the page of one thing."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from outrider.agents.scout.pages.blocks import block_of
from outrider.agents.scout.pages.grounding import Candidate, describe, rank
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, reacted
from outrider.agents.scout.steps.moving import is_shown, search_fields, search_for
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import LIST_NOUNS, canonical, plain_words
from outrider.agents.scout.tasks.intentions import AddToBasket, Locate, SearchFor, Seek
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Click
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Observation
from outrider.problems import OutriderError


def seek(wanted: Seek, now: Situation) -> Outcome:
    """Be where something is listed: here if the page says so, by a link that is called so, else by searching."""
    words = canonical(wanted.what)
    if now.last is None and (
        set(words) <= set(page_words(now.observation)) or _has_column(now.observation, wanted.column)
    ):
        return Done()
    if now.phase != "search" and (links := _links_called(now.observation, words)):
        return attempt(
            now,
            f"go to {wanted.what}",
            lambda: links,
            lambda e: Click(e.index),
            reacted,
            lambda e: f"Going to {describe(e)}",
        )
    if now.phase == "try" and now.last is not None and now.last.effect is not None:
        return Done()
    if wanted.search and search_fields(now.observation):
        return search_for(SearchFor(wanted.what), now)
    return Done()


def _has_column(observation: Observation, column: str) -> bool:
    words = canonical(column)
    return bool(column) and any(canonical(text.text) == words for text in observation.texts)


def _links_called(observation: Observation, words: tuple[str, ...]) -> tuple[Candidate, ...]:
    """The link that is called so; "garden products" are those of the category Garden."""
    kind = tuple(word for word in words if word not in LIST_NOUNS)
    links = [e for e in observation.elements if e.role == "link"]
    named = [e for e in links if canonical(e.name) == words] or [e for e in links if kind and canonical(e.name) == kind]
    return tuple(Candidate(e, 1.0) for e in named[:1])


#: What follows the name of the page in a title, which is on every page of the site.
_SITE_NAME: Final = re.compile(r"\s+[|·•–—-]\s.*$")


def page_words(observation: Observation, *, searched: bool = True) -> tuple[str, ...]:
    """What the page says it is about: title, main headings, address, what was searched for.

    Without the latter when not ``searched``: the hits of a search for kettles need not be kettles.
    """
    address = urlsplit(observation.url)
    fields = (one.element.value or "" for one in search_fields(observation))
    queries = [query for query in (*(value for _, value in parse_qsl(address.query)), *fields) if query]
    texts = [
        _SITE_NAME.sub("", observation.title),
        unquote_plus(address.path),
        *(t.text for t in observation.texts if t.kind in ("heading1", "heading2")),
    ]
    if searched:
        texts += queries
    else:
        texts = [text for text in texts if not any(query.casefold() in text.casefold() for query in queries)]
    return tuple(word for text in texts for word in canonical(text))


def locate(wanted: Locate, now: Situation) -> Outcome:
    """Be on the page of a thing: the shown one, a link with its name, else the best hit of a search."""
    words = canonical(wanted.name)
    if now.last is None and (
        is_shown(now.observation, words) or (wanted.optional and _mentions(now.observation, words))
    ):
        return Done()
    if any(step.effect is not None and reacted(step.effect) for step in now.taken("open")):
        return Done()
    if now.last is None and isinstance(now.following, AddToBasket) and has_button(now.observation, wanted.name):
        return Done({"pick": Item(wanted.name).as_json()})
    named = _links_with(now, wanted.name)
    if isinstance(named, Ask):
        return named
    if named:
        return Move(Click(named[0].element.index), f"Opening {describe(named[0].element)}", "open")
    searched = bool(now.taken("try"))
    if wanted.optional and not searched and not search_fields(now.observation):
        return Done()
    if searched or not search_fields(now.observation):
        raise OutriderError("TARGET_NOT_FOUND", description=wanted.name, url=now.observation.url)
    return search_for(SearchFor(wanted.name), now)


def has_button(observation: Observation, name: str) -> bool:
    """Whether the thing of that name has a button here, and no link to a page of its own."""
    block = block_of(observation.elements, name)
    linked = any(e.role == "link" and canonical(e.name) == canonical(name) for e in block)
    return not linked and any(e.role == "button" for e in block)


def _links_with(now: Situation, name: str) -> Sequence[Candidate] | Ask:
    """Links with all words of a name: the one that is called exactly so; a question when several have them."""
    words = set(canonical(name))
    links = [e for e in now.observation.elements if e.role == "link" and words <= set(canonical(e.name))]
    named = rank(links, Target(name), frozenset({"link"}))
    exact = [one for one in named if plain_words(one.element.name) == plain_words(name)]
    places = {one.element.href: one for one in exact or named}
    if exact or len(places) < 2:
        return exact or named
    return choose_by_answer(now, name, tuple(places.values()))


def _mentions(observation: Observation, words: tuple[str, ...]) -> bool:
    texts = (*(t.text for t in observation.texts), *(f"{e.name} {e.context}" for e in observation.elements))
    return any(set(words) <= set(canonical(text)) for text in texts if len(text) < 300)
