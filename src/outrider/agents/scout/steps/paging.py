"""The pages of a list: which one is shown, how to get to another, and reading one after the other to the end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from outrider.agents.scout.amounts import number
from outrider.agents.scout.pages.choosing import enough, needs
from outrider.agents.scout.pages.grounding import CLICKED, Candidate, describe
from outrider.agents.scout.pages.records import Item, links_of, list_under, main_list, tables_of
from outrider.agents.scout.steps.attempts import attempt, failure, reacted
from outrider.agents.scout.steps.patience import await_answer
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import plain_words
from outrider.agents.scout.tasks.criteria import Selection
from outrider.agents.scout.tasks.intentions import TurnTo
from outrider.interfaces.actions import Click, Extract, Navigate, Wait
from outrider.interfaces.pages import Element, Extraction, Observation
from outrider.problems import OutriderError

#: How many pages of a list are gone through at most.
MOST_PAGES: Final = 40
#: A page that gives so many entries may have more: its script stops at 1,000 rows, headings included.
MANY_ENTRIES: Final = 990
_ASIDE: Final = frozenset({"banner", "navigation", "contentinfo", "complementary", "search"})
_ENTRIES: Final = r"(?:results?|products?|items?|matches|entries|hits|records|titles|articles|rows)"
_TOTAL: Final = re.compile(
    rf"(?:\bof\s+|\ball\s+|\bfound\s+|^|\()(?P<all>\d[\d.,]*)\s*{_ENTRIES}\b"
    r"|\d\s*(?:-|–|to)\s*\d[\d.,]*\s+of\s+(?P<of>\d[\d.,]*)\b"
    r"|\b(?:showing|displaying|viewing)\s+\d[\d.,]*\s+of\s+(?P<part>\d[\d.,]*)\b",
    re.IGNORECASE,
)
_PAGE_TEXT: Final = re.compile(r"\s*page (\d+)(?: (?:of|/) \d+)?\s*\Z", re.IGNORECASE)
_PAGE_IN_ADDRESS: Final = re.compile(
    r"(?P<before>[?&;/](?:page|pg|paged|pageno|page_?number|currentpage)[=/])(?P<number>\d+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The entries of a list, as far as they were read."""

    items: tuple[Item, ...]
    #: What was left out of the entries that the task speaks of; "" when nothing was.
    cut: str = ""

    def whole(self, url: str) -> tuple[Item, ...]:
        """The entries. Raises RESULT_NOT_FOUND when some were left out: a part tells nothing about all."""
        if self.cut:
            raise OutriderError("RESULT_NOT_FOUND", missing=self.cut, url=url)
        return self.items


def page_number(observation: Observation) -> int | None:
    """Which page of a list is shown, by what the page says, else by its address; None when neither tells."""
    said = (_PAGE_TEXT.match(text.text) for text in observation.texts)
    if found := next(filter(None, said), None):
        return int(found[1])
    by_address = _PAGE_IN_ADDRESS.search(observation.url)
    return int(by_address["number"]) if by_address else None


def turn_to(wanted: TurnTo, now: Situation) -> Outcome:
    """Be on a page of the list by its number: by a link with it, else page after page.

    Raises RESULT_NOT_FOUND when the list has no such page.
    """
    turned = now.taken("next")
    at = page_number(now.observation) or 1 + len(turned)
    if at == wanted.page:
        return Done()
    if now.phase == "try" or (not turned and (links := _links_to(now.observation, wanted.page))):
        return attempt(
            now,
            f"go to page {wanted.page}",
            lambda: links,
            lambda element: Click(element.index),
            reacted,
            lambda element: f"Going to page {wanted.page} by {describe(element)}",
        )
    if longer := await_turn(now):
        return longer
    check_turn(now)
    extraction = now.extraction
    if extraction is None:
        return Move(Extract(), "Looking for the next page", "read")
    if extraction.next_page is None or at > wanted.page or at >= MOST_PAGES:
        raise OutriderError("RESULT_NOT_FOUND", missing=f"page {wanted.page} of the list", url=now.observation.url)
    return Move(Click(extraction.next_page), f"Going to page {at + 1} of the list", "next")


def _links_to(observation: Observation, page: int) -> Sequence[Candidate]:
    """Links that say "page 3", or "3" with an address that says so too: a number alone may be a rating."""
    said = (("page", str(page)), ("go", "to", "page", str(page)))

    def leads(element: Element) -> bool:
        to = _PAGE_IN_ADDRESS.search(element.href)
        named = plain_words(element.name)
        return named in said or (named == (str(page),) and to is not None and int(to["number"]) == page)

    return [Candidate(e, 1.0) for e in observation.elements if e.role in CLICKED and leads(e)][:1]


def await_turn(now: Situation) -> Move | None:
    """Wait for the page that was turned to, where nothing is to be seen of it yet."""
    last = now.last
    waits = now.phase == "next" and last is not None and last.effect is not None and not reacted(last.effect)
    return await_answer(now) if waits else None


def check_turn(now: Situation) -> None:
    """Raise the problem of the last step when it failed, or when it was to turn the page and did not."""
    last = now.last
    if last is None or (last.effect is not None and (now.phase != "next" or reacted(last.effect))):
        return
    raise failure(last, "go to the next page of the list" if now.phase == "next" else "read the list", now)


