"""What people tell about somebody whose form is to be filled in, as a table: "her e-mail is …", "he lives in …"."""

import re
from typing import Final

from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import Choose, Enter, Intention, Locate, Tick
from outrider.agents.scout.tasks.language import Utterance, items, like, without_article
from outrider.agents.scout.tasks.phrases import FIELD_NAMES, Q, field, pairs, target
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import Keep


def _is(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """A field with its value, and further ones: "her name is Ann, her e-mail a@b.c". What is so *now* is kept."""
    first, *more = _NEXT.split(found["value"])
    changed = _NOW.match(first)
    value = first[changed.end() :] if changed else first
    further = [pairs(one, utterance) for one in more]
    if _TOLD.search(value) or not all(further):
        return None
    utterance.worded.append(changed.group() if changed else "")
    entries = (
        Enter(field(found["field"], utterance), utterance.expand(value)),
        *(e for one in further for e in one or ()),
    )
    return (*entries, Keep()) if changed else entries


#: What begins another field of the same person, and what a value does not have: another statement.
_NEXT: Final = like(r",\s+(?:and\s+)?(?=(?:his|her|their|my|your|our) [a-z])")
_TOLD: Final = like(r",\s+(?:and\s+)?(?:he|she|they|it|i|we|you)\b|^(?:saved|stored|kept|remembered)$")
_NOW: Final = like(r"(?:now|from now on|henceforth)\s+")


def _needs(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """ "the issue 'Gate' needs a new title: 'Fence'": a value of a thing that has a page of its own."""
    entry = Enter(Target(found["field"]), utterance.expand(found["value"]))
    return (Locate(utterance.expand(found["name"])), entry, Keep())


def _named(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Enter(Target("name"), utterance.expand(found["value"])),)


def _lives(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Choose(utterance.expand(found["value"])),)


def _wants(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """ "the Team plan" is an option of a field, "the newsletter" a box to tick."""
    words = without_article(found["what"]).split()
    if len(words) == 1:
        return (Tick(target(found["what"], utterance)),)
    return (Choose(utterance.expand(" ".join(words[:-1])), Target(utterance.expand(words[-1]))),)


def _permitted(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """ "she should have the permissions Read and Write": a box for each."""
    return (*(Tick(Target(utterance.expand(one))) for one in items(found["what"])), Keep())


def _declines(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Tick(target(found["what"], utterance), checked=False),)


def _agrees(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Tick(target(found["what"], utterance)),)


_WHO: Final = "(?:he|she|they)"
_ANYBODY: Final = "(?:he|she|they|i|we)"
_OWN: Final = "(?:his|her|their|my|your|our)"
_FIELD: Final = r"(?P<field>[\w-]+(?: [\w-]+){0,2}?)"
_BE: Final = "(?:is|are|should be|must be|shall be|will be|has to be|ought to be)"

#: What a thing has one of; of tasks, members or comments it may get more.
_OF_ONE: Final = "title|name|heading|subject|description|status|priority|category|price|deadline|due date"

STATEMENTS: Final[tuple[Verb, ...]] = (
    Verb(
        rf"the [a-z]+ (?P<name>{Q}) (?:needs|(?:should|must|has to|is to) (?:have|get))",
        rf"an? (?:new|better|other|different) (?P<field>{_OF_ONE})[:,]? (?P<value>{Q})",
        _needs,
    ),
    Verb(rf"{_OWN} {_FIELD} {_BE}", r"(?P<value>.+)", _is),
    Verb(rf"the (?P<field>{FIELD_NAMES}) {_BE}", r"(?P<value>.+)", _is),
    Verb(rf"the {_FIELD} (?:should be|must be|shall be|has to be|ought to be)", r"(?P<value>.+)", _is),
    Verb(rf"{_WHO} (?:is|are) (?:called|named)", r"(?P<value>.+)", _named),
    Verb(rf"(?:{_WHO}|i|we) (?:lives?|am|is|are)(?: living| based)? (?:in|from)", r"(?P<value>.+)", _lives),
    Verb(
        rf"(?:{_WHO} (?:wants?|prefers?|chooses?|needs?|picks?|would like|takes?)|i (?:want|would like))"
        r"(?: to (?:have|get|receive))?",
        r"(?P<what>(?:the|an?)\s.+)",
        _wants,
    ),
    Verb(
        rf"{_ANYBODY} (?:should|must|shall|(?:has|have) to|(?:is|are) to) (?:have|get) the (?:permission|right|role)s?",
        r"(?P<what>.+)",
        _permitted,
    ),
    Verb(
        rf"{_ANYBODY} (?:does not|doesn['’]t|do not|don['’]t) want(?: to (?:have|get|receive))?",
        r"(?P<what>.+)",
        _declines,
    ),
    Verb(rf"{_ANYBODY} (?:agrees?|accepts?|consents?)(?: to| with)?|yes to|yes for", r"(?P<what>.+)", _agrees),
    Verb("no to|no for", r"(?P<what>.+)", _declines),
)
