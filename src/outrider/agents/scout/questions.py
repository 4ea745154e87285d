"""The verbs that want to know something, as a table: read, report, list, count, what is, which, how many."""

import re
from typing import Final

from outrider.agents.scout.amounts import count_word
from outrider.agents.scout.criteria import Selection, fields_of, select
from outrider.agents.scout.grammar import Verb, always
from outrider.agents.scout.intentions import Collect, Count, GoTo, Intention, Read, Say, Target
from outrider.agents.scout.language import Utterance, without_article
from outrider.agents.scout.phrases import IT, picked, place
from outrider.agents.scout.synonyms import LIST_NOUNS, stem, value_kind

_BASKET: Final = GoTo(Target("basket", frozenset({"link", "button"})))
_BASKET_WORDS: Final = r"(?:the |my |your )?(?:shopping )?(?:basket|cart|bag|trolley)(?: page)?"
_PAGES: Final = re.compile(
    r"\s*,?\s*\b(?:(?:over|across|on|from|of|through|in|for|including|following|going through|walking through)\s+)+(?:"
    r"(?P<all>(?:(?:all|every|each)(?: of)?(?: the)?|the other|further|subsequent|the following)"
    r"\s+(?:result |search |list |next |its )?(?:pages?|pagination))"
    r"|(?:the )?(?:first )?(?P<count>\d+|one|two|three|four|five|six|seven|eight|nine|ten)(?: result| search)? pages"
    r"|(?P<this>(?:this|the current|the first|the same) page)(?: only)?)(?: of (?:the )?(?:search )?(?:results?|list|it|them))?",
    re.IGNORECASE,
)
_WITH: Final = re.compile(
    r"\s+(?:with|including|together with|along with|incl\.?|showing|and)\s+(?:(?:their|its|the|both|each one's|each)\s+)*"
    r"|\s*\((?:with )?|\s*:\s*|,\s*(?:each )?(?:with |including )?(?:(?:their|its|the)\s+)*",
    re.IGNORECASE,
)
_CONTENTS: Final = re.compile(
    r"(?:(?P<fields>.+?) of )?(?:(?:all |the |each |every )*(?:contents?|items?|products?|things|lines|everything|articles)?"
    rf"(?: that (?:is|are)| which (?:is|are))?(?: currently)?\s*(?:of|in|inside|from) ){_BASKET_WORDS}(?P<with> with .+)?",
    re.IGNORECASE,
)
_ALL: Final = re.compile(r"^(?:all|every|each|any|(?:the |a )?(?:complete |full )?list of)\b", re.IGNORECASE)
_RESULT: Final = re.compile(
    r"(?:(?:the |your |all )?(?:final )?(?:results?|answers?|findings?|outcome|data|information|values?)|it|them|everything"
    r"|what you (?:find|found|see|get))?(?: to me| back)?",
    re.IGNORECASE,
)
_WHERE: Final = re.compile(
    r"\s+(?:(?:that is |that are )?(?:shown|displayed|listed|stated|given)\s*)?(?:(?:on|from|in|at)\s+(?:the|this|that|its)\s+"
    r"(?:(?:product|item|detail|details|current|result|results|same|book) )?(?:page|list|site|screen|website))?$",
    re.IGNORECASE,
)
_OF: Final = re.compile(r"\s+(?:of|for)\s+", re.IGNORECASE)
#: Values whose own name has an "of": "number of reviews".
_MEASURES: Final = frozenset("number count date place type country state percentage amount range year".split())
_TABLE: Final = re.compile(
    r"(?:(?:all |every |the |each )*(?:rows?|entries|lines|contents?|data) (?:of|in|from) )?(?:the |this )?(?P<kind>table|list)",
    re.IGNORECASE,
)
_THINGS: Final = re.compile(
    r"(?:the |this |that |each |its )?(?:(?:chosen|selected|added|opened|current|found|main|first|web) )?"
    r"(?:product|item|page|book|site|website|match|result|thing|form|article|entry)(?: page| you (?:added|found|opened|chose))?",
    re.IGNORECASE,
)


