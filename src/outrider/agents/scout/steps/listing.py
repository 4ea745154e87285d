"""Lists: get to one, go through its pages, choose from it, list or count what it has."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from outrider.agents.scout.amounts import number
from outrider.agents.scout.pages.choosing import about, choose, enough, meets, needs
from outrider.agents.scout.pages.grounding import CLICKED, TICKED, Candidate, describe, rank
from outrider.agents.scout.pages.records import Item, links_of, main_list
from outrider.agents.scout.steps.attempts import attempt, failure, reacted
from outrider.agents.scout.steps.moving import is_shown, search_fields, search_for
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, stem
from outrider.agents.scout.tasks.criteria import Selection
from outrider.agents.scout.tasks.intentions import Collect, Count, Locate, OpenPick, Pick, SearchFor, Seek, Target
from outrider.interfaces.actions import Click, Extract, Navigate
from outrider.interfaces.pages import Extraction, Observation
from outrider.problems import OutriderError

#: How many pages of a list are gone through at most: to choose from it, and when the task says "all".
PAGES_TO_CHOOSE: Final = 10
PAGES_TO_LIST: Final = 40
_TOTAL: Final = re.compile(
    r"(?:\bof\s+|\ball\s+|\bfound\s+|^|\()(\d[\d.,]*)\s*(?:results?|products?|items?|matches|entries|hits|records|titles|books)\b|\bof\s+(\d[\d.,]*)\b",
    re.IGNORECASE,
)


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
    return tuple(Candidate(e, 1.0) for e in observation.elements if e.role == "link" and canonical(e.name) == words)[:1]


def page_words(observation: Observation) -> tuple[str, ...]:
    """What the page says it is about: title, main headings, address."""
    texts = [
        observation.title,
        observation.url,
        *(t.text for t in observation.texts if t.kind in ("heading1", "heading2")),
    ]
    return tuple(word for text in texts for word in canonical(text))


def locate(wanted: Locate, now: Situation) -> Outcome:
    """Be on the page of a thing: the shown one, a link with its name, else the best hit of a search."""
    words = canonical(wanted.name)
    if now.last is None and (
        is_shown(now.observation, words) or (wanted.optional and _mentions(now.observation, words))
    ):
        return Done()
    links = rank(now.observation.elements, Target(wanted.name), frozenset({"link"}))
    named = [one for one in links if set(words) <= set(canonical(one.element.name))]
    opened = [s for s in now.taken("open") if s.effect is not None and reacted(s.effect)]
    if opened:
        return Done()
    if named:
        return Move(
            Click(named[0].element.index),
            f"Opening {describe(named[0].element)}",
            "open",
            {"element": named[0].element.name},
        )
    if now.taken("try") or not search_fields(now.observation):
        if wanted.optional:
            return Done()
        raise OutriderError("TARGET_NOT_FOUND", description=wanted.name, url=now.observation.url)
    return search_for(SearchFor(wanted.name), now)


def _mentions(observation: Observation, words: tuple[str, ...]) -> bool:
    texts = (*(t.text for t in observation.texts), *(e.name for e in observation.elements))
    return any(set(words) <= set(canonical(text)) for text in texts if len(text) < 300)


def pick(wanted: Pick, now: Situation) -> Outcome:
    """Choose one entry of the list, over all its pages where the criterion asks for it."""
    if wanted.again and now.known.items:
        return Done({"pick": _picked(wanted.selection, now.known.items, now).as_json()})
    gone = _go_through(now, wanted.selection, wanted.pages or PAGES_TO_CHOOSE)
    if isinstance(gone, Move):
        return gone
    items, missing = gone
    chosen = _picked(wanted.selection, items, now)
    return Done({"items": [item.as_json() for item in items], "pick": chosen.as_json(), **missing})


def _picked(selection: Selection, items: Sequence[Item], now: Situation) -> Item:
    candidates = about(items, selection.noun, page_words(now.observation))
    chosen = choose(candidates, selection)
    if not chosen:
        raise OutriderError(
            "RESULT_NOT_FOUND", missing=_wanted(selection, items, now.observation), url=now.observation.url
        )
    return chosen[0]


def _wanted(selection: Selection, items: Sequence[Item], observation: Observation) -> str:
    """What was not found, in words."""
    noun = selection.noun or "entry"
    if not items:
        told = next(
            (text.text for text in observation.texts if len(text.text) < 200 and _NOTHING.search(text.text)), ""
        )
        return f"a list with {', '.join(needs(selection)) or 'entries'}" + (f" (it says “{told}”)" if told else "")
    if selection.order:
        return f"an {noun} with a {selection.order.field} among {len(items)} entries"
    conditions = " and ".join(f"{one.field} {one.test} {one.value}" for one in selection.conditions)
    return (
        f"{noun} number {selection.position} of {len(items)}" if selection.position else f"an entry with {conditions}"
    )


def open_pick(wanted: OpenPick, now: Situation) -> Outcome:
    """Open the page of the chosen entry: by its link where that is on the page, else by its address."""
    chosen = now.known.pick
    if chosen is None:
        raise OutriderError("TARGET_NOT_FOUND", description="it", url=now.observation.url)
    if now.last is not None and now.last.effect is not None and reacted(now.last.effect):
        return Done(_opened(chosen, now))
    if now.observation.url.rstrip("/") == chosen.link.rstrip("/") and chosen.link:
        return Done(_opened(chosen, now))
    price = f", {chosen.price}" if chosen.price else ""
    count = len(now.known.items)
    thought = f"Opening {chosen.name}{price}" + (f", chosen from {count} entries" if count > 1 else "")
    here = any(e.index == chosen.index and e.role in CLICKED for e in now.observation.elements)
    if here and chosen.page == now.observation.url and now.last is None:
        return Move(Click(chosen.index or 0), thought, "click")
    if chosen.link and not now.taken("navigate"):
        return Move(Navigate(chosen.link), thought, "navigate")
    if now.last is not None:
        raise failure(now.last, f"open {chosen.name}", now)
    raise OutriderError("TARGET_NOT_FOUND", description=f"a link to {chosen.name}", url=now.observation.url)


def _opened(chosen: Item, now: Situation) -> Mapping[str, Any]:
    """Where the pick's page is; its heading gives the full name when the list had shortened it."""
    short = re.sub(r"\s*(?:…|\.{3})$", "", chosen.name)
    heading = next((t.text for t in now.observation.texts if t.kind == "heading1"), "")
    full = heading if short != chosen.name and heading.startswith(short) else chosen.name
    return {"pick": chosen.as_json() | {"name": full}, "opened": now.observation.url}


