"""By what an entry of a list is chosen: "the three cheapest teas under £5 whose name contains 'green'"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from outrider.agents.scout.amounts import count_word, number, ordinal
from outrider.agents.scout.synonyms import LIST_NOUNS, PLACE_NOUNS, VALUES, stem
from outrider.agents.scout.tasks.language import Utterance, Wording, items, like, without_article


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by the value of this name: ``price``, ``rating``, or what a column is called."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """What an entry has to fulfil.

    ``test``: contains, lacks, starts, is, below, at most, above, at least, has, has no.
    """

    field: str
    test: str
    value: str

    @property
    def limit(self) -> Decimal:
        """The value as a number."""
        return number(self.value) or Decimal(0)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries: all that meet the conditions, in this order, from this position, so many."""

    #: What the entries are called, without words that only mean "entry".
    noun: str = ""
    order: Order | None = None
    #: Counted from 1; -1 is the last; 0 when no position is said.
    position: int = 0
    #: How many; 0 when not said.
    count: int = 0
    conditions: tuple[Condition, ...] = ()

    @property
    def has_criterion(self) -> bool:
        """Whether it says more than what the entries are called."""
        return bool(self.order or self.position or self.conditions)


_Q: Final = "[\ue000-\uf8ff]"
_STOP: Final = r"(?:and|or|with|under|over|in|on|from|that|which|by)\b"
_VALUE: Final = rf"(?:the (?:word|words|text)\s+)?(?P<value>{_Q}|[^\s,]+(?:\s+(?!{_STOP})[^\s,]+)*)"
_UNIT: Final = r"(?:[£$€¥₹]|stars?|pounds|dollars|euros?|gbp|usd|eur|chf|%)"
_AMOUNT: Final = rf"(?P<value>[£$€¥₹]?\s?\d[\d.,]*(?:\s?{_UNIT})?)"
#: Of what a named column measures: "a weight below 2 kg".
_MEASURED: Final = (
    r"(?(field)(?:\s?(?:[km]?g|lbs?|oz|[mck]?m|miles?|inch(?:es)?|[KMGT]B|min(?:ute)?s?|h(?:ours?)?|days?|weeks?|months?"
    r"|years?)\b)?)"
)
#: What there are more or fewer of: "5 holds", "12 points".
_COUNTED: Final = (
    r"(?:(?<=\d)\s+(?P<counted>(?!stars?\b|pounds\b|dollars\b|euros?\b|results\b|items\b|products\b|pieces\b)[a-z]{3,}s)"
    r"(?=\s*(?:$|,|and\b|or\b|in\b|with\b)))?"
)
_PRICE: Final = r"[£$€]?\s?\d[\d.,]*"
_FIELD_WORD: Final = r"(?:the )?(?:name|title|description|text|label|author)s?"
_SUPERLATIVES: Final = (
    ("cheapest|lowest[- ]priced|least expensive|lowest[- ]cost|least costly", Order("price", descending=False)),
    ("most expensive|dearest|priciest|highest[- ]priced|costliest|most costly", Order("price", descending=True)),
    (
        "(?:highest|best|top)[- ](?:rated|reviewed|rating|scoring)|most highly rated|best(?![- ]?sell)",
        Order("rating", descending=True),
    ),
    ("(?:lowest|worst)[- ](?:rated|reviewed|rating|scoring)", Order("rating", descending=False)),
    ("newest|latest|most recent", Order("date", descending=True)),
    ("oldest|earliest", Order("date", descending=False)),
    ("most reviewed", Order("reviews", descending=True)),
)
#: Of what a column measures, told by the adjective alone.
_MEASURES: Final = (
    ("longest", Order("length", descending=True)),
    ("shortest", Order("length", descending=False)),
    ("tallest", Order("height", descending=True)),
    ("heaviest", Order("weight", descending=True)),
    ("lightest", Order("weight", descending=False)),
    ("widest", Order("width", descending=True)),
    ("narrowest", Order("width", descending=False)),
    ("deepest", Order("depth", descending=True)),
    ("fastest", Order("speed", descending=True)),
    ("slowest", Order("speed", descending=False)),
    ("youngest", Order("age", descending=False)),
)
_UP: Final = "highest|largest|biggest|greatest|most|best|maximum|longest"
_WAY: Final = rf"(?P<way>{_UP}|lowest|smallest|fewest|least|minimum|shortest|worst)"
_COLUMN: Final = r"(?P<field>[\w-]+(?: (?!(?:of|in|on|from|under|over|with|and)\b)[\w-]+)?)"
_COMPARISONS: Final = (
    (r"under|below|less than|cheaper than|lower than|fewer than|costing less than|priced (?:under|below)", "below"),
    (r"at most|up to|no more than|not more than|maximum|max\.?|or less than|costing at most", "at most"),
    (r"over|above|more than|greater than|higher than|better than|more expensive than|costing more than"
     r"|priced (?:over|above)", "above"),
    (r"at least|from|minimum|min\.?|no less than|not less than", "at least"),
)  # fmt: skip
#: Numbers that people write as words.
COUNTS: Final = "two|three|four|five|six|seven|eight|nine|ten|twelve"
_PLACES: Final = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|top"