def go_through(
    now: Situation,
    selection: Selection,
    pages: int,
    fields: Sequence[str] = (),
    heading: str = "",
    *,
    tabular: bool = False,
) -> Move | Reading:
    """Read page after page of the list; ``pages`` 0 means all. When done, its entries.

    A page of which neither the address nor the heading is that of the page before is another list.
    """
    if longer := await_turn(now):
        return longer
    check_turn(now)
    if pages == 0 and now.last is None and (first := _first_page(now.observation, selection)):
        return Move(Navigate(first), "Going to the first page of the list", "first")
    page = len(now.taken("next")) + 1
    extraction = now.extraction
    if extraction is None:
        return Move(Extract(), "Reading the list" if page == 1 else f"Reading page {page} of the list", "read")
    if wait := until_loaded(now, extraction):
        return wait
    if page > 1 and now.taken("next")[-1].memory["notes"].get("heading") != _main_heading(extraction):
        return Reading(_before(now))
    among = tables_of(extraction) if tabular else extraction
    found = list_under(among, heading) if heading else entries(now, among, selection, fields)
    items = _joined(now, found)
    if enough(items, selection):
        return Reading(items)
    fresh = len(items) > len(_before(now))
    onward = None if heading else next_page(extraction, now.observation)
    if onward is None or not fresh or page >= (pages or MOST_PAGES):
        return Reading(items, "" if pages else _left_out(extraction, items, page))
    learned = {"items": [item.as_json() for item in found]}
    notes = {"heading": _main_heading(extraction)}
    return Move(Click(onward), "Going to the next page of the list", "next", notes, learned)


def until_loaded(now: Situation, extraction: Extraction) -> Move | None:
    """Wait while the page says that it is still searching or loading; not for ever."""
    busy = any(_BUSY.fullmatch(text.text) for text in extraction.texts)
    return Move(Wait(), "Waiting for the page to finish", "wait") if busy and len(now.taken("wait")) < _WAITS else None


_WAITS: Final = 5
_BUSY: Final = re.compile(r"\W*(?:searching|loading|please wait|preparing search)\b[\w ]{0,20}\W*", re.IGNORECASE)


def next_page(extraction: Extraction, observation: Observation) -> int | None:
    """The element that leads to the next page of the same list: its address differs by a number or a query only.

    The "next" of a chapter leads to another page, not to more of this one.
    """
    onward = extraction.next_page
    href = next((e.href for e in observation.elements if e.index == onward), "")
    if onward is None or not href or _without_number(href) == _without_number(observation.url):
        return onward
    return onward if _NUMBERED.search(urlsplit(href).path) else None


def _without_number(url: str) -> str:
    return _NUMBERED.sub("", urlsplit(url).path.rstrip("/"))


#: The part of a path that counts pages: "/page/2", "list_2.html", "page-2.html".
_NUMBERED: Final = re.compile(r"/?(?:[\w-]*[-_./]|page|p)?\d+(?:\.\w+)?/?$", re.IGNORECASE)


def _main_heading(extraction: Extraction) -> str:
    """The first heading of the page, without the number that a further page adds."""
    first = next((text.text for text in extraction.texts if text.kind == "heading1"), "")
    return " ".join(re.sub(r"[\W\d_]+(?:page)?|\bpage\b", " ", first, flags=re.IGNORECASE).split())


def _first_page(observation: Observation, selection: Selection) -> str:
    """Address of the list's first page, when another one is shown and the task speaks of the whole list."""
    from_the_front = (selection.position > 0 or selection.count > 0) and selection.order is None
    shown = _PAGE_IN_ADDRESS.search(observation.url)
    if from_the_front or shown is None or int(shown["number"]) < 2:
        return ""
    return f"{observation.url[: shown.start('number')]}1{observation.url[shown.end('number') :]}"


def entries(
    now: Situation, extraction: Extraction, selection: Selection, fields: Sequence[str] = ()
) -> tuple[Item, ...]:
    """The list on the page that has most of what is asked for: what is compared by it must have."""
    links = links_of(now.observation)
    wanted = needs(selection)
    asked = (*wanted, *(name for name in fields if name not in wanted))
    return main_list(extraction, links, asked, selection.noun) or main_list(extraction, links, wanted, selection.noun)


def _left_out(extraction: Extraction, items: Sequence[Item], page: int) -> str:
    """What was not read of a list although it is there."""
    stated = stated_total(extraction) if items else None
    if stated is not None and stated[0] > len(items):
        return f"{stated[0] - len(items)} of the entries of the list (“{stated[1]}”)"
    if extraction.next_page is not None and page >= MOST_PAGES:
        return f"the entries after page {page} of the list"
    if any(len(group.records) >= MANY_ENTRIES for group in extraction.groups):
        return f"the entries of a page after the first {len(items)}"
    return ""


def stated_total(extraction: Extraction) -> tuple[int, str] | None:
    """How many entries the page says that there are, and in which words."""
    for text in extraction.texts:
        found = _TOTAL.search(text.text) if text.region not in _ASIDE and len(text.text) < 120 else None
        if found and (total := number(found["all"] or found["of"] or found["part"])) is not None:
            return int(total), text.text
    return None


def _before(now: Situation) -> tuple[Item, ...]:
    return now.known.items if now.known.items_at == now.at else ()


def _joined(now: Situation, found: Sequence[Item]) -> tuple[Item, ...]:
    joined = {item.key: item for item in (*_before(now), *found)}
    return tuple(joined.values())
