"""Lists that a sentence speaks of: which entries, with which values, in which order, over how many pages."""

import re
from typing import Final

from outrider.agents.scout.amounts import count_word
from outrider.agents.scout.synonyms import LIST_NOUNS, ROLE_CUES, VALUES, stem, value_kind
from outrider.agents.scout.tasks.criteria import EQUALITY, FEATURES, Selection, fields_of
from outrider.agents.scout.tasks.intentions import Choose, Collect, Intention
from outrider.agents.scout.tasks.language import Utterance, like, without_article
from outrider.agents.scout.tasks.phrases import Q, place, selected
from outrider.agents.scout.tasks.shop_verbs import BASKET, TO_BASKET
from outrider.agents.scout.tasks.targets import Target

_PAGES: Final = like(
    r"\s*,?\s*\b(?:(?:over|across|on|from|of|through|in|for|including|following|going through|walking through)\s+)+(?:"
    r"(?P<all>(?:(?:all|every|each)(?: of)?(?: the)?|the other|further|subsequent|the following)"
    r"\s+(?:result |search |list |next |its )?(?:pages?|pagination))"
    r"|(?:the )?(?:first )?(?P<count>\d+|one|two|three|four|five|six|seven|eight|nine|ten)(?: result| search)? pages"
    r"|(?P<this>(?:this|the current|the first|the same) page)(?: only)?)"
    r"(?: of (?:the )?(?:search )?(?:results?|list|it|them))?"
)
_WITH: Final = like(
    r"\s+(?:with|including|together with|along with|incl\.?|showing|and)\s+(?:(?:their|its|the|both|each)\s+)*"
    r"|\s*\((?:with )?|\s*:\s*|,\s*(?:each )?(?:with |including )?(?:(?:their|its|the)\s+)*"
)
CONTENTS: Final = like(
    r"(?:(?P<fields>.+?) of )?"
    r"(?:(?:all |the |each |every )*(?:contents?|items?|products?|things|lines|everything|articles)?"
    rf"(?: that (?:is|are)| which (?:is|are))?(?: currently)?\s*(?:of|in|inside|from) ){BASKET}(?P<with> with .+)?"
)
_ALL: Final = like(r"^(?:everything\b|(?:all|every|each|any)\b|(?:the |a )?(?:complete |full )?list of\b)")
RESULT: Final = like(
    r"(?:(?:the |your |all )?(?:final )?(?:results?|answers?|findings?|outcome|data|information|values?)"
    r"|it|them|everything|what you (?:find|found|see|get))?(?: to me| back)?"
)
_OF_EACH: Final = like(
    r"(?P<fields>.+?)\s+(?:of|for)\s+"
    r"(?P<rest>(?:all|every|each|everything|the|first|top|these|those|\d+|two|three|four|five)\b.*)"
)
_THEIR: Final = like(r"(?:their|all (?:the|their)|(?:the )?(?=\w+s\b)) ?(?P<fields>.+)")
_PLURAL: Final = "names|titles|prices|links|urls|ratings|headlines|dates|authors|addresses"
_TABLE: Final = like(
    r"(?:(?:all |every |the |each )*(?:rows?|entries|lines|contents?|data) (?:of|in|from) )?"
    r"(?:the |this )?(?:whole |full |entire )?(?P<kind>table|list)"
    r"(?: (?:of|with) (?P<of>[\w ]+?))?"
    rf"(?: (?:under|below|called|named|titled|headed|captioned|in|with|from)(?: the)?(?: (?:heading|section|title"
    rf"|caption|name|headline)"
    rf"(?: called| named| of)?)? (?P<heading>{Q}|.+))?"
)
_SORTED: Final = like(
    r",?\s+(?:(?:sorted|ordered|arranged)\s+(?:by\s+|in order of\s+)?(?P<order>.+?)"
    r"|(?P<way>from (?:the )?(?:most|least|cheapest|dearest|highest|lowest|newest|oldest)\b.+ to .+?"
    r"|in (?:ascending|descending|alphabetical|reverse)\b.*?"
    r"|(?:cheapest|dearest|newest|oldest|(?:most|highest|lowest) \w+) first))(?P<with>\s+with\s.+)?$"
)


