"""What is wanted of several things, as a table: values of each, the one with the most, all that fit into the basket."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from outrider.agents.scout.synonyms import stem
from outrider.agents.scout.tasks.criteria import Condition, Order, Selection
from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import AddToBasket, Collect, Found, GoTo, Intention, Locate, OpenPick, Seek
from outrider.agents.scout.tasks.language import Utterance, items, like, without_article
from outrider.agents.scout.tasks.phrases import Q, selected
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import ADDED_IN, Each, Gather, Note, PickNoted

_TELL: Final = "(?:tell|give|show) me|tell|report|list|find out|note|say"
#: Comparatives and superlatives, with what they compare.
_BY: Final[Mapping[str, Order]] = {
    word: Order(field, descending)
    for words, field, descending in (
        ("cheaper cheapest", "price", False),
        ("dearer dearest costlier", "price", True),
        ("longer longest", "length", True),
        ("shorter shortest", "length", False),
        ("higher highest taller tallest", "height", True),
        ("heavier heaviest", "weight", True),
        ("lighter lightest", "weight", False),
        ("bigger biggest larger largest", "size", True),
        ("smaller smallest", "size", False),
        ("older oldest", "built", False),
        ("newer newest younger youngest", "built", True),
    )
    for word in words.split()
}
_WORDS: Final = "|".join(_BY)
_COMPARATIVES: Final = "|".join(word for word in _BY if word.endswith("er"))
_FIRST: Final[Mapping[str, bool]] = {
    "first": False,
    "earlier": False,
    "earliest": False,
    "later": True,
    "last": True,
    "latest": True,
}
_WHEN: Final = "|".join(_FIRST)
_WAS: Final = r"(?:was|were|is|are|has been|got)"
_ONE: Final = rf"(?:{Q}|[\w.&'’ -]+)"
_LAST: Final = rf"(?:the )?(?:{Q}|[\w.]+(?: [\w.]+)?)"
_NAMES: Final = rf"(?P<names>(?:the )?{_ONE}(?:, {_ONE})*,? (?:and|or|with|to) {_LAST})"


def _names(said: str, utterance: Utterance) -> tuple[str, ...]:
    parts = (one for part in items(said) for one in re.split(r"\s+(?:or|with|to)\s+", part))
    return tuple(utterance.expand(without_article(one)) for one in parts)


def _noting(names: tuple[str, ...], fields: tuple[str, ...], *, told: bool) -> tuple[Intention, ...]:
    return tuple(step for name in names for step in (Locate(name), Note(fields, name, told)))


def fields_wanted(said: str, utterance: Utterance) -> tuple[str, ...] | None:
    """The names of values: "the price and whether it is in stock". None when a part of it names none."""
    found: list[str] = []
    said = re.sub(r",?\s+with (?=the address|a link|its address)", ", ", said)
    for part in items(re.sub(r",\s+(?=as (?:given|told|said|stated|written) )", " ", said)):
        name = next((name for pattern, name in _ASKED if pattern.fullmatch(part)), "")
        plain = utterance.expand(without_article(part))
        if not name and not re.fullmatch(r"[a-z]+(?: [a-z]+)?", plain):
            return None
        found.append(name or plain)
        utterance.worded.append(part)
    return tuple(found) or None


_ASKED: Final = tuple(
    (like(pattern), name)
    for pattern, name in (
        (r"(?:whether|if) (?:it|they) (?:is|are) (?:in stock|available)", "availability"),
        (r"what (?:it|they) costs?|how much (?:it|they) costs?", "price"),
        (
            r"(?:its|the|a|their) (?:address|link|url)(?: (?:of|to) (?:the|its) page)?"
            r"(?: where you (?:found|read|saw) (?:it|that|them))?",
            "address",
        ),
        (r"in which version (?:it|they) (?:was|were) (?:added|introduced)", ADDED_IN),
        (r"how long (?:it|they) (?:is|are)", "length"),
        # A heading says it as a whole.
        (
            r"(?:the (?:first )?sentence (?:of|about) )?what (?:it|they) (?:is|are) (?:for|about)"
            r" as (?:given|told|said|stated|written) (?:in|by) the (?:heading|headline) of (?:its|the|their) pages?",
            "heading",
        ),
        (r"who (?:has )?built (?:it|them)", "builder"),
        (r"who (?:has )?made (?:it|them)", "maker"),
        (r"who (?:wrote|has written) (?:it|them)", "author"),
    )
)


def _each_named(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    fields = fields_wanted(found["fields"], utterance)
    utterance.worded.append(found["kind"] or "")
    return None if fields is None else _noting(_names(found["names"], utterance), fields, told=True)


def _each_listed(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Every entry that a page lists, opened."""
    fields = fields_wanted(found["fields"], utterance)
    utterance.worded.append(f"{found['kind']} {found['place']}")
    way = GoTo(Target(utterance.expand(found["place"]), frozenset({"link", "tab"})))
    if fields is None:
        return None
    return (way, Gather(Selection()), Each((OpenPick(), Note(fields, told=True))))


