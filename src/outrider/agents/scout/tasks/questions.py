"""The verbs that want to know something, as a table: read, report, list, count, what is, which, how many."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from outrider.agents.scout.synonyms import canonical, value_kind
from outrider.agents.scout.tasks.criteria import Condition, Selection, fields_of, select
from outrider.agents.scout.tasks.grammar import Verb, always
from outrider.agents.scout.tasks.intentions import Collect, Count, GoTo, Intention, Pick, Read, Say, SearchFor
from outrider.agents.scout.tasks.language import Utterance, like, without_article
from outrider.agents.scout.tasks.listings import CONTENTS, RESULT, collect, contents, is_value
from outrider.agents.scout.tasks.phrases import IT, THIS_PAGE, Q, picked, place, place_of_thing, selected
from outrider.agents.scout.tasks.shop_verbs import BASKET, TO_BASKET
from outrider.agents.scout.tasks.targets import Target

_SHOWN: Final = like(
    r"\s+(?:(?:that|which) (?:is|are) )?(?:shown|displayed|listed|stated|given|mentioned)(?: there| here)?$"
)
_WHERE: Final = like(
    r"\s+(?:(?:that is |that are )?(?:shown|displayed|listed|stated|given)\s*)?"
    r"(?:(?:on|from|in|at)\s+(?:the|this|that|its)\s+"
    r"(?:(?:product|item|detail|details|current|result|results|same|book) )?(?:page|list|site|screen|website))?$"
)
_OF: Final = like(r"\s+(?:of|for)\s+")
#: Values whose own name has an "of": "number of reviews".
_MEASURES: Final = frozenset(
    {"number", "count", "date", "place", "type", "country", "state", "percentage", "amount", "range", "year"}
)
_ONE: Final = like(rf"(?:(?:the|this|that|its|my) |{Q})")
_THINGS: Final = like(
    r"(?:the |this |that |each |its )?(?:(?:chosen|selected|opened|current|found|main|web) )?"
    r"(?:product|item|page|book|site|website|match|result|thing|form|article|entry)"
    r"(?: page| you (?:added|found|opened|chose))?"
    r"|(?:the )?(?:new |next |resulting )?page,? (?:(?:that|which|where|on which) )?(?:you |i |we |it )?(?:will "
    r"|then |just )*"
    r"(?:lands?|landed|ends? up|ended up|arrived?|gets?|got|are|is|reach(?:ed)?|see|opens?|opened|appears?|loads?"
    r"|comes? up"
    r"|shown|taken)(?: on| at| to| taken to| up)*"
)
_ITS: Final = like(r"(?P<first>.+? (?:of|for) .+?),? and (?:also )?its (?P<more>.+)")
_THERE: Final = like(
    r"(?:\s*\b(?:are|is|were|does|do|can|there|listed|shown|available|found|exist|it have|it show"
    r"|(?:do )?you (?:see|find|sell|have|offer))"
    r"\b)+\s*(?=$|in\b|on\b|under\b|that\b|with\b|below\b|over\b|cost)"
)


def _say(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    words = found["words"]
    if not utterance.is_quoted(words):
        plain = len(words.split()) <= 5 and not value_kind(words) and "," not in words
        if not plain or like(r"(?:the|its|their|json|in|as|a|an|if|whether)\b").match(words):
            return None
    return (Say(utterance.verbatim(words)),)


def _read(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    meaning = _reading(found["what"], utterance)
    if meaning is None or not THIS_PAGE.search(found["what"]):
        return meaning
    return tuple(replace(one, pages=1) if isinstance(one, Pick) else one for one in meaning)


def _reading(phrase: str, utterance: Utterance) -> tuple[Intention, ...] | None:
    what = utterance.without(_WHERE, phrase)
    if (result := RESULT.fullmatch(what)) and not _IN_CAPITALS.fullmatch(what):
        utterance.take(result)
        return (Read(()),)
    if labelled := _LABELLED.fullmatch(what):
        utterance.take(labelled)
        return values(labelled["label"], "", (), utterance)
    if inside_basket := contents(what, utterance):
        return inside_basket
    if number := like(r"(?:the |how )?(?:number|count|many)(?: of)? (?P<what>.+)").fullmatch(what):
        utterance.take(number)
        return _count(number, utterance)
    if inside := like(rf"(?P<fields>.+?) (?:in|from|on|of|inside) {BASKET}").fullmatch(what):
        utterance.take(inside)
        return values(utterance.without(_SHOWN, inside["fields"]), "basket", (), utterance)
    rest, way = place_of_thing(what, utterance)
    rest = utterance.without(_SHOWN, rest)
    if (also := _ITS.fullmatch(rest)) and (split := _owner(also["first"], utterance)):
        return values(f"{split[0]}, {also['more']}", split[1], way, utterance)
    if split := _owner(rest, utterance):
        return values(*split, way, utterance)
    if entries := picked(what, utterance):
        return (*entries, Read(()))
    return values(rest, "", way, utterance)


#: "the Result" is what stands beside that word, where "the result" is what came of the task.
_IN_CAPITALS: Final = re.compile("(?:the )?[A-Z][a-z]+")
_LABELLED: Final = like(
    r"(?:the )?(?:value|figure|entry|text) (?:(?:(?:that |which )?is )?(?:labell?ed|beside|next to)"
    r"|(?:of|in|for) (?:the )?(?:field|row|line|cell|label)(?: called| named| labell?ed)?) (?P<label>.+)"
)


def _owner(phrase: str, utterance: Utterance) -> tuple[str, str] | None:
    """Values and what they belong to: "name and price of X", "X's price"."""
    if owner := re.fullmatch(r"(?P<subject>.+?)['’]s?\s+(?P<fields>.+)", phrase):
        return owner["fields"], owner["subject"]
    for of in _OF.finditer(phrase):
        names = fields_of(phrase[: of.start()], utterance)
        if names and all(map(is_value, names)) and (names[-1].lower() not in _MEASURES or _ONE.match(phrase, of.end())):
            return phrase[: of.start()], phrase[of.end() :]
    return None


#: "the product names": the same value of every entry.
_OF_MANY: Final = like(r"(?:product|item|book|article|entry|result) (?P<value>name|title|price|link|rating)s")


#: Of some things the number is a value, they themselves are not; one among others ("the heaviest boat") is none either.
_NO_VALUE: Final = like(
    r"(?:customer |user )?(?:reviews|ratings|comments)$"
    r"|(?:cheapest|dearest|heaviest|lightest|longest|shortest|tallest|largest|biggest|smallest)\b"
)
_NAMED: Final = like(
    r"(?:the |an? )?(?:product|item|book|article|entry|post|film|issue|ticket|task|page|project|document|order|event)"
    rf"(?: (?:named|called|titled))? (?P<name>{Q}|(?-i:(?!I\b)[A-Z])(?:(?! and the | that | which ).)+)"
)
#: "the article about the sea pool": the entry whose name has these words.
_ON_SUBJECT: Final = like(
    r"(?:the |an? )?(?:article|post|story|report|paper|chapter|book|film|video) (?:about|on) (?:the |an? )?(?P<name>.+)"
)
_SITE: Final = like(r"(?:the |this )?(?:(?:web|online|current) )?(?:site|website|shop|store|company)")


def values(fields: str, subject: str, way: tuple[Intention, ...], utterance: Utterance) -> tuple[Intention, ...] | None:
    names = fields_of(fields, utterance)
    if names == ("name",) and (site := _SITE.fullmatch(subject)):
        utterance.take(site)
        return (*way, Read(("site name",)))
    if like(r"(?:all|every|each|both)\b").match(subject) or any(map(_NO_VALUE.match, names)):
        return None
    if not names or not all(is_value(name) or len(name.split()) <= 4 for name in names):
        return None
    if not subject and len(names) == 1 and (many := _OF_MANY.fullmatch(names[0])):
        return (*way, Collect((many["value"].lower(),), Selection()))
    if any(value_kind(name) == "total" and like(BASKET).search(name) for name in names):
        way = (*way, TO_BASKET)
    called = _IN_CAPITALS.fullmatch(subject)
    if not subject or like(IT).fullmatch(subject) or (_THINGS.fullmatch(subject) and not called):
        utterance.worded.append(subject)
        page = like(r"(?:the |this )?(?:page|web page|site)").fullmatch(subject)
        return (*way, Read(tuple(f"page {name}" if page and value_kind(f"page {name}") else name for name in names)))
    if like(BASKET).fullmatch(subject):
        utterance.worded.append(subject)
        return (*way, TO_BASKET, Read(names))
    if entries := picked(subject, utterance):
        return (*way, *entries, Read(names))
    if named := _NAMED.fullmatch(subject) or _ON_SUBJECT.fullmatch(subject):
        utterance.take(named)
        subject = named["name"]
    return (*way, Read(names, utterance.expand(without_article(subject))))


def _count(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    return _counted(found["what"], utterance)


_HITS: Final = like(
    r"(?:search )?(?:results?|hits|matches|products|items|entries|things|pages) (?:(?:are|were|is) (?:there|found"
    r"|listed|shown) "
    r"|(?:come|comes|turn|turns) up |(?:do|does|can) (?:i|you|we|one|it|the \w+) (?:get|find|give|show|have) )?"
    r"(?:for|when searching for|if i search for) (?:the (?:word|term|search) )?(?P<query>.+)"
)


def _counted(phrase: str, utterance: Utterance) -> tuple[Intention, ...] | None:
    what = phrase
    while (plain := utterance.without(_THERE, what)) != what:
        what = plain
    if like(r"pages?\b").match(what):
        return None
    if hits := _HITS.fullmatch(phrase):
        utterance.take(hits)
        return (SearchFor(utterance.expand(hits["query"])), Count(Selection()))
    if CONTENTS.fullmatch(what):
        utterance.worded.append(what)
        return (TO_BASKET, Count(Selection()))
    what = utterance.without(_WHERE, what)
    rest, way = place(what, utterance)
    if value_kind(rest) == "reviews":
        return (*way, Read(("number of reviews",)))
    if of := like(r"reviews (?:of|for) (?P<subject>.+)").fullmatch(rest):
        utterance.take(of)
        return values("number of reviews", of["subject"], way, utterance)
    way, selection = selected(what, utterance)
    return (*way, Count(selection, 1 if THIS_PAGE.search(phrase) else 0))


#: What a single thing has a number of.
_COUNTED_VALUES: Final[Mapping[tuple[str, ...], str]] = {
    ("star",): "rating",
    ("review",): "number of reviews",
    ("rating",): "number of reviews",
    ("page",): "pages",
}


def _count_of(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """How many entries something has: a page, a table, a category."""
    value = _COUNTED_VALUES.get(canonical(found["what"]))
    if value == "pages" and not _SITE_OR_LIST.fullmatch(found["of"]):
        utterance.worded.append(found["what"])
        return values(value, found["of"], (), utterance)
    if it := like(rf"{IT}|you|they|we|(?:the|this) (?:shop|store|site|website|page|catalogue|list)").fullmatch(
        found["of"]
    ):
        utterance.worded.append(it.group())
    elif value:
        utterance.worded.append(found["what"])
        return values(value, found["of"], (), utterance)
    return _counted(found["what"] if it else f"{found['what']} in {found['of']}", utterance)


_SITE_OR_LIST: Final = like(
    r"(?:you|they|we|(?:the|this|that) (?:[\w-]+ )?(?:shop|store|site|website|page|catalogue|list|category|search))"
)
_OF_ALL: Final = like(r" (?:one|of (?:them|these|those|all))$")


def _which(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    noun, has, quality = found["noun"], found["has"], utterance.without(_OF_ALL, found["is"] or "")
    if has:
        what = f"{noun} with {has}"
    elif like(r"(?:the )?(?:\w+ )?(?:under|below|over|above|in stock|rated)\b").match(quality):
        what = f"{noun} {quality}"
    else:
        what = f"{quality} {noun}"
    entries = picked(what, utterance)
    if entries is None or not isinstance(pick := entries[-1], Pick):
        return None
    if pick.selection.order is None or pick.selection.count > 1:
        return (*entries[:-1], Collect((), pick.selection, 0))
    return (*entries, Read(()))


def _which_most(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """ "Which lamp costs the most", "which do customers rate highest"."""
    most = like("most|highest|best|most highly|top").fullmatch(found["way"])
    words = (("cheapest", "most expensive"), ("lowest rated", "highest rated"))[found["costs"] is None][
        most is not None
    ]
    utterance.worded.append(f"{found['way']} {found['costs'] or ''}")
    entries = picked(f"{words} {found['noun']}", utterance)
    return None if entries is None else (*entries, Read(()))


def _mentioning(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """The entries whose text has some words."""
    words = utterance.expand(without_article(found["what"]))
    return (Collect((), replace(select(found["noun"], utterance), conditions=(Condition("text", "contains", words),))),)


def _how_much(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    return values("price", found["what"], (), utterance)


def _value_of(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    name = {"rated": "rating", "reviewed": "rating"}.get(found["field"].lower(), found["field"])
    utterance.worded.append(found["field"])
    return values(name, found["what"], (), utterance) if value_kind(name) else None


def _text(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Read(("message" if value_kind(found["what"] or "") == "message" else "page message",)),)


def _where(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Where the next thing is to be done: nothing to do for the page that is shown anyway."""
    if _HERE.fullmatch(found["what"]):
        utterance.worded.append(found["what"])
        return ()
    rest, way = place(f"{found['in']} {found['what']}", utterance)
    if way and not rest:
        return way
    named = like(r"(?:the )?(.+?) (?:page|section|category|tab)").fullmatch(found["what"])
    if named:
        utterance.take(named)
    return (GoTo(Target(utterance.expand(named[1]), frozenset({"link", "tab", "button"}))),) if named else None


