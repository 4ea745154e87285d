"""The verbs of applications that keep things, as a table: create, rename, delete, annotate, permit, set a value of."""

import re
from dataclasses import replace
from typing import Final

from outrider.agents.scout.tasks.criteria import Condition, Selection
from outrider.agents.scout.tasks.enumerations import enumerated_fields
from outrider.agents.scout.tasks.grammar import Build, Verb
from outrider.agents.scout.tasks.intentions import ClickOn, Enter, GoTo, Intention, Locate, OpenPick, Seek, Tick
from outrider.agents.scout.tasks.language import Utterance, like, without_article
from outrider.agents.scout.tasks.phrases import Q, picked, selected
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import ConfirmRemoval, Each, Gather, Keep, MakeNew, NameIt

_ARTICLE: Final = "(?:an?|the|one|another)"
_KIND: Final = r"(?P<kind>(?!account\b|user account\b|review\b|comment\b|search\b)[a-z]+(?:[ -][a-z]+)?)"
_NAME: Final = rf"(?P<name>{Q}|(?-i:[A-Z])[\w'’.-]*(?: (?-i:[A-Z\d])[\w'’.-]*)*)"
#: Kinds of things whose name may stand in small letters: "the keyword accessibility".
_PLAIN_NAME: Final = r"(?P<name>[a-z][\w-]*)"
_FIELDS: Final = r"(?:\s*[:,]\s*|\s+with\s+|\s+in\s+)(?P<fields>.+)"
#: Those that no site has a category, tab or link for.
_PAGED: Final = "issue|ticket|bug|task|user|customer|member|project|document|order"
#: Things that have a page of their own.
_THINGS: Final = (
    "page|issue|ticket|bug|task|user|customer|member|project|document|article|post|topic|category|keyword|tag|order"
    "|product|event|contact|note|folder|file|offer|list|board|card"
)


