"""The verbs that act on a site, as a table: open, search, click, fill, choose, log in, add to the basket, …"""

import re
from dataclasses import replace
from typing import Final

from outrider.agents.scout.criteria import Selection, select
from outrider.agents.scout.grammar import Verb, always
from outrider.agents.scout.intentions import (
    AddToBasket,
    Capture,
    Choose,
    ClickOn,
    Collect,
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
    ScrollPage,
    SearchFor,
    Seek,
    Submit,
    Target,
    Tick,
    WaitFor,
)
from outrider.agents.scout.language import Utterance, items, without_article
from outrider.agents.scout.amounts import count_word, ordinal
from outrider.agents.scout.phrases import (
    IT,
    URL,
    Q,
    address,
    credentials,
    field,
    is_address,
    pairs,
    picked,
    place,
    target,
)
from outrider.agents.scout.synonyms import ROLE_CUES, canonical, value_kind

_BASKET: Final = r"(?:the |my |your )?(?:shopping )?(?:basket|cart|bag|trolley)"
_PRODUCT: Final = r"(?:product|item|book|article|entry|record)s?"
_KEY: Final = (
    r"(?:the )?(?P<keys>(?:(?:ctrl|control|alt|shift|meta|cmd)\s?\+\s?)*(?:enter|return|escape|esc|tab|space|backspace|delete"
    r"|arrow ?(?:up|down|left|right)|page ?(?:up|down)|home|end|f\d{1,2}|(?<=\+)\w))(?: key)?"
)
_KEYS: Final = {
    "return": "Enter", "esc": "Escape", "ctrl": "Control", "cmd": "Meta", "pageup": "PageUp", "pagedown": "PageDown",
    "arrowup": "ArrowUp", "arrowdown": "ArrowDown", "arrowleft": "ArrowLeft", "arrowright": "ArrowRight",
}  # fmt: skip


