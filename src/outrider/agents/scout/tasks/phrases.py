"""The objects of a clause: addresses, descriptions of elements, field and value pairs, credentials, places."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from outrider.agents.scout.amounts import count_word, ordinal
from outrider.agents.scout.synonyms import LIST_NOUNS, PLACE_NOUNS, ROLE_CUES, canonical, stem, value_kind
from outrider.agents.scout.tasks.criteria import Selection, kind_of, name_of_kind, select
from outrider.agents.scout.tasks.intentions import Enter, GoTo, Intention, Open, Pick, Seek, TurnTo
from outrider.agents.scout.tasks.language import Utterance, has_quotation, items, like, without_article
from outrider.agents.scout.tasks.targets import Target

Q: Final = "[\ue000-\uf8ff]"
URL: Final = (
    r"(?:(?:https?|file)://[^\s\ue000-\uf8ff]+|localhost(?::\d+)?(?:/\S*)?|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\S*)?"
    r"|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?|/[\w][^\s,]*|/)(?<![.,;:!?)\]])"
)
IT: Final = (
    r"(?:it|them|that|this|these|those|one|that one|this one|the one|(?:the|this|that|its) (?:found |chosen |selected "
    r"|resulting )?"
    r"(?:product|item|match|result|hit|page|product page|item page|entry|book|detail page|details page|details))"
)
_EMAIL: Final = re.compile(r"[^\s@,]+@[^\s@,]+\.[^\s@,]+|[^\s@,]+@localhost")
#: Names of fields that a value may follow without any sign between them.
FIELD_NAMES: Final = (
    "first name|last name|full name|given name|family name|user ?name|log-?in name|display name|company name|name"
    "|(?:e-?)?mail(?: address)?|password confirmation|confirm(?:ed)? password|password(?: again)?"
    "|phone(?: number)?|telephone|mobile|street(?: address)?"
    "|address(?: line \\d)?|city|town|state|county|province|country|region|zip(?: code)?|post ?code|postal code|company"
    "|organi[sz]ation|date of birth|birthday|date|age|quantity|qty|amount|subject|message|comments?|title|notes?"
    "|website|description|gender|language|search(?: term)?|code|coupon(?: code)?|voucher(?: code)?"
)
_NEAR: Final = like(
    r"\s+(?:(?:next to|beside|near|below|under|above|of|for|on|in|from)\s+(?:the\s+)?"
    r"(?:row|line|entry|card|item|product|section|form|menu|header|footer|dialog|popup)\s*"
    r"(?:of|for|with|named|called|containing)?\s*(?P<a>.*)"
    rf"|(?:next to|beside|near)\s+(?P<b>.+)|(?:of|for|on|in|under|within)\s+(?:the\s+)?(?P<c>{Q}|.+?)"
    r"(?:\s+(?:row|section|card|product|item|form|menu|panel|dialog|header|footer))?)$"
)


def address(text: str) -> str:
    """The URL that a text means: ``example.com`` gets ``https``, a loopback or numeric host ``http``."""
    text = text.strip()
    if like(r"[a-z]+://|/").match(text):
        return text
    local = re.match(r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?:[:/]|$)", text)
    return f"{'http' if local else 'https'}://{text}"


def is_address(text: str) -> bool:
    """Whether a text is a URL, a host name or an absolute path."""
    return re.fullmatch(URL, text.strip(), re.IGNORECASE) is not None


def target(phrase: str, utterance: Utterance) -> Target:
    """The element that a masked phrase describes: "the second 'Add' button in the row of 'Tea pot'"."""
    phrase = utterance.without(_SHOWN_THERE, phrase)
    if kind := _kind(phrase, utterance):
        return kind
    words, near = without_article(phrase), ""
    if there := _NAMED_IN.fullmatch(words):
        utterance.take_all(there)
        return Target(utterance.expand(there["name"]), ROLE_CUES[there["cue"].lower()], 0, "", there["where"])
    if thing := _THING_NAMED.fullmatch(words):
        utterance.take(thing)
        return Target(utterance.expand(thing["name"]))
    if (found := _NEAR.search(words)) and (has_quotation(words) or found["a"] is not None or found["b"]):
        near = utterance.expand(found["a"] or found["b"] or found["c"] or "") or found.group().split()[-1]
        utterance.take(found)
        words = words[: found.start()]
    words, position = _position(words)
    words, cue = _cue(words, utterance)
    return Target(utterance.expand(words), ROLE_CUES.get(cue, frozenset()), position, cue, without_article(near))


#: Where something is to be seen says no more than that it is there.
_SHOWN_THERE: Final = like(
    r"(?<=\w) (?:when (?:you(?: are|['’]re) |it is )?(?:done|finished|ready|complete)"
    r"|(?:shown |displayed )?(?:below|above|here)|on (?:the|this) (?:page|screen)|on the (?:right|left))$"
)
#: "the button in the dialog labelled 'OK'".
_NAMED_IN: Final = like(
    rf"(?P<cue>button|link|tab|checkbox) (?:in|on|of) (?:the )?(?P<where>\w+)(?: box| window)? "
    rf"(?:labell?ed|named|called|saying|with the (?:text|label|name)) (?P<name>{Q})"
)
#: "the item labelled 'Save'", "the file or folder named 'src'".
_THING: Final = r"(?:item|entry|element|option|choice|folder|file|node|card|word|area|label|grid coordinate|coordinate)"
_THING_NAMED: Final = like(
    rf"{_THING}(?: or {_THING})? (?:(?:labell?ed|named|called|titled|saying|with the (?:text|label|name))(?: as)? )?"
    rf"(?P<name>{Q}|\(.+\))"
)
#: A kind of element and nothing else, by the word that stands for it in ``ROLE_CUES``.
_KINDS_ALONE: Final = (
    (like(r"(?:radio|option)(?: ?(?:button|box))?"), "radio"),
    (like(r"(?:check|tick) ?box"), "checkbox"),
    (like(r"(?:text|input)? ?text ?area"), "textarea"),
    (like(r"(?:(?:text|input|empty|blank) ?)*(?:field|box|input|textbox)|text"), "textbox"),
    (like(r"(?:push |submit )?button"), "button"),
    (like(r"(?:hyper)?link"), "link"),
    (like(r"slider"), "slider"),
    (like(r"(?:drop-?down|select|list)(?: (?:box|list|menu))?"), "dropdown"),
)
_SOME_KIND: Final = like(rf"an? (?:(?P<quoted>{Q})|(?P<word>\w+)) (?:widget|control|component)")
_PLACED_KIND: Final = like(r"(?:the |this |that |an |(?-i:a ))?(?:(?P<place>\w+) )?(?P<kind>(?:\w+[ -])?\w+?)s?")


def _kind(phrase: str, utterance: Utterance) -> Target | None:
    """A description without a name: "the third checkbox", "the text field"; None when it has one."""
    words = phrase.strip()
    if (some := _SOME_KIND.fullmatch(words)) and (cue := _cue_of(utterance.expand(some["quoted"] or some["word"]))):
        utterance.worded.append(utterance.expand(some.group()))
        return Target("", ROLE_CUES[cue], 1, cue)
    found = _PLACED_KIND.fullmatch(words)
    place = ordinal(found["place"] or "") or 0 if found else 0
    kind = words if found is None else found["kind"] if place else f"{found['place'] or ''} {found['kind']}".strip()
    cue = _cue_of(without_article(kind))
    if found is None or not cue:
        return None
    utterance.take_all(found)
    return Target("", ROLE_CUES[cue], place, cue)


def _cue_of(words: str) -> str:
    return next((cue for pattern, cue in _KINDS_ALONE if pattern.fullmatch(words)), "")


def _position(words: str) -> tuple[str, int]:
    """Cut "second" off; "first name" and "last page" are names."""
    found = re.match(r"(?P<place>\w+)\s+(?P<rest>.+)$", words)
    place_number = ordinal(found["place"]) if found else None
    if found is None or not place_number or like(r"(?:name|page|line)\b").match(found["rest"]):
        return words, 0
    return (words, 0) if found["place"].lower() == "top" else (found["rest"], place_number)


_CUES: Final = "|".join(ROLE_CUES)
_CUE_LAST: Final = like(
    rf"(?P<words>.+?)\s+(?:(?P<kind>radio|drop-?down|check|text|select|push|input)\s+)?(?P<cue>{_CUES})s?"
)
_CUE_FIRST: Final = like(
    rf"(?P<cue>{_CUES})\s+"
    r"(?:to |for |of |named |called |labell?ed |with (?:the )?(?:text|label|name) |saying |: ?)?(?:the )?"
    r"(?P<words>.+)"
)
_BARE_CUES: Final = frozenset({"button", "link", "field", "box", "checkbox", "input", "dropdown"})
#: Role words that may stand before a name without quotation marks.
_LEADING_CUES: Final = frozenset({"button", "link", "checkbox", "tab", "category", "section", "department"})
_KINDS: Final = {"radio": "radio", "check": "checkbox", "dropdown": "dropdown", "drop-down": "dropdown"}


def _cue(words: str, utterance: Utterance) -> tuple[str, str]:
    """Cut a role word off: "'Save' button", "button 'Save'", "link to the imprint"; "box" is nothing but one."""
    if words.lower() in _BARE_CUES:
        return "", words.lower()
    if found := _CUE_LAST.fullmatch(words):
        utterance.worded.append(f"{found['kind'] or ''} {found['cue']}")
        return found["words"], _KINDS.get((found["kind"] or "").lower(), found["cue"].lower())
    found = _CUE_FIRST.fullmatch(words)
    if found and (has_quotation(found["words"]) or found["cue"].lower() in _LEADING_CUES):
        utterance.take(found)
        return found["words"], found["cue"].lower()
    return words, ""


def field(phrase: str, utterance: Utterance) -> Target:
    """The form field that a masked phrase describes."""
    found = target(phrase, utterance)
    return replace(found, text=without_article(f"{found.text} ") or found.text)


_FOLLOWING: Final = like(r"^(?:(?:the |this )?following(?: values| data| details| information)?|these values)\s*:?\s*")


def pairs(fragment: str, utterance: Utterance) -> tuple[Enter, ...] | None:
    """Fields and values of an enumeration: "name 'Ann', email a@b.c and country = Germany". None when it is none."""
    return enumerated(utterance.without(_FOLLOWING, fragment), utterance, _pair, _GOES_ON)


_GOES_ON: Final = re.compile(r"[A-Z\d].*")


def enumerated(
    fragment: str,
    utterance: Utterance,
    read: Callable[[str, Utterance], Enter | None],
    goes_on: re.Pattern[str],
) -> tuple[Enter, ...] | None:
    """The fields of an enumeration, each part read by ``read``; None when a part is none, so that no word goes lost.

    A part without a field of its own that is like ``goes_on`` belongs to the value before: "keywords payments and
    mobile".
    """
    found: list[Enter] = []
    for part in items(fragment):
        entry = read(part, utterance)
        if entry is not None:
            found.append(entry)
        elif found and goes_on.fullmatch(part) and not has_quotation(part):
            last = found.pop()
            found.append(Enter(last.field, f"{last.value}, {utterance.expand(part)}"))
        else:
            return None
    return tuple(found) or None


def _pair(part: str, utterance: Utterance) -> Enter | None:
    part = like(r"^(?:with|using|the|(?-i:a)|an|and|my|your|his|her|their|our|as)\s+").sub("", part.strip())
    for pattern, name, value in _PAIRS:
        if found := pattern.fullmatch(part):
            return Enter(field(found[name], utterance), utterance.expand(found[value]))
    expanded = utterance.expand(part)
    return Enter(Target("email"), expanded) if _EMAIL.fullmatch(expanded) else None


_PAIRS: Final = tuple(
    (like(pattern), name, value)
    for pattern, name, value in (
        (rf"(.+?)\s*(?::|=|\bis\b|\bto\b|\bwith\b|\bas\b)\s*({Q})", 1, 2),
        (rf"({Q})\s*(?::|=|\bis\b)\s*(.+)", 1, 2),
        (rf"({Q}|\S+)\s+(?:in|into|as|for)\s+(?:the\s+)?(.+)", 2, 1),
        (rf"({Q})\s+({Q})", 1, 2),
        (rf"([^{Q[1:-1]}]+?)\s+({Q})", 1, 2),
        (r"(.+?)\s*(?::|=)\s*(.+)", 1, 2),
        (rf"((?:{FIELD_NAMES})(?: (?:field|box))?)\s+(?:is\s+|to\s+|with\s+|as\s+)?(.+)", 1, 2),
        (r"(.+?)\s+(?:to|with|is|should be)\s+(.+)", 1, 2),
        (r"((?-i:[a-z][a-z-]+\s(?:[a-z-]+\s){0,3}?))((?-i:[A-Z0-9])[\w.+@-]*(?: (?-i:[A-Z0-9])\S*)*)", 1, 2),
        (r"([a-z]+)\s(\d+)", 1, 2),
    )
)  # fmt: skip


_SECRET: Final = like(
    r"(?:and |with |using |,|/)*\s*(?:the |my )?(?:password|passphrase|passcode|pw|pass)\s*(?:is |:|=)?\s*"
    rf"(?P<value>{Q}|\S+)"
)
_BOTH: Final = like(rf"(?P<rest>{Q}|\S+)\s*(?:/|,|\band\b)\s*(?P<value>{Q}|\S+)")
_USER: Final = like(
    r"^(?:as|with|using|by|via|and|,|\s)*(?:(?:the |my )?(?:user(?: ?name| ?id)?|e-?mail(?: address)?|log-?in|account)"
    rf"\s*(?:is |:|=)?\s*)?(?P<value>{Q}|[^\s,]+)"
)


_KEPT: Final = r"(?:stored|saved|remembered|kept)"
_LOGIN: Final = (
    r"(?:log-?ins?|log in|sign-?in|credentials?|account|user(?: ?name)?(?:(?: and |/)(?:the )?password)?|password"
    r"|(?:(?:log-?in|account) )?(?:details|data))"
)
_VAULT: Final = rf"(?:that (?:is|are) )?(?:{_KEPT} )?(?:from|in|of) (?:the |your |my |our )?vault"
_BY: Final = r"(?:as|with|using|by|via)\s+(?:(?:the|my|our|your|its|a)\s+)*"
_SITE_OF: Final = r"(?:for|of) (?:the|this|that) (?:web)?(?:site|shop|store|page|service)"
#: "with the stored log-in work", "with my credentials from the vault".
STORED_LOGIN: Final = like(
    rf"{_BY}(?:vault|(?={_KEPT}\b|vault\b|.*\bvault$)(?:(?:{_KEPT}|vault(?:['’]s)?)\s+)?{_LOGIN}(?:\s+{_SITE_OF})?"
    rf"(?:\s+(?:(?:named|called|for)\s+)?(?P<name>(?!(?:from|in|of|that|{_KEPT})\b)(?:{Q}|[\w.@+-]+)))?(?:\s+{_VAULT})?)"
)
#: As what something is used: "use the stored credentials to log in".
STORED_LOGINS: Final = like(rf"(?:{_KEPT}|vault) {_LOGIN}|vault|{_LOGIN} {_VAULT}")


def credentials(fragment: str, utterance: Utterance) -> tuple[str, str]:
    """User and password that a masked fragment names; what it doesn't name is empty."""
    rest, password = like(r"^(?:as|with|using|by|via)\s+").sub("", fragment.strip(" :()")), ""
    if found := _SECRET.search(rest):
        utterance.take(found)
        password = found["value"]
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    elif found := _BOTH.fullmatch(rest):
        password, rest = found["value"], found["rest"]
    if user := _USER.match(rest.strip()):
        utterance.take(user)
    return utterance.expand(user["value"] if user else "").rstrip(","), utterance.expand(password).rstrip(",")