def collect(wanted: Collect, now: Situation) -> Outcome:
    """List the entries, over as many pages as the task says."""
    if elements := _listed_elements(wanted, now):
        return Done(elements)
    gone = _go_through(now, wanted.selection, wanted.pages or PAGES_TO_LIST, wanted.fields)
    if isinstance(gone, Move):
        return gone
    items, missing = gone
    fitting = choose(about(items, wanted.selection.noun, page_words(now.observation)), wanted.selection)
    if not fitting and not items and not _is_empty(now.observation):
        raise OutriderError(
            "RESULT_NOT_FOUND", missing=_wanted(wanted.selection, items, now.observation), url=now.observation.url
        )
    return Done({"listed": {"items": [item.as_json() for item in fitting], "fields": list(wanted.fields)}, **missing})


_NOTHING: Final = re.compile(
    r"\b(?:is empty|no (?:results?|products?|items?|matches|entries|hits)|nothing (?:found|here|to show)"
    r"|(?:found |about )?0 (?:results?|products?|items?|matches))\b",
    re.IGNORECASE,
)


def _is_empty(observation: Observation) -> bool:
    """The page says that there is nothing to list."""
    return any(_NOTHING.search(text.text) for text in observation.texts)


def _listed_elements(wanted: Collect, now: Situation) -> Mapping[str, Any] | None:
    """Links, headings or buttons of the page, when the task lists those."""
    noun = stem(wanted.selection.noun.lower())
    if noun in ("heading", "headline"):
        items = [Item(t.text, page=now.observation.url) for t in now.observation.texts if t.kind.startswith("heading")]
        return {"listed": {"items": [one.as_json() for one in items], "fields": ["heading"]}}
    if noun not in ("link", "button"):
        return None
    elements = [e for e in now.observation.elements if e.role == noun and e.name]
    items = [Item(e.name, link=e.href, page=now.observation.url) for e in elements]
    return {
        "listed": {
            "items": [one.as_json() for one in items],
            "fields": ["name", "link"] if noun == "link" else ["name"],
        }
    }


