"""The objects of a clause: addresses, descriptions of elements, field and value pairs, credentials, places."""

import re
from dataclasses import replace
from typing import Final

from outrider.agents.scout.amounts import ordinal
from outrider.agents.scout.criteria import select
from outrider.agents.scout.intentions import Enter, GoTo, Intention, Open, Pick, Seek, Target
from outrider.agents.scout.language import Utterance, has_quotation, items, without_article
from outrider.agents.scout.synonyms import LIST_NOUNS, PLACE_NOUNS, ROLE_CUES, canonical, stem

Q: Final = "[\ue000-\uf8ff]"
URL: Final = (
    r"(?:(?:https?|file)://[^\s\ue000-\uf8ff]+|localhost(?::\d+)?(?:/\S*)?|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\S*)?"
    r"|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?|/[\w][^\s,]*|/)(?<![.,;:!?)\]])"
)
IT: Final = (
    r"(?:it|them|that|this|that one|this one|the one|(?:the|this|that|its) (?:found |chosen |selected |resulting )?"
    r"(?:product|item|match|result|hit|page|product page|item page|entry|book|detail page|details page|details))"
)
_EMAIL: Final = re.compile(r"[^\s@,]+@[^\s@,]+\.[^\s@,]+|[^\s@,]+@localhost")
#: Names of fields that a value may follow without any sign between them.
_FIELD_NAMES: Final = (
    "first name|last name|full name|given name|family name|user ?name|display name|company name|name|e-?mail(?: address)?"
    "|password confirmation|confirm(?:ed)? password|password(?: again)?|phone(?: number)?|telephone|mobile|street(?: address)?"
    "|address(?: line \\d)?|city|town|state|county|province|country|region|zip(?: code)?|post ?code|postal code|company"
    "|organi[sz]ation|date of birth|birthday|date|age|quantity|qty|amount|subject|message|comments?|title|notes?|website"
    "|description|gender|language|search(?: term)?|code|coupon(?: code)?|voucher(?: code)?"
)
_NEAR: Final = re.compile(
    rf"\s+(?:(?:next to|beside|near|below|under|above|of|for|on|in|from)\s+(?:the\s+)?(?:row|line|entry|card|item|product|section"
    rf"|form|menu|header|footer|dialog|popup)\s*(?:of|for|with|named|called|containing)?\s*(?P<a>.*)"
    rf"|(?:next to|beside|near)\s+(?P<b>.+)|(?:of|for|on|in|under|within)\s+(?:the\s+)?(?P<c>{Q}|.+?)"
    r"(?:\s+(?:row|section|card|product|item|form|menu|panel|dialog|header|footer))?)$",
    re.IGNORECASE,
)


def address(text: str) -> str:
    """The URL that a text means: ``example.com`` gets ``https``, a loopback or numeric host ``http``."""
    text = text.strip()
    if re.match(r"[a-z]+://|/", text, re.IGNORECASE):
        return text
    local = re.match(r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?:[:/]|$)", text)
    return f"{'http' if local else 'https'}://{text}"


def is_address(text: str) -> bool:
    """Whether a text is a URL, a host name or an absolute path."""
    return re.fullmatch(URL, text.strip(), re.IGNORECASE) is not None


def target(phrase: str, utterance: Utterance) -> Target:
    """The element that a masked phrase describes: "the second 'Add' button in the row of 'Tea pot'"."""
    words, near = without_article(phrase), ""
    if (found := _NEAR.search(words)) and (has_quotation(words) or found["a"] is not None or found["b"]):
        near = utterance.expand(found["a"] or found["b"] or found["c"] or "") or found.group().split()[-1]
        words = words[: found.start()]
    words, position = _position(words)
    words, cue = _cue(words)
    return Target(utterance.expand(words), ROLE_CUES.get(cue, frozenset()), position, cue, without_article(near))


def _position(words: str) -> tuple[str, int]:
    """Cut "second" off; "first name" and "last page" are names."""
    found = re.match(r"(?P<place>\w+)\s+(?P<rest>.+)$", words)
    place_number = ordinal(found["place"]) if found else None
    if found is None or not place_number or re.match(r"(?:name|page)\b", found["rest"], re.IGNORECASE):
        return words, 0
    return (words, 0) if found["place"].lower() == "top" else (found["rest"], place_number)