_AT_ADDRESS: Final = like(
    r"\s*\b(?:on|at|from|in|of|under)\s+(?:the\s+)?(?:(?:web)?(?:page|site|shop|store)\s+)?(?:at\s+)?"
    rf"(?P<url>{URL}|{Q})$"
)
_NAME_WORD: Final = r"(?!(?:in|from|of|on|under|within|all|every|each|any|the|with)\b)[^\s,]+"
_CAPITAL: Final = rf"(?-i:[A-Z])[^\s,]*(?: (?:&|and) {_NAME_WORD}| (?-i:[A-Z])[^\s,]*)*"
_PLACE_NAME: Final = rf"(?:{Q}|{_CAPITAL}(?: (?-i:(?!with|for|by|that|which){_NAME_WORD})){{0,2}})"
#: A name of up to five words before "category"; after it, a quoted name, one in capitals, or a word or two.
_IN_PLACE: Final = like(
    r"\s*\b(?:in|from|of|on|under|within)\s+(?:the\s+)?"
    rf"(?:(?P<name>{Q}|{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}?)\s+(?:{PLACE_NOUNS})"
    rf"|(?:{PLACE_NOUNS})\s+(?:(?:of |called |named |: ?)(?:the )?)?"
    rf"(?P<after>{_PLACE_NAME}|{_NAME_WORD}(?: (?:&|and) {_NAME_WORD})?))$"
)
_IN_NAME: Final = like(
    r"\s*\b(?:in|from|under|within)\s+(?:the\s+)?"
    rf"(?P<name>{_PLACE_NAME})$"
)
_ON_PAGE: Final = like(
    r"\s*\b(?:on|of|from|in)\s+(?:the\s+)?(?:page (?:number )?(?P<number>\d+|two|three|four|five)"
    r"|(?P<nth>second|third|fourth|fifth|sixth|\d+(?:st|nd|rd|th)) page)"
    r"(?: of (?:the )?(?:list|results|catalogu?e?)|(?P<of> (?:of|in) .+))?$"
)
_THIS_PLACE: Final = like(
    "this|that|current|same|first|next|each|every|results?|search results?|product|whole|entire|all"
)