def count(wanted: Count, now: Situation) -> Outcome:
    """How many entries there are: as the page states it, else by going through all pages."""
    plain = not wanted.selection.conditions and not wanted.selection.noun
    if now.last is None and plain and (stated := _stated_total(now.observation)):
        return Done({"values": [["count", stated[0], now.observation.url, stated[1]]]})
    if now.last is None and _is_empty(now.observation):
        return Done({"values": [["count", 0, now.observation.url, "nothing listed"]]})
    gone = _go_through(now, wanted.selection, PAGES_TO_LIST)
    if isinstance(gone, Move):
        return gone
    items, missing = gone
    fitting = [
        item
        for item in about(items, wanted.selection.noun, page_words(now.observation))
        if meets(item, wanted.selection.conditions)
    ]
    if not items:
        raise OutriderError("RESULT_NOT_FOUND", missing="a list to count", url=now.observation.url)
    return Done({"values": [["count", len(fitting), now.observation.url, f"{len(fitting)} entries"]], **missing})


def _stated_total(observation: Observation) -> tuple[int, str] | None:
    for text in observation.texts:
        if (
            text.region not in ("banner", "navigation", "contentinfo")
            and len(text.text) < 120
            and (found := _TOTAL.search(text.text))
        ):
            total = number(found[1] or found[2])
            if total is not None:
                return int(total), text.text
    return None


def _go_through(
    now: Situation, selection: Selection, pages: int, fields: Sequence[str] = ()
) -> Move | tuple[tuple[Item, ...], Mapping[str, Any]]:
    """Read page after page of the list; when done, its entries and what was left out."""
    page = len(now.taken("next")) + 1
    last = now.last
    if last is not None and now.phase == "next" and not (last.effect and reacted(last.effect)):
        raise failure(last, "go to the next page of the list", now)
    extraction = now.extraction
    if extraction is None:
        if last is not None and now.phase == "read":
            raise failure(last, "read the list", now)
        return Move(Extract(), "Reading the list" if page == 1 else f"Reading page {page} of the list", "read")
    found = _entries(now, extraction, selection, fields)
    items = _joined(now, found)
    fresh = len(items) > len(_before(now))
    if extraction.next_page is None or not fresh or enough(items, selection):
        return items, {}
    if page >= pages:
        over = pages in (PAGES_TO_CHOOSE, PAGES_TO_LIST)
        return items, {"missing": [f"entries after page {pages} of the list"]} if over else {}
    learned = {"items": [item.as_json() for item in found]}
    return Move(Click(extraction.next_page), "Going to the next page of the list", "next", learned=learned)


def _entries(now: Situation, extraction: Extraction, selection: Selection, fields: Sequence[str]) -> tuple[Item, ...]:
    """The list on the page that has most of what is asked for: what is compared by it must have."""
    links = links_of(now.observation)
    wanted = needs(selection)
    asked = (*wanted, *(name for name in fields if name not in wanted))
    return main_list(extraction, links, asked, selection.noun) or main_list(extraction, links, wanted, selection.noun)


def _before(now: Situation) -> tuple[Item, ...]:
    return now.known.items if now.known.items_at == now.at else ()


def _joined(now: Situation, found: Sequence[Item]) -> tuple[Item, ...]:
    joined = {item.key: item for item in (*_before(now), *found)}
    return tuple(joined.values())


__all__ = ["TICKED", "collect", "count", "locate", "open_pick", "page_words", "pick", "seek"]