def _open(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    phrase = utterance.expand(found["what"])
    if link := re.search(URL, phrase, re.IGNORECASE):
        return (Open(address(link.group())),) if is_address(phrase) or "://" in link.group() else None
    if opened := _one(picked(found["what"], utterance)):
        return opened
    rest, prefix = place(found["what"], utterance)
    if named := re.fullmatch(
        rf"(?:the )?(?:product|item|book|article|entry|record)(?! (?:category|section|tab|list))(?: page)?(?: (?:of|for|named|called))? (.+)",
        rest,
        re.IGNORECASE,
    ):
        return (*prefix, Locate(utterance.expand(named[1])))
    if not rest or re.fullmatch(r"the", rest, re.IGNORECASE):
        return prefix or None
    return (*prefix, GoTo(target(re.sub(r"^(?:to|on|into) ", "", rest), utterance)))


def _several(entries: tuple[Intention, ...]) -> bool:
    """Only conditions, and a noun in the plural: "products under £10"."""
    last = entries[-1]
    return isinstance(last, Pick) and not last.selection.order and not last.selection.position


def _one(entries: tuple[Intention, ...] | None) -> tuple[Intention, ...] | None:
    """Choosing an entry and opening it; several can't be open at once."""
    if entries is None or not isinstance(entries[-1], Pick) or entries[-1].selection.count > 1:
        return None
    return (*entries, OpenPick())


def _search(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    rest, way = place(found["what"], utterance)
    return (*way, SearchFor(utterance.expand(without_article(rest))))


def _find(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if (chosen := picked(found["what"], utterance)) and not _several(chosen):
        return chosen
    rest, prefix = place(found["what"], utterance)
    selection = select(rest, utterance)
    if selection.conditions and not selection.position:
        return (*prefix, Collect((), selection, 0))
    if re.search(r"\b(?:page|link|section|category)$", rest, re.IGNORECASE):
        return (*prefix, GoTo(target(rest, utterance)))
    if named := re.fullmatch(rf"(?:the )?(?:{_PRODUCT})(?: (?:named|called))? ({Q})", rest, re.IGNORECASE):
        return (*prefix, Locate(utterance.expand(named[1])))
    return (*prefix, SearchFor(utterance.expand(without_article(rest))))


def _click(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if opened := _one(picked(found["what"], utterance)):
        return opened
    many = items(found["what"])
    if len(many) > 1 and all(utterance.is_quoted(one) for one in many):
        return tuple(ClickOn(target(one, utterance)) for one in many)
    return (ClickOn(target(found["what"], utterance)),)


def _press(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    parts = [part.strip().lower().replace(" ", "") for part in found["keys"].split("+")]
    return (PressKey("+".join(_KEYS.get(part, part.capitalize() if len(part) > 1 else part) for part in parts)),)


def _tick(checked: bool) -> Verb:
    heads = "check|tick|enable|turn on|switch on" if checked else "uncheck|untick|disable|turn off|switch off"

    def build(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
        if re.match(r"(?:if|whether|that|out|how|what)\b", found["what"], re.IGNORECASE) or _is_question(found["what"]):
            return None
        names = items(found["what"]) if all(map(utterance.is_quoted, items(found["what"]))) else (found["what"],)
        goals = (target(re.sub(r"^(?:the )?boxe?s? (?:for |next to )?", "", name), utterance) for name in names)
        return tuple(
            Tick(replace(goal, roles=goal.roles or ROLE_CUES["checkbox"] | ROLE_CUES["radio"]), checked)
            for goal in goals
        )

    return Verb(heads, r"(?P<what>.+)", build)


def _is_question(phrase: str) -> bool:
    return value_kind(re.split(r"\s+of\s+", phrase)[0]) != ""


def _accept(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    roles = frozenset({"checkbox", "switch", "button", "link"})
    return (ClickOn(Target(utterance.expand(f"{found['verb'].split()[0]} {without_article(found['what'])}"), roles)),)


def _choose(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    option, of = found["what"], found["field"]
    several = [
        re.fullmatch(rf"({Q}|\S+)\s+(?:for|in|as|from)\s+(?:the )?(.+)", one, re.IGNORECASE)
        for one in items(found.group().split(None, 1)[1])
    ]
    if len(several) > 1 and all(several):
        return tuple(Choose(utterance.expand(one[1]), field(one[2], utterance)) for one in several if one)
    if of is None:
        if chosen := picked(option, utterance):
            return chosen
        goal = target(option, utterance)
        if goal.roles and not goal.roles & ROLE_CUES["option"] | ROLE_CUES["dropdown"] & goal.roles:
            return (ClickOn(goal),)
        if "radio" in goal.roles and "option" not in goal.roles:
            return (Tick(goal),)
        return (Choose(goal.text),)
    if chosen := picked(option, utterance):
        return (GoTo(target(of, utterance)), *chosen)
    return (Choose(target(option, utterance).text, field(of, utterance)),)


def _sort(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Choose(utterance.expand(found["what"]), Target("sort", frozenset({"combobox", "listbox"}))),)


def _fill_pairs(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    entries = pairs(found["pairs"], utterance)
    if entries is None:
        return None
    form = without_article(utterance.expand(found["form"] or ""))
    return (*((GoTo(Target(form), optional=True),) if form else ()), *_within(form, (*entries, *_again(entries))))


def _fill_one(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if re.search(rf"(?:^|\W){_BASKET}$", found["field"], re.IGNORECASE):
        return None
    if (several := pairs(f"{found['field']} to {found['value']}", utterance)) and len(several) > 1:
        return several
    return (Enter(field(found["field"], utterance), utterance.expand(found["value"])),)


def _type(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if not utterance.is_quoted(found["value"]) and len(found["value"].split()) > 1:
        several = pairs(found["value"], utterance)
        if several is not None:
            return several
    return (Enter(Target(""), utterance.expand(found["value"])),)


def _log_in(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (LogIn(*credentials(found["who"] or "", utterance)),)


def _register(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    goal = GoTo(Target("register"), optional=True)
    if not found["pairs"]:
        return (goal,)
    entries = pairs(re.sub(r"^(?:as|with|using|for|by)\s+", "", found["pairs"]), utterance)
    if entries is None:
        return None
    return (goal, *_within("register", (*entries, *_again(entries))), Submit("register"))


def _within(form: str, entries: tuple[Enter, ...]) -> tuple[Enter, ...]:
    """The entries as fields of the form that the task names."""
    near = re.sub(r"\b(?:form|fields|details|data|information)\b", "", form).strip()
    return tuple(replace(one, field=replace(one.field, near=one.field.near or near)) for one in entries)


def _again(entries: tuple[Enter, ...]) -> tuple[Enter, ...]:
    """A password that the form may want a second time."""
    said = [canonical(entry.field.text) for entry in entries]
    if any("confirm" in words for words in said):
        return ()
    return tuple(
        Enter(Target("confirm password"), one.value, optional=True)
        for one in entries
        if canonical(one.field.text) == ("password",)
    )


def _submit(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    words = re.sub(r"\b(?:the|it|this|form|now)\b", " ", utterance.expand(found["what"] or ""), flags=re.IGNORECASE)
    return (Submit(" ".join(words.split())),)


def _add(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    what = found["what"]
    counted = re.fullmatch(
        rf"(?P<count>\w+)\s+(?:(?:copies|pieces|units|items|times|x)\s+)?(?:of\s+)?(?:{IT})", what, re.IGNORECASE
    )
    if counted and (quantity := count_word(counted["count"])):
        return (AddToBasket(quantity),)
    if re.fullmatch(rf"{IT}(?: there)?", what, re.IGNORECASE):
        return (AddToBasket(count_word((found["times"] or "1").split()[0]) or 1),)
    if chosen := picked(what, utterance):
        return _each(chosen)
    several = items(what) if all(map(utterance.is_quoted, items(what))) else (what,)
    return tuple(step for one in several for step in (Locate(_product(one, utterance)), AddToBasket()))


def _product(phrase: str, utterance: Utterance) -> str:
    return utterance.expand(
        re.sub(rf"^(?:the )?(?:{_PRODUCT})\s+(?:named |called )?", "", without_article(phrase), flags=re.IGNORECASE)
    )


def _each(chosen: tuple[Intention, ...]) -> tuple[Intention, ...]:
    """Open and add every entry that was picked: "the first three products"."""
    *way, pick = chosen
    selection = pick.selection if isinstance(pick, Pick) else Selection()
    steps: list[Intention] = list(way)
    for place_number in range(max(selection.count, 1)):
        one = (
            replace(selection, count=0, position=(selection.position or 1) + place_number)
            if selection.count
            else selection
        )
        steps += [Pick(one, again=place_number > 0), OpenPick(), AddToBasket()]
    return tuple(steps)


def _remove(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    what = without_article(found["what"])
    counted = re.fullmatch(rf"(?P<place>\w+) (?:{_PRODUCT}|one|line|row)", what, re.IGNORECASE)
    if counted and (position := ordinal(counted["place"])):
        return (ClickOn(Target("remove", position=position)),)
    near = "" if re.fullmatch(IT, found["what"], re.IGNORECASE) else _product(found["what"], utterance)
    return (ClickOn(Target("remove", near=near)),)


def _page(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    """The next page of a list, or the one with a number."""
    place_number = ordinal(found["what"].split()[0])
    return (ClickOn(Target(f"page {place_number}" if place_number and place_number > 0 else found["what"])),)


def _scroll(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    words = (found["how"] or "down").lower()
    far = 100.0 if re.search(r"bottom|end|top|beginning", words) else 0.8
    pages = re.search(r"(\w+) (?:pages?|screens?|times)", words)
    amount = float(count_word(pages[1]) or 1) if pages else far
    return (ScrollPage(-amount if re.search(r"up|top|beginning", words) else amount),)


def _wait(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    words = re.sub(
        r"\s*\b(?:to (?:appear|load|be shown|show up|finish)|(?:has |have )?(?:appears?|appeared|loaded|is shown|is visible|shows up|is there)"
        r"|(?:is |are )?(?:displayed|ready))\b.*$",
        "",
        found["what"] or "",
        flags=re.IGNORECASE,
    )
    words = re.sub(r"^(?:until|for|till)\s+", "", words, flags=re.IGNORECASE)
    if re.fullmatch(
        r"(?:the )?(?:page|results?|site|it|\w+ seconds?|a (?:moment|while|bit)|everything)?", words, re.IGNORECASE
    ):
        return (WaitFor(),)
    return (WaitFor(utterance.expand(re.sub(r"^(?:the )?(?:text|word|message) ", "", words, flags=re.IGNORECASE))),)


def _download(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    return (Fetch(target(found["what"], utterance)),)


def _close(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    near = re.sub(
        r"\b(?:dialog|popup|pop-up|banner|window|modal|overlay|message|box)\b", "", utterance.expand(found["what"])
    )
    return (ClickOn(Target("close", frozenset({"button", "link"}), near=without_article(near))),)


def _proceed(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    if found["where"]:
        return (GoTo(target(found["where"], utterance)),)
    return (ClickOn(Target(utterance.expand(f"continue {found['how'] or ''}").strip())),)


_OPEN = "open(?: up)?|go(?: back| over| on| straight)? to|goto|visit|navigate to|browse to|load|head (?:over )?to|start (?:at|on|from)|access|launch|surf to|view"
_TEXT_INTO = rf"(?P<value>{Q}|.+?)\s+(?:in|into|inside|to|as|for|on)\s+(?:the\s+)?(?P<field>.+)"
_FIELD_VALUE = rf"(?:the\s+|your\s+|my\s+)?(?P<field>{Q}|.+?)(?:\s+(?:to|with|as|is)\s+|\s*[=:]\s*)(?P<value>.+)"
_FORM = rf"(?:(?:in |out )*(?:the |this |a |your )?(?P<form>(?:[\w-]+\s){{0,3}}?form|form|details|fields|(?:[\w-]+\s)?(?:details|data|information))?\s*(?:with|using|as follows|by entering|:)*\s*)"

VERBS: Final[tuple[Verb, ...]] = (
    Verb("press|hit", _KEY, _press),
    Verb("go back|back|navigate back", r"(?:to (?:the )?(?:previous|last|search|results?|list|listing|overview).*|one page)?", always(GoBack()), alone=True),
    Verb("return|go", r"(?:back )?to (?:the )?(?:previous|last|search results?|results|list|listing|overview).*", always(GoBack())),
    Verb("log ?out|logout|sign ?out|log off", r"(?:of .+)?", always(ClickOn(Target("log out"))), alone=True),
    Verb("log ?in(?:to)?|login|log on|sign ?in(?:to)?|authenticate", r"(?:(?:to |into |on |at )?(?:the |this |my |your )?(?!(?:as|with|using|by|via)\b)(?:\w+ ?){1,3}?(?=$|\s*(?:as|with|using|by|via)\b)|)\s*(?P<who>(?:as|with|using|by|via)\b.+|)", _log_in, alone=True),
    Verb("register|sign up|signup|create (?:an |a |a new |new |my )?(?:user |customer )?account|make an account", r"(?:(?:on|at) (?:the|this) \w+\s*|(?:for )?(?:an?|a new) (?:user )?account\s*|as a new (?:user|customer)\s*)?:?\s*(?P<pairs>.*)", _register, alone=True),
    Verb("(?:go|proceed|continue) to (?:the )?check-?out|check-?out|check out", r"(?:now|the basket|the cart)?", always(GoTo(Target("checkout"))), alone=True),
    Verb("(?:go to|open|view|show(?: me)?|visit|see)", rf"{_BASKET}(?: page)?", always(GoTo(Target("basket", frozenset({"link", "button"}))))),
    Verb("(?:go to|open|click|click on|show|load|follow)", r"(?:the )?(?P<what>(?:next|previous|following|second|third|fourth|fifth|last) page|page \d+)(?: of .+)?", _page),
    Verb("open|click|click on|view|select|visit|go to|follow|show", rf"{IT}(?:'s page)?", always(OpenPick())),
    Verb(_OPEN, r"(?P<what>.+)", _open),
    Verb("search", rf"(?:the |this |its |on |in |within |through )*(?:web)?(?:site|shop|store|catalogu?e?|page|website|products?|books?|everything)?\s*for\s+(?P<what>.+?)(?: (?:in|with|using|on) (?:the )?(?:search (?:box|bar|field)|site|shop|store|website|page))?", _search),
    Verb("(?:do|perform|run|make|start) a search", r"for\s+(?P<what>.+)", _search),
    Verb("look up|look for|search|google", r"(?P<what>.+?)(?: (?:in|with|using|on) (?:the )?(?:search (?:box|bar|field)|site|shop|store|website|page))?", _find),
    Verb("find|locate", r"(?!out\b)(?P<what>.+)", _find),
    Verb("take|make|capture|save", r"(?:a |the )?(?:screen ?shot|picture of (?:the|this) page)(?: of .+)?", always(Capture())),
    Verb("screenshot", r"(?:(?:the|this) page)?", always(Capture()), alone=True),
    Verb("(?P<verb>accept|agree(?: to)?|allow|reject|decline|deny)", r"(?P<what>.+)", _accept),
    Verb("click on|click|press|tap on|tap|hit|push|follow|activate", r"(?:on )?(?P<what>.+)", _click),
    _tick(checked=True),
    _tick(checked=False),
    Verb("sort|order|arrange", r"(?:(?:the |all )?(?:\w+ ){0,3}?)(?:by|from|in order of|according to)\s+(?P<what>.+)", _sort),
    Verb("filter", r"(?:(?:the |all )?(?:\w+ ){0,3}?)(?:by|on|for|to)\s+(?:the )?(?P<field>\w+)(?:\s+|\s*[:=]\s*)(?P<what>.+)", _choose),
    Verb("choose|select|pick", rf"(?P<what>{Q}|.+?)\s+(?:in|from|for|as|under|on)\s+(?:the\s+)?(?P<field>(?!(?:list|results?|page|search results?)$).+)", _choose),
    Verb("choose|select|pick", r"(?P<field>(?!))?(?P<what>.+)", _choose),
    Verb("add|put|place|drop|move", rf"(?P<what>.+?)\s+(?:to|in|into|inside)\s+{_BASKET}(?P<times> \w+ times| twice)?", _add),
    Verb("remove|delete|take", rf"(?P<what>.+?)(?:\s+(?:from|out of)\s+{_BASKET})?", _remove),
    Verb("fill(?: in| out)?|complete|enter|use", rf"{_FORM}(?P<pairs>.+)", _fill_pairs),
    Verb("type(?: in)?|enter|input|write(?! down)|put|use|insert|key in", _TEXT_INTO, _fill_one),
    Verb("fill(?: in| out)?|set|change|update|complete|enter|type(?: in)?|input", _FIELD_VALUE, _fill_one),
    Verb("type(?: in)?|enter|input", r"(?P<value>.+)", _type),
    Verb("write", rf"(?P<value>{Q})", _type),
    Verb("submit|send", r"(?P<what>.*?)(?: off)?", _submit, alone=True),
    Verb("scroll", r"(?P<how>.*)", _scroll, alone=True),
    Verb("wait", r"(?P<what>.*)", _wait, alone=True),
    Verb("download", r"(?P<what>.+)", _download),
    Verb("close|dismiss", r"(?P<what>.+)", _close),
    Verb("continue|proceed", r"(?:to (?P<where>.+)|(?P<how>(?:as|with) .+))?", _proceed, alone=True),
    Verb("in|into|on", r"(?:the )?(?P<what>.+ (?:field|box|input|textbox|bar))", _click, after_and=False),
)  # fmt: skip
