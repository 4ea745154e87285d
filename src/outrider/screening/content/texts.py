"""Texts against rules: what users ask for, and what pages say to agents."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from outrider.interfaces.screening import Ruling, Verdict
from outrider.screening.content.normal import QUOTE, fold, shown, words_of
from outrider.screening.content.phrases import Span, Words, first_of
from outrider.screening.content.rules import Rule, Rules

__all__ = ["judge_page", "judge_task"]

#: In the words around a fit ``unless`` is looked for, and a little further what a quotation is talked about with.
_NEAR_WORDS: Final = 8
_TALK_WORDS: Final = 25
_EXCERPT_WORDS: Final = 8
_EXCERPT_CHARACTERS: Final = 120

#: Runs that may be encoded text. Possessive: there is nothing to try again.
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/_-]{24,4000}+={0,2}")
_ENCODED_CHARACTERS: Final = 24
_MOST_DECODED: Final = 20
_TEXT: Final = re.compile(r"[\x20-\x7e\s\u00a0-\uffff]{12,}")


def judge_task(rules: Rules, texts: Iterable[str]) -> Ruling | None:
    """The strictest ruling on what a user asks for; None when no rule fits."""
    words = Words(words_of(map(fold, texts)))
    rulings = [
        Ruling(rule.decision, rule.id, rule.risk, rule.reason, shown(words.all[span[0] : span[1] + 1]))
        for rule in rules.by_scope["task"]
        for span in _fits(rule, words)
    ]
    order = list(Verdict)
    return max(rulings, key=lambda ruling: order.index(ruling.verdict), default=None)


def judge_page(all_rules: Rules, texts: Sequence[str]) -> tuple[Ruling, ...]:
    """What on a page speaks to an agent, also in Base64; one ruling for each rule that fits."""
    rules = all_rules.by_scope["page"]
    folded = [fold(text) for text in texts]
    words = Words(words_of(folded), all_rules.page_words)
    found = {ruling.rule: ruling for ruling in (*_marked(rules, folded), *_page_rulings(rules, words, ""))}
    if max(map(len, words.all), default=0) >= _ENCODED_CHARACTERS:
        for text in _decoded(texts):
            hidden = Words(words_of([fold(text)]))
            found |= {ruling.rule: ruling for ruling in _page_rulings(rules, hidden, "encoded: ")}
    return tuple(found.values())


def _marked(rules: Iterable[Rule], folded: Sequence[str]) -> Iterator[Ruling]:
    """Rulings on literals."""
    whole = "\n".join(folded)
    for rule in rules:
        place = next((place for literal in rule.literals if (place := whole.find(literal)) >= 0), -1)
        if place >= 0:
            words = words_of([whole[place : place + _EXCERPT_CHARACTERS]])
            yield Ruling(rule.decision, rule.id, rule.risk, rule.reason, shown(words))


def _page_rulings(rules: Iterable[Rule], words: Words, mark: str) -> Iterator[Ruling]:
    for rule in rules:
        span = next(_fits(rule, words), None)
        if span is not None:
            around = words.around(span, 2, _EXCERPT_WORDS)
            yield Ruling(rule.decision, rule.id, rule.risk, rule.reason, mark + shown(around.all))


def _fits(rule: Rule, words: Words) -> Iterator[Span]:
    """Where a rule's phrases are, unless they are taken back."""
    for phrase in rule.phrases:
        for span in phrase.find(words):
            taken_back = rule.unless and first_of(rule.unless, words.around(span, _NEAR_WORDS, _NEAR_WORDS))
            if not taken_back and not _is_mentioned(rule, words, span):
                yield span


def _is_mentioned(rule: Rule, words: Words, span: Span) -> bool:
    """Is it a quotation that is talked about?"""
    if not rule.mentioned_with or QUOTE not in words.all[max(0, span[0] - 3) : span[0]]:
        return False
    return first_of(rule.mentioned_with, words.around(span, _TALK_WORDS, _TALK_WORDS)) is not None


def _decoded(texts: Iterable[str]) -> Iterator[str]:
    """The texts that stand in Base64 or hexadecimal in others."""
    runs = (run.group() for text in texts for run in _ENCODED.finditer(text))
    for _, run in zip(range(_MOST_DECODED), runs, strict=False):
        for decode in (_from_base64, bytes.fromhex):
            try:
                text = decode(run).decode()
            except (ValueError, binascii.Error):
                continue
            if _TEXT.fullmatch(text):
                yield text


def _from_base64(run: str) -> bytes:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
