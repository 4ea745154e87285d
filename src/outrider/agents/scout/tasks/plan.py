"""A task's text becomes a plan, completely, before anything is done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from outrider.agents.scout.synonyms import canonical, stem, value_kind
from outrider.agents.scout.tasks.accounting import left_over
from outrider.agents.scout.tasks.button_verbs import BUTTON_VERBS
from outrider.agents.scout.tasks.criteria import Selection, fields_of
from outrider.agents.scout.tasks.form_verbs import FORM_VERBS
from outrider.agents.scout.tasks.grammar import Meaning, Verb
from outrider.agents.scout.tasks.inquiries import INQUIRIES
from outrider.agents.scout.tasks.intentions import (
    AddToBasket,
    AnswerFormat,
    Choose,
    ClickOn,
    Collect,
    Count,
    Enter,
    Found,
    GoTo,
    Intention,
    Locate,
    Open,
    OpenPick,
    Pick,
    Plan,
    PressKey,
    Read,
    SearchFor,
    Seek,
    Submit,
    Tick,
    TurnTo,
)
from outrider.agents.scout.tasks.language import LONGEST, Utterance, clauses, like, mask, single_spaced
from outrider.agents.scout.tasks.listings import ELEMENTS
from outrider.agents.scout.tasks.phrases import URL, Q, address, is_address, pairs
from outrider.agents.scout.tasks.questions import ANSWERS, QUESTIONS
from outrider.agents.scout.tasks.shop_verbs import SHOP_VERBS, TO_BASKET
from outrider.agents.scout.tasks.site_verbs import SITE_VERBS
from outrider.agents.scout.tasks.statements import STATEMENTS
from outrider.problems import OutriderError

#: All rows in the order in which they are tried: what can only be a question, what acts, what reads.
ROWS: Final[tuple[Verb, ...]] = (
    *INQUIRIES,
    *QUESTIONS,
    *SHOP_VERBS,
    *SITE_VERBS,
    *FORM_VERBS,
    *BUTTON_VERBS,
    *STATEMENTS,
    *ANSWERS,
)


def _heads(rows: Sequence[Verb]) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", "|".join(row.heads for row in rows if row.after_and))


_BEGINS: Final = like(rf"(?:{_heads(ROWS)})\s+(?!(?:and|or)\b|[,.:;]|$)")
_BEGINS_ALONE: Final = like(rf"(?:{_heads([row for row in ROWS if row.alone])})(?:\s|[,.:;]|$)")
#: A verb that is a noun here: "return policy", "list price", "search results".
_NOUN_AFTER: Final = like(
    r"(?:return (?:policy|address|date)|search (?:terms?|results?|count)|check[- ]in\b(?: date| time)?|list price"
    r"|open (?:hours|times?)|sort (?:code|order)|order (?:number|date|id|code|status|total|count)|set (?:number|name)"
    r"|type|filter (?:name|type)|contact (?:name|number|address|details))(?:\s*(?:,|and\b|$))"
)
#: Second halves of button names: "Save and continue".
_BUTTON_HALF: Final = like(r"(?:continue|close|exit|proceed|finish|checkout)(?:$|\s*[.,;])")
_CLICKS: Final = like(r"(?:click|press|tap|hit|push)\b")
_CONDITIONAL: Final = like(r"\b(?:if|unless|otherwise|except|instead of|while|repeatedly)\b")
#: A figure over several entries, which nobody but the page could have worked out.
_AGGREGATE: Final = like(
    r"\b(?:average|mean|median|sum|combined|total)\s[\w ]*?\b(?:of|for|over|across)\s+"
    r"(?:the |all |these |every |each )*(?:\w+ )?(?!basket)\w+[^s\W]s\b"
)
_ASKED_IF: Final = like(r"(?:tell me |check |find out |report )(?:if|whether)\b")
#: "and juggle the results": an instruction that no row knows, inside what would pass for a name.
_HIDDEN_VERB: Final = re.compile(
    r"(?:,|\band|\bthen)\s+(?!(?:of|in|on|with|for|from|by|to|is|under|over|at|as|or|both|all|also)\b)[a-z]+\s+"
    r"(?:the|a|an|it|them|me|its|this|their)(?=\s|$)"
)
_AT_FIRST: Final = like(
    r"(?:on|at|from|in|under|using)\s+(?:the\s+)?(?:(?:web)?(?:site|page|shop|store)\s+)?(?:at\s+)?"
    rf"(?P<url>{URL}|{Q}),?\s+(?P<rest>.+)"
)
_JSON: Final = like(
    r"\s*,?\s*\b(?:(?:as|in|into|using|formatted as|in the form of)\s+)?(?:a |an |the )?"
    r"(?:valid |single |pure |plain |flat |compact )*json\b(?: format)?"
    r"(?: (?:objects?|arrays?|lists?|document|string))?"
    r"(?:\s*,?\s*(?P<opens>(?:with|having|containing|of|using|like|in the form|whose)?\s*"
    r"(?:(?:the|only|these|exactly|following|are) )*(?:keys?|fields?|properties|attributes|members)?(?: are)?\s*:?)\s*"
    r"(?P<keys>.+))?$"
)
_SHAPE: Final = like(
    r"(?:\b(?:as|in|into|like)\s+)?(?:an?\s+)?(?:json(?:\s+(?:object|array|list))?)?\s*"
    r"(?:like|with|of the form|in (?:the|this) form|of)?\s*:?[\[\s]*\{(?P<inside>[^{}]*)\}[\]\s]*"
)
_PLAIN: Final = like(
    r"\s*,?\s*\b(?:(?:as|in) (?:an? |plain )?(?:text|string|list|one line)|one per line|for me|please|only)$"
)
_ANSWER_WORDS: Final = like(
    r"(?:(?:report|return|give|give me|answer|output|respond|reply|print|provide|format|use|show|present|write|tell me"
    r"|get|deliver)(?: (?:me|back|with|in|the|a|your|final|result|results|answer|output|data|it|them|as|everything|this"
    r"|that|information|to me))*)?"
)


_KEYS_OF: Final = like(rf"(?:{_ANSWER_WORDS.pattern})\s*\b(?:for|of|about)\s+(?P<what>.+)")


@dataclass(frozen=True, slots=True)
class _Form:
    """What a clause says about the form of the answer, and the clause without it."""

    clause: str
    json: bool = False
    keys: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def parse(text: str) -> Plan:
    """The plan of a task's text.

    Raises TASK_NOT_UNDERSTOOD naming every clause that no row of the tables fits, and of the others every phrase that
    did not become part of the plan.
    """
    shape, bare = _shape(single_spaced(text))
    utterance = mask(bare)
    if len(utterance.masked) > LONGEST:
        words = f"it has {len(utterance.masked)} characters outside quotes, {LONGEST} are read"
        raise OutriderError("TASK_NOT_UNDERSTOOD", words=words)
    found: list[Intention] = []
    unknown: list[str] = []
    wishes: list[str] = []
    json, keys = bool(shape), shape
    for clause in clauses(utterance.masked, starts_clause):
        form = _form(_with_places(clause, found), utterance)
        json, keys = json or form.json, keys or form.keys
        if keys and (of := _KEYS_OF.fullmatch(form.clause)):
            form = replace(form, clause=f"report {', '.join(keys)} of {of['what']}")
        if (form.json or shape) and _ANSWER_WORDS.fullmatch(form.clause):
            found.append(Read(()))
        elif wish := _WISH.fullmatch(form.clause):
            wishes.append(wish["what"])
        elif _BARE.match(form.clause) and (asked := _requested(form.clause, utterance)):
            found.extend(asked)
        elif (meaning := _meaning(form.clause, utterance) or _further(form.clause, found, utterance)) is None:
            unknown.append(f"“{utterance.show(clause)}”")
        else:
            found.extend(meaning.intentions)
            ignored = left_over(utterance.expand(meaning.said), meaning.intentions, meaning.worded)
            unknown.extend(f"“{words}” in “{utterance.show(clause)}”" for words in ignored)
    if wishes and set(found) <= {Read(())}:
        found = [step for wish in wishes for step in _requested(wish, utterance)] or found
    unknown.extend(f"“{words}”" for wish in wishes for words in _unmet(wish, found, utterance))
    if unknown or not found:
        raise OutriderError("TASK_NOT_UNDERSTOOD", words="; ".join(unknown or [f"“{text.strip()}”"]))
    return Plan(_settle(found, keys), AnswerFormat(json, keys))


#: Why somebody wants what the next clauses say: adds nothing, but has to be about the same thing.
_WISH: Final = like(
    r"(?:i(?:['’]m| am) (?:looking for|interested in|in need of|shopping for|after)|i (?:really )?(?:need|want)"
    r"|i(?:['’]d| would) like)\s+(?!you\b)(?P<what>.+)"
)
#: What somebody would like to know, without a verb: "the price of X".
_BARE: Final = like(r"(?:the|its|their|all|every)\s")


def _requested(wish: str, utterance: Utterance) -> tuple[Intention, ...]:
    """What a wish asks for by itself: "I need the price of X"; nothing when it only says what the task is about."""
    meaning = _meaning(f"tell me {wish}", utterance) or _meaning(f"list {wish}", utterance)
    steps = meaning.intentions if meaning else ()
    if not meaning or left_over(utterance.expand(meaning.said), steps, meaning.worded):
        return ()
    told = steps and isinstance(steps[-1], Pick | Collect | Count)
    read = bool(steps) and isinstance(steps[-1], Read) and bool(steps[-1].subject or len(steps) > 1)
    return steps if told or read else ()


def _unmet(wish: str, found: Sequence[Intention], utterance: Utterance) -> tuple[str, ...]:
    """What a wish says that no step of the task is about."""
    asked = _requested(wish, utterance)
    return () if asked and tuple(found) == asked else left_over(utterance.expand(wish), found or (Read(()),))


_IN_IT: Final = like(r"\b(?:there )?(?:in|inside) (?:it|there)$")


def _with_places(clause: str, before: Sequence[Intention]) -> str:
    """The clause with "in it" replaced by the place that was spoken of before."""
    return _IN_IT.sub("in the basket", clause) if TO_BASKET in before else clause


def starts_clause(before: str, rest: str) -> bool:
    """Whether an instruction begins at ``rest``, which follows a comma, a colon or an "and" after ``before``."""
    if _NOUN_AFTER.match(rest) or (_CLICKS.match(before) and _BUTTON_HALF.match(rest)):
        return False
    return bool(_BEGINS.match(rest) or _BEGINS_ALONE.match(rest))


def _meaning(clause: str, utterance: Utterance) -> Meaning | None:
    """What a masked clause means by the first row that fits; None when none does, or when it sets a condition."""
    if _CONDITIONAL.search(clause) and not _ASKED_IF.match(clause):
        return None
    if _HIDDEN_VERB.search(clause) or _AGGREGATE.search(clause):
        return None
    if (led := _AT_FIRST.fullmatch(clause)) and is_address(utterance.expand(led["url"])):
        rest = _meaning(led["rest"], utterance)
        way = Open(address(utterance.expand(led["url"])))
        return None if rest is None else replace(rest, intentions=(way, *rest.intentions))
    if (used := _MEANS.fullmatch(clause)) and (means := _by_means(used["means"], used["rest"], utterance)):
        return means
    meanings = (row.read(clause, utterance) for row in ROWS)
    meaning = next((meaning for meaning in meanings if meaning is not None), None)
    # "use the coupon X to get a discount": what it is for is no part of a value.
    if meaning and _PURPOSE.search(clause) and any(isinstance(one, Enter) for one in meaning.intentions):
        return None
    return meaning


_PURPOSE: Final = like(rf"\b(?:(?:in order |so as )?to|so that) (?:{_heads(ROWS)})\s+\w")
_MEANS: Final = like(
    r"(?:use|using|with|via|through|by means of|by using)\s+(?:the |this |its |your )*(?P<means>[\w -]+?)"
    r"(?:,\s*|,?\s+(?:to|and|for)\s+)(?P<rest>.+)"
)
#: By what something may be done, and what that is.
_USES: Final = (
    (like(r"(?:[\w-]+ )?(?:search|find)(?: ?(?:function|box|bar|field|form|feature|input|engine|page))?"), SearchFor),
    (like(r"(?:[\w-]+ )?(?:menu|navigation|nav|sidebar|side bar|header|footer|links?|toolbar)(?: (?:bar|menu|links?))?"), GoTo),
    (like(r"(?:[\w-]+ )?(?:sort(?:ing)?|order(?:ing)?)(?: ?(?:box|menu|list|dropdown|options?|select(?:or)?|function|by))*"), Choose),
)


def _by_means(means: str, rest: str, utterance: Utterance) -> Meaning | None:
    """What is to be done with something, where doing it is what that thing is for; None otherwise."""
    kind = next((kind for pattern, kind in _USES if pattern.fullmatch(means)), None)
    meaning = _meaning(rest, utterance) if kind and starts_clause("", rest) else None
    return meaning if meaning and kind and isinstance(meaning.intentions[0], kind) else None


def _further(clause: str, found: Sequence[Intention], utterance: Utterance) -> Meaning | None:
    """One more field of the form that is being filled in: "Score 5"."""
    fields = pairs(clause, utterance) if found and isinstance(found[-1], _OF_FORMS) else None
    return Meaning(fields, clause) if fields else None


#: What belongs to filling in one form.
_OF_FORMS: Final = (Enter, Choose, Tick)


def _shape(text: str) -> tuple[tuple[str, ...], str]:
    """Keys of an object that the task spells out (``{"name": …, "price": …}``), and the text without it."""
    found = _SHAPE.search(text)
    if found is None:
        return (), text
    members = re.findall(r"[\"'“‘]?([\w -]+?)[\"'”’]?\s*(?::[^,]*)?(?:,|$)", found["inside"])
    return tuple(
        name.strip() for name in members if name.strip()
    ), f"{text[: found.start()]} as JSON {text[found.end() :]}".strip(" :")


def _form(clause: str, utterance: Utterance) -> _Form:
    plain = _PLAIN.sub("", clause)
    found = _JSON.search(plain)
    if found is None:
        return _Form(plain or clause)
    before = plain[: found.start()].strip(" ,:")
    keys = fields_of(found["keys"], utterance) if found["keys"] else ()
    if found["keys"] and (not found["opens"].strip() or any(like(r".+ (?:of|in|from) .+").match(key) for key in keys)):
        return _Form(f"{before} {found['keys']}".strip(), True)
    return _Form(before, True, keys)


def _settle(found: Sequence[Intention], keys: tuple[str, ...]) -> tuple[Intention, ...]:
    """The intentions with what goes without saying: what "it" is, which list is meant, what is said twice."""
    settled: list[Intention] = []
    for intention in _merged(found):
        previous = settled[-1] if settled else None
        if _said_before(intention, previous, settled):
            continue
        settled.extend(_understood(intention, settled))
    return tuple(_answers(settled, keys))


def _merged(found: Sequence[Intention]) -> list[Intention]:
    """Lists of which the task says only afterwards what to tell: "find … and list their names"."""
    merged: list[Intention] = []
    steps = _sent_last(found)
    told = [one for at, one in enumerate(steps) if not isinstance(one, Found) or at == len(steps) - 1]
    for intention in told:
        before = merged[-1] if merged else None
        if isinstance(before, Collect) and isinstance(intention, Collect) and intention.selection == Selection():
            merged[-1] = replace(before, fields=(*before.fields, *intention.fields))
        elif isinstance(before, Collect) and isinstance(intention, Read) and _of_entries(intention):
            merged[-1] = replace(before, fields=tuple(dict.fromkeys((*before.fields, *intention.fields))))
        else:
            merged.append(intention)
    return merged


def _sent_last(found: Sequence[Intention]) -> list[Intention]:
    """A registration is sent when all that the task says about it is filled in; not at all when it says nothing."""
    ordered = list(found)
    if (register := Submit("register")) not in ordered:
        return ordered
    begin = ordered.index(register)
    end = begin + 1
    while end < len(ordered) and isinstance(ordered[end], (*_OF_FORMS, ClickOn)):
        end += 1
    further = ordered[begin + 1 : end]
    pressed = any(isinstance(one, ClickOn) and _SENDS.search(one.target.text) for one in further)
    sent = end < len(ordered) and isinstance(ordered[end], Submit)
    filled = begin > 1 or any(isinstance(one, Enter) for one in further)
    return [*ordered[:begin], *further, *([register] if filled and not pressed and not sent else []), *ordered[end:]]


_SENDS: Final = like(r"\b(?:register|sign ?up|create|submit|send|continue|next|save)\b")


def _of_entries(read: Read) -> bool:
    """Whether values that are asked for after a list are those of its entries, not of the page or the basket."""
    return bool(read.fields) and not read.subject and not _OF_PAGE & set(map(value_kind, read.fields))


_OF_PAGE: Final = frozenset({"page title", "heading", "address", "total", "message", "said", "text", "first paragraph"})


def _said_before(intention: Intention, previous: Intention | None, settled: Sequence[Intention]) -> bool:
    """Whether an intention only repeats what the one before it does by itself."""
    if isinstance(previous, SearchFor) and (isinstance(intention, Submit) or intention == PressKey("Enter")):
        return True
    if isinstance(previous, SearchFor) and isinstance(intention, ClickOn):
        return canonical(intention.target.text) == ("search",)
    if isinstance(previous, AddToBasket) and previous.bought and intention == AddToBasket():
        return True
    if isinstance(previous, OpenPick):
        return isinstance(intention, OpenPick)
    if isinstance(previous, Submit) and isinstance(intention, Submit):
        return True
    return isinstance(intention, Seek) and any(
        isinstance(one, SearchFor | Seek | GoTo | Locate | ClickOn) for one in settled
    )


def _understood(intention: Intention, settled: Sequence[Intention]) -> tuple[Intention, ...]:
    """An intention with what has to come before it and was left unsaid."""
    chosen = _last(settled, Pick, Locate, OpenPick, SearchFor, Collect, AddToBasket, GoTo)
    if isinstance(intention, OpenPick) and isinstance(chosen, SearchFor | Collect):
        return (Pick(Selection(position=1)), intention)
    if isinstance(intention, AddToBasket) and isinstance(chosen, Pick):
        return (OpenPick(), intention)
    if isinstance(intention, AddToBasket) and isinstance(chosen, SearchFor) and settled[-1] is chosen:
        return (Pick(Selection(position=1)), OpenPick(), intention)
    if isinstance(intention, Read) and "total" in map(value_kind, intention.fields) and isinstance(chosen, AddToBasket):
        return (TO_BASKET, intention)
    if isinstance(intention, Read) and _of_entries(intention) and settled and isinstance(settled[-1], SearchFor):
        return (replace(intention, subject=settled[-1].query),)
    if isinstance(intention, Read) and intention.subject:
        return (Locate(intention.subject, optional=True), intention)
    there = _last(settled, SearchFor, Seek, GoTo, Locate, ClickOn) is not None
    if isinstance(intention, Pick | Collect | Count) and isinstance(_last(settled, *_MOVES), TurnTo):
        return (replace(intention, pages=1),)
    if isinstance(intention, Collect) and f"{stem(intention.selection.noun)}s" in ELEMENTS:
        return (intention,)
    if isinstance(intention, Collect | Count) and intention.selection.noun and not there:
        return (Seek(intention.selection.noun, search=False), intention)
    return (intention,)


#: What leads to another list, or to another page of one.
_MOVES: Final = (SearchFor, Seek, GoTo, TurnTo, Open, OpenPick)


def _answers(settled: Sequence[Intention], keys: tuple[str, ...]) -> list[Intention]:
    """Give "the result" its meaning: what was read otherwise, else the keys of the answer, the choice, or the list."""
    others = [one for one in settled if isinstance(one, Read | Collect | Count) and one != Read(())]
    answered: list[Intention] = []
    for intention in settled:
        if intention != Read(()):
            answered.append(intention)
        elif not others and keys:
            answered.append(Read(keys))
        elif not others:
            picked = _last(answered, Pick, Locate)
            answered.append(_read_pick(picked) if picked else Collect((), Selection()))
        elif answered and isinstance(answered[-1], Pick):
            answered.append(_read_pick(answered[-1]))
    if answered and isinstance(answered[-1], Pick):
        answered.append(_read_pick(answered[-1]))
    return answered


def _read_pick(picked: Intention) -> Intention:
    order = picked.selection.order if isinstance(picked, Pick) else None
    return Read(tuple(dict.fromkeys(("name", "price") if order is None else ("name", order.field))))


def _last(intentions: Sequence[Intention], *kinds: type[Intention]) -> Intention | None:
    return next((one for one in reversed(intentions) if isinstance(one, kinds)), None)

