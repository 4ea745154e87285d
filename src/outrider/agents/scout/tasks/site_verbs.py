"""The verbs that move about a site, as a table: open, search, find, click, press, go back, scroll, wait, download."""

import re
from typing import Final

from outrider.agents.scout.amounts import count_word, ordinal
from outrider.agents.scout.synonyms import value_kind
from outrider.agents.scout.tasks.criteria import fields_of, select
from outrider.agents.scout.tasks.grammar import Verb, always
from outrider.agents.scout.tasks.intentions import (
    Capture,
    ClickOn,
    Collect,
    Fetch,
    Found,
    GoBack,
    GoTo,
    Intention,
    Locate,
    Open,
    OpenPick,
    Pick,
    PressKey,
    ScrollPage,
    SearchFor,
    TurnTo,
    WaitFor,
)
from outrider.agents.scout.tasks.language import Utterance, items, like, without_article
from outrider.agents.scout.tasks.phrases import IT, URL, Q, address, is_address, picked, place, target
from outrider.agents.scout.tasks.targets import Target

_PAGE_OF: Final = like(
    r"(?:the )?(?:product|item|book|article|entry|record)(?! (?:category|section|tab|list))(?: page)?"
    r"(?: (?:of|for|named|called|about|on))? (.+)"
)
_PAGE_ABOUT: Final = like(r"(?:the )?page (?:about|on|for) (?P<what>.+)")
#: "the heaviest product" is no name to search for.
_UNKNOWN_SUPERLATIVE: Final = like(r"the \w{3,}est \w+")
_NAMED: Final = like(rf"(?:the )?(?:product|item|book|article|entry|record)s?(?: (?:named|called))? ({Q})")
_KEYS: Final = {
    "return": "Enter",
    "esc": "Escape",
    "ctrl": "Control",
    "cmd": "Meta",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    "arrowup": "ArrowUp",
    "arrowdown": "ArrowDown",
    "arrowleft": "ArrowLeft",
    "arrowright": "ArrowRight",
}
#: Between the stations of a way: "Lighting > Desk lamps".
_ON_THE_WAY: Final = like(r"\s+(?:>|»|→|/)\s+|\s*,?\s+then\s+")
_APPEARS: Final = like(
    r"\s*\b(?:to (?:appear|load|be shown|show up|finish)|(?:is |are )?(?:displayed|ready)"
    r"|(?:has |have )?(?:appears?|appeared|loaded|is shown|is visible|shows up|is there))\b.*$"
)
_UNTIL: Final = like(r"^(?:until|for|till)\s+")
_TEXT: Final = like(r"^(?:the )?(?:text|word|message) ")
_SETTLED: Final = like(r"(?:the )?(?:page|results?|site|it|\w+ seconds?|a (?:moment|while|bit)|everything)?")


