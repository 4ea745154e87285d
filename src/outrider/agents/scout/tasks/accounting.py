"""Nothing that a task says is ignored: which words of a clause its meaning has not taken up.

A word is taken up by a value of an intention (a name, a query, a field, a criterion), or it belongs to the way in
which such an intention is worded, or it is one of the words that only hold a sentence together. Words that change a
meaning by themselves ("except", "without", "not", "or", "before") are in none of these tables but where an intention
carries them out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final

from outrider.agents.scout.amounts import names_of_number
from outrider.agents.scout.synonyms import LIST_NOUNS, PLACE_NOUNS, ROLE_CUES, VALUES, plain_words, stem, value_kind
from outrider.agents.scout.tasks.criteria import Condition, Order, Selection, kind_of
from outrider.agents.scout.tasks.intentions import (
    AddToBasket,
    Capture,
    Choose,
    ClickOn,
    Collect,
    Count,
    Enter,
    Fetch,
    GoBack,
    GoTo,
    Intention,
    Locate,
    LogIn,
    Open,
    OpenPick,
    Pick,
    PressKey,
    Read,
    Say,
    ScrollPage,
    SearchFor,
    Seek,
    Submit,
    Tick,
    TurnTo,
    WaitFor,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(map(stem, plain_words(text)))


#: Words that hold a sentence together, and those that only say "the thing on the page".
_FUNCTION: Final = _words(
    "a an the this that these those its their my your his her our it them one ones each every all any both some such "
    "of to in on at for with by from as into inside onto within through via using across over and then "
    "is are was were be been being do does did has have had can could will would shall may might must let "
    "there here i me you we us they who whose which what where how please now also just only simply exactly again "
    "page site website web shop store catalogue catalog screen thing s "
) | frozenset(LIST_NOUNS)

_CUES: Final = " ".join(ROLE_CUES)
_PLACES: Final = PLACE_NOUNS.replace("|", " ")
_AROUND: Final = "row line entry card section form menu header footer dialog popup next beside near containing"
_BASKET: Final = "basket cart bag trolley shopping"
_LISTED: Final = (
    "list listing table row line content contents everything name named called full complete whole entire found shown "
    "displayed listed including together along showing following pagination other further subsequent walking going "
    "search exist see find give"
)

#: How an intention may be worded beyond its values.
_WORDINGS: Final[Mapping[type[Intention], frozenset[str]]] = {
    kind: _words(words)
    for kind, words in {
        Open: "url address link home",
        ClickOn: f"{_CUES} {_AROUND} {_BASKET} pop up banner window modal overlay message labelled saying text label",
        GoTo: f"{_CUES} {_PLACES} {_BASKET} way link named called form check out checkout straight current",
        TurnTo: "number list listing",
        SearchFor: "search box bar field term keyword query word",
        Enter: f"{_CUES} {_AROUND} value text form detail data information following field fields again",
        Choose: f"{_CUES} sorted ordered arranged value order ordering guest user customer",
        Tick: f"{_CUES} {_AROUND} boxes all",
        Submit: "form off account new user",
        LogIn: "user name username id email mail address password passphrase passcode pw pass login account "
        "customer credentials e",
        OpenPick: "book detail link chosen selected resulting found matching",
        Locate: "named called titled link",
        AddToBasket: f"{_BASKET} copy copies pieces piece units unit times time twice x",
        Read: f"{_BASKET} book much value shown displayed listed stated given say said show contain read happen "
        "happened tell result answer finding outcome data information everything find found see get final detail "
        "chosen selected opened current main back cost",
        Collect: f"{_LISTED} {_BASKET}",
        Count: f"{_LISTED} {_BASKET} sell offer many number count",
        GoBack: "previous last search list listing overview back",
        ScrollPage: "down up bottom top end beginning screen time times little bit",
        WaitFor: "until till for second seconds moment while bit load loaded loading appear appears appeared finish "
        "finished displayed ready visible shows up text word message everything has have",
        PressKey: "key return esc ctrl control alt shift cmd meta arrow up down left right",
        Fetch: f"{_CUES} file",
        Capture: "screenshot screen shot picture",
        Say: "word words text phrase message nothing else more following",
    }.items()
}
#: What may be said of the moment at which the next clause begins.
_MOMENT: Final = _words(
    "loaded loads load loading shown appear appears appeared done finished complete completed ready open opened logged "
    "logging adding log added search searching form menu navigation main list current same first"
)
_MORE: Final = _words("highest largest biggest greatest most maximum longest best top highly very")
_LESS: Final = _words("lowest smallest fewest least minimum shortest worst very")
#: Words for an order by a value: (value, descending).
_ORDERS: Final[Mapping[tuple[str, bool], frozenset[str]]] = {
    ("price", False): _words("cheapest price priced expensive cost costly best") - _words("most"),
    ("price", True): _words("dearest priciest costliest price priced expensive cost costly worst"),
    ("rating", True): _words("rated reviewed rating scoring score star"),
    ("rating", False): _words("rated reviewed rating scoring score star"),
    ("date", True): _words("newest latest recent"),
    ("date", False): _words("oldest earliest"),
    ("reviews", True): _words("reviewed review"),
}
_TESTS: Final[Mapping[str, frozenset[str]]] = {
    test: _words(words)
    for test, words in {
        "below": "under below less than cheaper lower fewer costing cost priced price",
        "at most": "at most up to no not more than maximum max or less lower below under cheaper costing cost priced "
        "price between",
        "above": "over above more than greater higher better expensive costing cost priced price",
        "at least": "at least from minimum min no not less than or higher more above better over up between costing "
        "priced cost price",
        "contains": "contain includ include mention containing including mentioning having word text called titled "
        "entitled",
        "starts": "start begin starting beginning",
        "is": "equal stock available currently star rated",
        "lacks": "out stock not unavailable available sold",
    }.items()
}
_UNITS: Final = _words("star pound dollar euro gbp usd eur chf rated rating score tag")


def left_over(said: str, meaning: Sequence[Intention]) -> tuple[str, ...]:
    """The phrases of a clause, its verb aside, that its meaning does not account for; in order, as they are written."""
    known = _FUNCTION | (_taken_up(meaning) if meaning else _MOMENT)
    words = said.split()
    unknown = [at for at, word in enumerate(words) if not all(stem(part) in known for part in plain_words(word))]
    return tuple(_phrases(words, unknown))


def _phrases(words: Sequence[str], unknown: list[int]) -> Iterator[str]:
    """Runs of words that are not known, with up to two known ones between them."""
    while unknown:
        begin = end = unknown.pop(0)
        while unknown and unknown[0] - end <= 3:
            end = unknown.pop(0)
        yield " ".join(words[begin : end + 1]).strip(".,:;")


def _taken_up(meaning: Iterable[Intention]) -> frozenset[str]:
    known: set[str] = set()
    for intention in meaning:
        known |= _WORDINGS.get(type(intention), frozenset())
        if isinstance(intention, Collect | Pick | Count) and intention.pages:
            known |= {"first", "current"}
        if not isinstance(intention, Seek):
            known.update(_of_values(intention))
    return frozenset(known)


def _of_values(value: Any) -> Iterator[str]:
    """The words that a value stands for, whatever its type."""
    if isinstance(value, str):
        yield from _words(value)
        yield from _also_called(value)
    elif isinstance(value, int):
        yield from names_of_number(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _of_values(part)
    elif isinstance(value, Selection):
        yield from _words(kind_of(value.noun)) - _ORDINALS
        yield from _of_values((value.order, value.conditions, value.position, value.count))
    elif isinstance(value, Order):
        yield from _words(value.field) | (_MORE if value.descending else _LESS)
        yield from _ORDERS.get((value.field, value.descending), ())
    elif isinstance(value, Condition):
        yield from _words(f"{value.field} {value.value}") | _TESTS[value.test] | _UNITS
        yield from _also_called(value.field)
    elif is_dataclass(value):
        yield from _of_values(tuple(getattr(value, one.name) for one in fields(value)))


def _also_called(field: str) -> Iterator[str]:
    """The words of all names of a value: "availability" is also "in stock"."""
    return (word for name in VALUES.get(value_kind(field), ()) for word in _words(name))


_ORDINALS: Final = frozenset(name for number in (-1, *range(1, 13)) for name in names_of_number(number))