def _say(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    words = found["words"]
    if not utterance.is_quoted(words):
        plain = len(words.split()) <= 5 and not value_kind(words) and "," not in words
        if not plain or re.match(r"(?:the|its|their|json|in|as|a|an|if|whether)\b", words, re.IGNORECASE):
            return None
    return (Say(utterance.expand(words)),)


def _collect(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    phrase, pages = _pages(found["what"])
    if _CONTENTS.fullmatch(phrase):
        return _contents(phrase, utterance)
    if their := re.fullmatch(r"(?:their|all (?:the|their)|(?:the )?(?=\w+s\b)) ?(?P<fields>.+)", phrase, re.IGNORECASE):
        names = fields_of(their["fields"], utterance)
        values = names and all(value_kind(_singular(name)) for name in names) and _singular(names[0]) != names[0]
        if values and names != ("links",):
            return (Collect(tuple(map(_singular, names)), Selection(), 1 if pages is None else pages),)
    if _TABLE.fullmatch(phrase):
        return (Collect((), Selection(), 1 if pages is None else pages),)
    fields: tuple[str, ...] = ()
    each = r"(?P<fields>.+?)\s+(?:of|for)\s+(?P<rest>(?:all|every|each|the|first|top|these|those|\d+|two|three|four|five)\b.+)$"
    if (of := re.match(each, phrase, re.IGNORECASE)) and not re.fullmatch(
        r"(?:a |the )?list", of["fields"], re.IGNORECASE
    ):
        fields, phrase = fields_of(of["fields"], utterance), of["rest"]
        if not all(map(_is_value, fields)):
            return None
    elif split := _split_fields(phrase, utterance):
        phrase, fields = split
        fields = fields if any(value_kind(name) == "name" for name in fields) else ("name", *fields)
    return _listing(phrase, fields, pages, utterance)


def _contents(phrase: str, utterance: Utterance) -> tuple[Intention, ...] | None:
    found = _CONTENTS.fullmatch(phrase)
    named = (found["fields"] or (found["with"] or "").removeprefix(" with ")) if found else ""
    fields = fields_of(named, utterance)
    return (_BASKET, Collect(tuple(map(_singular, fields)), Selection(), 1)) if found else None


def _listing(
    phrase: str, fields: tuple[str, ...], pages: int | None, utterance: Utterance
) -> tuple[Intention, ...] | None:
    rest, way = place(phrase, utterance)
    if not fields and (
        value := re.fullmatch(r"(?P<noun>.+?) (?P<fields>names|titles|prices|links|urls|ratings)", rest, re.IGNORECASE)
    ):
        rest, fields = value["noun"], (value["fields"],)
    selection = select(rest, utterance)
    everything = _ALL.match(rest) is not None
    if not _means_list(rest, selection, sure=everything or pages is not None):
        return None
    if pages is None:
        pages = 0 if everything or selection.count or selection.order or selection.conditions else 1
    return (*way, Collect(tuple(map(_singular, fields)), selection, pages))


def _means_list(phrase: str, selection: Selection, *, sure: bool) -> bool:
    """Whether a phrase speaks of several entries: by number, by "all", or by a plural that is no value's name."""
    if selection.count:
        return selection.count > 1
    if selection.position or selection.order:
        return False
    words = re.findall(r"\w+", phrase.lower())
    plural = any(word in LIST_NOUNS for word in map(stem, words) if word not in words) or (
        bool(words) and stem(words[-1]) != words[-1] and not value_kind(phrase)
    )
    return bool(words) and (sure or plural)


def _split_fields(phrase: str, utterance: Utterance) -> tuple[str, tuple[str, ...]] | None:
    """Take "with name, price and link" apart: the entries, and the names of their values."""
    for sign in _WITH.finditer(phrase):
        names = fields_of(phrase[sign.end() :].rstrip(") "), utterance)
        if names and sign.start() and all(map(_is_value, names)):
            return phrase[: sign.start()], names
    return None


def _is_value(name: str) -> bool:
    limits = re.search(r"\d|\b(?:than|least|most|under|over|below|above|highest|lowest|rating of|price of)\b", name)
    return bool(value_kind(name)) or (len(name.split()) <= 3 and not limits)


def _singular(name: str) -> str:
    return stem(name) if re.match(r"(?:names|titles|prices|links|urls|ratings)$", name, re.IGNORECASE) else name


def _pages(phrase: str) -> tuple[str, int | None]:
    """Take "over the first 3 pages" out: the rest, and how many pages (0: all; None: not said)."""
    found = _PAGES.search(phrase)
    if found is None:
        return phrase, None
    rest = f"{phrase[: found.start()]}{phrase[found.end() :]}".strip()
    return rest, 0 if found["all"] else 1 if found["this"] else count_word(found["count"])


def _read(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    what = _WHERE.sub("", found["what"])
    if _RESULT.fullmatch(what):
        return (Read(()),)
    if contents := _contents(what, utterance):
        return contents
    if number := re.fullmatch(r"(?:the |how )?(?:number|count|many)(?: of)? (?P<what>.+)", what, re.IGNORECASE):
        return _count(number, utterance)
    if inside := re.fullmatch(rf"(?P<fields>.+?) (?:in|from|on|of|inside) {_BASKET_WORDS}", what, re.IGNORECASE):
        return _values(inside["fields"], "basket", (), utterance)
    rest, way = place(what, utterance)
    if (
        also := re.fullmatch(r"(?P<first>.+? (?:of|for) .+?),? and (?:also )?its (?P<more>.+)", rest, re.IGNORECASE)
    ) and (split := _owner(also["first"], utterance)):
        return _values(f"{split[0]}, {also['more']}", split[1], way, utterance)
    if split := _owner(rest, utterance):
        return _values(*split, way, utterance)
    if entries := picked(what, utterance):
        return (*entries, Read(()))
    return _values(rest, "", way, utterance)


def _owner(phrase: str, utterance: Utterance) -> tuple[str, str] | None:
    """Values and what they belong to: "name and price of X", "X's price"."""
    if owner := re.fullmatch(r"(?P<subject>.+?)['’]s?\s+(?P<fields>.+)", phrase):
        return owner["fields"], owner["subject"]
    for of in _OF.finditer(phrase):
        names = fields_of(phrase[: of.start()], utterance)
        if names and all(map(_is_value, names)) and names[-1].split()[-1].lower() not in _MEASURES:
            return phrase[: of.start()], phrase[of.end() :]
    return None


def _values(
    fields: str, subject: str, way: tuple[Intention, ...], utterance: Utterance
) -> tuple[Intention, ...] | None:
    names = fields_of(fields, utterance)
    if not names or not all(_is_value(name) or len(name.split()) <= 4 for name in names):
        return None
    if any(value_kind(name) == "total" and re.search(_BASKET_WORDS, name, re.IGNORECASE) for name in names):
        way = (*way, _BASKET)
    if not subject or re.fullmatch(IT, subject, re.IGNORECASE) or _THINGS.fullmatch(subject):
        page = re.fullmatch(r"(?:the |this )?(?:page|web page|site)", subject, re.IGNORECASE)
        return (*way, Read(tuple(f"page {name}" if page and value_kind(f"page {name}") else name for name in names)))
    if re.fullmatch(_BASKET_WORDS, subject, re.IGNORECASE):
        return (*way, _BASKET, Read(names))
    if entries := picked(subject, utterance):
        return (*way, *entries, Read(names))
    return (*way, Read(names, utterance.expand(without_article(subject))))


def _count(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    told = r"\s*\b(?:are|is|were|does|do|can|there|listed|shown|available|found|exist|you see|you find|it have|it show|be seen)\b"
    what = re.sub(
        rf"(?:{told})+\s*(?=$|in\b|on\b|under\b|that\b|with\b|below\b|over\b|cost)",
        " ",
        found["what"],
        flags=re.IGNORECASE,
    )
    what = " ".join(what.split())
    if _CONTENTS.fullmatch(what):
        return (_BASKET, Count(Selection()))
    rest, way = place(_WHERE.sub("", what), utterance)
    if value_kind(rest) == "reviews":
        return (*way, Read(("number of reviews",)))
    if of := re.fullmatch(r"reviews (?:of|for) (?P<subject>.+)", rest, re.IGNORECASE):
        return _values("number of reviews", of["subject"], way, utterance)
    return (*way, Count(select(rest, utterance)))


def _which(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    what = f"{found['noun']} with {found['has']}" if found["has"] else f"{found['is']} {found['noun']}"
    if found["has"] is None and re.match(
        r"(?:the )?(?:\w+ )?(?:under|below|over|above|in stock|rated)", found["is"], re.IGNORECASE
    ):
        what = f"{found['noun']} {found['is']}"
    entries = picked(what, utterance)
    if entries is None:
        return None
    last = entries[-1]
    selection = getattr(last, "selection", Selection())
    if not selection.order:
        return (*entries[:-1], Collect((), selection, 0))
    return (*entries, Read(("name", selection.order.field)))


def _how_much(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    return _values("price", found["what"], (), utterance)


def _is_there(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    return _values("availability", found["what"], (), utterance)


def _text(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Read(("message" if value_kind(found["what"]) == "message" else "text",)),)


def _where(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    phrase = found["what"]
    if re.fullmatch(
        r"(?:this|the|current|same|product|search|results?|page|site|form|menu|list|shop|\s|main|navigation|website)+",
        phrase,
        re.I,
    ):
        return ()
    rest, way = place(f"{found['in']} {phrase}", utterance)
    if way and not rest:
        return way
    named = re.fullmatch(r"(?:the )?(.+?) (?:page|section|category|tab)", phrase, re.IGNORECASE)
    return (GoTo(Target(utterance.expand(named[1]), frozenset({"link", "tab", "button"}))),) if named else None


_ASK: Final = (
    "read(?: out)?|report(?: back)?(?: to me)?|tell me|tell|give me|give|return|get(?: me)?|output|print|extract|note down"
    "|provide|show(?: me)?|answer(?: with)?|respond(?: with)?|reply(?: with)?|let me know|find out|look up|determine|check"
    "|fetch|list|collect|gather|write down|include|display|find"
)
_LIST: Final = (
    "list|collect|gather|scrape|enumerate|extract|get(?: me)?|fetch|give me|show(?: me)?|find|compile|report|return|read|output|print"
    "|tell me|(?:make|create|compile|give me) (?:a |the )?list of|provide|what are|which are"
)
_SAY: Final = (
    r"(?:(?:back|only|just|simply|exactly|with|the|word|words|text|phrase|message|to me|following)\s+)*:?\s*(?P<words>.+?)"
    r"(?:,? (?:and|with) nothing (?:else|more)|,? (?:and )?only|,? exactly)*"
)

#: Rows that can only be questions.
QUESTIONS: Final[tuple[Verb, ...]] = (
    Verb("(?:reply|respond|answer|say|repeat|echo)(?: only| just)?(?: with)?", _SAY, _say),
    Verb("(?:output|print|return|write)(?: only| just| exactly)", _SAY, _say),
    Verb("(?:tell me |say |report |find out |check |determine )?how many", r"(?P<what>.+)", _count),
    Verb("count", r"(?P<what>.+)", _count),
    Verb("(?:tell me |say |report |find out )?how much", r"(?:is|does|are|do|would)\s+(?P<what>.+?)(?: (?:cost|costs|be))?", _how_much),
    Verb("(?:tell me |check |find out |report )?(?:if |whether )", r"(?P<what>.+?) is (?:in stock|available)", _is_there),
    Verb("is", r"(?P<what>.+?) (?:in stock|available)", _is_there, after_and=False),
    Verb(
        "(?:tell me |say |report |find out )?(?:which|what)",
        r"(?:of the )?(?P<noun>[\w ]+?) (?:is|are|costs?)(?: the)? (?P<is>.+)(?P<has>(?!))?",
        _which,
    ),
    Verb("(?:tell me |say |report |find out )?(?:which|what)", r"(?P<noun>[\w ]+?) (?:has|have) (?P<has>.+)(?P<is>(?!))?", _which),
    Verb("find|get|show(?: me)?", r"(?:me )?(?P<what>(?:all|every|each|the (?:first|top) \w+|\d+)\b.+)", _collect),
)  # fmt: skip
#: Rows whose verbs may also act; they come after the acting ones.
ANSWERS: Final[tuple[Verb, ...]] = (
    Verb(f"(?:{_LIST})", r"(?:me )?(?P<what>.+)", _collect),
    Verb(f"(?:{_ASK}) (?:what|which) (?:is|are|was)", r"(?P<what>.+)", _read),
    Verb(f"(?:{_ASK})", r"(?!if\b|whether\b)(?P<what>.+?)", _read),
    Verb("(?:what|which)(?: is|'s|’s| are| was)", r"(?P<what>.+)", _read),
    Verb("what (?:does|do)", r"(?:the )?(?P<what>.+?) (?:say|show|contain|read|tell)", _text),
    Verb("(?:what|which)", r"(?P<what>.+?) (?:does|do|is|are) (?:it|the (?:page|product|site)) (?:have|show|say|shown|cost)", _read),
    Verb("(?P<in>on|at|in|from|under|within|using)", r"(?P<what>.+)", _where, after_and=False),
    Verb("(?:once|when|after|as soon as)", r"(?:the )?(?:page|results?|it|you|that|this|logging|adding|done|search)\b.*", always(), after_and=False),
    Verb("(?:do not|don't|don’t|never)", r"(?:submit|send|buy|order|check ?out|pay|log|register|purchase|place)\b.*", always()),
)  # fmt: skip
