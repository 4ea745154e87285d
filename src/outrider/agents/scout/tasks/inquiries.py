"""Questions by their question word, as a table: who, when, how big, what is said about something, is it so."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from outrider.agents.scout.synonyms import PLACE_NOUNS, stem
from outrider.agents.scout.tasks.criteria import Condition, Selection, select
from outrider.agents.scout.tasks.grammar import Build, Verb
from outrider.agents.scout.tasks.intentions import Collect, Count, GoTo, Intention, Read, SearchFor, Seek
from outrider.agents.scout.tasks.language import Utterance, like, without_article
from outrider.agents.scout.tasks.listings import ELEMENTS
from outrider.agents.scout.tasks.phrases import Q, place_of_thing, selected
from outrider.agents.scout.tasks.questions import values
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import OpenHit, ReadDeed

#: What an adjective asks for.
_MEASURED: Final[Mapping[str, str]] = {
    "big": "size", "large": "size", "small": "size", "heavy": "weight", "long": "length", "wide": "width",
    "high": "height", "tall": "height", "deep": "depth", "thick": "thickness", "old": "age", "expensive": "price",
    "far": "distance", "fast": "speed", "hot": "temperature", "cold": "temperature", "good": "rating",
    "highly rated": "rating", "well rated": "rating", "popular": "rating",
}  # fmt: skip


def _value(name: str) -> Build:
    return lambda found, utterance: values(name, found["what"], (), utterance)


def _field_of(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    utterance.worded.append(found["field"])
    return values(found["field"], found["what"], (), utterance)


def _assigned(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    utterance.worded.append(found["verb_"])
    return values("assigned to", found["what"], (), utterance)


def _measure(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    utterance.worded.append(found["how"])
    return values(_MEASURED[found["how"].lower()], found["what"], (), utterance)


def _said_about(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """What a place says about something: the text that belongs to its name there."""
    where = utterance.expand(without_article(found["where"]))
    here = _HERE.fullmatch(where)
    utterance.worded.append(where if here else "page section")
    way = () if here else (GoTo(Target(re.sub(r" (?:page|section)$", "", where), frozenset({"link", "tab"}))),)
    return (*way, *_meaning_of(found, utterance))


_HERE: Final = like("(?:it|they|this|that|(?:this |the )?(?:page|site|website|article|text|documentation|shop))")


def _meaning_of(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Read(("meaning",), utterance.expand(_TERM.sub("", without_article(found["what"])))),)


_TERM: Final = like(r"^(?:word|term|expression|abbreviation|phrase)\s+")


def _is_so(test: str) -> Build:
    """Whether a value of something meets a condition."""

    def build(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
        if test == "stock":
            utterance.worded.append(found["in"] or found["out"])
            condition = Condition("availability", "lacks" if found["out"] else "is", "in stock")
        else:
            wanted = select(f"product {found['limit']}", utterance).conditions
            if len(wanted) != 1 or wanted[0].field != "price":
                return None
            condition = wanted[0]
        steps = values(condition.field, found["what"], (), utterance)
        return steps and (*steps[:-1], *(replace(one, test=condition) for one in steps[-1:] if isinstance(one, Read)))

    return build


def _is_there(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Whether there is any entry of a kind: looked for, then counted."""
    way, selection = selected(found["what"], utterance)
    if stem(selection.noun.lower()) in PLACE_NOUNS.split("|"):
        return None
    if not selection.noun and not selection.conditions:
        return None
    seek = (Seek(selection.noun),) if selection.noun and not way else ()
    return (*way, *seek, Count(selection, asks=True))


