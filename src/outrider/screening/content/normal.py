"""Texts in the one form in which they are compared, and the words of that form.

Whoever hides a sentence from filters writes it with other code points: full-width letters, letters of other alphabets
that look alike, tag characters that no font shows, characters of no width between letters. All of that is undone here.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["BREAK", "QUOTE", "STOP", "fold", "sentences", "shown", "words_of"]

#: Stands among words for the start or end of a quotation.
QUOTE: Final = b'"'
#: Stands between the words of two texts.
BREAK: Final = b"\x1f"
#: Stands among ``sentences`` for a mark that ends or divides one.
STOP: Final = b"."

#: Cyrillic and Greek letters that look like Latin ones (Unicode Technical Standard 39, confusables.txt).
_LATIN_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict(zip("авсԁеһіјкмпорԛгѕтуѵԝх", "abcdehijkmnopqrstyvwx", strict=True)),
        **dict(zip("αβγικνορτυωη", "abyikvoptuwn", strict=True)),
    }
)
_SHOWN_CHARACTERS: Final = 160
_NO_WIDTH: Final = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\ufeff\uffa0"
_NO_WIDTH_RANGES: Final = ((0x180B, 0x180F), (0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070), (0xFE00, 0xFE10))
#: Marks between words. The rest of the general punctuation, CJK marks, and what Latin-1 has.
_DIVIDERS: Final = ((0x2010, 0x202A), (0x2030, 0x205F), (0x2E00, 0x2E80), (0x3000, 0x3020), (0x2190, 0x2C00))
_LATIN_1_DIVIDERS: Final = "¡¢£¤¥¦§¨©¬®¯°±´¶·¸¿×÷€"


def _table() -> dict[int, str]:
    table = {code: " " for start, end in _DIVIDERS for code in range(start, end)}
    table |= {ord(mark): " " for mark in _LATIN_1_DIVIDERS}
    table |= {code: "" for start, end in _NO_WIDTH_RANGES for code in range(start, end)}
    table |= {ord(mark): "" for mark in _NO_WIDTH}
    table |= {0xE0000 + code: chr(code).lower() for code in range(0x20, 0x7F)}  # tag characters
    table |= {ord(mark): '"' for mark in "“”„‟«»‹›「」『』‘‚‛"}
    table |= {ord(mark): "'" for mark in "’ʼ"}
    table |= {ord(letter): latin for letter, latin in _LATIN_OF.items()}
    return table


_FOLDED: Final = _table()
#: Everything in ASCII that is no letter or digit becomes a space, but for what stands for itself.
_WORDS: Final = bytes(c if chr(c).isalnum() or c in QUOTE + BREAK or c > 127 else 32 for c in range(256))
_SENTENCES: Final = bytes(c if c in STOP else _WORDS[c] for c in range(256))
#: Marks that divide a user's words into sentences or clauses.
_ENDING: Final = bytes.maketrans(b".,;:!?\n()-", b"..........")


def fold(text: str) -> str:
    """The text in lower case and NFKC, without what has no width, look-alikes as Latin letters."""
    lower = text.lower().replace("\x1f", " ")  # which stands for ``BREAK``: no text may have one of its own
    return lower if lower.isascii() else unicodedata.normalize("NFKC", lower).translate(_FOLDED)


def words_of(texts: Iterable[str]) -> list[bytes]:
    """The words of folded texts in UTF-8, in order, with ``QUOTE`` and ``BREAK`` among them, without apostrophes."""
    joined = " \x1f ".join(texts).encode(errors="replace")
    return joined.replace(b'"', b' " ').translate(_WORDS, b"'").split()


def sentences(text: str) -> list[bytes]:
    """The words of one folded text, as ``words_of``, with ``STOP`` where a sentence or clause ends."""
    marked = text.encode(errors="replace").translate(_ENDING)
    return marked.replace(b".", b" . ").replace(b'"', b' " ').translate(_SENTENCES, b"'").split()


def shown(words: Iterable[bytes]) -> str:
    """Words for people, shortened; what has a digit may be a secret and is left out."""
    kept = ("•••" if any(48 <= code < 58 for code in word) else word.decode(errors="replace") for word in words)
    return " ".join(word for word in kept if word not in ('"', ".", "\x1f"))[:_SHOWN_CHARACTERS]
