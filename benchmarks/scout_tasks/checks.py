"""What can be asked of an answer. Values are compared, not wordings."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import unquote

from benchmarks.scout_tasks.case import Check, Ending

__all__ = ["Amounts", "At", "Both", "Facts", "Members", "Rows", "Titles"]

_PLAIN_SIGNS: Final = str.maketrans("’‘“”\u00a0", "''\"\" ")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Facts:
    """All of these stand in the answer, and none of the others, each one way or another."""

    facts: tuple[str, ...]
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(self.facts)

    def faults(self, ending: Ending) -> list[str]:
        text = _plain(ending.text)
        lacking = [f"lacks “{fact}”" for fact in self.facts if not _stands(fact, text)]
        return lacking + [f"has “{other}”" for other in self.others if _stands(other, text)]


@dataclass(frozen=True, slots=True)
class Amounts:
    """The pounds in the answer are these."""

    amounts: tuple[Decimal, ...]

    def __str__(self) -> str:
        return ", ".join(f"£{amount}" for amount in self.amounts)

    def faults(self, ending: Ending) -> list[str]:
        named = {Decimal(found) for found in re.findall(r"\d+\.\d\d\b", ending.text)}
        return [] if named == set(self.amounts) else [f"names {sorted(map(str, named))}"]


@dataclass(frozen=True, slots=True)
class Titles:
    """Of all products of the shop the answer names just these; in this order when that was asked for."""

    titles: tuple[str, ...]
    universe: tuple[str, ...]
    ordered: bool = False

    def __str__(self) -> str:
        return "; ".join(self.titles)

    def faults(self, ending: Ending) -> list[str]:
        text = _plain(ending.text)
        places = {title: text.find(_plain(title)) for title in self.universe}
        named = sorted((title for title, place in places.items() if place >= 0), key=places.__getitem__)
        wanted = list(self.titles)
        same = named == wanted if self.ordered else sorted(named) == sorted(wanted)
        return [] if same else [f"names {named}"]


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer has one entry for each row, with all its values, and no other entry."""

    rows: tuple[tuple[str, ...], ...]
    json: bool = False

    def __str__(self) -> str:
        shown = "; ".join(" – ".join(row) for row in self.rows[:4])
        return f"{len(self.rows)} rows{' as JSON' * self.json}: {shown}{' …' * (len(self.rows) > 4)}"

    def faults(self, ending: Ending) -> list[str]:
        if self.json and not isinstance(_parsed(ending.text), list | dict):
            return ["no JSON"]
        entries = _entries(ending.text)
        lacking = [row for row in self.rows if not any(_fits(row, entry) for entry in entries)]
        faults = [f"{len(entries)} entries, not {len(self.rows)}"] if len(entries) != len(self.rows) else []
        return faults + [f"lacks {' – '.join(row)}" for row in lacking[:3]]


@dataclass(frozen=True, slots=True)
class Members:
    """The answer is a JSON object with these members, whatever the case of their names."""

    members: Mapping[str, str]

    def __str__(self) -> str:
        return json.dumps(dict(self.members), ensure_ascii=False)

    def faults(self, ending: Ending) -> list[str]:
        given = _parsed(ending.text)
        if not isinstance(given, dict):
            return ["no JSON object"]
        found = {str(name).casefold(): str(value) for name, value in given.items()}
        return [
            f"{name} is {found.get(name)!r}"
            for name, value in self.members.items()
            if not _same(value, found.get(name.casefold(), ""))
        ]


@dataclass(frozen=True, slots=True)
class At:
    """The browser stands at an address that ends like this."""

    ending: str

    def __str__(self) -> str:
        return f"at …{self.ending}"

    def faults(self, ending: Ending) -> list[str]:
        return [] if unquote(ending.url).endswith(self.ending) else [f"stands at {ending.url}"]


@dataclass(frozen=True, slots=True)
class Both:
    """All of several."""

    checks: tuple[Check, ...]

    def __str__(self) -> str:
        return " and ".join(map(str, self.checks))

    def faults(self, ending: Ending) -> list[str]:
        return [fault for check in self.checks for fault in check.faults(ending)]


def _plain(text: str) -> str:
    """Without differences that mean nothing: case, kinds of quotes and spaces."""
    text = text.translate(_PLAIN_SIGNS)
    return re.sub(r"\s+", " ", text).casefold().strip()


def _stands(fact: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_plain(fact))}(?!\w)", text) is not None


def _parsed(text: str) -> Any:
    """The answer as JSON; None when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _entries(text: str) -> list[str]:
    """An entry per element of the JSON array, or else per line."""
    given = _parsed(text)
    if isinstance(given, dict):
        given = next((value for value in given.values() if isinstance(value, list)), [given])
    if isinstance(given, list):
        return [json.dumps(entry, ensure_ascii=False) for entry in given]
    return [line for line in text.splitlines() if line.strip()]


def _fits(row: Sequence[str], entry: str) -> bool:
    plain = _plain(entry.replace('\\"', '"'))
    numbers = {Decimal(found) for found in _NUMBER.findall(plain)}
    return all(_plain(value) in plain or _number(value) in numbers for value in row)


def _same(value: str, given: str) -> bool:
    number = _number(value)
    return _plain(value) == _plain(given) or (number is not None and number == _number(given))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.removeprefix("£").replace(",", ""))
    except InvalidOperation:
        return None
