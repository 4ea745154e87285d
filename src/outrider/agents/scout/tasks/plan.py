"""A task's text becomes a plan, completely, before anything is done."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from outrider.agents.scout.synonyms import value_kind
from outrider.agents.scout.tasks.about_entries import about_entries
from outrider.agents.scout.tasks.accounting import left_over
from outrider.agents.scout.tasks.beginnings import HEADS, ROWS, starts_clause
from outrider.agents.scout.tasks.bulleted import in_sentence
from outrider.agents.scout.tasks.comparing_verbs import COMPARING_VERBS, each_of_them
from outrider.agents.scout.tasks.conditions import adjusted, depending, is_condition
from outrider.agents.scout.tasks.criteria import COUNTS, fields_of
from outrider.agents.scout.tasks.grammar import Meaning
from outrider.agents.scout.tasks.intentions import (
    AnswerFormat,
    Choose,
    Collect,
    Count,
    Enter,
    GoTo,
    Intention,
    LogIn,
    Open,
    Pick,
    Plan,
    Read,
    SearchFor,
    Submit,
)
from outrider.agents.scout.tasks.language import LONGEST, Utterance, like, mask, sentences, single_spaced
from outrider.agents.scout.tasks.login_verbs import first_of_all, in_brackets, mentioned, with_log_in
from outrider.agents.scout.tasks.phrases import STORED_LOGINS, URL, Q, address, is_address, pairs
from outrider.agents.scout.tasks.settling import OF_FORMS, settle
from outrider.agents.scout.tasks.shop_verbs import BASKET, TO_BASKET
from outrider.agents.scout.tasks.targets import Target
from outrider.problems import OutriderError

_CONDITIONAL: Final = like(r"\b(?:if|unless|otherwise|except|instead of|while|repeatedly)\b")
#: A figure over several entries, which nobody but the page could have worked out.
_AGGREGATE: Final = like(
    r"\b(?:average|mean|median|sum|combined|total)\s[\w ]*?\b(?:of|for|over|across)\s+"
    r"(?:the |all |these |every |each )*(?:\w+ )?(?!basket)\w+[^s\W]s\b"
)
_ASKED_IF: Final = like(r"(?:tell me |check |find out |report )(?:if|whether)\b")
#: "and juggle the results": an instruction that no row knows, inside what would pass for a name.
_HIDDEN_VERB: Final = re.compile(
    r"(?:,|\band|\bthen)\s+(?!(?:and|of|in|on|with|for|from|by|to|is|under|over|at|as|or|both|all|also|who|whom)\b)[a-z]+\s+"
    r"(?:the|a|an|it|them|me|its|this|their)(?=\s|$)"
)
#: "and does it …": a question that no row knows, inside what would pass for a name.
_HIDDEN_QUESTION: Final = like(
    r"(?:,|\band)\s+(?:is|are|was|were|does|do|did|has|have|can|will)\s+(?:it|they|he|she|there|this|that)\b"
)
#: "find and …" is one instruction.
_SOUGHT: Final = like(r"\b(?:find|locate|look for|search for|seek) and (?=\w)")
_AT_FIRST: Final = like(
    r"(?:on|at|from|in|under|using)\s+(?:the\s+)?(?:(?:web)?(?:site|page|shop|store)\s+)?(?:at\s+)?"
    rf"(?P<url>{URL}|{Q}),?\s+(?P<rest>.+)"
)
_JSON: Final = like(
    r"\s*,?\s*\b(?:(?:as|in|into|using|formatted as|in the form of)\s+)?(?:a |an |the )?"
    r"(?:valid |single |pure |plain |flat |compact )*json\b(?!\.\w| (?:module|library|package)\b)(?: format)?"
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
    r"\s*,?\s*\b(?:(?:as|in) (?:an? |plain )?(?:text|string|list|one line)|(?:one|an?)(?: [a-z]+)? per line|for me"
    r"|please|only)$"
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


#: A clause with those that follow it in its sentence.
_Part = tuple[str, tuple[str, ...]]


@lru_cache(maxsize=256)
def parse(text: str) -> Plan:
    """The plan of a task's text.

    Raises TASK_NOT_UNDERSTOOD naming every clause that no row of the tables fits, and of the others every phrase that
    did not become part of the plan.
    """
    shape, bare = _shape(in_sentence(single_spaced(text)))
    utterance = mask(bare, text)
    if len(utterance.masked) > LONGEST:
        words = f"it has {len(utterance.masked)} characters outside quotes, {LONGEST} are read"
        raise OutriderError("TASK_NOT_UNDERSTOOD", words=words)
    utterance, bracketed = in_brackets(utterance)
    found: list[Intention] = [*bracketed]
    unknown: list[str] = []
    wishes: list[str] = []
    json, keys = bool(shape), shape
    parts = _parts(utterance)
    while parts:
        clause, rest = parts.pop(0)
        if changed := _changed(clause, rest, parts, found, utterance):
            found, parts = changed
            continue
        form = _form(_with_places(clause, found), utterance)
        json, keys = json or form.json, keys or form.keys
        if keys and (of := _KEYS_OF.fullmatch(form.clause)):
            form = replace(form, clause=f"report {', '.join(keys)} of {of['what']}")
        told = (form.json or shape) and _ANSWER_WORDS.fullmatch(form.clause)
        if told or (found and _reads_meaning(found[-1]) and _WHAT_IT_SAYS.fullmatch(form.clause)):
            found.append(Read(()))
        elif steps := _said_otherwise(form.clause, utterance):
            found.extend(steps)
        elif (wish := _WISH.fullmatch(form.clause)) and not _fills_in(wish["what"], found, utterance):
            wishes.append(wish["what"])
        elif (meaning := _meaning(form.clause, utterance) or _further(form.clause, found, utterance)) is None:
            unknown.append(f"“{utterance.show(clause)}”")
        else:
            found.extend(meaning.intentions)
            ignored = left_over(utterance.expand(meaning.said), meaning.intentions, meaning.worded)
            unknown.extend(f"“{words}” in “{utterance.show(clause)}”" for words in ignored)
    complete = first_of_all(_complete(found, unknown, wishes, utterance))
    return Plan(settle(about_entries(complete), keys), AnswerFormat(json, keys))


def _said_otherwise(clause: str, utterance: Utterance) -> tuple[Intention, ...]:
    """What a clause asks for that has no verb for it: a log-in that it names, things in the basket, a value."""
    plainly = _plainly(utterance)
    if (login := mentioned(clause, utterance)) and not plainly(clause):
        return (login,)
    if _INTO_BASKET.fullmatch(clause):
        return plainly(f"put {clause}") or ()
    return _requested(clause, utterance) if _BARE.match(clause) else ()


def _parts(utterance: Utterance) -> list[_Part]:
    told = sentences(utterance.masked, starts_clause)
    return [(clause, sentence[at + 1 :]) for sentence in told for at, clause in enumerate(sentence)]


def _changed(
    clause: str, rest: tuple[str, ...], parts: list[_Part], found: list[Intention], utterance: Utterance
) -> tuple[list[Intention], list[_Part]] | None:
    """The intentions with what a clause says about those before it, and the parts that are left; None: it says none."""
    if is_condition(clause) and parts and (changed := adjusted(clause, parts[0][0], found, utterance)):
        return changed, parts[1:]
    if conditional := depending(clause, rest, found, _plainly(utterance), utterance):
        return conditional, parts[len(rest) :]
    several = each_of_them(clause, found, utterance)
    return (several, parts) if several else None


def _plainly(utterance: Utterance) -> Callable[[str], tuple[Intention, ...] | None]:
    """What a clause means by itself, when that takes up all of its words."""

    def read(clause: str) -> tuple[Intention, ...] | None:
        meaning = _meaning(clause, utterance)
        if meaning is None or left_over(utterance.expand(meaning.said), meaning.intentions, meaning.worded):
            return None
        return meaning.intentions

    return read


def _complete(
    found: list[Intention], unknown: list[str], wishes: Sequence[str], utterance: Utterance
) -> Sequence[Intention]:
    """The intentions with what the wishes ask for. Raises TASK_NOT_UNDERSTOOD with all that is not understood."""
    if wishes and set(found) <= {Read(())}:
        found = [step for wish in wishes for step in _requested(wish, utterance)] or found
    left = (*unknown, *(f"“{words}”" for wish in wishes for words in _unmet(wish, found, utterance)))
    if left or not found:
        raise OutriderError("TASK_NOT_UNDERSTOOD", words="; ".join(left or [f"“{utterance.show(utterance.masked)}”"]))
    return found


#: Why somebody wants what the next clauses say: adds nothing, but has to be about the same thing.
_WISH: Final = like(
    r"(?:i(?:['’]m| am) (?:looking for|interested in|in need of|shopping for|after)|i (?:really )?(?:need|want)"
    r"|i(?:['’]d| would) like)\s+(?!you\b)(?P<what>.+)"
)
#: What somebody would like to know, without a verb: "the price of X".
_BARE: Final = like(r"(?:the|its|their|all|every)\s")


#: What is to be in the basket, without a verb: "two of the 'Tea pot' in my basket".
_INTO_BASKET: Final = like(rf"(?:\d+|an?|one|{COUNTS})(?: x)?(?: of)?(?: the| these)? {Q} (?:in|into|to) {BASKET}")


def _requested(wish: str, utterance: Utterance) -> tuple[Intention, ...]:
    """What a wish asks for by itself: "I need the price of X"; nothing when it only says what the task is about."""
    meaning = _meaning(f"tell me {wish}", utterance) or _meaning(f"list {wish}", utterance)
    steps = meaning.intentions if meaning else ()
    if not meaning or left_over(utterance.expand(meaning.said), steps, meaning.worded):
        return ()
    told = steps and isinstance(steps[-1], Pick | Collect | Count)
    read = bool(steps) and isinstance(steps[-1], Read) and bool(steps[-1].subject or len(steps) > 1)
    return steps if told or read else ()


def _fills_in(wish: str, found: Sequence[Intention], utterance: Utterance) -> bool:
    """Whether a wish is what the form under way is to say: "I want the Team plan"."""
    in_form = bool(found) and isinstance(found[-1], (*OF_FORMS, Submit))
    return in_form and wish.lower().startswith(("the ", "a ", "an ")) and not _requested(wish, utterance)


def _unmet(wish: str, found: Sequence[Intention], utterance: Utterance) -> tuple[str, ...]:
    """What a wish says that no step of the task is about."""
    asked = _requested(wish, utterance)
    return () if asked and tuple(found) == asked else left_over(utterance.expand(wish), found or (Read(()),))


_WHAT_IT_SAYS: Final = like(
    r"(?:(?:(?:tell|show|give) me|report|return|say|read) )?"
    r"(?:what (?:it|that) (?:says|means|is)|the (?:meaning|definition))"
)


def _reads_meaning(step: Intention) -> bool:
    """Whether a step reads what is said about something: then "what it says" is just that."""
    return isinstance(step, Read) and step.fields == ("meaning",)


_IN_IT: Final = like(r"\b(?:there )?(?:in|inside) (?:it|there)$")


def _with_places(clause: str, before: Sequence[Intention]) -> str:
    """The clause with "in it" replaced by the place that was spoken of before."""
    return _IN_IT.sub("in the basket", clause) if TO_BASKET in before else clause


def _meaning(clause: str, utterance: Utterance) -> Meaning | None:
    """What a masked clause means by the first row that fits; None when none does, or when it sets a condition."""
    if _CONDITIONAL.search(clause) and not _ASKED_IF.match(clause):
        return None
    if several := next((read for row in COMPARING_VERBS if (read := row.read(clause, utterance))), None):
        return several
    if any(hidden.search(_SOUGHT.sub("", clause)) for hidden in (_HIDDEN_VERB, _HIDDEN_QUESTION, _AGGREGATE)):
        return None
    if (led := _AT_FIRST.fullmatch(clause)) and is_address(utterance.expand(led["url"])):
        rest = _meaning(led["rest"], utterance)
        way = Open(address(utterance.expand(led["url"])))
        return None if rest is None else replace(rest, intentions=(way, *rest.intentions))
    if in_area := _in_area(clause, utterance):
        return in_area
    if (used := _MEANS.fullmatch(clause)) and (means := _by_means(used["means"], used["rest"], utterance)):
        return means
    meanings = (row.read(clause, utterance) for row in ROWS)
    meaning = next((meaning for meaning in meanings if meaning is not None), None)
    # "use the coupon X to get a discount": what it is for is no part of a value.
    if meaning and _PURPOSE.search(clause) and any(isinstance(one, Enter) for one in meaning.intentions):
        return None
    return meaning


def _in_area(clause: str, utterance: Utterance) -> Meaning | None:
    """An instruction with the place in front of it: "in the user management, add …"."""
    for words in (2, 1, 0):
        area = rf"(?:in|within|under) the (?P<area>[a-z]+(?: [a-z]+){{{words}}}),? (?P<rest>.+)"
        led = like(area).fullmatch(clause)
        if led and starts_clause("", led["rest"]) and (meaning := _meaning(led["rest"], utterance)):
            return replace(meaning, intentions=(GoTo(Target(led["area"])), *meaning.intentions))
    return None


_PURPOSE: Final = like(rf"\b(?:(?:in order |so as )?to|so that) (?:{HEADS})\s+\w")
_MEANS: Final = like(
    r"(?:use|using|with|via|through|by means of|by using)\s+(?:the |this |its |your )*(?P<means>[\w \ue000-\uf8ff-]+?)"
    r"(?:,\s*|,?\s+(?:to|and|for)\s+)(?P<rest>.+)"
)
#: By what something may be done, and what that is.
_USES: Final = (
    (STORED_LOGINS, LogIn),
    (
        like(
            r"(?:[\w-]+ )?(?:search|find)(?: ?(?:function|box|bar|field|form|feature|input|engine|page))?"
            r"(?: (?:of|in|on) (?:the |this )?\w+)?"
        ),
        SearchFor,
    ),
    (
        like(
            r"(?:[\w-]+ )?(?:menu|navigation|nav|sidebar|side bar|header|footer|links?|toolbar)(?: (?:bar|menu"
            r"|links?))?"
        ),
        GoTo,
    ),
    (
        like(
            r"(?:[\w-]+ )?(?:sort(?:ing)?|order(?:ing)?)(?: ?(?:box|menu|list|dropdown|options?|select(?:or)?"
            r"|function|by))*"
        ),
        Choose,
    ),
)


def _by_means(means: str, rest: str, utterance: Utterance) -> Meaning | None:
    """What is to be done with something, where doing it is what that thing is for; None otherwise."""
    login = with_log_in(means, utterance)
    if login and starts_clause("", rest) and (then := _meaning(rest, utterance)):
        return replace(then, intentions=(login, *then.intentions))
    kind = next((kind for pattern, kind in _USES if pattern.fullmatch(means)), None)
    meaning = _meaning(rest, utterance) if kind and starts_clause("", rest) else None
    return meaning if meaning and kind and isinstance(meaning.intentions[0], kind) else None


def _further(clause: str, found: Sequence[Intention], utterance: Utterance) -> Meaning | None:
    """One more field of the form that is being filled in: "Score 5"."""
    fields = pairs(clause, utterance) if found and isinstance(found[-1], OF_FORMS) else None
    return Meaning(fields, clause) if fields else None


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
        # "list the lamps as JSON, name and price" names values of what is listed, "report as JSON the price" an object
        values = not _ANSWER_WORDS.fullmatch(before) and all(map(value_kind, keys))
        return _Form(f"{before} {'with ' * values}{found['keys']}".strip(), True)
    return _Form(before, True, keys)
