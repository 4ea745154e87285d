"""The verbs of forms, as a table: fill, type, choose, tick, sort, send, log in, register."""

import re
from dataclasses import replace
from typing import Final

from outrider.agents.scout.amounts import count_word
from outrider.agents.scout.synonyms import ROLE_CUES, canonical, value_kind
from outrider.agents.scout.tasks.criteria import Selection
from outrider.agents.scout.tasks.deeds import PressOwn
from outrider.agents.scout.tasks.enumerations import enumerated_fields
from outrider.agents.scout.tasks.grammar import Build, Verb, always
from outrider.agents.scout.tasks.intentions import (
    Choose,
    ClickOn,
    Enter,
    GoTo,
    Intention,
    Locate,
    LogIn,
    Pick,
    Submit,
    Tick,
)
from outrider.agents.scout.tasks.language import Utterance, items, like, without_article
from outrider.agents.scout.tasks.phrases import (
    STORED_LOGIN,
    URL,
    Q,
    address,
    credentials,
    field,
    pairs,
    picked,
    target,
)
from outrider.agents.scout.tasks.shop_verbs import BASKET
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import Keep, ToOwn

_LISTS: Final = frozenset({"combobox", "listbox"})
_BOXES: Final = ROLE_CUES["checkbox"] | ROLE_CUES["radio"]
_OPTION_FOR: Final = like(rf"({Q}|\S+)\s+(?:for|in|as|from)\s+(?:the )?(.+)")


