"""What the user's own words ask for."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from outrider.interfaces.models import Task
from outrider.screening.content.normal import BREAK, QUOTE, STOP, fold, sentences
from outrider.screening.content.phrases import Phrase, Span, Words

__all__ = ["UsersWords"]

#: After one of these, in the same clause, a word is not an order: “do not buy”, “tell me how to close an account”.
_NOT: Final = frozenset({b"not", b"dont", b"never", b"without", b"no", b"cannot", b"wont", b"avoid", b"instead"})
_ABOUT: Final = frozenset({b"how", b"what", b"whether", b"why", b"which", b"when", b"where", b"who"})
_NEW_ORDER: Final = frozenset({b"and", b"then", b"but", STOP})
_WORDS_BACK: Final = 6

#: Hosts in running text: no part of an e-mail address, no number with a point. Bounded in what it tries.
_NAMED: Final = r"(?:[\w-]{1,63}\.){1,8}[^\W\d][\w-]{1,62}|localhost|\d{1,3}(?:\.\d{1,3}){3}"
_HOST: Final = re.compile(rf"(?<![\w.@-])(?:{_NAMED})(?::\d{{1,5}})?(?![\w@])")
#: What looks like a host, and is the name of a file.
_FILES: Final = re.compile(r"\.(?:pdf|txt|csv|json|xml|html?|md|png|jpe?g|gif|svg|zip|gz|docx?|xlsx?|pptx?)$")


class UsersWords:
    """The task and what the user said since; what the agent or a page said is no part of it."""

    def __init__(self, task: Task) -> None:
        said = [task.text, *(turn.text for turn in task.turns if turn.kind != "question")]
        self._text = "\n".join(said)
        self._words = Words(sentences(fold(self._text)))
        self._start_url = task.start_url

    def ask_for(self, phrases: Iterable[Phrase]) -> bool:
        """Is one of the phrases in them as an order?"""
        return any(self._is_order(span) for phrase in phrases for span in phrase.find(self._words))

    def name(self, words: Sequence[bytes]) -> bool:
        """Do they name what has these words for its name, as in “click ‘Buy now’”?"""
        wanted = [word for word in words if word not in (QUOTE, BREAK, STOP)]
        said = self._words.all
        places = self._words.places.get(wanted[0], ()) if wanted else ()
        return any(list(said[at : at + len(wanted)]) == wanted and self._is_order((at, at)) for at in places)

    def contain(self, text: str) -> bool:
        """Is the text in them as it is? Then it was given to be used."""
        return bool(text.strip()) and text in self._text

    def sites(self) -> tuple[str, ...]:
        """Addresses of the sites that they name, the start page's first."""
        hosts = [found.group() for found in _HOST.finditer(self._text.lower())]
        named = [f"http://{host}" for host in hosts if not _FILES.search(host)]
        return tuple(filter(None, (self._start_url, *named)))

    def _is_order(self, span: Span) -> bool:
        for word in reversed(self._words.all[max(0, span[0] - _WORDS_BACK) : span[0]]):
            if word in _NEW_ORDER:
                return True
            if word in _NOT or word in _ABOUT:
                return False
        return True