def _open(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    phrase = utterance.expand(found["what"])
    if link := like(URL).search(phrase):
        return (Open(address(link.group())),) if is_address(phrase) or "://" in link.group() else None
    if opened := _opened(found["what"], utterance):
        return opened
    rest, way = place(found["what"], utterance)
    if named := _PAGE_OF.fullmatch(rest):
        utterance.take(named)
        return (*way, Locate(utterance.expand(named[1])))
    if not without_article(f"{rest} "):
        return way or None
    if about := _PAGE_ABOUT.fullmatch(rest):
        utterance.take(about)
        rest = about["what"]
    return (*way, *(GoTo(target(like(r"^(?:to|on|into) ").sub("", one), utterance)) for one in _ON_THE_WAY.split(rest)))


def _opened(phrase: str, utterance: Utterance) -> tuple[Intention, ...] | None:
    """Choosing an entry and opening it; several can't be open at once."""
    entries = picked(phrase, utterance)
    if entries is None or not isinstance(entries[-1], Pick) or entries[-1].selection.count > 1:
        return None
    return (*entries, OpenPick())


def _search(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    rest, way = place(found["what"], utterance)
    return None if _ELSEWHERE.match(rest) else (*way, SearchFor(utterance.expand(without_article(rest))))


#: "search the attic for …": a place that is not known must not become part of what is looked for.
_SOMEWHERE: Final = like(r"(?:in |on )?(?:the|this|my|all) .+ for ")
#: "… in the attic", the same at the end.
_ELSEWHERE: Final = like(
    rf"(?:.*{Q} (?:in|on|at|from|under|within|inside)\b"
    r"|.+ (?:in|within|inside) (?:the|this|that|my|your) (?-i:[a-z-]+)$)"
)


def _find(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Choosing an entry, listing some, going to a page; else a search, of which the hit is told."""
    if found["verb_"].lower() == "search" and _SOMEWHERE.match(found["what"]):
        return None
    entries = picked(found["what"], utterance)
    if entries and isinstance(pick := entries[-1], Pick) and (pick.selection.order or pick.selection.position):
        return entries
    rest, way = place(found["what"], utterance)
    values, of, _ = rest.partition(" of ")
    if (of and all(map(value_kind, fields_of(values, utterance)))) or _UNKNOWN_SUPERLATIVE.match(rest):
        return None
    if (selection := select(rest, utterance)).conditions:
        return (*way, Collect((), selection, 0))
    if like(r".*\b(?:page|link|section|category)").fullmatch(rest):
        return (*way, GoTo(target(rest, utterance)))
    if _ELSEWHERE.match(rest):
        return None
    if named := _NAMED.fullmatch(rest):
        utterance.take(named)
    name = utterance.expand(named[1] if named else without_article(rest))
    return (*way, Locate(name) if named else SearchFor(name), Found(name))


#: Several things at once, of which none is named: "the buttons in the order shown".
_SEVERAL: Final = like(
    r"(?:the |all |these |those )*(?:buttons|links|checkboxes|icons|tabs)\b(?! (?:button|link|tab|page|menu)).*"
)


def _click(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if _SEVERAL.fullmatch(found["what"]):
        return None
    if opened := _opened(found["what"], utterance):
        return opened
    several = items(found["what"])
    if all(map(utterance.is_quoted, several)):
        return tuple(ClickOn(target(one, utterance)) for one in several)
    return (ClickOn(target(found["what"], utterance)),)


def _press(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.worded.append(found["keys"])
    parts = [part.strip().lower().replace(" ", "") for part in found["keys"].split("+")]
    return (PressKey("+".join(_KEYS.get(part, part.capitalize() if len(part) > 1 else part) for part in parts)),)


def _page(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """The next page of a list, or the one with a number; of the list that is shown, or of a category."""
    of = found["of"] or ""
    rest, way = place(of, utterance)
    if not like(_THE_LIST).fullmatch(rest):
        rest, way = "", (GoTo(target(like(r"^\s*(?:of|in|from) ").sub("", of), utterance)),)
    else:
        utterance.worded.append(rest)
    number = count_word(found["number"] or "") or ordinal(found["place"] or "") or 0
    if number < 1:
        return (*way, ClickOn(Target(f"{found['place']} page")))
    return (*way, TurnTo(number))


def _neighbour(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """The next or previous one of what has an order of its own, by the link that says so."""
    return (ClickOn(Target(found["place"].lower(), frozenset({"link", "button"}))),)


def _scroll(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    words = found["how"].lower()
    utterance.worded.append(words)
    far = 100.0 if re.search(r"bottom|end|top|beginning", words) else 0.8
    pages = re.search(r"(\w+) (?:pages?|screens?|times)", words)
    amount = float(count_word(pages[1]) or far) if pages else far
    return (ScrollPage(-amount if re.search(r"up|top|beginning", words) else amount),)


def _wait(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    words = utterance.without(_UNTIL, utterance.without(_APPEARS, found["what"]))
    if _SETTLED.fullmatch(words):
        utterance.worded.append(words)
        return (WaitFor(),)
    return (WaitFor(utterance.expand(utterance.without(_TEXT, words))),)


def _download(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Fetch(target(found["what"], utterance)),)


def _close(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    covers = like(r"\b(?:dialog|popup|pop-up|banner|window|modal|overlay|message|box)\b")
    near = without_article(utterance.expand(utterance.without(covers, found["what"])))
    return (ClickOn(Target("close", frozenset({"button", "link"}), near=near)),)


def _proceed(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    if found["where"]:
        return (GoTo(target(found["where"], utterance)),)
    return (ClickOn(Target(utterance.expand(f"continue {found['how'] or ''}").strip())),)


_KEY: Final = (
    r"(?:the )?(?P<keys>(?:(?:ctrl|control|alt|shift|meta|cmd)\s?\+\s?)*(?:enter|return|escape|esc|tab|space|backspace"
    r"|delete|arrow ?(?:up|down|left|right)|page ?(?:up|down)|home|end|f\d{1,2}|(?<=\+)\w))(?: key)?"
)
_HOW_FAR: Final = (
    r"(?P<how>(?:(?:all the way|further|back|down|up)\s*)*(?:(?:to )?(?:the )?(?:very )?(?:bottom|end|top|beginning)"
    r"(?: of (?:the|this) page)?|(?:by |for )?\w+ (?:pages?|screens?|times?)|a (?:little|bit))?)(?P<more>.*)"
)
_LIST: Final = r"(?:the )?(?:previous|last|search|search results?|results?|list|listing|overview)\b(?P<more>.*)"
_THE_LIST: Final = (
    r"\s*(?:(?:of|in|from) (?:(?:the|this|all|search|product)\s+)*"
    r"(?:results?|list|listing|products?|items?|catalogu?e?|shop|store|site|search))?"
)
_NUMBERED: Final = (
    r"(?:to )?(?:the )?(?:(?P<place>next|previous|following|last|first|second|third|fourth|fifth|sixth|seventh|eighth"
    r"|ninth|tenth|\d+(?:st|nd|rd|th))(?: result)? page|page (?:number )?(?P<number>\d+|one|two|three|four|five|six"
    r"|seven|eight|nine|ten))(?P<of> (?:of|in|from) .+)?"
)
_HERE: Final = (
    r"(?: (?:in|with|using|on) (?:the |this )?(?:search (?:box|bar|field)|site|shop|store|website|page|catalogu?e?"
    r"|docs?|documentation|manual|wiki))?"
)
_IN_SITE: Final = (
    r"(?:the |this |its |on |in |within |through )*(?:web)?"
    r"(?:site|shop|store|catalogu?e?|page|website|products?|books?|everything|docs?|documentation|manual|wiki|forum|blog"
    r"|archives?|index|library|database|knowledge base|help(?: cent(?:er|re)| pages?)?|news|app|web|inventory)?\s*"
)

SITE_VERBS: Final[tuple[Verb, ...]] = (
    Verb("press|hit", _KEY, _press),
    Verb(
        "go(?: on| back)? to|open|click(?: on)?|show|move(?: on)? to",
        "(?:the )?(?P<place>next|previous) (?:chapter|section|article|post|step|slide|part|question|photo|picture)",
        _neighbour,
    ),
    Verb("go back|back|navigate back", rf"(?:to {_LIST}|one page)?", always(GoBack()), alone=True),
    Verb("return|go", rf"(?:back )?to {_LIST}", always(GoBack())),
    Verb("go(?: on)? to|open|click|click on|show(?: me)?|load|follow|turn|visit|move(?: on)? to", _NUMBERED, _page),
    Verb(
        "open|visit|go to|load|look at",
        "(?:the|this) (?:(?:web|current) ?)?(?:page|site)",
        always(OpenPick(optional=True)),
    ),
    Verb("open|click|click on|view|select|visit|go to|follow|show", rf"{IT}(?:'s page)?", always(OpenPick())),
    Verb(
        "open(?: up)?|go(?: back| over| on| straight)? to|goto|visit|navigate to|browse to|load|head (?:over )?to"
        "|start (?:at|on|from)|access|launch|surf to|view|(?:take|bring) (?:me|us) to|get (?:me )?to",
        r"(?P<what>.+)",
        _open,
    ),
    Verb("search", rf"{_IN_SITE}for\s+(?P<what>.+?){_HERE}", _search),
    Verb("(?:do|perform|run|make|start) a search", r"for\s+(?P<what>.+)", _search),
    Verb("look up|look for|search|google", rf"(?P<what>.+?){_HERE}", _find),
    Verb("find|locate", r"(?!out\b)(?P<what>.+)", _find),
    Verb(
        "take|make|capture|save",
        r"(?:a |the )?(?:screen ?shot|picture of (?:the|this) page)(?: of (?P<what>.+))?",
        always(Capture()),
    ),
    Verb("screenshot", r"(?:(?:the|this) page)?", always(Capture()), alone=True),
    Verb("click on|click|press|tap on|tap|hit|push|follow|activate", r"(?:on )?(?P<what>.+)", _click),
    Verb("scroll", _HOW_FAR, _scroll, alone=True),
    Verb("wait", r"(?P<what>.*)", _wait, alone=True),
    Verb("download", r"(?P<what>.+)", _download),
    Verb("close|dismiss", r"(?P<what>.+)", _close),
    Verb("continue|proceed", r"(?:to (?P<where>.+)|(?P<how>(?:as|with) .+))?", _proceed, alone=True),
    Verb("in|into|on", r"(?:the )?(?P<what>.+ (?:field|box|input|textbox|bar))", _click, after_and=False),
)
