"""All verbs that Scout knows, in one table, and where in a sentence one of them begins a clause."""

import re
from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.tasks.addresses import ADDRESS_VERBS, in_address
from outrider.agents.scout.tasks.button_verbs import BUTTON_VERBS
from outrider.agents.scout.tasks.carry_verbs import CARRY_VERBS
from outrider.agents.scout.tasks.comparing_verbs import COMPARING_VERBS, in_one_piece
from outrider.agents.scout.tasks.conditions import turns
from outrider.agents.scout.tasks.deed_verbs import DEED_VERBS, hides
from outrider.agents.scout.tasks.drag_verbs import DRAG_VERBS
from outrider.agents.scout.tasks.entry_verbs import ENTRY_VERBS
from outrider.agents.scout.tasks.form_verbs import FORM_VERBS
from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.inquiries import INQUIRIES
from outrider.agents.scout.tasks.language import like
from outrider.agents.scout.tasks.login_verbs import LOGIN_VERBS, mentions
from outrider.agents.scout.tasks.making_verbs import MAKING_VERBS
from outrider.agents.scout.tasks.pay_verbs import PAY_VERBS
from outrider.agents.scout.tasks.questions import ANSWERS, QUESTIONS
from outrider.agents.scout.tasks.shop_verbs import SHOP_VERBS
from outrider.agents.scout.tasks.site_verbs import SITE_VERBS
from outrider.agents.scout.tasks.statements import STATEMENTS
from outrider.agents.scout.tasks.value_verbs import VALUE_VERBS

__all__ = ["HEADS", "ROWS", "starts_clause"]

#: All rows in the order in which they are tried: what can only be a question, what acts, what reads.
ROWS: Final[tuple[Verb, ...]] = (
    *INQUIRIES,
    *QUESTIONS,
    *LOGIN_VERBS,
    *PAY_VERBS,
    *ADDRESS_VERBS,
    *MAKING_VERBS,
    *CARRY_VERBS,
    *ENTRY_VERBS,
    *DEED_VERBS,
    *DRAG_VERBS,
    *VALUE_VERBS,
    *SHOP_VERBS,
    *SITE_VERBS,
    *FORM_VERBS,
    *BUTTON_VERBS,
    *STATEMENTS,
    *ANSWERS,
)


def _heads(rows: Sequence[Verb]) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", "|".join(row.heads for row in rows if row.after_and))


#: Regular expression of all verbs that may begin a clause.
HEADS: Final = _heads(ROWS)
_BEGINS: Final = like(rf"(?:{_heads((*COMPARING_VERBS, *ROWS))})\s+(?!(?:and|or)\b|[,.:;]|$)")
_BEGINS_ALONE: Final = like(rf"(?:{_heads([row for row in ROWS if row.alone])})(?:\s|[,.:;]|$)")
#: A verb that is a noun here: "return policy", "list price", "search results".
_NOUN_AFTER: Final = like(
    r"(?:return (?:policy|address|date)|search (?:terms?|results?|count)|check[- ]in\b(?: date| time)?|list price"
    r"|open (?:hours|times?)|sort (?:code|order)|order (?:number|date|id|code|status|total|count)|set (?:number|name)"
    r"|type|filter (?:name|type)|contact (?:name|number|address|details))(?:\s*(?:,|and\b|$))|log-?in name\b"
)
#: Second halves of button names: "Save and continue".
_BUTTON_HALF: Final = like(r"(?:continue|close|exit|proceed|finish|checkout)(?:$|\s*[.,;])")
_CLICKS: Final = like(r"(?:click|press|tap|hit|push)\b")


def starts_clause(before: str, rest: str) -> bool:
    """Whether an instruction begins at ``rest``, which follows a comma, a colon or an "and" after ``before``."""
    if (
        in_one_piece(before, rest)
        or hides(before, rest)
        or in_address(before, rest)
        or _NOUN_AFTER.match(rest)
        or (_CLICKS.match(before) and _BUTTON_HALF.match(rest))
    ):
        return False
    return bool(_BEGINS.match(rest) or _BEGINS_ALONE.match(rest)) or turns(rest) or mentions(rest)
