"""Entity tags and the headers that compare them (RFC 9110, sections 8.8.3 and 13.1)."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Self

from outrider.problems import OutriderError

__all__ = ["ANYTHING", "UNCONDITIONAL", "Precondition", "etag_of", "is_unchanged", "parse_tags"]

#: What ``*`` stands for: whatever there is.
ANYTHING: Final = frozenset({"*"})

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t]*(?:{_TAG})?)*[ \t]*")
_DIGEST_CHARACTERS: Final = 24
_SHOWN_CHARACTERS: Final = 200
#: Longer headers are none of ours.
_MAX_CHARACTERS: Final = 8_000


def etag_of(*parts: object) -> str:
    """The strong tag of a version that these parts make up; other parts, another tag."""
    return f'"{hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_CHARACTERS]}"'


def parse_tags(header: str) -> frozenset[str]:
    """``*`` or a list of tags, weak ones with their ``W/``. Raises ValueError."""
    text = header.strip()
    if text == "*":
        return ANYTHING
    if len(text) > _MAX_CHARACTERS or not _TAGS.fullmatch(text):
        raise ValueError("not a list of entity tags")
    return frozenset(re.findall(_TAG, text))


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Whether the client has this version already; tags are compared weakly. What is no list of tags names none."""
    if if_none_match is None:
        return False
    try:
        tags = parse_tags(if_none_match)
    except ValueError:
        return False
    return tags == ANYTHING or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}


@dataclass(frozen=True, slots=True)
class Precondition:
    """What ``If-Match`` asks for before something is changed; tags None is no condition."""

    tags: frozenset[str] | None = None

    @classmethod
    def of(cls, if_match: str | None) -> Self:
        """Raises PRECONDITION_INVALID."""
        if if_match is None:
            return cls()
        try:
            return cls(parse_tags(if_match))
        except ValueError:
            raise OutriderError("PRECONDITION_INVALID", header="If-Match") from None

    def check(self, etag: str | None) -> None:
        """Raise VERSION_CONFLICT unless the version that there is is one of those named.

        Tags are compared strongly: a weak one never fits, since it does not say that nothing was changed. Without a
        version to compare none of them fits: PRECONDITION_UNSUPPORTED.
        """
        if self.tags in (None, ANYTHING):
            return
        if etag is None:
            raise OutriderError("PRECONDITION_UNSUPPORTED")
        if etag not in (self.tags or ()):
            expected = ", ".join(sorted(self.tags or ()))[:_SHOWN_CHARACTERS]
            raise OutriderError("VERSION_CONFLICT", current=etag, expected=expected)

    def handed_on(self, shown: str, stored: str) -> "Precondition":
        """``check(shown)``, and then the condition that what is stored, which has a tag of its own, stays as it is."""
        self.check(shown)
        return self if self.tags in (None, ANYTHING) else Precondition(frozenset({stored}))


#: No condition.
UNCONDITIONAL: Final = Precondition()