def _fill(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    entries = pairs(found["pairs"], utterance)
    if entries is None or _SHOWN.match(found["pairs"]):
        return None
    form = without_article(utterance.expand(found["form"] or ""))
    way = (GoTo(Target(form), optional=True),) if form else ()
    return (*way, *within(form, entries))


def _write_about(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Fill in the form that the page of a thing has for this, or leads to."""
    entries = pairs(found["pairs"], utterance) or enumerated_fields(found["pairs"], utterance)
    way = (
        Locate(utterance.expand(without_article(found["what"]))),
        GoTo(Target(f"write {found['form']}"), optional=True),
    )
    return None if entries is None else (*way, *entries, Keep())


def _rate(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """A review with so many stars; its further fields are said afterwards."""
    stars = count_word(found["stars"])
    if not stars or stars > _MOST_STARS:
        return None
    utterance.worded.append(found["stars"])
    way = (
        Locate(utterance.expand(without_article(found["what"]))),
        GoTo(Target("write review"), optional=True),
    )
    return (*way, Enter(Target("score"), str(stars)), Keep())


_MOST_STARS: Final = 5


def within(form: str, entries: tuple[Enter, ...]) -> tuple[Enter, ...]:
    """The entries as fields of the form that the task names, a password once more where the form may want it."""
    near = like(r"\b(?:form|fields|details|data|information)\b").sub("", form).strip()
    said = [canonical(entry.field.text) for entry in entries]
    confirmed = any("confirm" in words for words in said)
    secrets = [one for one, words in zip(entries, said, strict=True) if words == ("password",) and not confirmed]
    again = [Enter(Target("confirm password"), one.value, optional=True) for one in secrets]
    return tuple(replace(one, field=replace(one.field, near=one.field.near or near)) for one in (*entries, *again))


def _enter(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if like(rf"(?:.*\W)?{BASKET}(?:\W.*)?").fullmatch(found["field"]):
        return None
    if _QUESTION.match(found["field"]) or _POINTS.match(found["value"]):
        return None
    after = found.start("field") > found.start("value")
    together = f"{found['value']} as {found['field']}" if after else f"{found['field']} to {found['value']}"
    several = pairs(together, utterance)
    if several and len(several) > 1:
        return several
    return (Enter(field(found["field"], utterance), utterance.expand(found["value"])),)


def _change(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Enter what is to be so from now on; of the user's own things where those are."""
    entries = _enter(found, utterance)
    if entries is None or not isinstance(first := entries[0], Enter):
        return entries
    own = (ToOwn(first.field),) if _OWN.search(found["verb_"] + found.string[found.end("verb_") :][:4]) else ()
    return (*own, *entries, Keep())


_OWN: Final = like(r"\s*\bmy\b")
_SHOWN: Final = like(r"(?:the )?\w+ (?:shown|displayed|below|above)\b")
#: What stands for a value that is to be read somewhere is none itself.
_POINTS: Final = like(
    r"the (?:text|value|word|number|code|result|answer|sum|name)s?\b"
    r".*\b(?:of|in|from|below|above|that|which|shown|displayed)\b"
)
#: "which is cheaper: …" names no field.
_QUESTION: Final = like(r"(?:who|whose|what|which|where|when|why|how|is|are|does|do|did)\b")


def _post(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Enter(Target("post"), utterance.expand(found["value"])), Submit("post"))


def _type(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if _POINTS.match(found["value"]):
        return None
    several = pairs(found["value"], utterance) if len(found["value"].split()) > 1 else None
    return several or (Enter(Target(""), utterance.expand(found["value"])),)


def _choose(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    option, of = found["what"], found["field"]
    several = [_OPTION_FOR.fullmatch(one) for one in items(f"{option} for {of}")] if of else []
    if len(several) > 1 and all(several):
        return tuple(Choose(utterance.expand(one[1]), field(one[2], utterance)) for one in several if one)
    chosen = None if _EVERY.match(option) else picked(option, utterance)
    if chosen:
        return (*((GoTo(target(of, utterance)),) if of else ()), *chosen, *_selects(chosen[-1]))
    goal = target(option, utterance)
    if goal.position and not goal.roles and not of:
        pick = Pick(Selection(goal.text, position=goal.position))
        return (pick, *_selects(pick))
    if of:
        return (Choose(goal.text, field(of, utterance)),)
    if goal.roles and not goal.roles & (_LISTS | ROLE_CUES["option"]):
        return (ClickOn(goal),)
    return (Tick(goal),) if goal.roles == ROLE_CUES["radio"] else (Choose(goal.text),)


def _selects(pick: Intention) -> tuple[Intention, ...]:
    """By the button that the one entry has for it."""
    if not isinstance(pick, Pick) or pick.selection.count > 1:
        return ()
    return (PressOwn(("select", "choose"), pick.selection.noun),)


_EVERY: Final = like(r"(?:all|every|each)\b")
_CRITERION: Final = like(r"(?:the )?(?P<field>\w+)(?:\s+|\s*[:=]\s*)(?P<what>.+)")


def _filter(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """A choice for each criterion, "size 42" or "Blue"; values after the first one's name alone all belong to that."""
    whole, parts = _CRITERION.fullmatch(found["criteria"]), items(found["criteria"])
    first, *further = map(_CRITERION.fullmatch, parts)
    if whole and first and not any(further):
        chosen = _choose(whole, utterance)
        return tuple(replace(one, filters=True) if isinstance(one, Choose) else one for one in chosen)
    told = zip((first, *further), parts, strict=True)
    return tuple(
        Choose(utterance.expand(one["what"]), field(one["field"], utterance), filters=True)
        if one
        else Choose(utterance.expand(part), filters=True)
        for one, part in told
    )


def _sort(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Choose(utterance.expand(found["what"]), Target("sort", _LISTS)),)


_BOX_FOR: Final = like(
    r"^(?:the )?(?:check|tick)?(?: ?box(?:es)?|mark) (?:for |next to |of |beside |saying |labell?ed |with )?(?:the )?"
)


def _tick(checked: bool) -> Build:
    def build(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
        what = found["what"]
        if value_kind(re.split(r"\s+of\s+", what)[0]):
            return None
        names = items(what) if all(map(utterance.is_quoted, items(what))) else (what,)
        goals = (target(utterance.without(_BOX_FOR, name), utterance) for name in names)
        return tuple(Tick(replace(goal, roles=goal.roles or _BOXES), checked) for goal in goals)

    return build


def _accept(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    words = utterance.expand(f"{found['verb'].split()[0]} {without_article(found['what'])}")
    return (ClickOn(Target(words, frozenset({"checkbox", "switch", "button", "link"}))),)


_BUTTON_WORDS: Final = 3


def _submit(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    words = like(r"\b(?:the|it|this|form|now)\b").sub(" ", utterance.expand(found["what"])).split()
    utterance.worded.append("form")
    # "send the message", "submit the order", but not "send an email to support asking for a refund".
    return (Submit(" ".join(words)),) if len(words) <= _BUTTON_WORDS else None


def _log_in(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    site, who = address(found["site"]) if found["site"] else "", found["who"].strip(" :()")
    if stored := STORED_LOGIN.fullmatch(who):
        utterance.take(stored)
        return (LogIn(utterance.expand(stored["name"] or ""), site=site, stored=True),)
    return (LogIn(*credentials(who, utterance), site=site),)


#: Signing up for a newsletter opens no account.
_SOMETHING_ELSE: Final = like(r"(?:for|to)\b")


def _register(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    way, name = GoTo(Target("register"), optional=True), found["name"]
    named = (Enter(Target("name", near="register"), utterance.expand(name)),) if name else ()
    if not found["pairs"]:
        return (way, *named, Submit("register"))
    told = like(r"^(?:as|with|using|by)\s+").sub("", found["pairs"])
    entries = pairs(told, utterance) or enumerated_fields(told, utterance)
    if _SOMETHING_ELSE.match(found["pairs"]):
        return None
    return None if entries is None else (way, *named, *within("register", entries), Submit("register"))


_AS: Final = r"(?:as|with|using|by|via)\b"
_WHERE: Final = (
    r"(?:(?:(?:to|into|on|at) )?(?:(?:the|this|my|your) (?:\w+ ){1,2}?(?:at|on) )?"
    rf"(?=\S*[.:]|localhost)(?P<site>{URL})"
    rf"|(?:to |into |on |at )?(?:the |this |my |your )?(?!{_AS})(?:\w+ ?){{1,3}}?(?=$|\s*{_AS}))?"
)
_NEW_USER: Final = (
    r"(?:(?:(?:on|at|to|in|for) )?(?:the|this) (?:site|shop|store|page|website|service)\b\s*|(?:for )?(?:an?|a new)"
    r" (?:user )?account\s*"
    r"|as a new (?:user|customer)\s*)?:?\s*"
    rf"(?:for (?P<name>{Q}|(?!(?:an?|the|me|us)\b)(?-i:[A-Z])\S*(?: (?-i:[A-Z])[^\s,]*)*),?\s*)?"
)
_FORM: Final = (
    r"(?:in |out )*(?:the |this |(?-i:a )|your )?"
    r"(?P<form>(?:[\w-]+\s){0,3}?form|form|details|fields|(?:[\w-]+\s)?(?:details|data|information))?"
    r"\s*(?:with|using|as follows|by entering|:)*\s*"
)
#: "the new address: first name Ann, …": what is called so is a form, since fields follow.
_CALLED: Final = r"(?:in |out )*(?:the |this |a |your |my )?(?P<form>[a-z][a-z ]{1,25}?)\s*:\s*(?=[^:,]+,)"
_INTO: Final = rf"(?P<value>{Q}|.+?)\s+(?:in|into|inside|to|as|for|on)\s+(?:the\s+)?(?P<field>.+)"
_TO: Final = rf"(?:(?:the|your|my)\s+)?(?P<field>{Q}|.+?)(?:\s+(?:to|with|as|is)\s+|\s*[=:]\s*)(?P<value>.+)"
_OF_LIST: Final = r"(?P<field>(?!(?:list|results?|page|search results?)$).+)"
_ORDERED: Final = r"(?:(?:the |all )?(?:\w+ ){0,3}?)"
_IN_ORDER: Final = (
    r"alphabetically|(?:in )?(?:ascending|descending|alphabetical)(?: order)?(?: (?:of|by) .+)?"
    r"|(?:so that )?(?:the )?(?:cheapest|dearest|newest|oldest|(?:most|least|best|highest|lowest|top)[ -]\w+)"
    r"(?: ones?| products?| items?)?(?: (?:first|come first|on top|to .+))"
)
#: "a review for the tea pot: title …"
_OF_THING: Final = (
    r"an? (?:new )?(?P<form>review|comment|question|rating) (?:for|of|on|about) (?P<what>[^:]+?)\s*:\s*(?P<pairs>.+)"
)
_STARS: Final = r"(?P<stars>[1-5]|one|two|three|four|five)(?: out of (?:5|five))? stars?"
_NO_QUESTION: Final = r"(?!(?:if|whether|that|out|how|what)\b)"

FORM_VERBS: Final[tuple[Verb, ...]] = (
    Verb("log ?out|logout|sign ?out|log off", r"(?:of .+)?", always(ClickOn(Target("log out"))), alone=True),
    Verb(
        "log ?in(?:to)?|login|log on|sign ?in(?:to)?|(?:log|sign) (?:me|us) in(?:to)?|authenticate",
        rf"{_WHERE}\s*(?P<who>{_AS}.+|\(.+\)|:.+|)",
        _log_in,
        alone=True,
    ),
    Verb(
        "register|sign up|signup|sign (?:me|us) up"
        "|(?:create|make|open|set up) (?:me )?(?:an |a |a new |new |my )?(?:user |customer )?account",
        rf"{_NEW_USER}(?P<pairs>.*)",
        _register,
        alone=True,
    ),
    Verb("(?P<verb>accept|agree(?: to)?|allow|reject|decline|deny)", r"(?P<what>.+)", _accept),
    Verb("turn|switch", r"(?P<what>.+?) on", _tick(checked=True)),
    Verb("turn|switch", r"(?P<what>.+?) off", _tick(checked=False)),
    Verb("check|tick|enable|turn on|switch on|activate", rf"{_NO_QUESTION}(?P<what>.+)", _tick(checked=True)),
    Verb("uncheck|untick|disable|turn off|switch off|deactivate", r"(?P<what>.+)", _tick(checked=False)),
    Verb("sort|order|arrange", rf"{_ORDERED}(?:by|from|in order of|according to)\s+(?P<what>.+)", _sort),
    Verb("sort|order|arrange", rf"{_ORDERED}(?P<what>{_IN_ORDER})", _sort),
    Verb(
        "filter",
        rf"{_ORDERED}(?:by|on|for|to)\s+(?P<criteria>.+)",
        _filter,
    ),
    Verb("show|display", r"(?P<value>\d+) (?P<field>[\w-]+ (?:per|on each) page)", _enter),
    Verb("choose|select|pick", rf"(?P<what>{Q}|.+?)\s+(?:in|from|for|as|under|on)\s+(?:the\s+)?{_OF_LIST}", _choose),
    Verb("choose|select|pick", r"(?P<field>(?!))?(?P<what>.+)", _choose),
    Verb("fill(?: in| out)?|complete|enter", rf"{_CALLED}(?P<pairs>.+)", _fill),
    Verb("fill(?: in| out)?|complete|enter|use", rf"{_FORM}(?P<pairs>.+)", _fill),
    Verb("write|leave|post|add", _OF_THING, _write_about),
    Verb("rate|review", rf"(?P<what>{Q}|.+?) (?:with|at|as|by giving it) {_STARS}", _rate),
    Verb("give", rf"(?P<what>{Q}|the .+?) {_STARS}", _rate),
    Verb("type(?: in)?|enter|input|write(?! down)|put|use|insert|key in", _INTO, _enter),
    Verb("set|change|update", _TO, _change),
    Verb("fill(?: in| out)?|switch|adjust|complete|enter|type(?: in)?|input", _TO, _enter),
    Verb("type(?: in)?|enter|input", r"(?P<value>.+)", _type),
    Verb("write", rf"(?P<value>{Q})", _type),
    Verb(r"post(?!\s*:)", rf"(?P<value>{Q})", _post),
    Verb("write", rf"an? (?:new )?(?P<kind>post)(?: saying)?:? (?P<value>{Q})", _post),
    Verb("submit|send", r"(?P<what>.*?)(?: off)?", _submit, alone=True),
    Verb(
        r"(?P<field>[a-z][\w -]{0,30}?)(?=\s*(?!(?<=\d):\d)[:=](?!//))",  # but no time of day
        r"\s*[:=]\s*(?P<value>.+)",
        _enter,
        after_and=False,
    ),
)
