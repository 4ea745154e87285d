"""Lists: choose from one, list or count what it has, tell what a search has found."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from outrider.agents.scout.amounts import ordinal
from outrider.agents.scout.pages.choosing import (
    NUMERIC,
    about,
    choose,
    has_feature,
    has_value,
    meets,
    needs,
    tied,
    unclear,
)
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.steps.attempts import failure, which
from outrider.agents.scout.steps.moving import is_shown
from outrider.agents.scout.steps.paging import entries, go_through, stated_total, until_loaded
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.steps.reading import look, read
from outrider.agents.scout.steps.seeking import page_words
from outrider.agents.scout.synonyms import canonical, plain_words, stem, value_kind
from outrider.agents.scout.tasks.criteria import Condition, Selection
from outrider.agents.scout.tasks.intentions import (
    Collect,
    Count,
    Found,
    Pick,
    Read,
)
from outrider.interfaces.actions import Extract
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Observation
from outrider.problems import OutriderError


def pick(wanted: Pick, now: Situation) -> Outcome:
    """Choose one entry of the list, over all its pages where the criterion asks for it.

    Raises RESULT_NOT_FOUND when there is none, or when not all entries could be compared.
    """
    if wanted.again and now.known.items:
        again = _chosen(wanted, now.known.items, now)
        return again if isinstance(again, Ask) else Done(again)
    _check_found(now)
    gone = go_through(now, wanted.selection, wanted.pages)
    if isinstance(gone, Move):
        return gone
    items = gone.whole(now.observation.url)
    chosen = _chosen(wanted, items, now)
    if isinstance(chosen, Ask):
        return chosen
    return Done({"items": [item.as_json() for item in items], **chosen})


def _check_found(now: Situation) -> None:
    """Raise RESULT_NOT_FOUND on the page of a search that says it has found nothing: its menus are no hits."""
    told = says_nothing(now.observation) if urlsplit(now.observation.url).query else ""
    if not told or now.extraction is None:
        return
    sought = {word for _, value in parse_qsl(urlsplit(now.observation.url).query) for word in canonical(value)}
    if not any(sought & set(canonical(one.name)) for one in entries(now, now.extraction, Selection())):
        raise OutriderError("RESULT_NOT_FOUND", missing=f"an entry (the page says “{told}”)", url=now.observation.url)


def _chosen(wanted: Pick, items: Sequence[Item], now: Situation) -> Mapping[str, Any] | Ask:
    """The pick, and what might have been picked as well.

    A question when the pick only has the word in its name that others are: the kettle that is a book.
    """
    pick = _picked(wanted.selection, items, now)
    if not wanted.selection.order and not wanted.selection.position:
        return _only(choose(meant(wanted.selection, items, now), wanted.selection), now)
    proper = [
        item for item in items if item.name.casefold() != pick.name.casefold() and _is_a(item, wanted.selection.noun)
    ]
    listed_here = set(canonical(wanted.selection.noun)) <= set(page_words(now.observation, searched=False))
    if wanted.selection.order and proper and not listed_here and not _is_a(pick, wanted.selection.noun):
        rivals = (pick, _picked(wanted.selection, proper, now))
        named = which(now, wanted.selection.noun, [one.name for one in rivals])
        if isinstance(named, Ask):
            return named
        pick = rivals[named]
    pick = _by_column(pick, wanted.selection.noun)
    equal = tied(meant(wanted.selection, items, now), wanted.selection, wanted.total)
    by = wanted.selection.order.field if wanted.selection.order else ""
    return {"pick": pick.as_json(), "equal": {"items": [one.as_json() for one in equal], "by": by}}


def _only(fitting: Sequence[Item], now: Situation) -> Mapping[str, Any] | Ask:
    """The one entry that fits; the one that the user names when several do."""
    named = which(now, "it", [one.name for one in fitting]) if len(fitting) > 1 else 0
    return named if isinstance(named, Ask) else {"pick": fitting[named].as_json()}


def _is_a(item: Item, noun: str) -> bool:
    """Whether a name ends in what a thing is called: "brass kettle", not "One Kettle, Forty Soups"."""
    words, named = canonical(noun), canonical(item.name)
    return bool(words) and named[-1:] == words[-1:]


def _by_column(pick: Item, noun: str) -> Item:
    """The entry under the name that it has in the column that was asked for: the customer of an order."""
    column = next((text for label, text in pick.columns.items() if noun and canonical(label) == canonical(noun)), "")
    return replace(pick, name=column) if column else pick


def _picked(selection: Selection, items: Sequence[Item], now: Situation) -> Item:
    chosen = choose(meant(selection, items, now), selection)
    if not chosen:
        raise OutriderError(
            "RESULT_NOT_FOUND", missing=_wanted(selection, items, now.observation), url=now.observation.url
        )
    return chosen[0]


def meant(selection: Selection, items: Sequence[Item], now: Situation) -> tuple[Item, ...]:
    """The entries that are what the selection calls them.

    Raises RESULT_NOT_FOUND when there are only others, or when not all can be compared.
    """
    if unlike := unclear(items, selection):
        missing = f"what “{unlike}” is beside the others"
        raise OutriderError("RESULT_NOT_FOUND", missing=missing, url=now.observation.url)
    called = about(items, selection.noun, page_words(now.observation, searched=False))
    odd = next(
        (
            one.value
            for one in selection.conditions
            if not one.field and one.test == "is" and not any(has_value(i, one.value) for i in items)
        ),
        "",
    )
    if items and odd:
        missing = f"entries that are “{odd}” among {len(items)}"
        raise OutriderError("RESULT_NOT_FOUND", missing=missing, url=now.observation.url)
    compared = (one.field for one in selection.conditions if one.test in NUMERIC)
    if items and (uncounted := next((name for name in compared if all(i.amount(name) is None for i in items)), "")):
        raise OutriderError("RESULT_NOT_FOUND", missing=f"a {uncounted} in figures", url=now.observation.url)
    featured = (one.field for one in selection.conditions if one.test in ("has", "has no"))
    if items and (untold := next((name for name in featured if all(has_feature(i, name) is None for i in items)), "")):
        raise OutriderError("RESULT_NOT_FOUND", missing=f"which have a {untold}", url=now.observation.url)
    if near := _nearly(called, selection):
        raise OutriderError("RESULT_NOT_FOUND", missing=near, url=now.observation.url)
    if items and not called:
        missing = f"entries called “{selection.noun}” among {len(items)}"
        raise OutriderError("RESULT_NOT_FOUND", missing=missing, url=now.observation.url)
    return called


def _nearly(items: Sequence[Item], selection: Selection) -> str:
    """A value that no entry has, though one has its words and more: "Brightwater" among those of Brightwater Cafe."""
    for one in selection.conditions:
        if one.test != "is" or one.field in ("", "availability", "rating"):
            continue
        said = [str(item.value(one.field) or "") for item in items]
        words = set(plain_words(one.value))
        more = next((text for text in said if words < set(plain_words(text))), "")
        if more and not any(words == set(plain_words(text)) for text in said):
            return f"entries whose {one.field} is “{one.value}” (there is “{more}”)"
    return ""


def _wanted(selection: Selection, items: Sequence[Item], observation: Observation) -> str:
    """What was not found, in words."""
    noun = selection.noun or "entry"
    if not items:
        told = says_nothing(observation)
        return f"a list with {', '.join(needs(selection)) or 'entries'}" + (f" (it says “{told}”)" if told else "")
    if selection.order:
        return f"an {noun} with a {selection.order.field} among {len(items)} entries"
    conditions = " and ".join(f"{one.field} {one.test} {one.value}" for one in selection.conditions)
    return (
        f"{noun} number {selection.position} of {len(items)}" if selection.position else f"an entry with {conditions}"
    )


def collect(wanted: Collect, now: Situation) -> Outcome:
    """List the entries, over as many pages as the task says.

    Raises RESULT_NOT_FOUND when there is no list, or when no entry has a value that is asked for.
    """
    if elements := _listed_elements(wanted, now):
        return Done(elements)
    selection = wanted.selection
    asked = (*wanted.fields, *wanted.also)
    gone = go_through(now, selection, wanted.pages, asked, wanted.heading, tabular=wanted.tabular)
    if isinstance(gone, Move):
        return gone
    items = gone.whole(now.observation.url) if selection.order or selection.position < 0 else gone.items
    told = "" if items or wanted.heading or wanted.tabular else says_nothing(now.observation)
    if not items and not told:
        if wanted.or_result and (result := _result(now)):
            return Done({"values": [result]})
        raise OutriderError(
            "RESULT_NOT_FOUND", missing=_wanted(selection, items, now.observation), url=now.observation.url
        )
    fitting = choose(meant(selection, items, now), selection)
    none = f"The page says: “{told}”" if told else f"None of the {len(items)} entries fits."
    also = [name for name in wanted.also if any(item.value(name) is not None for item in fitting)]
    named = wanted.fields or (_columns(fitting) if wanted.tabular else _told_by(selection, items))
    listed = {"items": [item.as_json() for item in fitting], "fields": [*named, *also]}
    missing = _absent(wanted.fields, items, now)
    cut = gone.cut or _equals(tied(meant(selection, items, now), selection), selection)
    return Done({"listed": listed, "missing": missing, "empty": "" if fitting else none, "cut": cut})


def _result(now: Situation) -> list[Any] | None:
    """The one result that a page without a list has: what is called so, else what it said to what was done."""
    url, said = now.observation.url, now.known.said
    found = look(Read(("result",)), None, now.extraction, now).get("result") if now.extraction else None
    return ["result", found.value, url, found.quote] if found else ["result", said, url, said] if said else None


def read_or_list(wanted: Read, now: Situation) -> Outcome:
    """Read values. "The boats of Tom Reed" are a list, where several boats have him in one of their columns.

    So is "the first train" on a page of trains.
    """
    if placed := _placed(wanted, now):
        return collect(Collect((), placed, pages=1), now)
    listed = now.known.items if now.known.items_at == now.at else _entries_with(wanted, now)
    if not listed:
        return read(wanted, now)
    fields = tuple(name for name in wanted.fields if any(item.value(name) is not None for item in listed))
    selection = Selection("" if fields else wanted.fields[0], conditions=(Condition("", "is", wanted.subject),))
    return collect(Collect(fields, selection), now)


def _placed(wanted: Read, now: Situation) -> Selection | None:
    """The entry that is meant by its place, if the page is about what it is called; "first name" is a value."""
    place, _, noun = (wanted.fields[0] if len(wanted.fields) == 1 else "").partition(" ")
    position = ordinal(place)
    if not position or not noun or wanted.subject or value_kind(noun) or now.extraction is None:
        return None
    listed = set(canonical(noun)) <= set(page_words(now.observation, searched=False))
    return Selection(noun, position=position) if listed else None


def _entries_with(wanted: Read, now: Situation) -> Sequence[Item]:
    """The entries of which several have the subject as a value, if the page is about what is to be read, a plural."""
    field, *more = wanted.fields or ("",)
    if more or not wanted.subject or now.extraction is None or stem(field.lower()) == field.lower():
        return ()
    listed = entries(now, now.extraction, Selection())
    having = [item for item in listed if has_value(item, wanted.subject)]
    columns = {word for item in listed for label in item.columns for word in canonical(label)}
    told = set(canonical(field)) <= {*page_words(now.observation, searched=False), *columns}
    named = any(plain_words(item.name) == plain_words(wanted.subject) for item in listed)
    return listed if told and len(having) > 1 and not named else ()


def _told_by(selection: Selection, items: Sequence[Item]) -> tuple[str, ...]:
    """The columns that a choice is about, where they say more than yes or no: "issues with an assignee"."""
    chosen = [one.field for one in selection.conditions if one.test == "has"]
    told = [name for name in chosen if len({item.value(name) for item in items}) > _YES_OR_NO]
    return ("name", *told) if told else ()


_YES_OR_NO: Final = 2


def _columns(rows: Sequence[Item]) -> tuple[str, ...]:
    """What a table has: all of it was asked for, where its values were not named."""
    return tuple(dict.fromkeys(label for row in rows for label in row.columns))


def _equals(others: Sequence[Item], selection: Selection) -> str:
    """What is as good as the last entry of a list that was cut to a number."""
    names = ", ".join(f"“{one.name}”" for one in others)
    return f"{names} with the same {selection.order.field}" if others and selection.order else ""


def _absent(fields: Sequence[str], items: Sequence[Item], now: Situation) -> list[str]:
    """The values that no entry has. Raises RESULT_NOT_FOUND when they may be a condition instead: "free delivery"."""
    absent = [name for name in fields if items and all(item.value(name) is None for item in items)]
    if absent and (len(absent) == len(fields) or not all(map(value_kind, absent))):
        raise OutriderError("RESULT_NOT_FOUND", missing=", ".join(absent), url=now.observation.url)
    return absent


#: A page says in few words that it has nothing; a manual may speak of empty lists at length.
_STATEMENT: Final = 60
_WITH_ADVICE: Final = 200
_IN_CASE: Final = re.compile(r"\b(?:if|when|unless|whether|while|where|in case|returns?|raises?)\b", re.IGNORECASE)
_NOTHING: Final = re.compile(
    r"\b(?:is empty|did ?n[o'’]t match|could ?n[o'’]t find|no (?:results?|products?|items?|matches|entries|hits)"
    r"|nothing (?:found|here|to show)"
    r"|(?:found |about )?0 (?:results?|products?|items?|matches))\b",
    re.IGNORECASE,
)


def says_nothing(observation: Observation) -> str:
    """What the page says where it has nothing to list; "" when it does not say so."""
    told = (
        text.text
        for text in observation.texts
        if text.region not in ("banner", "contentinfo")
        and not _IN_CASE.search(text.text)
        and _NOTHING.search(text.text[:_STATEMENT])
        and len(text.text) < _WITH_ADVICE
    )
    return next(told, "")


def _listed_elements(wanted: Collect, now: Situation) -> Mapping[str, Any] | None:
    """Links, headings, buttons or images of the page, when the task lists those."""
    noun = stem(wanted.selection.noun.lower())
    page = now.observation.url
    if noun in ("heading", "headline"):
        items = [Item(t.text, page=page) for t in now.observation.texts if t.kind.startswith("heading")]
    elif role := _ROLES.get(noun):
        shown = [e for e in now.observation.elements if e.role == role and e.name]
        items = [
            Item(e.name, link=e.href, page=page) for e in shown if meets(Item(e.name), wanted.selection.conditions)
        ]
    else:
        return None
    fields = {"link": ["name", "link"]}.get(noun, ["heading" if noun.startswith("head") else "name"])
    return {"listed": {"items": [one.as_json() for one in items], "fields": fields}}


_ROLES: Final = {
    "link": "link",
    "hyperlink": "link",
    "button": "button",
    "image": "img",
    "tab": "tab",
    "checkbox": "checkbox",
}


def count(wanted: Count, now: Situation) -> Outcome:
    """How many entries there are: as the page states it where that fits the list, else by going through all pages."""
    selection = wanted.selection
    if wanted.selection == Selection() and not wanted.pages and (stated := _stated(now)):
        return Done({"values": [["count", stated[0], now.observation.url, stated[1]]]})
    gone = go_through(now, selection, wanted.pages)
    if isinstance(gone, Move):
        return gone
    items = gone.whole(now.observation.url)
    told = "" if items else says_nothing(now.observation)
    if not items and not told:
        raise OutriderError("RESULT_NOT_FOUND", missing="a list to count", url=now.observation.url)
    fitting = [item for item in meant(selection, items, now) if meets(item, selection.conditions)]
    if wanted.asks:
        answer = f"Yes – {len(fitting)}: {', '.join(item.name for item in fitting[:3])}" if fitting else "No"
        return Done({"values": [["answer", answer, now.observation.url, told or f"{len(fitting)} entries"]]})
    return Done({"values": [["count", len(fitting), now.observation.url, told or f"{len(fitting)} entries"]]})


def _stated(now: Situation) -> tuple[int, str] | None:
    """The total that the first page states: more than it lists if there are more pages, else exactly that."""
    extraction = now.extraction
    if extraction is None or now.taken("next"):
        return None
    stated, here = stated_total(extraction), len(entries(now, extraction, Selection()))
    if stated is None or here == 0 or (stated[0] > here) != (extraction.next_page is not None) or stated[0] < here:
        return None
    return stated


def found(wanted: Found, now: Situation) -> Outcome:
    """Tell what is called so: the entries of the shown page, or what its own page says of it.

    Raises RESULT_NOT_FOUND when nothing that is called so can be seen.
    """
    extraction = now.extraction
    if extraction is None:
        if now.last is not None and now.last.effect is None:
            raise failure(now.last, "read the page", now)
        return Move(Extract(), f"Looking what is found of “{wanted.name}”", "read")
    if wait := until_loaded(now, extraction):
        return wait
    words = set(canonical(wanted.name))
    called = [one for one in entries(now, extraction, Selection()) if words <= set(canonical(one.name))]
    if called:
        fields = [name for name in ("name", "price", "link") if any(one.value(name) for one in called)]
        cut = "what further pages have" if extraction.next_page is not None else ""
        return Done({"listed": {"items": [one.as_json() for one in called], "fields": fields}, "cut": cut})
    headings = [text.text for text in extraction.texts if text.kind in ("heading1", "heading2")]
    heading = next((one for one in (*headings, extraction.title) if words <= set(canonical(one))), "")
    links = [e for e in now.observation.elements if e.role == "link" and words <= set(canonical(e.name))]
    if links and not is_shown(now.observation, canonical(wanted.name)):
        items = [Item(e.name, link=e.href, page=extraction.url) for e in {e.href: e for e in links}.values()]
        return Done({"listed": {"items": [one.as_json() for one in items], "fields": ["name", "link"]}})
    if not heading or says_nothing(now.observation):
        told = says_nothing(now.observation)
        missing = f"“{wanted.name}”" + (f" (the page says “{told}”)" if told else "")
        raise OutriderError("RESULT_NOT_FOUND", missing=missing, url=now.observation.url)
    values = look(Read(("name", "price", "address")), None, extraction, now)
    return Done({"values": [[one.name, one.value, one.url, one.quote] for one in values.values()]})
