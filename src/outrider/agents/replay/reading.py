"""The answer of a replay: only what was read anew goes in, and what could not be is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from outrider.agents.places import ENTRY, LIST, Place, View, entry_at, group_at, read
from outrider.agents.scout.answer import coerced, plain_end
from outrider.agents.scout.pages.records import Item, links_of, main_list
from outrider.interfaces.models import Evidence, Finish
from outrider.interfaces.pages import Observation
from outrider.problems import OutriderError
from outrider.protocol.scripts import Read, Script
from outrider.sessions.output_schema import check_answer

__all__ = ["Found", "answer_of", "read_all"]

_QUOTE_CHARACTERS: Final = 200
#: What is told of an entry when nothing says what is wanted, and it has no columns.
_OF_AN_ENTRY: Final = ("name", "price", "rating", "availability")


@dataclass(slots=True)
class Found:
    """What was read so far; as JSON it is the memory of a step."""

    #: Values by field, in the order in which they were read.
    values: dict[str, Any] = field(default_factory=dict)
    evidence: list[list[str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @classmethod
    def of_json(cls, parts: Sequence[Mapping[str, Any]]) -> Self:
        """All that the memories of earlier steps have."""
        found = cls()
        for part in parts:
            found.add(cls(**part))
        return found

    def add(self, more: "Found") -> None:
        """What was read later."""
        self.values |= more.values
        self.evidence += more.evidence
        self.missing += more.missing

    def as_json(self) -> dict[str, Any]:
        """For ``of_json``."""
        return {"values": self.values, "evidence": self.evidence, "missing": self.missing}


def read_all(reads: Sequence[Read], view: View, url: str, known: Found) -> Found:
    """What the places of a page say now. Entries of a list go on where those that are known end."""
    found = Found()
    for one in reads:
        place = _place(one)
        if one.role == LIST:
            begun = sum(name.startswith(_below(one.field)) for name in (*known.values, *found.values))
            _take_list(one, group_at(place, view) or _lone_entry(one, view), begun, url, found)
        elif one.role == ENTRY and not one.part:
            _take_entry(one, one.field, entry_at(place, view), url, found)
        else:
            _take(one, one.field, read(place, view), url, found)
    return found


def _lone_entry(one: Read, view: View) -> Sequence[Item]:
    """The only entry of a list that has shrunk to it, which nothing on the page shows to be one."""
    if view.extraction is None or view.observation is None:
        return ()
    entries = main_list(view.extraction, links_of(view.observation), tuple(one.each))
    return entries if len(entries) == 1 else ()


def _place(one: Read) -> Place:
    return Place(**one.model_dump(exclude={"field", "type", "each"}))


def _take(one: Read, name: str, said: str | None, url: str, found: Found) -> None:
    value = None if said is None else coerced(said, {"type": one.type})
    if value is None or said is None:
        found.missing.append(name or "answer")
        return
    found.values[name] = value
    quote = f"{one.name}\n{said}" if one.role == ENTRY and said != one.name else said
    found.evidence.append([name or "answer", url, quote[:_QUOTE_CHARACTERS]])


def _take_entry(one: Read, name: str, entry: Item | None, url: str, found: Found) -> None:
    if entry is None:
        found.missing.append(f"{name}: “{one.name}”")
        return
    kinds = one.each or {key: "string" for key in entry.columns or _OF_AN_ENTRY if entry.value(key) is not None}
    row = {key: coerced(entry.value(key), {"type": kind}) for key, kind in kinds.items()}
    found.values[name] = row
    found.missing += [f"{key} of “{entry.name}”" for key, value in row.items() if value is None]
    found.evidence.append([name, url, entry.text[:_QUOTE_CHARACTERS] or entry.name])


def _take_list(one: Read, entries: Sequence[Item], begun: int, url: str, found: Found) -> None:
    if not entries:
        found.missing.append(f"{one.field or 'answer'}: the list under “{one.under}”")
    for at, entry in enumerate(entries, start=begun):
        _take_entry(one, f"{_below(one.field)}{at}", entry, url, found)


def _below(path: str) -> str:
    return f"{path}/" if path else ""


def answer_of(script: Script, found: Found, observation: Observation) -> Finish:
    """The end of a replay. Raises RESULT_NOT_FOUND when nothing of what is to be read is there, and OUTPUT_INVALID."""
    wanted = [one.field or "answer" for step in script.steps for one in step.read]
    missing = (*found.missing, *script.not_read)
    if wanted and not found.values:
        raise OutriderError("RESULT_NOT_FOUND", missing=", ".join(found.missing or wanted), url=observation.url)
    answer: Any = plain_end(observation)
    if script.answer == "json":
        answer = _tree(found.values) if wanted else {"url": observation.url, "title": observation.title}
    elif found.values:
        answer = _as_text(found.values)
    if script.output_schema is not None:
        check_answer(answer, script.output_schema)
    evidence = tuple(Evidence(name, url, quote) for name, url, quote in found.evidence)
    return Finish(answer, evidence, tuple(dict.fromkeys(missing)))


def _as_text(values: Mapping[str, Any]) -> str:
    """One value by itself, several each with its name, entries a line each."""
    if len(values) == 1 and not isinstance(only := next(iter(values.values())), dict):
        return str(only)
    return "\n".join(
        " – ".join(str(cell) if cell is not None else f"no {key}" for key, cell in value.items())
        if isinstance(value, dict)
        else f"{name}: {value}"
        for name, value in values.items()
    )


def _tree(values: Mapping[str, Any]) -> Any:
    """Values by their ways down into JSON: ``items/0/price``; where all names are numbers there is a list."""
    if "" in values:
        return values[""]
    root: dict[str, Any] = {}
    for path, value in values.items():
        *way, last = path.split("/")
        at = root
        for name in way:
            at = at.setdefault(name, {})
        at[last] = value
    return _with_lists(root)


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    inner = {name: _with_lists(part) for name, part in node.items()}
    return list(inner.values()) if inner and all(name.isdecimal() for name in inner) else inner