_NUMBER_OF: Final = like(r"(?:the )?(?:total )?(?:number|count|amount) of\b")


def collect(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """The way to a list and what is wanted of it; None when the words speak of no list."""
    phrase, pages = _pages(found["what"], utterance)
    if RESULT.fullmatch(phrase) or _NUMBER_OF.match(phrase):
        return None
    if CONTENTS.fullmatch(phrase):
        return contents(phrase, utterance)
    if their := _their(phrase, utterance):
        return (Collect(their, Selection(), pages or 0),)
    if (table := _TABLE.fullmatch(phrase)) and (table["heading"] or not table["of"]):
        utterance.take(table)
        return _table(table, pages or 0, utterance)
    return _list_of(phrase, pages, utterance)


def _table(found: re.Match[str], pages: int, utterance: Utterance) -> tuple[Intention, ...] | None:
    """A table, by the heading above it where the task names one."""
    if found["heading"] and found["kind"].lower() == "list" and not utterance.is_quoted(found["heading"]):
        return None
    utterance.worded.append(found["kind"])
    of = Selection(utterance.expand(found["of"] or ""))
    tabular = found["kind"].lower() == "table"
    return (Collect((), of, pages, heading=utterance.expand(found["heading"] or ""), tabular=tabular),)


def _list_of(phrase: str, pages: int | None, utterance: Utterance) -> tuple[Intention, ...] | None:
    """A list by a description with its place, its order and the values of its entries taken off one by one."""
    order = _SORTED.search(phrase)
    entries, way = place(f"{phrase[: order.start()]}{order['with'] or ''}" if order else phrase, utterance)
    entries, fields = _split_fields(entries, utterance)
    if not way:
        entries, way = place(entries, utterance)
    if order:
        utterance.take(order)
        way = (*way, Choose(utterance.expand(order["order"] or order["way"]), Target("sort", ROLE_CUES["dropdown"])))
    of = _OF_EACH.fullmatch(entries)
    if of is not None and not like("(?:a |the )?list").fullmatch(of["fields"]):
        first = fields_of(of["fields"], utterance)
        if not all(map(is_value, first)):
            return None
        entries, fields = of["rest"], (*first, *(name for name in fields if name != "name"))
    listed = _listing(entries, fields, pages, utterance)
    return None if listed is None else (*way, *listed)


def _their(phrase: str, utterance: Utterance) -> tuple[str, ...]:
    """Names of values in the plural, of entries that were spoken of before: "their names and prices"."""
    found = _THEIR.fullmatch(phrase)
    plural = fields_of(found["fields"], utterance) if found else ()
    names = tuple(map(_singular, plural))
    listed = bool(plural) and plural[0] in ELEMENTS and not like("their|all their").match(phrase)
    if not names or names[0] == plural[0] or listed or not all(map(value_kind, names)):
        return ()
    return names


def contents(phrase: str, utterance: Utterance) -> tuple[Intention, ...] | None:
    """Listing what is in the basket; None when the words don't speak of that."""
    found = CONTENTS.fullmatch(phrase)
    if found is None:
        return None
    utterance.take(found)
    fields = fields_of(found["fields"] or (found["with"] or "").removeprefix(" with "), utterance)
    also = () if fields else ("name", "price", "quantity")
    return (TO_BASKET, Collect(tuple(map(_singular, fields)), Selection(), 1, also))


_DETERMINERS: Final = like(r"(?:(?:all|the|every|of|these|those|its)\s*)+")


def _listing(
    phrase: str, fields: tuple[str, ...], pages: int | None, utterance: Utterance
) -> tuple[Intention, ...] | None:
    value = None if fields else like(rf"(?P<noun>.+?) (?P<fields>{_PLURAL})").fullmatch(phrase)
    if value is not None and not _DETERMINERS.fullmatch(value["noun"]):
        phrase, fields = value["noun"], (value["fields"],)
    way, selection = selected(phrase, utterance)
    if not _means_list(phrase, selection, sure=_ALL.match(phrase) is not None or pages not in (None, 1)):
        return None
    return (*way, Collect(tuple(map(_singular, fields)), selection, pages or 0))


def _means_list(phrase: str, selection: Selection, *, sure: bool) -> bool:
    """Whether a phrase speaks of several entries: by number, by "all", or by a plural that is no value's name."""
    if selection.count:
        return selection.count > 1
    if selection.position or selection.order:
        return False
    words = re.findall(r"\w+", phrase.lower())
    named = selection.noun.lower().split()
    plural = any(word in LIST_NOUNS for word in map(stem, words) if word not in words) or (
        bool(selection.conditions and named and stem(named[-1]) != named[-1])
        or (bool(words) and stem(words[-1]) != words[-1] and not _is_one_value(phrase))
    )
    return bool(words) and (sure or plural)


def _is_one_value(phrase: str) -> bool:
    """Whether a plural is the name of a single value: "details", but not "links"."""
    words = without_article(phrase).lower()
    return any(words in names for names in VALUES.values())


#: What a page has by itself, whatever it is about.
ELEMENTS: Final = frozenset({"links", "headings", "headlines", "buttons", "images", "pictures", "photos"})


#: What says "with" and chooses entries, rather than values of theirs.
_CRITERIA: Final = (*EQUALITY, *(pattern for pattern, _ in FEATURES))


def _split_fields(phrase: str, utterance: Utterance) -> tuple[str, tuple[str, ...]]:
    """Take "with price and link" off: the entries, and the names of their values, their own name among them."""
    criteria = [found.span() for pattern in _CRITERIA for found in pattern.finditer(phrase)]
    # "and" joins names as well: what says "with" comes first
    for sign in sorted(_WITH.finditer(phrase), key=lambda one: like(r"\s*and\b").match(one.group()) is not None):
        begin = sign.end() - len(sign.group().lstrip(" ,"))
        if any(start <= begin < end for start, end in criteria):
            continue
        if _IS.match(phrase, sign.end()):
            continue
        names = fields_of(phrase[sign.end() :].rstrip(") "), utterance)
        if names and sign.start() and all(map(is_value, names)) and not _OF_THEM.search(phrase, sign.end()):
            named = any(value_kind(name) == "name" for name in names)
            utterance.take_all(sign)
            return phrase[: sign.start()], names if named else ("name", *names)
    return phrase, ()


#: "and are not resolved" is said of the entries.
_IS: Final = like(r"\s*(?:is|are|was|were)\b")
_OF_THEM: Final = like(r"\bof (?:everything|all|each|every|the|these|those)\b(?!$)")


def is_value(name: str) -> bool:
    """Whether words can be the name of a value, rather than a criterion."""
    limits = re.search(r"\d|\b(?:than|least|most|under|over|below|above|highest|lowest|rating of|price of)\b", name)
    return bool(value_kind(name)) or (len(name.split()) <= 3 and not limits)


def _singular(name: str) -> str:
    return stem(name) if like(rf"(?:[a-z]+ )?(?:{_PLURAL})").fullmatch(name) else name


def _pages(phrase: str, utterance: Utterance) -> tuple[str, int | None]:
    """Take "over the first 3 pages" out: the rest, and how many pages (0: all; None: not said)."""
    found = _PAGES.search(phrase)
    if found is None:
        return phrase, None
    utterance.take_all(found)
    rest = f"{phrase[: found.start()]}{phrase[found.end() :]}".strip()
    return rest, 0 if found["all"] else 1 if found["this"] else count_word(found["count"])
