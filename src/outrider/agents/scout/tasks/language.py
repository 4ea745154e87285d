"""Plain imperative sentences, taken apart: quoted values set aside, the text split into clauses.

A quoted value is replaced by one placeholder character, so that no rule about words or punctuation can look into it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Final

_BLANKS: Final = re.compile(r"\s+")
#: Characters of a task, quoted values not counted, beyond which nobody says what is to be done in plain sentences.
LONGEST: Final = 3000

_FIRST_PLACEHOLDER: Final = 0xE000
_PLACEHOLDER: Final = re.compile("[\ue000-\uf8ff]")
#: Openings and closings of quotations; a straight apostrophe counts only at the edge of a word.
_QUOTATION: Final = re.compile(
    r"“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|‘((?:[^’]|’(?=\w))+)’|`([^`]+)`|\"([^\"]+)\"|(?<!\w)'(?=\S)(.+?)(?<=\S)'(?!\w)",
    re.DOTALL,
)


class Wording:
    """A pattern, whatever the case of its letters, to be used as ``re.Pattern`` is.

    It is compiled when it is first used: there are hundreds, and a process that starts needs none of them.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    def match(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self._compiled.match(text, at)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._compiled.fullmatch(text)

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self._compiled.search(text, at)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text)

    def split(self, text: str) -> list[str | Any]:
        return self._compiled.split(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self._compiled.sub(by, text)


@lru_cache(maxsize=1024)
def like(pattern: str) -> Wording:
    """The pattern, whatever the case of its letters."""
    return Wording(pattern)


#: What introduces a clause without meaning anything to us.
_LEAD_IN: Final = like(
    r"^(?:(?:[-*•–]|\(?\d{1,2}[.)]|step \d+\b\s*[.]?)"
    r"|(?:please|now|then|next|finally|lastly|first|firstly|second|secondly|third|thirdly|also|and|but|just|so|ok|okay"
    r"|after that|afterwards|after this|after doing so|once there|once done|when done|from there|there|here|again"
    r"|(?:can|could|would|will) you(?: please| kindly)?|kindly"
    r"|i(?: would|'d|’d)?(?: also)? (?:want|like|love|need)(?: you)? to(?: know| find out)?(?=\s)"
    r"|i(?:'m|’m| am) (?:curious|wondering)|i wonder"
    r"|i need you to"
    r"|you should|you have to|your task is to|the task is to|your goal is to|make sure (?:to|you)|be sure to|try to"
    r"|help me(?: to)?|do you know|any idea|before you finish"
    r"|(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: there| all| everybody)?(?=,)"
    r"|go ahead and|let's|let us)(?:\s*,\s*|\s*:\s*|\s+))"
)
#: A lead-in word that is the beginning of a name or a value instead ("first result", "next page").
_NOT_LEAD_IN: Final = like(
    r"^(?:first|second|third|next|here|there|again|now|so|just|also)\s+"
    r"(?:name|page|result|product|item|button|link|one|is\b|are\b)"
)
_FILLER: Final = like(
    r"^(?:do (?:the following|this|these steps)(?: steps| things)?|follow these steps|steps?|tasks?|your task|hi|hello"
    r"|hey|thanks|thank you|thank you very much|please|go ahead|fill (?:in|out) (?:the following(?: \w+)?|as follows)"
    r"|here is what to do|that'?s it|that is all"
    r"|(?:i(?:['’]m| am)|we(?:['’]re| are)) (?:already )?an? (?:registered |existing )?(?:customer|member|user)"
    r"(?: already)?)?(?: there)?[\s:.!,]*$"
)
#: Courtesies at the end of a sentence, which are no part of its last value.
_COURTESY: Final = like(
    r"(?:(?:\s*,)?\s*(?<![-\w])(?:(?:many |a lot of )?thanks|thank you|thx|cheers|please|pls|if you (?:can|could|would)"
    r"|(?<=, )(?:ok|okay|right|ta|will you|would you|could you|can you))"
    r"(?:[ ,]+(?:in advance|a lot|very much|so much|again|for (?:your|the) help|mate|please|there))*)+[\s:)!?.]*$"
)
#: After these a courtesy is what is to be said or clicked.
_ITS_OBJECT: Final = like(r"\b(?:with|say|write|type|enter|click|press|hit|open|for|to|as|the|a|is|says?|it|search|:)$")
_ABBREVIATION: Final = like(r"\b(?:dr|mr|mrs|ms|st|no|nr|vs|e\.g|i\.e|etc|inc|ltd|co|approx)$")
_SENTENCE_END: Final = re.compile(r"[.!?;]+(?=\s|$)|\s*\n+\s*")
_JOINT: Final = like(
    r"\s*,\s+(?:and\s+|but\s+)?(?:then\s+)?|\s+(?:and|&)\s+(?:then\s+|also\s+)?|\s*,?\s+then,?\s+"
    r"|\s*[:–—]\s+|\s+-\s+|\s*→\s*|\s*->\s*"
)
_ITEM_JOINT: Final = like(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|&|\+|/|plus|as well as|along with)\s+|\s*;\s*")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text whose quoted values are placeholders; fragments of ``masked`` can be expanded again."""

    masked: str
    quotations: tuple[str, ...]
    #: Text that a pattern has matched by itself, not as a value: what it says is carried out by the pattern's rule.
    worded: list[str] = field(default_factory=list, compare=False)
    #: Quoted values as they were given, by what they are in ``quotations``.
    given: Mapping[str, str] = field(default_factory=dict, compare=False)

    def afresh(self) -> "Utterance":
        """The same text, of which no rule has taken anything yet."""
        return replace(self, worded=[])

    def take(self, found: re.Match[str]) -> None:
        """Note the words of a match that are in none of its groups."""
        at = found.start()
        for begin, end in sorted(span for span in found.regs[1:] if span != (-1, -1)):
            self.worded.append(found.string[at:begin])
            at = max(at, end)
        self.worded.append(found.string[at : found.end()])

    def take_all(self, found: re.Match[str]) -> None:
        """Note all words of a match."""
        self.worded.append(found.group())

    def without(self, pattern: Wording, fragment: str) -> str:
        """The fragment without the first match of a pattern, whose words are noted."""
        found = pattern.search(fragment)
        if found is None:
            return fragment
        self.take_all(found)
        return f"{fragment[: found.start()]} {fragment[found.end() :]}".replace("  ", " ").strip()

    def expand(self, fragment: str) -> str:
        """The fragment with its quoted values put back, without quotation marks."""
        return _PLACEHOLDER.sub(
            lambda found: self.quotations[ord(found.group()) - _FIRST_PLACEHOLDER], fragment
        ).strip()

    def verbatim(self, fragment: str) -> str:
        """As ``expand``, but one quoted value and nothing else as it was given, white space included."""
        if not self.is_quoted(fragment):
            return self.expand(fragment)
        value = self.quotations[ord(fragment.strip()) - _FIRST_PLACEHOLDER]
        return self.given.get(value, value)

    def show(self, fragment: str) -> str:
        """The fragment as a user can recognise it: quoted values put back, in quotation marks."""
        quoted = _PLACEHOLDER.sub(lambda found: f"“{found.group()}”", fragment)
        return self.expand(quoted)

    def is_quoted(self, fragment: str) -> bool:
        """Whether the fragment is one quoted value and nothing else."""
        return _PLACEHOLDER.fullmatch(fragment.strip()) is not None


def has_quotation(fragment: str) -> bool:
    """Whether a masked fragment contains a quoted value."""
    return _PLACEHOLDER.search(fragment) is not None


def single_spaced(text: str) -> str:
    """The text with every run of white space as one space, or one line break if it has any.

    White space carries no meaning for us, and long runs of it are what expressions backtrack on.
    """
    return _spaced(text).strip()


def _spaced(text: str) -> str:
    return _BLANKS.sub(lambda run: "\n" if "\n" in run.group() else " ", text)


def mask(text: str, given: str = "") -> Utterance:
    """Set the quoted values of a text aside; ``given``: the text before it was single-spaced."""
    quotations: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quotations.append(next(group for group in found.groups() if group is not None))
        return chr(_FIRST_PLACEHOLDER + len(quotations) - 1)

    masked = _QUOTATION.sub(keep, _PLACEHOLDER.sub(" ", text))
    unspaced = (next(filter(None, found.groups())) for found in _QUOTATION.finditer(given))
    return Utterance(masked.strip(), tuple(quotations), given={_spaced(value): value for value in unspaced})


def clauses(masked: str, starts_clause: Callable[[str, str], bool]) -> tuple[str, ...]:
    """The clauses of a masked text, lead-ins and fillers removed.

    Sentences always end a clause; a comma, an "and" or a colon only where ``starts_clause(before, rest)`` says that
    an instruction begins: otherwise it belongs to a name, a value or an enumeration.
    """
    return tuple(clause for sentence in sentences(masked, starts_clause) for clause in sentence)


def sentences(masked: str, starts_clause: Callable[[str, str], bool]) -> tuple[tuple[str, ...], ...]:
    """The clauses of each sentence, as of ``clauses``."""
    return tuple(_clauses(sentence, starts_clause) for sentence in map(_plain_end, _sentences(masked)))


def _clauses(sentence: str, starts_clause: Callable[[str, str], bool]) -> tuple[str, ...]:
    found: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(sentence):
        before, rest = sentence[begin : joint.start()], without_lead_in(sentence[joint.end() :])
        if without_lead_in(f"{before}, ").strip() and starts_clause(without_lead_in(before), rest):
            found.append(before)
            begin = joint.end()
    found.append(sentence[begin:])
    plain = (without_lead_in(clause).strip(" \t,:;") for clause in found)
    cleaned = (clause if _PROSE.match(clause) else clause.strip(" \t,:;.!") for clause in plain)
    return tuple(clause for clause in cleaned if not _FILLER.match(clause))


#: What a person writes sentences into: their full stop is part of it.
_PROSE: Final = like(
    r"(?:the |your |my )?(?:[a-z]+ )?(?:body|message|comments?|description|review|text|notes?|feedback|question|enquiry"
    r"|bio)\s*[:=]\s"
)


def _plain_end(sentence: str) -> str:
    """The sentence without the courtesies at its end, unless it says nothing else: those are fillers."""
    plain = _COURTESY.sub("", sentence).strip()
    return sentence if not plain or (_ITS_OBJECT.search(plain) and "," not in sentence[len(plain) :]) else plain


def _sentences(masked: str) -> list[str]:
    parts: list[str] = []
    begin = 0
    for end in _SENTENCE_END.finditer(masked):
        before = masked[begin : end.start()]
        if _ABBREVIATION.search(before) or like(r"\s*(?:step )?\(?\d{1,2}").fullmatch(before):
            continue
        # What stands in quotes has its own full stop.
        prose = _PROSE.match(without_lead_in(before)) and not _PLACEHOLDER.match(before[-1:])
        parts.append(before + (end.group().strip() if prose else ""))
        begin = end.end()
    return [part.strip() for part in (*parts, masked[begin:]) if part.strip()]


def without_lead_in(clause: str) -> str:
    """The clause without what only introduces it: numbers of steps, "please", "after that", "could you"."""
    clause = clause.lstrip(" \t,")
    while (found := _LEAD_IN.match(clause)) and not _NOT_LEAD_IN.match(clause):
        clause = clause[found.end() :].lstrip(" \t,")
    return clause


def items(fragment: str) -> tuple[str, ...]:
    """The parts of an enumeration: "name, price and link"."""
    return tuple(part.strip() for part in _ITEM_JOINT.split(fragment) if part.strip())


def without_article(text: str) -> str:
    """The text without a leading article or possessive."""
    return _ARTICLE.sub("", text).strip()


#: But a field may be called "A".
_ARTICLE: Final = like(
    r"^(?!(?-i:A) (?:field|box|input|column|option|button)\b)"
    r"(?:the|a|an|its|their|my|your|his|her|this|that|these|those)\s+"
)