_CUES: Final = "|".join(ROLE_CUES)
_CUE_LAST: Final = re.compile(
    rf"(?P<words>.+?)\s+(?:(?P<kind>radio|drop-?down|check|text|select|push|input)\s+)?(?P<cue>{_CUES})s?",
    re.IGNORECASE,
)
_CUE_FIRST: Final = re.compile(
    rf"(?P<cue>{_CUES})\s+(?:to |for |named |called |labell?ed |with (?:the )?(?:text|label|name) |saying )?(?:the )?(?P<words>.+)",
    re.IGNORECASE,
)
_KINDS: Final = {"radio": "radio", "check": "checkbox", "dropdown": "dropdown", "drop-down": "dropdown"}


def _cue(words: str) -> tuple[str, str]:
    """Cut a role word off: "'Save' button", "button 'Save'", "link to the imprint"."""
    if found := _CUE_LAST.fullmatch(words):
        return found["words"], _KINDS.get((found["kind"] or "").lower(), found["cue"].lower())
    found = _CUE_FIRST.fullmatch(words)
    if found and (has_quotation(found["words"]) or found["cue"].lower() in ("button", "link", "checkbox", "tab")):
        return found["words"], found["cue"].lower()
    return words, ""


def field(phrase: str, utterance: Utterance) -> Target:
    """The form field that a masked phrase describes."""
    found = target(phrase, utterance)
    return replace(found, text=re.sub(r"^(?:your|my)\s+", "", found.text, flags=re.IGNORECASE))


def pairs(fragment: str, utterance: Utterance) -> tuple[Enter, ...] | None:
    """Fields and values of an enumeration: "name 'Ann', email a@b.c and country = Germany". None when it is none."""
    found: list[Enter] = []
    for part in items(
        re.sub(r"^(?:the )?following(?: values| data| details)?\s*:?\s*", "", fragment, flags=re.IGNORECASE)
    ):
        entry = _pair(part, utterance)
        if entry is not None:
            found.append(entry)
        elif found and not has_quotation(part):
            last = found.pop()
            found.append(Enter(last.field, f"{last.value}, {utterance.expand(part)}"))
        else:
            return None
    return tuple(found) or None


def _pair(part: str, utterance: Utterance) -> Enter | None:
    part = re.sub(r"^(?:with|using|the|a|an|and|my|your|as)\s+", "", part.strip(), flags=re.IGNORECASE)
    for pattern, name, value in _PAIRS:
        if found := pattern.fullmatch(part):
            return Enter(field(found[name], utterance), utterance.expand(found[value]))
    expanded = utterance.expand(part)
    return Enter(Target("email"), expanded) if _EMAIL.fullmatch(expanded) else None


_PAIRS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), name, value)
    for pattern, name, value in (
        (rf"(.+?)\s*(?::|=|\bis\b|\bto\b|\bwith\b|\bas\b)\s*({Q})", 1, 2),
        (rf"({Q})\s*(?::|=|\bis\b)\s*(.+)", 1, 2),
        (rf"({Q}|\S+)\s+(?:in|into|as|for)\s+(?:the\s+)?(.+)", 2, 1),
        (rf"({Q})\s+({Q})", 1, 2),
        (rf"([^{Q[1:-1]}]+?)\s+({Q})", 1, 2),
        (r"(.+?)\s*(?::|=)\s*(.+)", 1, 2),
        (rf"((?:{_FIELD_NAMES})(?: (?:field|box))?)\s+(?:is\s+|to\s+|with\s+|as\s+)?(.+)", 1, 2),
        (r"(.+?)\s+(?:to|with|is)\s+(.+)", 1, 2),
        (r"((?-i:[A-Za-z][a-z-]+\s(?:[a-z-]+\s){0,2}?))((?-i:[A-Z0-9])[\w.+@-]*(?: (?-i:[A-Z0-9])\S*)*)", 1, 2),
    )
)  # fmt: skip


