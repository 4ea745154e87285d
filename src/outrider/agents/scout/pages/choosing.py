"""Which entries of a list a selection means."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from outrider.agents.scout.amounts import money
from outrider.agents.scout.pages.records import Item, period_after
from outrider.agents.scout.synonyms import LIST_NOUNS, canonical, plain_words, stem, value_kind
from outrider.agents.scout.tasks.criteria import Condition, Selection


def choose(items: Sequence[Item], selection: Selection) -> tuple[Item, ...]:
    """The entries that meet a selection, in its order. Entries without the value that decides are left out."""
    fitting = [item for item in items if meets(item, selection.conditions)]
    if order := selection.order:
        valued = [(amount, item) for item in fitting if (amount := item.amount(order.field)) is not None]
        valued.sort(key=lambda pair: pair[0], reverse=order.descending)
        fitting = [item for _, item in valued]
    if selection.count:
        return tuple(fitting[-selection.count :] if selection.position < 0 else fitting[: selection.count])
    if selection.position:
        place = selection.position - 1 if selection.position > 0 else selection.position
        return (fitting[place],) if -len(fitting) <= place < len(fitting) else ()
    return tuple(fitting[:1] if selection.order else fitting)


def tied(items: Sequence[Item], selection: Selection, total: int = 0) -> tuple[Item, ...]:
    """The entries that might have been chosen as well: as good as the last one that was, by the value that decides.

    ``total`` is how many are chosen in all where that is done one by one.
    """
    order = selection.order
    if order is None:
        return ()
    last = total or selection.count or selection.position or 1
    ranked = choose(items, replace(selection, position=0, count=len(items) or 1))
    if not 0 < last < len(ranked):
        return ()
    least = ranked[last - 1].amount(order.field)
    return tuple(item for item in ranked[last:] if item.amount(order.field) == least)


def unclear(items: Sequence[Item], selection: Selection) -> str:
    """A value that can't be compared although an entry has it: "3/4/2026" among dates, "£275 pw" beside "£900 pcm"."""
    order = selection.order
    if order is not None and value_kind(order.field) == "date":
        dated = ((item, item.value(order.field)) for item in items)
        return next((str(said) for item, said in dated if said is not None and item.amount(order.field) is None), "")
    fields = {order.field} if order is not None else set[str]()
    fields |= {one.field for one in selection.conditions if one.test in NUMERIC}
    prices = [item.price for item in items if item.price]
    if any(value_kind(name) == "price" for name in fields) and len(set(map(_period, prices))) > 1:
        return next(filter(_period, prices))
    return ""


def _period(price: str) -> str:
    found = money(price)
    return period_after(price, found.text).lower() if found else ""


def enough(items: Sequence[Item], selection: Selection) -> bool:
    """Whether further pages can't change the choice: a position from the front, or a number of entries, is filled."""
    if selection.order or selection.position < 0:
        return False
    wanted = selection.count or selection.position
    return wanted > 0 and sum(meets(item, selection.conditions) for item in items) >= wanted


def needs(selection: Selection) -> tuple[str, ...]:
    """The values that a selection compares by."""
    compared = [one.field for one in selection.conditions if one.field not in ("", "name", "text", "availability")]
    return tuple(dict.fromkeys([*([selection.order.field] if selection.order else []), *compared]))


def about(items: Sequence[Item], noun: str, page_words: Sequence[str]) -> tuple[Item, ...]:
    """The entries that are what the noun says: all of them where the page itself, or a column, is called so.

    "The cheapest laptop" of a mixed list is the cheapest of those that are called laptop; "the shipped orders" are
    those of which a column says so. Empty when none is.
    """
    words = set(canonical(noun)) - LIST_NOUNS
    if words and (of_section := tuple(item for item in items if words == set(canonical(item.section)))):
        return of_section
    labels = {label: set(canonical(label)) for item in items for label in item.columns}
    for label, named in labels.items():  # "online courses" are those of which the column “Online” says yes
        if named and named <= words and _says_yes_or_no(items, label):
            yes = tuple(item for item in items if has_feature(item, label))
            return about(yes, " ".join(words - named), page_words)
    further = words - {*page_words, *(word for named in labels.values() for word in named)}
    if not further:
        return tuple(items)
    valued = tuple(
        item for item in items if any(further == set(canonical(one)) for one in (*item.columns.values(), item.section))
    )
    return valued or tuple(
        item for item in items if words <= set(canonical(f"{item.name} {' '.join(item.columns.values())}"))
    )


def meets(item: Item, conditions: Sequence[Condition]) -> bool:
    """Whether an entry fulfils all conditions; one that lacks the value does not."""
    return all(_meets(item, condition) for condition in conditions)