THIS_PAGE: Final = like(r"\b(?:on|of|from) (?:this|the current|the first) page\b")


def place(phrase: str, utterance: Utterance) -> tuple[str, tuple[Intention, ...]]:
    """Take "in the Fiction category" or "on http://…" off the end of a masked phrase: the rest, and the way there."""
    found = _AT_ADDRESS.search(phrase)
    if found and is_address(utterance.expand(found["url"])):
        utterance.take(found)
        return phrase[: found.start()].strip(), (Open(address(utterance.expand(found["url"]))),)
    if found := _ON_PAGE.search(phrase):
        page = count_word(found["number"] or "") or ordinal(found["nth"] or "") or 0
        rest, way = place(found["of"] or "", utterance)
        utterance.take(found)
        return f"{phrase[: found.start()]} {rest}".strip(), (*way, TurnTo(page))
    name = ""
    if found := _IN_PLACE.search(phrase):
        name = utterance.expand(found["name"] or found["after"])
    elif (found := _IN_NAME.search(phrase)) and found.start():
        name = utterance.expand(found["name"])
    if found is None or not canonical(name) or _THIS_PLACE.fullmatch(name):
        return phrase.strip(), ()
    utterance.take(found)
    return phrase[: found.start()].strip(), (GoTo(Target(without_article(name), frozenset({"link", "tab"}))),)


