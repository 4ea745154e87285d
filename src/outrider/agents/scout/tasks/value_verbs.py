"""The verbs for values that a field takes in its own way, as a table: dates, sliders, several fields, letters' case."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from outrider.agents.scout.tasks.deeds import Adjust, EnterAll, EnterDate, EnterSuggested, Pause, ScrollIn, SearchBy
from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import ClickOn, Enter, Intention
from outrider.agents.scout.tasks.language import Utterance, like
from outrider.agents.scout.tasks.phrases import Q, field, pairs, target
from outrider.agents.scout.tasks.targets import Target

__all__ = ["VALUE_VERBS"]

_DATE: Final = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}"
_TIME: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?"
_ENTER: Final = r"enter|type(?: in)?|input|put|write|fill in|set|key in"
_CHOOSE: Final = r"select|choose|pick"
_NUMBER: Final = r"[-−+]?\d+(?:[.,]\d+)?"
_NUMBER_ONLY: Final = r"[-−+]?\d+(?:\.\d+)?"
#: A word that asks for other letters, and what it makes of a text.
_CASES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"upper": str.upper, "lower": str.lower, "capital": str.upper, "small": str.lower}
)


def _date(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (EnterDate(field(found["field"], utterance), found["value"]),)


def _in_case(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.worded.append(found["case"])
    where = field(found["field"], utterance) if found["field"] else Target("")
    said = utterance.expand(found["value"])
    return (Enter(where, _CASES[found["case"].lower()](said)),)


def _all(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (EnterAll(utterance.expand(found["value"]), found["name"] or ""),)


def _fields(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    return pairs(found["pairs"], utterance)


def _by_field(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Enter(field(found["field"], utterance), utterance.expand(found["value"])),)


def _adjust(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Adjust((found["value"],), found["widget"].lower()),)


def _adjust_all(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Adjust(tuple(re.findall(_NUMBER_ONLY, found["values"])), found["widget"].lower()),)


def _colour(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Adjust((utterance.expand(found["value"]),), "colour"),)


def _by(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """What is to be clicked says how; what for is no part of that."""
    utterance.worded.append(found["aim"])
    goal = target(found["what"], utterance)
    if goal.text.lower() not in ("x", "×", "cross"):
        return (ClickOn(goal),)
    utterance.worded.append(goal.text)
    return (ClickOn(Target("close")),)


def _scroll_in(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    end = found["end"] or found["end_"]
    utterance.worded.append(end)
    return (ScrollIn(target(found["of"] or found["of_"], utterance), end.lower() in ("bottom", "end")),)


_OF: Final = r"(?:from|in|of) (?:the )?(?:year|genre|city|country)"
#: "directed by Renoir", "from the year 1939".
_CRITERION: Final = like(rf"(?:(?P<verb>\w+?ed) by (?P<by>.+?)|{_OF.replace('(?:year', '(?P<of>year')} (?P<value>.+?))")
_CRITERIA: Final = rf"(?P<criteria>(?:(?: and)? ?(?:\w+?ed by .+?|{_OF} .+?)(?= \w+ed by | from | in | of |$))+)"


def _search_by(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """A search by what is said of the things: "French films directed by Renoir from the year 1939"."""
    parts = like(rf" (?=\w+ed by |{_OF} )").split(found["criteria"].strip())
    told = [_CRITERION.fullmatch(part.removeprefix("and ").strip()) for part in parts]
    criteria = [(one["verb"] or one["of"], utterance.expand(one["by"] or one["value"])) for one in told if one]
    if len(criteria) < 2 or not all(told):
        return None
    utterance.worded.append(f"{found['noun']} {' '.join(name for name, _ in criteria)}")
    kind = [("", utterance.expand(found["kind"]))] if found["kind"] else []
    whole = utterance.expand(f"{found['kind'] or ''} {found['noun']} {found['criteria']}").strip()
    return (SearchBy((*criteria, *kind), whole),)


def _suggested(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (EnterSuggested(utterance.expand(found["begins"]), utterance.expand(found["ends"] or "")),)


_TO_END: Final = (
    r"(?:(?:the )?(?P<of>text ?area|list|box|table|frame|agreement|panel) to (?:the )?(?P<end>bottom|end|top|beginning)"
    r"|(?:down |up )?to (?:the )?(?P<end_>bottom|end|top|beginning)"
    r" of (?:the )?(?P<of_>text ?area|list|box|table|frame|panel))"
)

VALUE_VERBS: Final[tuple[Verb, ...]] = (
    Verb(
        f"{_ENTER}|{_CHOOSE}",
        rf"(?:the (?:date|time) )?(?P<value>{_DATE}|{_TIME}) (?:as|for|in|into) (?:the )?(?P<field>.+)",
        _date,
    ),
    Verb(f"{_CHOOSE}|{_ENTER}", rf"(?:the )?(?P<field>date) (?:to )?(?P<value>{_DATE})", _date),
    Verb(
        _ENTER,
        rf"(?P<value>{Q}) in (?:all |only )*(?P<case>upper|lower|capital|small)[ -]?(?:case)?"
        r"(?: letters?| characters?)?"
        r"(?: (?:in|into) (?P<field>.+))?",
        _in_case,
    ),
    Verb(
        _ENTER,
        rf"(?:the )?(?:number|text|word|value|name|string|phrase|term|code) (?P<value>{Q})"
        r" (?:in|into) (?:the )?(?P<field>.+)",
        _by_field,
    ),
    Verb(
        _ENTER,
        rf"(?:the )?(?P<name>[\w ]+? )?(?P<value>{Q}) (?:in|into) (?:both|all|each of the|each|every)(?: of)?(?: the)?"
        r"(?: (?:text|input|form|empty))? (?:fields?|boxes|box|inputs?|textboxes)",
        _all,
    ),
    Verb(
        _ENTER,
        r"(?P<pairs>.+) (?:in|into) the (?:(?:text|input|form|login|log-in) )?(?:fields|boxes|inputs|form)",
        _fields,
    ),
    Verb("use|using", rf"(?P<field>.+? ?(?:field|box|textbox|input|bar)) to (?:{_ENTER}) (?P<value>{Q})", _by_field),
    Verb(
        f"{_CHOOSE}|{_ENTER}|adjust",
        rf"(?:the (?:value|number) )?(?P<value>{_NUMBER})"
        r" (?:with|on|using|in|by) the (?P<widget>slider|spinner|stepper|spin ?box)",
        _adjust,
    ),
    Verb(
        "set|adjust|move|drag|put",
        rf"the (?P<widget>slider|spinner|stepper)s? (?:to|at|on) (?:the )?(?:combination |values? |positions? )?"
        rf"\[?(?P<values>{_NUMBER_ONLY}(?:\s*(?:,|and)\s*{_NUMBER_ONLY})*)\]?",
        _adjust_all,
    ),
    Verb(
        _CHOOSE,
        rf"(?:the colou?r )?(?P<value>{Q}|\w+) (?:with|using|in|on|from) the colou?r ?(?:picker|wheel|palette|chooser)",
        _colour,
    ),
    Verb(
        "wait",
        r"(?:for )?(?P<seconds>\d+(?:\.\d+)?) ?(?:seconds?|secs?|s)",
        lambda found, _: (Pause(found["seconds"]),),
    ),
    Verb("scroll", _TO_END, _scroll_in),
    Verb("search", rf"for (?:(?P<kind>[\w-]+) )?(?P<noun>\w+) {_CRITERIA}", _search_by),
    Verb(
        f"{_ENTER}|{_CHOOSE}",
        rf"(?:an? |any )?(?:item|entry|word|value|option|one) (?:that|which) (?:starts|begins) with (?P<begins>{Q})"
        rf"(?:,? and (?:that |which )?ends with (?P<ends>{Q}))?",
        _suggested,
    ),
    Verb(
        "close|dismiss|open|delete|remove|mark|confirm|cancel|submit|save",
        r"(?P<aim>(?!with\b).+?),? by (?:clicking|pressing|tapping|hitting)(?: on)? (?P<what>.+)",
        _by,
    ),
)
