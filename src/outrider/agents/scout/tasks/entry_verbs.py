"""The verbs for entries that are told by a person or a name, as a table: messages, posts, contacts."""

import re
from typing import Final

from outrider.agents.scout.amounts import count_word
from outrider.agents.scout.tasks.deeds import About, ActOn, ClickEach, Reach
from outrider.agents.scout.tasks.grammar import Build, Verb
from outrider.agents.scout.tasks.intentions import ClickOn, Enter, Intention, Submit
from outrider.agents.scout.tasks.language import Utterance, like
from outrider.agents.scout.tasks.phrases import Q, target
from outrider.agents.scout.tasks.targets import Target

__all__ = ["ENTRY_VERBS"]

_MESSAGE: Final = r"(?:e-?mails?|mails?|messages?|letters?|information)"
_NAME: Final = r"(?:[A-Z][\w.-]*(?: (?-i:[A-Z])[\w.-]*)?)"
_ME: Final = r"(?: (?:to )?(?:me|you|us))?"
_GOT: Final = r"(?:by|from|of|sent by|written by|(?:that |which )?(?:you|I|we) (?:got|received|have) from)"
_PLACE: Final = r"(?: in (?:the|my|your|this) (?:inbox|mailbox|e-?mail(?: app)?))?"


def _whose(group: str) -> str:
    """A message told by who sent it, in each order of words; the name in ``group_a`` to ``group_c``."""
    one = r"(?:the |an? |my |this |that |your )?"
    return (
        rf"(?:{one}{_MESSAGE} {_GOT} (?P<{group}_a>{Q}|(?-i:{_NAME})){_PLACE}"
        rf"|{one}{_MESSAGE} (?:that |which )?(?P<{group}_b>{Q}|(?-i:{_NAME})) (?:sent|wrote){_ME}{_PLACE}"
        rf"|(?P<{group}_c>{Q}|(?-i:{_NAME}))['’]s {_MESSAGE}{_ME}{_PLACE})"
    )


_FROM: Final = _whose("by")
_TO: Final = rf"(?P<to>{Q}|(?-i:{_NAME}))"
_TEXT: Final = rf"(?:with|saying|by saying)?,?:? ?(?:the )?(?:text|words?|message)?,?:? ?(?P<text>{Q})"
#: Who is meant was said before: "that email", "it", "them".
_IT: Final = rf"(?:it|them|him|her|this|that|(?:that|this|the) {_MESSAGE}|to (?:them|him|her|it|that {_MESSAGE}))"
_DELETE: Final = "delete|remove|trash|discard|erase|get rid of|throw away"
#: What the buttons for a deed are called, or drawn as.
_NAMES: Final = {
    "delete": ("delete", "trash", "remove", "bin"),
    "star": ("important", "star", "flag", "favorite"),
    "reply": ("reply", "respond", "answer"),
    "forward": ("forward",),
}


def _who(found: re.Match[str], utterance: Utterance) -> str:
    """The name in a match of ``_whose``; "" when who is meant was said before."""
    groups = found.groupdict()
    name = next((groups[key] for key in ("by_a", "by_b", "by_c") if groups.get(key)), "")
    return utterance.expand(name)


def _act(deed: str) -> Build:
    def build(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
        utterance.take_all(found)
        return (ActOn(_who(found, utterance), _NAMES[deed]),)

    return build


def _reply(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.take_all(found)
    return (
        ActOn(_who(found, utterance), _NAMES["reply"]),
        Enter(Target(""), utterance.expand(found["text"])),
        ClickOn(Target("send")),
    )


def _forward(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.take_all(found)
    return (
        ActOn(_who(found, utterance), _NAMES["forward"]),
        Enter(Target("to"), utterance.expand(found["to"])),
        ClickOn(Target("send")),
    )


def _find(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.take_all(found)
    return (About(_who(found, utterance)),)


def _about(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.take_all(found)
    return (About(utterance.expand(found["who"])),)


def _reach(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.take_all(found)
    return (Reach(utterance.expand(found["who"])),)


def _each(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    utterance.take_all(found)
    said = found["count"].lower()
    count = 0 if said in ("all", "every", "each") else 2 if said == "both" else count_word(said) or -1
    goal = target(found["what"], utterance)
    return None if count < 0 else (ClickEach(goal.text, utterance.expand(found["who"]), count),)


def _one_of_each(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """One more of each, by the button at it that adds, then the order itself."""
    utterance.take_all(found)
    names = [utterance.expand(one) for one in like(r"\s*,\s*(?:and\s+)?").split(found["names"])]
    return (*(ActOn(name, _ADDS) for name in names), Submit("order"))


_ADDS: Final = ("+", "add", "plus", "increase", "more")


def _click_for(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """What a click is for is no part of the name."""
    utterance.worded.append(found["aim"])
    return (ClickOn(target(found["what"], utterance)),)


ENTRY_VERBS: Final[tuple[Verb, ...]] = (
    Verb("find|locate|look for|search for|go to|open|navigate to|get|select", _FROM, _find),
    Verb(_DELETE, rf"(?:{_FROM}|{_IT})", _act("delete")),
    Verb(
        "mark|flag|star|set|make",
        rf"(?:{_FROM}|{_IT})(?: (?:as|with) (?:an? )?(?:important|star(?:red)?)| important)",
        _act("star"),
    ),
    Verb("star", rf"(?:{_FROM}|{_IT})", _act("star")),
    Verb("forward|send|give|pass on|send on", rf"(?:{_FROM}|{_IT})(?: on| along| over)? to {_TO}", _forward),
    Verb("forward|send|give", rf"(?:to )?{_TO} {_FROM}", _forward),
    Verb("reply|respond|answer|write back", rf"(?:to )?(?:{_FROM}|{_IT})? ?{_TEXT}", _reply),
    Verb("reply|respond", rf"(?:with )?(?P<text>{Q}) (?:to )?{_FROM}", _reply),
    Verb("reply|respond|answer", rf"(?:with )?(?P<text>{Q}) to (?P<by_a>{Q}|(?-i:{_NAME}))", _reply),
    Verb(
        "for|on",
        rf"(?:the )?(?:user|account|person|customer|member|author|post by|posts? (?:of|from)) (?P<who>{Q}|@?[\w.-]+)",
        _about,
        after_and=False,
    ),
    Verb(
        "find|look for|locate|look up",
        rf"(?P<who>{Q}|(?-i:{_NAME})) in (?:the |my |your )?"
        r"(?:contact|address|phone|telephone|staff)s? ?(?:book|list|directory)",
        _reach,
    ),
    Verb("order", r"one of each(?: item| of these| of the following)?\s*:\s*(?P<names>.+)", _one_of_each),
    Verb(
        "click(?: on)?|press|tap",
        rf"(?:the )?(?P<what>{Q}(?: button| icon| link)?) (?:on|for|of|in|at|under) "
        r"(?P<count>all|every|each|both|\d+|one|two|three|four|five|six)"
        r"(?: of)?(?: the)? \w+ (?:by|from|of) (?P<who>.+)",
        _each,
    ),
    Verb(
        "click(?: on)?|press|tap",
        r"(?P<what>.+?) (?P<aim>to (?:delete|remove|mark|flag|star|close|open|send|save|submit)"
        r" (?:it|them|this|that|the \w+)(?: as \w+)?)",
        _click_for,
    ),
)
