"""Fields with their values as people enumerate them: "priority critical, assigned to carla and the note 'Again'"."""

import re
from typing import Final

from outrider.agents.scout.amounts import count_word
from outrider.agents.scout.tasks.intentions import Enter
from outrider.agents.scout.tasks.language import Utterance, has_quotation, like
from outrider.agents.scout.tasks.phrases import FIELD_NAMES, Q, enumerated, pairs
from outrider.agents.scout.tasks.targets import Target

__all__ = ["enumerated_fields"]

#: Names of fields beyond those of people and addresses, after which a value may follow without a sign.
_OF_THINGS: Final = (
    "log-?in(?: name)?|priority|status|state|type|category|keywords?|tags?|labels?|severity|version|component"
    "|milestone|role|team|project|department|time ?zone|language|colou?r|size|format|visibility|due date|change note"
    "|text|content|body|summary|number"
)
_PAIR: Final = like(
    rf"(?:(?:the|with|a|an|my|her|his|their)\s+)*"
    rf"(?P<field>log-?in name|(?:{FIELD_NAMES}|{_OF_THINGS})|assigned to|assignee)\s+(?:is\s+)?(?P<value>.+)"
)
_CALLED: Final = like(rf"(?:(?:the|with|a|an)\s+)*(?P<field>[a-z]+(?: [a-z]+)?)\s+(?P<value>{Q})")


def enumerated_fields(fragment: str, utterance: Utterance) -> tuple[Enter, ...] | None:
    """The fields of an enumeration; None when a part of it is none."""
    return enumerated(fragment, utterance, _entry, _LISTED)


_STARS: Final = like(r"(?:with )?(?P<count>[1-5]|one|two|three|four|five) stars?")
_LISTED: Final = re.compile(r"[\w.+-]+(?: [\w.+-]+)?")


def _entry(part: str, utterance: Utterance) -> Enter | None:
    if stars := _STARS.fullmatch(part):
        utterance.worded.append(part)
        return Enter(Target("score"), str(count_word(stars["count"]) or ""))
    for pattern in (_CALLED, _PAIR):
        if (said := pattern.fullmatch(part)) and not (has_quotation(said["value"]) and len(said["value"]) > 1):
            return Enter(Target(said["field"]), utterance.expand(said["value"]))
    several = pairs(part, utterance)
    return several[0] if several and len(several) == 1 else None