def _meets(item: Item, condition: Condition) -> bool:
    if not condition.field:
        return has_value(item, condition.value) is (condition.test == "is")
    if condition.field == "availability":
        return is_available(item.availability) is (condition.test == "is")
    if condition.test in NUMERIC:
        amount = item.amount(condition.field)
        return amount is not None and NUMERIC[condition.test](amount, condition.limit)
    if condition.test == "is" and value_kind(condition.field) == "rating":
        return item.amount("rating") == condition.limit
    if condition.test in _FEATURED:
        return (has_feature(item, condition.field) is True) is _FEATURED[condition.test]
    text = item.text if condition.field == "text" else str(item.value(condition.field) or "")
    return _TEXTUAL[condition.test](text, condition.value)


def has_feature(item: Item, feature: str) -> bool | None:
    """Whether an entry's column says yes to this, or its name has it; None where it does not say."""
    said = item.value(feature)
    if said is None:
        return True if set(plain_words(feature)) <= set(plain_words(item.name)) else None
    return str(said).strip(" .").casefold() not in _NO


def _says_yes_or_no(items: Sequence[Item], label: str) -> bool:
    said = {item.columns.get(label, "").strip(" .").casefold() for item in items}
    return len(said - _NO) <= 1 and bool(said & _NO) and bool(said & _YES)


_YES: Final = frozenset({"yes", "true", "✓", "✔", "☑", "✅", "included", "available"})
_FEATURED: Final = {"has": True, "has no": False}
_NO: Final = frozenset(
    {"", "no", "none", "false", "0", "n/a", "na", "-", "–", "—", "✗", "✘", "✕", "×", "❌", "not available"}
    | {"not included", "unassigned", "nobody", "nothing"}
)


def has_value(item: Item, value: str) -> bool:
    """Whether one of the entry's columns, or the heading above its part of the table, says this and nothing else."""
    return any(same_kind(text, value) for text in (*item.columns.values(), item.section))


def same_kind(text: str, value: str) -> bool:
    """The same words; of one or of several: "single scull", "single sculls"."""
    one, other = plain_words(text), plain_words(value)
    return one == other or (bool(one and other) and one[:-1] == other[:-1] and stem(one[-1]) == stem(other[-1]))


def is_available(text: str) -> bool | None:
    """Whether something can be had, as a page says it; None where that is not clear: "Pre-order", "Ask us"."""
    if _LATER.search(text):
        return None
    if _GONE.search(text):
        return False
    return True if _THERE.search(text) else None


_STOCK: Final = r"(?:availability|available|in[ -]stock|stock|quantity(?: available| in stock)?)"
#: It may be there at another time: "back in stock soon", "available on 3 March".
_LATER: Final = re.compile(
    r"\b(?:when|once|soon|back in|again|expected|pre-?orders?|notify|available (?:for|on|from))\b|\bnot only\b",
    re.IGNORECASE,
)
#: "Out of stock", "no longer available", "isn't currently in stock", "Availability: 0".
_GONE: Final = re.compile(
    r"(?<!never )\b(?:out[ -]?of[ -]?stock|unavailable|sold[ -]?out|discontinued|back[ -]?order(?:ed)?|none left)\b"
    r"|\b(?:not?|none|nothing|cannot|\w+n['’]t)\b(?: \w+){0,4} ?\b(?:available|in[ -]stock|left"
    r"|be (?:had|bought|ordered))\b"
    r"|(?<![\d.,])0+ (?:\w+ )?(?:available|in[ -]stock|left)\b"
    rf"|^{_STOCK}\W*0+\b(?![.,]\d)|^(?:{_STOCK}:?\s*)?(?:0+|no|none|false)$",
    re.IGNORECASE,
)
_THERE: Final = re.compile(
    r"\b(?:in[ -]?stock|low stock|ready to ship|\d+ left|available|never out of stock"
    r"|(?:ships|delivered|dispatched) (?:in|within|by|on|today|tomorrow))\b"
    rf"|^(?:{_STOCK}:?\s*)?(?:[1-9]\d*(?: (?:pieces?|pcs|items?|units?))?|yes|true)$",
    re.IGNORECASE,
)


NUMERIC: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    "below": operator.lt,
    "at most": operator.le,
    "above": operator.gt,
    "at least": operator.ge,
}


def _contains(text: str, value: str) -> bool:
    return value.casefold() in text.casefold() or set(plain_words(value)) <= set(plain_words(text))


#: How a list says that there is none, and how a task does.
_NONE: Final = frozenset(map(plain_words, ("", "none", "nobody", "no one", "unassigned", "nothing")))
_TEXTUAL: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "contains": _contains,
    "starts": lambda text, value: text.casefold().startswith(value.casefold()),
    "is": lambda text, value: (
        plain_words(text) == plain_words(value) or {plain_words(text), plain_words(value)} <= _NONE
    ),
}