def credentials(fragment: str, utterance: Utterance) -> tuple[str, str]:
    """User and password that a masked fragment names; what it doesn't name is empty."""
    fragment = re.sub(r"^(?:as|with|using|by|via)\s+", "", fragment.strip(), flags=re.IGNORECASE)
    user, password = "", ""
    secret = r"(?:and |with |using |,|/)*\s*(?:the |my )?(?:password|passphrase|passcode|pw|pass)\s*(?:is |:|=)?\s*"
    if found := re.search(rf"{secret}(?P<value>{Q}|\S+)", fragment, re.IGNORECASE):
        password = utterance.expand(found["value"])
        fragment = f"{fragment[: found.start()]} {fragment[found.end() :]}"
    elif found := re.fullmatch(rf"(?P<rest>{Q}|\S+)\s*(?:/|,|\band\b)\s*(?P<value>{Q}|\S+)", fragment.strip()):
        password, fragment = utterance.expand(found["value"]), found["rest"]
    named = r"(?:the |my )?(?:user(?: ?name| ?id)?|e-?mail(?: address)?|login|account|credentials)\s*(?:is |:|=)?\s*"
    fragment = re.sub(rf"^(?:as|with|using|and|,|\s)*(?:{named})?", "", fragment, flags=re.IGNORECASE)
    if found := re.match(rf"(?P<value>{Q}|[^\s,]+)", fragment.strip()):
        user = utterance.expand(found["value"])
    return user.rstrip(","), password.rstrip(",")


_AT_ADDRESS: Final = re.compile(
    rf"\s*\b(?:on|at|from|in|of|under)\s+(?:the\s+)?(?:(?:web)?(?:page|site|shop|store)\s+)?(?:at\s+)?(?P<url>{URL}|{Q})$",
    re.IGNORECASE,
)
_IN_PLACE: Final = re.compile(
    rf"\s*\b(?:in|from|of|on|under|within)\s+(?:the\s+)?(?:(?P<name>{Q}|[^\s,]+(?: [^\s,]+){{0,4}}?)\s+(?:{PLACE_NOUNS})"
    rf"|(?:{PLACE_NOUNS})\s+(?:of |called |named )?(?P<after>{Q}|[A-Z][^\s,]*(?: (?:&|and|[A-Z])[^\s,]*)*))(?!\s+and\b)$",
    re.IGNORECASE,
)
_IN_NAME: Final = re.compile(
    rf"\s*\b(?:in|from|under|within)\s+(?:the\s+)?(?P<name>{Q}|[A-Z][^\s,]*(?: (?:&|and|[A-Z])[^\s,]*)*)$"
)
_THIS_PLACE: Final = re.compile(
    r"^(?:this|that|current|same|first|next|each|every|results?|search results?|product|whole|entire|all)$", re.I
)


def place(phrase: str, utterance: Utterance) -> tuple[str, tuple[Intention, ...]]:
    """Take "in the Fiction category" or "on http://…" off the end of a masked phrase: the rest, and how to get there."""
    if (found := _AT_ADDRESS.search(phrase)) and is_address(utterance.expand(found["url"])):
        return phrase[: found.start()].strip(), (Open(address(utterance.expand(found["url"]))),)
    if found := _IN_PLACE.search(phrase):
        name = utterance.expand(found["name"] or found["after"])
        if not _THIS_PLACE.match(name) and canonical(name):
            return phrase[: found.start()].strip(), (GoTo(Target(without_article(name), frozenset({"link", "tab"}))),)
    if (found := _IN_NAME.search(phrase)) and found.start():
        return phrase[: found.start()].strip(), (
            GoTo(Target(utterance.expand(found["name"]), frozenset({"link", "tab"}))),
        )
    return phrase.strip(), ()


def picked(phrase: str, utterance: Utterance) -> tuple[Intention, ...] | None:
    """Getting to a list and choosing from it, when a masked phrase has a criterion."""
    rest, prefix = place(phrase, utterance)
    selection = select(rest, utterance)
    if not selection.has_criterion:
        return None
    if selection.position and not selection.order and not selection.conditions and not _is_entry(rest):
        return None
    seek: tuple[Intention, ...] = (Seek(selection.noun),) if selection.noun and not prefix else ()
    return (*prefix, *seek, Pick(selection))


def _is_entry(phrase: str) -> bool:
    """Whether "the first …" speaks of an entry of a list rather than of a button."""
    words = [stem(word) for word in phrase.lower().split()]
    return (
        words[-1] in LIST_NOUNS
        or len(words) == 1
        or words[-1] not in ROLE_CUES
        and words[-1] in ("book", "hotel", "film")
    )
