"""What pages say when they do not take something, and when they do, by the words of English pages."""

import re
from typing import Final

__all__ = ["CONFIRMS", "objects"]

_PLAIN: Final = re.compile(
    r"\b(?:errors?|invalid|incorrect|wrong|failed|failure|not valid|required|out of stock|unavailable|not available"
    r"|declined|rejected|denied|cannot|can['’]t|could not|couldn['’]t|unable|sold out"
    r"|(?:not|n['’]t)(?: be)? (?:accept|process|authori[sz]|complet|sent|saved)\w*"
    r"|please (?:enter|select|choose|correct|fill)|does ?n[o'’]t match|already (?:exists|registered|in use))\b",
    re.IGNORECASE,
)
#: What may as well be said beside a confirmation: "spend £5 more, you must be quick".
_MAYBE: Final = re.compile(
    r"\bis not an?\b|\bis (?:already )?taken\b|\bexpired\b"
    r"|\b(?:must|has to|have to) (?:be|have|contain|not|accept|agree)\b"
    r"|\bdoes(?: not|n['’]t) (?:look|seem)\b"
    r"|\bplease (?:say|tell|state|indicate|answer|tick|pick|give|provide|add|upload|attach|complete|agree|accept)\b"
    r"|\btoo (?:short|long|weak|many|few|large|small|old|young|high|low)\b"
    r"|^\W*(?:please )?(?:enter|provide|select|choose|fill in|tick|accept|agree to)\b.{0,80}$",
    re.IGNORECASE,
)
CONFIRMS: Final = re.compile(
    r"\b(?:thank(?:s| you)|success(?:ful(?:ly)?)?|confirm(?:ed|ation)|received|completed|accepted|approved|welcome"
    r"|(?:has|have|was|were|is|are)(?: now)?(?: been)? (?:sent|saved|placed|created|added|updated|deleted|removed"
    r"|submitted|registered|booked|reserved|subscribed|published|posted|paid|changed|published)"
    r"|(?:sent|saved|placed|created|updated|submitted|registered|booked|posted|paid|published)[.!]?$"
    r"|(?:order|booking|reference|confirmation|receipt|invoice|ticket) (?:number|no\.?|id|#))",
    re.IGNORECASE,
)


def objects(text: str) -> bool:
    """Whether a message says that something was not taken."""
    return bool(_PLAIN.search(text) or (_MAYBE.search(text) and not CONFIRMS.search(text)))