def _most_of_listed(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """The one of all that a page lists which has the most of something, by their own pages."""
    if stem(found["kind"]) != stem(found["again"]):
        return None
    order = _BY[found["how"].lower()]
    utterance.worded.append(f"{found['kind']} {found['again']} {found['how']} {found['measure'] or ''}")
    way = GoTo(Target(found["kind"], frozenset({"link", "tab"})))
    return (way, Gather(Selection()), Each((OpenPick(), Note((order.field,)))), PickNoted(order, told=True))


def _which_first(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """Of several named things the one that was made first: by the value that is called so."""
    field = found["deed"].lower()
    field = ADDED_IN if field in ("added", "introduced") else field
    order = Order(field, _FIRST[found["when"].lower()])
    utterance.worded.append(" ".join(filter(None, (found.groupdict().get("kind"), found["deed"], found["when"]))))
    return (*_noting(_names(found["names"], utterance), (field,), told=False), PickNoted(order, told=True))


def _which_most(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    order = _BY[found["how"].lower()]
    utterance.worded.append(f"{found.groupdict().get('kind') or ''} {found['how']}")
    return (*_noting(_names(found["names"], utterance), (order.field,), told=False), PickNoted(order, told=True))


def _compare(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    field = stem(found["field"].lower())
    utterance.worded.append(found["field"])
    return _noting(_names(found["names"], utterance), (field,), told=False)


def _add_compared(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.worded.append(found["how"])
    return (PickNoted(_BY[found["how"].lower()]), AddToBasket())


def _add_every(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    way, selection = selected(found["what"], utterance)
    if not selection.conditions and not way:
        return None
    seek = (Seek(selection.noun),) if selection.noun and not way else ()
    return (*way, *seek, Gather(selection), Each((OpenPick(), AddToBasket())))


def _added(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Note((ADDED_IN,), "it", told=True),)


def _version_of(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    names = tuple(utterance.expand(name) for name in (found["what"], found.groupdict().get("other")) if name)
    utterance.worded.append(found["program"] or "")
    return _noting(names, (ADDED_IN,), told=True)


_BASKET: Final = r"(?:the |my |your )?(?:shopping )?(?:basket|cart|bag|trolley)"
_THING: Final = r"(?:the (?:module|function|class|method|parameter|command|option) )?"

#: A thing by its full name, which is no common word: "str.removeprefix".
_DOTTED: Final = rf"(?P<what>{Q}|\w+(?:\.\w+)+)"

COMPARING_VERBS: Final[tuple[Verb, ...]] = (
    Verb(
        "for each of|for every one of", rf"(?:the (?P<kind>[a-z]+) )?{_NAMES},? (?:{_TELL}) (?P<fields>.+)", _each_named
    ),
    Verb(
        "for each|for every",
        rf"(?P<kind>[a-z]+) (?:on|in|of) the (?P<place>{Q}|[\w-]+(?: [\w-]+)?) page, "
        rf"(?:open (?:it|its page),? and )?(?:{_TELL}) (?P<fields>.+)",
        _each_listed,
    ),
    Verb(
        "look at|open|visit|read|go through",
        rf"the pages of (?:all|the) (?P<kind>[a-z]+),? and (?:{_TELL}) which (?P<again>[a-z]+) is the (?P<how>{_WORDS})"
        r"(?: and how (?P<measure>[a-z]+) it is)?",
        _most_of_listed,
    ),
    Verb("which of", rf"(?:the (?P<kind>[a-z]+) )?{_NAMES} {_WAS} (?P<deed>[a-z]+) (?P<when>{_WHEN})", _which_first),
    Verb("which of", rf"(?:the (?P<kind>[a-z]+) )?{_NAMES} is (?:the )?(?P<how>{_WORDS})", _which_most),
    Verb(
        "compare",
        rf"{_NAMES}[:,] which (?:one |of them )?{_WAS} (?P<deed>[a-z]+) (?P<when>{_WHEN})"
        r"(?:,? and (?:in which version|when))?",
        _which_first,
    ),
    Verb("compare", rf"{_NAMES}[:,] which (?:one |of them )?is (?:the )?(?P<how>{_WORDS})", _which_most),
    Verb("compare", rf"the (?P<field>[a-z]+) of {_NAMES}", _compare),
    Verb(
        "add|put",
        rf"the (?P<how>{_COMPARATIVES}) (?:one|of (?:the|these) two|of them) (?:to|in|into) {_BASKET}",
        _add_compared,
    ),
    Verb("add|put", rf"(?:every|each|all)(?: of the| the)? (?P<what>.+?) (?:to|in|into) {_BASKET}", _add_every),
    Verb(
        "(?:tell me )?(?:which|what)",
        r"(?:(?P<program>\w+) )?version (?:was|is) the first (?:to (?:have|include)|that (?:has|had)) "
        rf"{_THING}{_DOTTED}",
        _version_of,
    ),
    Verb(
        "(?:tell me )?since (?:which|what)",
        rf"(?:(?P<program>\w+) )?version (?:is|has) {_THING}{_DOTTED} (?:been )?(?:there|available|in it)",
        _version_of,
    ),
    Verb("(?:tell me |say |report )?in which", r"version (?:it|this|that) was (?:added|introduced)", _added),
    Verb(
        "(?:tell me )?in which",
        rf"(?:(?P<program>\w+) )?version was {_THING}(?P<what>[\w.]+) (?:added|introduced)"
        rf"(?:,? and in which(?: version)? was {_THING}(?P<other>[\w.]+) (?:added|introduced))?",
        _version_of,
    ),
)


_OF_THEM: Final = like(rf"for (?:each|every one) of (?:them|these|those),? (?:{_TELL}) (?P<fields>.+)")


def each_of_them(clause: str, found: Sequence[Intention], utterance: Utterance) -> list[Intention] | None:
    """What is wanted of each that was found or listed just before, by its own page; None when nothing was.

    What was to be found on a page that the task goes to are the rows that have this in one of their columns.
    """
    told = _OF_THEM.fullmatch(clause)
    fields = fields_wanted(told["fields"], utterance) if told else None
    if fields is None or not found:
        return None
    each = Each((OpenPick(), Note(fields, told=True)))
    *before, last = found
    if isinstance(last, Collect):
        return [*before, Gather(last.selection), each]
    if isinstance(last, Found) and len(before) > 1 and isinstance(before[-2], GoTo):
        return [*before[:-1], Gather(Selection(conditions=(Condition("", "is", stem(last.name)),))), each]
    return None


def in_one_piece(before: str, rest: str) -> bool:
    """Whether ``rest`` still belongs to what is wanted of several things."""
    return any(first.match(before) and not has.search(before) and then.match(rest) for first, has, then in _PIECES)


_TOLD: Final = like(rf"\b(?:{_TELL})\b")
_NEVER: Final = re.compile(r"(?!)")
_PIECES: Final = (
    (like(r"for (?:each|every)\b"), _TOLD, like(rf"(?:{_TELL}|open (?:it|its))\b")),
    (like(r"for (?:each|every)\b"), _NEVER, like(r"(?:whether|if|what it costs|in which|who|how)\b")),
    (like(r"(?:look at|open|visit|read|go through) the pages of\b"), _NEVER, like(rf"(?:{_TELL}) which\b|how\b")),
    (like(r"compare\b"), like(r"\bwhich\b"), like(r"which\b")),
    (like(r"(?:compare|in which)\b"), _NEVER, like(r"in which\b")),
    # "title, status and who it is assigned to"
    (
        like(r".*\b(?:list|with|for each)\b"),
        _NEVER,
        like(r"who(?:m)? (?:it|they|each) (?:is|are|was|were) [a-z]+ (?:to|by)$"),
    ),
    # "what mending the roof cost, and which company did it"
    (
        like(rf"(?:(?:{_TELL}) )?(?:what|how much) .+ costs?$"),
        _NEVER,
        like(r"(?:who|which [a-z]+) \w+(?: \w+)? (?:it|that)\b"),
    ),
)