Take = Callable[[re.Match[str], "Selection", Utterance], "Selection"]
Rule = tuple[Wording, Take]


def select(phrase: str, utterance: Utterance) -> Selection:
    """What a masked noun phrase selects. Words that are no criterion end up in ``noun``."""
    rest, selection = f" {phrase} ", Selection()
    for pattern, take in _RULES:
        while found := pattern.search(rest):
            before, selection = selection, take(found, selection, utterance)
            if selection != before:
                utterance.take_all(found)
            rest = f" {' '.join((rest[: found.start()] + ' ' + rest[found.end() :]).split())} "
    return replace(selection, noun=name_of_kind(utterance.expand(" ".join(rest.split())), utterance))


_BEFORE_NOUN: Final = like(
    r"^(?:(?:all|every|each|any|some|of|the|a|an|those|these|its|their|available|different|single|whole|complete|full"
    r"|entire)\s+|(?:list|overview|table)\s+(?:of|with)\s+)+"
)
_AFTER_NOUN: Final = like(
    rf"(?:['’]s (?:own |product |detail )?page|\s*\b(?:here|there|on (?:this|the) (?:{PLACE_NOUNS}|site|shop|store)"
    rf"|(?:in|on|from) (?:the )?"
    r"(?:list|table|results?|search results|catalogue|catalog|page|site|website|shop|store|it)"
    r"|that|which|one|and|and an?|with|are|is|has|have|in|on|of|found|shown|listed|displayed|there are"
    r"|you (?:have|sell)))\s*$"
)


_PLAIN: Final = frozenset({"search", "all", "the", "of", "list", "everything"})


def name_of_kind(words: str, utterance: Utterance) -> str:
    """What the entries are called, or "" when the words only say that they are entries."""
    words = utterance.without(_BEFORE_NOUN, f"{words} ")
    while found := _AFTER_NOUN.search(words):
        utterance.take_all(found)
        words = words[: found.start()].strip()
    words = without_article(words).strip()
    plain = [stem(word) for word in words.lower().split() if word not in _PLAIN]
    if not all(word in LIST_NOUNS for word in plain):
        return words
    utterance.worded.append(words)
    return ""


_QUALIFIES: Final = like(
    r"(?:\b\w{2,}(?:ed|en)\s+)?\b(?:that|which|who|whose|where|when|while|with|without|by|before|after|in|on|at|from"
    r"|under|over|above|below|near"
    r"|not|no|but|or|than|during|since|until|like|as|excluding|besides|about|between|per|last|next)\b.*"
)


def kind_of(noun: str) -> str:
    """The words that name a kind of thing, without what is said about it: "lamp" of "lamp that Ann likes"."""
    return _QUALIFIES.sub("", noun).strip()


def _order(order: Order) -> Take:
    return lambda found, selection, utterance: _ordered(selection, order)


def _ordered(selection: Selection, order: Order) -> Selection:
    """With the order, unless there is one: "the cheapest and the dearest" is no selection."""
    return selection if selection.order else replace(selection, order=order)