def _which_are(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """The entries of a kind, wherever the site has them."""
    way, selection = selected(found["what"], utterance)
    if stem(selection.noun.lower()) in PLACE_NOUNS.split("|") or f"{stem(selection.noun)}s" in ELEMENTS:
        return None
    return (*way, *((Seek(selection.noun),) if selection.noun and not way else ()), Collect((), selection))


def _who(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    utterance.worded.append(found["did"])
    rest, way = place_of_thing(found["what"], utterance)
    return values(_DEEDS[found["did"].lower()], rest, way, utterance)


def _office(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Who has an office, and further values of its row, on the page that a search for the office leads to."""
    if found["office"].split()[0] in _DEEDS:
        return None
    office = found["office"]
    utterance.worded.append(f"{office} {found['whole'] or ''} {found['field'] or ''}")
    fields = ("name", *((found["field"],) if found["field"] else ()))
    return (SearchFor(office, optional=True), OpenHit(office), Read(fields, office))


def _deed(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """What something that was done has cost, and who did it."""
    utterance.worded.append(f"{found['doer'] or ''}")
    doer = (found["kind"] or "done by",) if found["doer"] else ()
    return (ReadDeed(utterance.expand(found["deed"]), ("cost", *doer)),)


def _count_by(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """How many entries of a kind somebody has made, or has."""
    return (Count(_done_by(found, utterance)),)


def _list_by(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Collect((), _done_by(found, utterance)),)


def _done_by(found: re.Match[str], utterance: Utterance) -> Selection:
    """The entries of a kind by who did something to them, by the column that is called so; else by any."""
    did = found.groupdict().get("did") or ""
    utterance.worded.append(did)
    doer = Condition(_DEEDS.get(did.lower(), ""), "is", utterance.expand(without_article(found["who"])))
    selection = select(found["what"], utterance)
    return replace(selection, conditions=(*selection.conditions, doer))


def _value_at(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """What a page of the user's own says: "my name" is a labelled value of it, not what the page is called."""
    way = GoTo(Target(utterance.expand(found["where"]), frozenset({"link", "tab", "button"})))
    steps = values(found["field"], "", (way,), utterance)
    return steps and tuple(
        replace(one, fields=tuple(f"my {name}" for name in one.fields)) if isinstance(one, Read) else one
        for one in steps
    )


#: What the one who did something is called on a page.
_DEEDS: Final[Mapping[str, str]] = {
    "wrote": "author", "written": "author", "author": "author", "posted": "author", "published": "publisher",
    "publisher": "publisher", "made": "maker", "makes": "maker", "manufactured": "maker", "manufactures": "maker",
    "produced": "maker", "produces": "maker", "maker": "maker", "manufacturer": "maker", "sold": "seller",
    "sells": "seller", "seller": "seller", "placed": "customer", "ordered": "customer", "place": "customer",
    "order": "customer", "write": "author", "post": "author", "publish": "publisher", "make": "maker",
    "own": "owner", "owns": "owner", "owned": "owner",
}  # fmt: skip
_TELL: Final = "(?:tell me |say |report |find out |check |determine |let me know |see |give me )?"
_DONE: Final = "(?:published|posted|written|released|updated|created|added|made|sent|placed|due)"
#: Other deeds, whose day is called after them: "last inspected".
_PAST: Final = r"(?:(?:last|first) [a-z]+|[a-z]+(?:ed|en|ilt|ought))"
#: A thing by its title or name, rather than a kind of thing.
_TITLED: Final = rf"(?:{Q}|(?-i:[A-Z]).*)"
#: Somebody by name, neither the one who asks nor a part of the verb.
_SOMEBODY: Final = rf"(?P<who>{Q}|(?:the |a )?(?-i:(?!I\b)[A-Z]).*)"
_KIND: Final = r"(?P<what>\w+(?: \w+)?)"
#: "boats does Tom Reed own", "boats belong to Tom Reed".
_BY_SOMEBODY: Final = (
    rf"{_KIND} (?:do|does|did) {_SOMEBODY} (?P<did>own|place|order|write|post|publish|make)",
    rf"{_KIND} (?:has|have) {_SOMEBODY} (?P<did>owned|placed|ordered|written|posted|published|made)",
    rf"{_KIND} belongs? to {_SOMEBODY}",
    rf"{_KIND} (?:is|are|was|were) (?P<did>owned|written|published|made|sold) by {_SOMEBODY}",
)
#: What takes place, by its name.
_EVENT: Final = rf"(?:it|(?:the )?{_TITLED})"
_LIMIT: Final = (
    r"(?P<limit>(?:less than|more than|at most|at least|under|over|below|above|up to|cheaper than|more expensive than"
    r"|no more than)\s.+)"
)
_IN_STOCK: Final = (
    r"(?P<in>(?:currently |still |now )?(?:in stock|available|on stock)"
    r"|(?P<out>out of stock|sold out|unavailable))(?: (?:right )?now| at the moment)?"
)
_STOCK: Final = rf"(?P<what>.+?)\s{_IN_STOCK}"
#: What explains words by themselves.
_REFERENCES: Final = "glossary|dictionary|encyclopa?edia|lexicon|faq"
_SELLER: Final = r"(?:you|they|(?:the|this) (?:shop|store|site|website|page|catalogue))"

_OF_A_THING: Final = "colou?r|size|brand|status|language|weight|price|rating|material|finish|shape|type|format|version"

INQUIRIES: Final[tuple[Verb, ...]] = (
    Verb(
        f"{_TELL}who",
        r"is (?:the|your) (?P<office>[a-z]+(?: [a-z]+)?)(?: of (?P<whole>(?:the|this|your) [a-z]+))?"
        r"(?:,? and what (?:is|are) (?:their|his|her) (?P<field>[a-z-]+(?: [a-z-]+)?))?",
        _office,
    ),
    Verb(
        f"{_TELL}(?:what|how much)",
        r"(?:did |does |has )?(?P<deed>[a-z]{3,}ing (?:the|a|an|our|their|its|this|that) .+?) costs?"
        r"(?:,? and (?P<doer>(?:who|which (?P<kind>[a-z]+)) (?:did|has done|made|carried out) (?:it|that|the \w+)))?",
        _deed,
    ),
    Verb(f"{_TELL}(?:what|which) (?P<field>{_OF_A_THING})", r"(?:is|are|has|have)\s+(?P<what>.+)", _field_of),
    Verb(
        f"{_TELL}(?:what|which) (?P<field>{_OF_A_THING})",
        r"(?P<what>(?!does\b|do\b).+?) (?:is|are|has|have)",
        _field_of,
    ),
    Verb(
        f"{_TELL}who",
        r"(?P<did>wrote|posted|published|made|makes|manufactures|manufactured|produced|produces|sells"
        r"|sold|placed|ordered|owns|owned)\s+(?P<what>.+)",
        _who,
    ),
    Verb(
        f"{_TELL}who", r"(?:is|was) (?:the )?(?P<did>author|maker|publisher|manufacturer|seller) of (?P<what>.+)", _who
    ),
    Verb(f"{_TELL}who is (?:assigned to|working on|responsible for)", "(?P<what>.+)", _assigned),
    Verb(f"{_TELL}who", rf"(?:is|was) the (?P<field>[a-z]+) of (?P<what>{_TITLED})", _field_of),
    Verb(
        f"{_TELL}who",
        r"(?:is |was )?(?P<what>.+?) (?:is |was )?(?P<did>written|posted|published|made|sold|produced|manufactured) by",
        _who,
    ),
    *(
        Verb(f"{_TELL}{asked}", pattern, build)
        for asked, build in (("how many", _count_by), ("(?:which|what)", _list_by))
        for pattern in _BY_SOMEBODY
    ),
    Verb(
        f"{_TELL}(?:what|which)",
        r"(?P<field>[\w-]+(?: [\w-]+)?) (?:is|are|stands) (?:shown |given |listed |stated |entered |saved )?"
        r"(?:on|in|at) my (?P<where>[\w-]+(?: page)?)",
        _value_at,
    ),
    Verb(
        f"{_TELL}(?:when|on (?:what|which) (?:date|day))",
        rf"(?:was|is|were|are)\s+(?P<what>.+?)(?: {_DONE})",
        _value("date"),
    ),
    Verb(
        f"{_TELL}(?:when|on (?:what|which) (?:date|day))", rf"(?P<what>.+?) (?:was|is|were|are) {_DONE}", _value("date")
    ),
    Verb(f"{_TELL}when", rf"(?:was|were|is|are|has|have)\s+(?P<what>.+?) (?:been )?(?P<field>{_PAST})", _field_of),
    Verb(f"{_TELL}when", rf"(?P<what>.+?) (?:was|were|is|are|(?:has|have) been) (?P<field>{_PAST})", _field_of),
    Verb(f"{_TELL}where", rf"(?:does|did|will) (?P<what>{_EVENT}) (?:take place|happen|be held)", _value("place")),
    Verb(f"{_TELL}where", rf"(?:is|was) (?P<what>{_EVENT}) (?:held|taking place)", _value("place")),
    Verb(f"{_TELL}how (?P<how>{'|'.join(_MEASURED)})", r"(?:is|are)\s+(?P<what>.+)", _measure),
    Verb(f"{_TELL}how (?P<how>{'|'.join(_MEASURED)})", r"(?P<what>.+?) (?:is|are)", _measure),
    Verb(
        f"{_TELL}what",
        r"(?:does|do|is)?\s*(?P<where>.+?) (?:says?|writes?|tells?(?: us| me)?|(?:has|have) to say) about (?P<what>.+)",
        _said_about,
    ),
    Verb(f"{_TELL}what", rf"(?:does|do|is)\s+(?P<what>{Q}|[^,]+?) (?:mean|means|meant by|stand for)", _meaning_of),
    Verb(f"{_TELL}what", r"is meant by (?P<what>.+)", _meaning_of),
    Verb("define", r"(?P<what>.+)", _meaning_of),
    Verb("look up", rf"(?P<what>{Q}|[\w.-]+) in (?:the |this )?(?P<where>{_REFERENCES})", _said_about),
    Verb(f"{_TELL}what", rf"(?:does|do)\s+(?P<what>{Q}|\w[\w.]*)(?:\(\))? do", _meaning_of),
    Verb(
        f"{_TELL}(?:if|whether)",
        r"(?P<what>.+?) (?:is|are) (?P<in>(?:currently |still )?(?:in stock|available)"
        r"|(?P<out>out of stock|sold out|unavailable))",
        _is_so("stock"),
    ),
    Verb("is|are", _STOCK, _is_so("stock"), after_and=False),
    Verb("(?:is|are) (?P<what>it|they|this|that)", _IN_STOCK, _is_so("stock")),
    Verb("(?:is|are) there", r"(?:any |an? )?(?P<what>.+)", _is_there, after_and=False),
    Verb(f"{_TELL}(?:if|whether) there (?:is|are)", r"(?:any |an? )?(?P<what>.+)", _is_there),
    Verb(f"{_TELL}(?:what|which)", rf"(?P<what>[\w ]+?) (?:do|does) {_SELLER} (?:have|sell|offer|stock)", _which_are),
    Verb(f"(?:do|does) {_SELLER} (?:have|sell|offer|stock)", r"(?:any |an? )?(?P<what>.+)", _is_there, after_and=False),
    Verb(f"{_TELL}(?:if|whether) {_SELLER} (?:have|has|sells?|offers?|stocks?)", r"(?:any )?(?P<what>.+)", _is_there),
    Verb("(?:does|do)", rf"(?P<what>.+?) cost {_LIMIT}", _is_so("price"), after_and=False),
    Verb(f"{_TELL}(?:if|whether)", rf"(?P<what>.+?) (?:costs?|is) {_LIMIT}", _is_so("price")),
    Verb("is|are", rf"(?P<what>{Q}|.+?)\s{_LIMIT}", _is_so("price"), after_and=False),
)