_HERE: Final = like(
    r"(?:this|the|current|same|product|search|results?|page|site|form|menu|list|shop|\s|main|navigation|website)+"
)
_ASK: Final = (
    "read(?: out)?|report(?: back)?(?: to me)?|tell me|tell(?! me)|give me|give(?! me)|return|get(?: me)?|output"
    "|print|extract|note down|provide|show(?: me)?|answer(?: with)?|respond(?: with)?|reply(?: with)?"
    "|let me know|find out|look up|determine|check|fetch|list|collect|gather|write down|include|display|find"
)
_LIST: Final = (
    "list|collect|gather|scrape|enumerate|extract|get(?: me)?|fetch|give me|show(?: me)?|find|compile|report|return"
    "|read|output|print|tell me|(?:make|create|compile|give|write)(?: me| us)? (?:a |the )?list of|provide|what are"
    "|which are"
)
_TELL: Final = "(?:tell me |say |report |find out |check |determine )?"
_NOT_TO_OTHERS: Final = rf"(?!(?:{Q} )?to (?!me\b))"
_SAID: Final = (
    r"(?:(?:back|only|just|simply|exactly|with|the|word|words|text|phrase|message|to me|following)\s+)*:?\s*"
    r"(?P<words>.+?)(?:,? (?:and|with) nothing (?:else|more)|,? (?:and )?only|,? exactly)*"
)
_DEGREE: Final = "most|highest|best|most highly|top|least|lowest|worst"
_NO_QUESTION: Final = r"(?!(?:out|if|whether|what|how|when|where|why|who|whose|which)\b)"
_OF_SOME: Final = r"(?:me )?(?P<what>(?:all|every|each|the (?:first|top) \w+|\d+(?! [\w-]+ (?:per|on each) page))\b.+)"
_DOES: Final = r"(?P<what>.+?) (?:does|do|is|are) (?:it|the (?:page|product|site)) (?:have|show|say|shown|cost)"
#: The moment at which the next clause begins, which comes by itself.
_ONCE: Final = (
    r"(?:(?:the |this |that )?(?:(?:new |next |main |search )?(?:page|results?|list|form|search|menu)|it|they|you"
    r"|that|this"
    r"|logging|adding|searching|done|finished|logged)\b\s*"
    r"(?:(?:has|have|is|are|been|all|fully|you|the|it|them|to|in|page|form|results?|list|first|there|done|loads?"
    r"|loaded|loading|shown|shows? up"
    r"|appears?|appeared|finished|complete|completed|ready|opens?|opened|logged|added|searched|open)\b\s*)*)"
)
#: "what it costs in total", "what they come to".
_ALL_OF_IT: Final = (
    r"(?:it|that|this|they|everything|all of it|the (?:order|basket|cart))(?: all| both)?"
    r" (?:(?:costs?|is|are|makes?) (?:in total|in all|altogether|all together|together)"
    r"|(?:comes?|amounts?|adds up|add up) to(?: in total| altogether)?)"
)
_DEED: Final = r"(?:submit|send|buy|order|check ?out|pay|log|register|purchase|place)\b.*"
#: What is not to be done to the rest, and how the rest is to stay.
_TOUCH: Final = "(?:change|touch|alter|edit|modify|do|add|remove|delete)"
_IN_PLACE: Final = r"(?: (?:on|in|of) (?:the|this|that|its|my) [a-z]+(?: [a-z]+)?)?"
_UNTOUCHED: Final = r"(?:as (?:it|they) (?:is|are|was|were)|unchanged|untouched|alone|the same)"