def place_of_thing(phrase: str, utterance: Utterance) -> tuple[str, tuple[Intention, ...]]:
    """As ``place``, for one thing whose name may have a place in it: "Fruit in Jars" is a title."""
    found = _IN_NAME.search(phrase)
    before = phrase[: found.start()].split() if found and not utterance.is_quoted(found["name"]) else []
    titled = bool(before) and before[-1][0].isupper() and stem(before[-1]) == before[-1]
    return (phrase, ()) if titled else place(phrase, utterance)


def selected(phrase: str, utterance: Utterance) -> tuple[tuple[Intention, ...], Selection]:
    """The way to a list and what is wanted of it, wherever the phrase names the place: "lamps in Home under £5"."""
    rest, way = place(phrase, utterance)
    selection = select(rest, utterance)
    if not way and selection.noun:
        noun, way = place(selection.noun, utterance)
        selection = replace(selection, noun=name_of_kind(noun, utterance)) if way else selection
    return way, selection


_ABOUT: Final = like(r"\s+(?:about|on the (?:subject|topic) of)\s+(?P<what>.+)$")


def picked(phrase: str, utterance: Utterance) -> tuple[Intention, ...] | None:
    """Getting to a list and choosing from it, when a masked phrase has a criterion."""
    prefix, selection = selected(phrase, utterance)
    if not selection.has_criterion:
        return None
    if not prefix and (about := _ABOUT.search(selection.noun)):
        utterance.take(about)
        prefix = (GoTo(Target(about["what"], frozenset({"link", "tab"}))),)
        selection = replace(selection, noun=selection.noun[: about.start()])
    bare = place(phrase, utterance)[0]
    plain = selection.position and not selection.order and not selection.conditions
    if plain and not selection.count and not _is_entry(bare):
        return None
    column = selection.order.field if selection.order and not value_kind(selection.order.field) else ""
    seek: tuple[Intention, ...] = (Seek(selection.noun, column=column),) if selection.noun and not prefix else ()
    return (*prefix, *seek, Pick(selection, pages=1 if THIS_PAGE.search(phrase) else 0))


def _is_entry(phrase: str) -> bool:
    """Whether "the first …" speaks of an entry of a list rather than of a button."""
    words = [stem(word) for word in kind_of(phrase).lower().split()]
    return len(words) < 2 or words[-1] in LIST_NOUNS or words[-1] in ("book", "hotel", "film")