def _create(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """A new thing: its form, its name, its fields, and keep it."""
    groups = found.groupdict()
    kind, name, listed = groups["kind"], groups.get("name"), groups.get("fields")
    if kind.lower() not in _THINGS.split("|") and not like(r"\bnew\b").search(found.string):
        return None
    fields = enumerated_fields(listed, utterance) if listed else ()
    if fields is None or not (name or fields):
        return None
    utterance.worded.append(kind)
    named = (NameIt(kind, utterance.expand(name)),) if name else ()
    again = [
        Enter(Target("confirm password"), one.value, optional=True) for one in fields if one.field.text == "password"
    ]
    return (MakeNew(kind), *named, *fields, *again, Keep())


def _create_some(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """The form for a new thing; what it is called, and its fields, are said afterwards."""
    utterance.worded.append(found["kind"])
    return (MakeNew(found["kind"]),)


def _open_thing(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Locate(utterance.expand(found["name"])),)


def _rename(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    name, new = utterance.expand(found["name"]), utterance.expand(found["new"])
    return (Locate(name), ClickOn(Target("rename")), Enter(Target("new name"), new), Keep())


def _delete(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    kind, name = found["kind"], utterance.expand(found["name"])
    utterance.worded.append(f"{kind} {name}")
    return (Locate(name), ClickOn(Target("remove")), ConfirmRemoval(name))


def _annotate(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Enter(Target(found["field"]), utterance.expand(found["value"])), Keep())


def _assign(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Enter(Target("assigned to"), utterance.expand(found["value"])), Keep())


def _hand_over(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """The one thing of this name, to somebody else."""
    return (Locate(utterance.expand(found["name"])), *_assign(found, utterance))


def _permit(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """A box in the line of somebody."""
    who = utterance.expand(without_article(found["who"]))
    utterance.worded.append(found["right"])
    return (Tick(Target(found["right"].split()[-1], near=who)), Keep())


def _set_of(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """A value of a thing that has a page of its own."""
    name = utterance.expand(found["name"])
    return (Locate(name), Enter(Target(without_article(found["field"])), utterance.expand(found["value"])), Keep())


def _set_as(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """What was made just now, as a value of another thing."""
    value = found["value"] if found["value"].lower() == "it" else utterance.expand(found["value"])
    return (Locate(utterance.expand(found["name"])), Enter(Target(found["field"]), value), Keep())


def _with_owner(selection: Selection, field: str) -> Selection:
    """ "the issues of ann" are those of which a column says "ann", not those that speak of her.

    What is handed over to somebody else is hers by ``field``, the value that is changed: not what she has reported.
    """
    noun, of, owner = selection.noun.partition(" of ")
    if not of:
        return selection
    owned = Condition(field, "is", without_article(owner))
    return replace(selection, noun=noun, conditions=(*selection.conditions, owned))


def _set_every(field: str = "") -> Build:
    """One value of every entry that is selected, each on its own page."""

    def build(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
        way, selection = selected(found["what"], utterance)
        selection = _with_owner(selection, field)
        if not selection.conditions:
            return None
        kind = selection.noun.split()[-1:]
        seek = () if way or not kind else (Seek(kind[0], search=False),)
        goal = Target(field or without_article(found["field"]))
        utterance.worded.append(field)
        change = (OpenPick(), Enter(goal, utterance.expand(found["value"])), Keep())
        return (*way, *seek, Gather(selection), Each(change))

    return build


def _keep_for_later(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Put a thing on a list of one's own, by the button that its page has for that."""
    chosen = picked(found["what"], utterance)
    way = (*chosen, OpenPick()) if chosen else (Locate(utterance.expand(without_article(found["what"]))),)
    utterance.worded.append(found["list"])
    return (*way, ClickOn(Target(f"add to {found['list']}", frozenset({"button", "link"}))))


def _go_into(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """A place within an area: "the products in the dashboard"."""
    utterance.worded.append(found["area"])
    return (GoTo(Target(found["area"])), GoTo(Target(without_article(found["what"]))))


_OF_THING: Final = rf"(?:of|for) (?:the )?(?:(?:{_THINGS}) )?(?P<name>{Q})"
_EVERY: Final = "(?:every|each|all)(?: of the| the)? (?P<what>.+)"
_ALL: Final = "(?:every|each|all)(?: of the| the)? (?P<what>.+?)"
_AREA: Final = "(?P<area>dashboard|admin(?:istration)?(?: area| panel)?|control panel|settings|back ?office)"

MAKING_VERBS: Final[tuple[Verb, ...]] = (
    Verb(
        "go to|open|visit|view",
        rf"(?P<what>(?:the |my )?[a-z]+(?: [a-z]+)?) (?:in|of|on) (?:the|my) {_AREA}",
        _go_into,
    ),
    Verb(
        "create|add|make|set up|report|file",
        rf"{_ARTICLE} (?:new )?{_KIND}(?:,? (?:named|called|titled|with the (?:title|name))) {_NAME}(?:{_FIELDS})?",
        _create,
    ),
    Verb(
        "create|add|make|set up|report|file",
        rf"{_ARTICLE} (?:new )?(?P<kind>{_THINGS}) {_NAME}(?:{_FIELDS})?",
        _create,
    ),
    Verb("create|add", rf"{_ARTICLE} (?:new )?(?P<kind>{_THINGS}) (?:(?:named|called) )?{_PLAIN_NAME}", _create),
    Verb("create|add|report|file", rf"{_ARTICLE} new {_KIND}{_FIELDS}", _create),
    Verb("create|add|report|file|open|raise", rf"an? new (?P<kind>{_THINGS})", _create_some),
    Verb(
        "open|go to|visit|view|look at|take a look at|check out", rf"(?:the )?(?:{_PAGED}) (?P<name>{Q})", _open_thing
    ),
    Verb("rename", rf"(?:the (?P<kind>{_THINGS}) )?(?P<name>{Q}) (?:to|as|into) (?P<new>{Q})", _rename),
    Verb("delete|remove", rf"the (?P<kind>{_THINGS}) (?P<name>{Q})", _delete),
    Verb("delete|remove", rf"the (?P<kind>user|customer|member|page|project|category) {_NAME}", _delete),
    Verb(
        "add|write|leave|enter",
        rf"(?:the|an?) (?P<field>(?:[a-z]+ )?(?:note|comment|message))[: ]+(?P<value>{Q})",
        _annotate,
    ),
    Verb("give|grant", r"(?P<who>.+?) the (?P<right>(?:right|permission|privilege) to [a-z]+)", _permit),
    Verb("give|grant", r"(?P<who>.+?) (?P<right>[a-z]+)(?: the)? (?:rights?|permissions?|privileges?|access)", _permit),
    Verb("allow", r"(?P<who>.+?) (?P<right>to [a-z]+)", _permit),
    Verb(
        "set|change|update",
        rf"(?:the )?(?P<field>(?!quantity|amount|the\b)[a-z][a-z ]*?) {_OF_THING} to (?P<value>.+)",
        _set_of,
    ),
    Verb(
        "set|change|update",
        rf"(?:the )?(?P<field>[a-z]+(?: [a-z]+)?) of {_EVERY} to (?P<value>{Q}|[\w-]+)",
        _set_every(),
    ),
    Verb("(?:re-?)?assign", rf"(?:it|this|that|the (?:{_PAGED})) to (?P<value>{Q}|[\w.-]+)", _assign),
    Verb(
        "(?:re-?)?assign|hand(?: over)?",
        rf"(?:the )?(?:{_PAGED}) (?P<name>{Q})(?: over)? to (?P<value>{Q}|[\w.-]+)",
        _hand_over,
    ),
    Verb("(?:re-?)?assign", rf"{_EVERY} to (?P<value>{Q}|[\w.-]+)", _set_every("assigned to")),
    Verb("hand|give|pass|turn", rf"(?:over )?{_ALL}(?: over)? to (?P<value>{Q}|[\w.-]+)", _set_every("assigned to")),
    Verb(
        "set|use|choose",
        rf"(?P<value>it|{Q}|[\w-]+) as (?:the |a )?(?P<field>[a-z]+(?: [a-z]+)?) {_OF_THING}",
        _set_as,
    ),
    Verb(
        "add|put|save",
        r"(?P<what>.+) (?:to|on|onto|in) (?:the|my) (?P<list>wish ?list|favou?rites|watch ?list|reading list)",
        _keep_for_later,
    ),
)