#: Rows that can only be questions.
QUESTIONS: Final[tuple[Verb, ...]] = (
    Verb(
        f"(?:(?:{_ASK}) )?what",
        r"(?:(?:the |this )?(?P<what>page|site|it|message|alert|confirmation|response)"
        r" (?:says?|reads?|shows?|displays?)|happen(?:s|ed)(?: then)?)",
        _text,
    ),
    Verb("(?:reply|respond|answer|say|repeat|echo)(?: only| just)?(?: with)?", _NOT_TO_OTHERS + _SAID, _say),
    Verb("(?:output|print|return|write)(?: only| just| exactly)", _SAID, _say),
    Verb(f"{_TELL}how many", r"(?P<what>.+?) (?:does|do) (?P<of>.+?) (?:have|contain|show|list|offer|sell)", _count_of),
    Verb(f"{_TELL}how many", r"(?P<what>.+)", _count),
    Verb("count", r"(?P<what>.+)", _count),
    Verb(f"{_TELL}how much", r"(?:is|does|are|do|would)\s+(?P<what>.+?)(?: (?:cost|costs|be))?", _how_much),
    Verb(f"(?:{_ASK}) (?:what|how much)", _ALL_OF_IT, always(Read(("total",)))),
    Verb(f"(?:{_ASK}) (?:what|how much)", r"(?P<what>.+?) (?:costs?|is)", _how_much),
    Verb("what|how much", rf"(?P<what>{IT}) (?:costs?|is)", _how_much),
    Verb("what|how much", r"(?:does|do|would|will|did) (?P<what>.+?) cost(?: me)?", _how_much),
    Verb(f"(?:{_TELL}|with )?(?:what|which)", r"(?P<field>[\w ]+?) (?:does|do) (?P<what>.+?) have", _value_of),
    Verb(f"{_TELL}how", r"(?:is|are) (?P<what>.+?) (?P<field>rated|reviewed)", _value_of),
    Verb(
        f"{_TELL}(?:which|what)",
        rf"(?P<noun>[\w ]+?) (?P<costs>costs?|is priced) (?:the )?(?P<way>{_DEGREE})",
        _which_most,
    ),
    Verb(
        f"{_TELL}(?:which|what)",
        rf"(?P<noun>[\w ]+?) (?:(?:do|did|does) (?:the )?(?:customers?|people|readers?|users?|buyers?|visitors?"
        rf"|reviewers?"
        rf"|guests?|they) (?:rate|like|review)|(?:is|are|was|were|gets?|got) (?:rated|reviewed)) (?:the )?"
        rf"(?P<way>{_DEGREE})(?P<costs>(?!))?",
        _which_most,
    ),
    Verb(
        f"{_TELL}(?:which|what)",
        r"(?:of the )?(?P<noun>[\w ]+?) (?:is|are|costs?)(?: the)? (?P<is>.+)(?P<has>(?!))?",
        _which,
    ),
    Verb(
        f"{_TELL}(?:which|what)",
        r"(?P<noun>\w+) (?:(?:is|are) about|mentions?|contains?|includes?|speaks? of|talks? about|deals? with)"
        r" (?P<what>.+)",
        _mentioning,
    ),
    Verb(f"{_TELL}(?:which|what)", r"(?P<noun>[\w ]+?) (?:has|have) (?P<has>.+)(?P<is>(?!))?", _which),
    Verb("find|get|show(?: me)?", _OF_SOME, collect),
)
#: Rows whose verbs may also act; they come after the acting ones.
ANSWERS: Final[tuple[Verb, ...]] = (
    Verb(_LIST, rf"(?:me )?{_NO_QUESTION}(?P<what>.+)", collect),
    Verb(f"(?:{_ASK}) (?:what|which)(?:'s|’s| is| are| was)", r"(?P<what>.+)", _read),
    Verb(_ASK, rf"{_NO_QUESTION}(?P<what>.+?)", _read),
    Verb("(?:what|which)(?: is|'s|’s| are| was)", r"(?P<what>.+)", _read),
    Verb("what (?:does|do)", r"(?:the )?(?P<what>.+?) (?:say|show|contain|read|tell)", _text),
    Verb("what|which", _DOES, _read),
    Verb("(?P<in>on|at|in|from|under|within|using)", r"(?P<what>.+)", _where, after_and=False),
    Verb("once|when|after|as soon as", _ONCE, always(), after_and=False),
    Verb("do not|don't|don’t|never", _DEED, always(), idle=True),
    Verb("do not|don't|don’t|never", rf"{_TOUCH} (?:anything|something)(?: else)?{_IN_PLACE}", always(), idle=True),
    Verb(
        "leave|keep",
        rf"(?:(?:everything|anything|all) else{_IN_PLACE}|(?:the|its|my) [a-z ]+?) {_UNTOUCHED}",
        always(),
        idle=True,
    ),
    Verb("(?:nobody|no one|nothing)(?: else)? (?:has|needs) to be", "[a-z]+(?: to [a-z]+)?", always(), idle=True),
)