def _extreme(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
    field = re.sub(r"^(price|rating)s$", r"\1", found["field"].lower())
    way = found["way"].lower()
    if field in ("review", "reviews") and way in ("best", "worst"):
        return _ordered(selection, Order("rating", descending=way == "best"))
    if field == "price" and way in ("best", "worst"):
        return _ordered(selection, Order(field, descending=way == "worst"))
    return _ordered(selection, Order(field, descending=re.fullmatch(_UP, way) is not None))


def _position(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
    count = count_word(found["count"]) if found["count"] else None
    place = ordinal(found["place"]) or 0
    if count is None:
        return replace(selection, position=place)
    return replace(selection, count=count, position=place if place < 0 else 0 if selection.order else 1)


def _count(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
    return replace(selection, count=count_word(found["count"]) or 0)


def _compare(test: str) -> Take:
    def take(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
        value, column = found["value"].strip(), (found["field"] or "").lower()
        about = f"{value} {column} {found['named'] or ''} {found.group()}".lower()
        column = column or (found.groupdict().get("counted") or "").lower()
        field = "rating" if re.search(r"star|rat(?:ed|ing)|scor", about) else "price"
        if column and not re.fullmatch(r"rating|score|stars?|price|cost", column):
            field = column
        return _with(selection, Condition(field, test, value))

    return take


def _stars(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
    return _with(selection, Condition("rating", "is", str(count_word(found["value"]))))


def _text_test(test: str, field: str = "name") -> Take:
    return lambda found, selection, utterance: _with(
        selection, Condition(field, test, utterance.expand(found["value"]))
    )


def _between(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
    low = _with(selection, Condition("price", "at least", found["low"]))
    return _with(low, Condition("price", "at most", found["high"]))


def _in_stock(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
    return _with(selection, Condition("availability", "lacks" if found["out"] else "is", "in stock"))


def _with(selection: Selection, condition: Condition) -> Selection:
    return replace(selection, conditions=(*selection.conditions, condition))


def _rule(pattern: str, take: Take) -> Rule:
    return like(pattern), take


_RELATIVE: Final = r"(?:(?:that|which|who)(?:se)?\s+|whose\s+|with\s+(?:a|an|the)?\s*)?"
_HOLDS: Final = r"(?:that\s+)?(?:contains?|includes?|has|having|with|containing|including)"
_BETWEEN: Final = rf"(?:(?:priced|costing|with a price)\s+)?between\s+(?P<low>{_PRICE})\s+and\s+(?P<high>{_PRICE})"
#: "with a weight of", "whose price is", "that cost", "rated": what a comparison is about.
_ABOUT: Final = (
    r"(?:(?:(?:with|having)\s+(?:a|an|the)?\s*|and\s+an?\s+|whose\s+|(?:that|which)\s+(?:has|have)\s+(?:a|an)\s+)(?P<field>\w+)"
    r"(?:\s+(?:is|are|of|tag))*\s+"
    r"|(?:(?:that|which|and)\s+)?(?:(?:is|are|for)\s+)?(?P<named>costs?|costing|priced|price|rated|rating|scored)\s+"
    r"|with\s+)?"
)
_RATED: Final = r"(?P<field>)(?P<named>rated |with a rating of |rating of |rating )?"
#: Columns that sort entries into kinds: their value may follow in small letters.
_KINDS: Final = (
    "status|state|type|category|priority|country|city|colou?r|size|brand|maker|author|role|language|department|year"
    "|owner|customer|assignee|stage|genre|format|level|grade|plan|currency|material|finish"
)
_THE_COLUMN: Final = (
    r"\b(?:(?:with|having|where|(?:(?:that|which) )?(?:has|have))\s+(?:(?:the|an?)\s+)?"
    r"|whose\s+|in\s+(?=status|state)|of\s+(?=type|size)|and\s+(?=[a-z]+\s+(?:yes|no)\s*(?:$|[,)])))"
)
#: "no" is a value where nothing follows that there is none of.
_NO: Final = r"no(?=\s*(?:$|[,)])|\s+and\s+[a-z]+\s+(?:yes|no)\b)"
_NOT_A_VALUE: Final = r"(?!(?:not|no|n't|all|each|every|the|less|more|at|over|under|above|below|between)\b)"
#: "with status Open", "whose status is open": an entry's value, as the column has it.
EQUALITY: Final = tuple(
    like(rf"{_THE_COLUMN}{column}\s+{value}")
    for column, value in (
        (
            r"(?P<field>[a-z]\w*(?: [a-z]\w*)?)",
            rf"(?:is|are|=|equals?|being|equal to|set to|of)\s+(?:{_NOT_A_VALUE}|(?={_NO})){_VALUE}",
        ),
        (
            r"(?P<field>[a-z]\w*)",
            rf"(?:=\s*)?(?:{_NOT_A_VALUE}|(?={_NO}))(?P<value>{_Q}|(?-i:[A-Z\d])[^\s,]*(?: (?-i:[A-Z\d])[^\s,]*)*)",
        ),
        (r"(?P<field>[a-z]\w*)", rf"(?P<value>yes|{_NO})"),
        (
            rf"(?P<field>{_KINDS})",
            rf"{_NOT_A_VALUE}(?P<value>(?!and\b|or\b)[^\s,]+)(?=\s*$|\s*,|\s+(?:and|or|from|in|on|with)\b)",
        ),
    )
)

#: "with a touchscreen", "without balcony": what a column says yes or no to; not "with a price".
_FEATURE: Final = (
    r"(?!(?:[\w-]+ )?(?:"
    + "|".join(sorted({re.escape(name) for names in VALUES.values() for name in names}))
    + r")s?\b)[a-z][\w-]*"
    r"(?: (?!(?:and|or|but|with|without|for|under|over|above|below|at|in|on|from|of|to|by|that|which)\b)[a-z][\w-]*)?"
    r"(?=\s*(?:$|,)|\s+(?:and|or|but|with|without)\b)"
)
_OWNING: Final = r"(?:having|(?:(?:that|which) )?(?:has|have)|with)"
_ONE_MORE: Final = r"(?:\s*,\s*(?:and\s+)?|\s+{joint}\s+)(?:an?|{no})\s+"
_HAVING: Final = _ONE_MORE.format(joint="and", no="(?!)")
_LACKING: Final = _ONE_MORE.format(joint="(?:and|or)", no="no|any")
FEATURES: Final = (
    (like(rf"\b{_OWNING} an? (?P<fields>{_FEATURE}(?:{_HAVING}{_FEATURE})*)"), "has"),
    (
        like(rf"\b(?:(?:without|lacking)(?: an?| any)?|{_OWNING} no) (?P<fields>{_FEATURE}(?:{_LACKING}{_FEATURE})*)"),
        "has no",
    ),
)


def _features(test: str) -> Take:
    def take(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
        for field in like(_LACKING).split(found["fields"]):
            selection = _with(selection, Condition(field.lower(), test, ""))
        return selection

    return take


def _equal(found: re.Match[str], selection: Selection, utterance: Utterance) -> Selection:
    return _with(selection, Condition(found["field"].lower(), "is", utterance.expand(found["value"])))


_RULES: Final[tuple[Rule, ...]] = (
    _rule(rf"\b{_RELATIVE}{_FIELD_WORD}\s+{_HOLDS}\s+{_VALUE}", _text_test("contains")),
    _rule(
        rf"\b{_RELATIVE}{_FIELD_WORD}\s+(?:starts?|begins?|starting|beginning)\s+with\s+{_VALUE}", _text_test("starts")
    ),
    _rule(rf"\b{_RELATIVE}{_FIELD_WORD}\s+(?:is|equals?)\s+{_VALUE}", _text_test("is")),
    _rule(
        rf"\b(?:with|having|containing|(?:that |which )?(?:has|have|contains?))\s+{_VALUE}\s+in (?:the|its|their) "
        rf"{_FIELD_WORD}",
        _text_test("contains"),
    ),
    _rule(rf"\b(?:that |which )?(?:contain|includ|mention)(?:s|es|e|ing)?\s+{_VALUE}", _text_test("contains", "text")),
    _rule(rf"\b(?:named|called|titled|entitled)\s+{_VALUE}", _text_test("contains")),
    _rule(
        r"\b(?:(?:leaving|departing|starting|(?:that|which) (?:leaves|departs|starts))\s+)?at\s+"
        r"(?P<value>\d{1,2}[:.]\d{2}(?:\s?[ap]m)?)(?![\d:.]*\d)",
        _text_test("contains", "text"),
    ),
    _rule(rf"\b{_BETWEEN}", _between),
    _rule(
        r"\b(?:(?:that|which) (?:is|are)\s+)?"
        r"(?:(?P<out>out of stock|not in stock|unavailable|sold out)|in stock|available now|currently available)\b",
        _in_stock,
    ),
    *(
        _rule(rf"\b{_ABOUT}(?:{words})\s+{_AMOUNT}{_MEASURED}{_COUNTED}", _compare(test))
        for words, test in _COMPARISONS
    ),
    _rule(
        rf"(?<!\w){_RATED}{_AMOUNT}\s*(?:\+|or (?:higher|more|above|better|over|up))(?:[\s-]*stars?)?",
        _compare("at least"),
    ),
    _rule(rf"(?<!\w){_RATED}{_AMOUNT}\s*or (?:less|lower|below|under|cheaper)", _compare("at most")),
    _rule(
        r"\b(?:that|which|who) (?:is|are|was|were) (?P<field>assigned to|created by|owned by|reported by) "
        rf"(?P<value>{_Q}|[^\s,]+)",
        _equal,
    ),
    _rule(
        rf"\b(?:and|that|which|but)?\s*(?:(?:is|are) not|(?:is|are)n['’]t) (?:yet )?"
        rf"(?P<value>{_Q}|(?!in\b|available\b)[a-z-]+)(?: yet)?(?=\s*$|\s*,|\s+and\b)",
        lambda found, selection, utterance: _with(selection, Condition("", "is not", utterance.expand(found["value"]))),
    ),
    *((pattern, _equal) for pattern in EQUALITY),
    *((pattern, _features(test)) for pattern, test in FEATURES),
    _rule(
        rf"\s(?:(?:that|which) )?(?:is|are|was|were)\s+(?:currently |still |already )?{_NOT_A_VALUE}(?P<value>{_Q}"
        rf"|(?!(?:there|here|in|on|shown|listed|displayed|found|given|called|named|it|so|also)\b)[a-z]+)(?=\s*$)",
        lambda found, selection, utterance: _with(selection, Condition("", "is", utterance.expand(found["value"]))),
    ),
    _rule(r"(?<!\w)(?:rated |with )?(?P<value>[0-5]|one|two|three|four|five)[\s-]stars?(?: rating)?\b", _stars),
    _rule(rf"\b(?:with|having|that has|which has) (?:the )?{_WAY}(?: number of)? {_COLUMN}", _extreme),
    _rule(rf"(?<=^ )(?:the )?{_WAY} (?P<field>price|rating|score|stock)\b(?: of)?", _extreme),
    *(_rule(rf"\b(?:the )?(?:{words})\b", _order(order)) for words, order in _SUPERLATIVES),
    # In capitals it belongs to a name: "The Longest Day".
    *(_rule(rf"\b(?:the )?(?-i:{word})\b(?=\s+\w)", _order(order)) for word, order in _MEASURES),
    _rule(
        rf"(?<=^ )(?:the )?(?:very )?(?P<place>{_PLACES}|\d+(?:st|nd|rd|th))\b(?:\s+(?P<count>\d+|{COUNTS})\b)?",
        _position,
    ),
    _rule(rf"(?<=^ )(?:\s*(?:all|the|of)\s+)*(?P<count>\d+|{COUNTS})\b(?!-|\s?%)", _count),
)


#: "who it is assigned to" is a value called "assigned to".
_AS_CLAUSE: Final = like(
    r"^(?:who|whom|what) (?:it|they|each|each one) (?:is|are|was|were) (?P<value>[a-z]+ (?:to|by))$"
)
_POINTER: Final = like(r"\s+(?:to (?:it|them)|of (?:it|each|them|every one|each one))$")


def fields_of(fragment: str, utterance: Utterance) -> tuple[str, ...]:
    """The names of values in a masked enumeration: "its name, the price and a link to it"."""
    plain = (
        re.sub(r"^(?:both|also|only|just)\s+", "", _POINTER.sub("", one), flags=re.IGNORECASE)
        for one in items(fragment)
    )
    names = (without_article(utterance.expand(_AS_CLAUSE.sub(r"\g<value>", one))) for one in plain)
    return tuple(dict.fromkeys(name for name in names if name))
