"""What a text may keep of secrets before anybody stores, logs or repeats it.

Two strengths: ``without_keys`` and ``without_patterns`` know secrets by their own look, wherever they are; ``mask_url``
and ``mask_body`` go by where a value stands, and keep of the rest only what can't be a secret.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote

__all__ = [
    "cards_in",
    "is_secret_name",
    "mask_body",
    "mask_field",
    "mask_path",
    "mask_text",
    "mask_url",
    "without_keys",
    "without_patterns",
]

MASK: Final = "…"
#: Longer bodies are told by their size.
MAX_BODY_BYTES: Final = 65_536
#: Of a masked body or address, at most.
MAX_CHARACTERS: Final = 4_000

_SHOWN_FIELDS: Final = 50
_SHOWN_ITEMS: Final = 10
_SHOWN_LEVELS: Final = 8
#: Larger numbers may be those of cards or accounts.
_LARGEST_NUMBER: Final = 10_000_000

#: A key or a payment token, of which the public part may be told.
_KEY: Final = re.compile(r"((?:ok|pt)_live_\w{8})\w+")
#: Parts in base64url of which the first begins with ``{``; the last may be cut off.
_JWT: Final = re.compile(r"(?<![\w-])e[yw][\w-]{8,}(?:\.[\w-]+){1,2}")
#: 16 to 19 digits as cards bear them, alone or in groups, or the shorter ones of two brands; a Luhn digit decides.
_CARD: Final = re.compile(
    r"(?<![\w-])(?:[2-6]\d{15,18}|[2-6]\d{3}([ +-])\d{4}\1\d{4}\1\d{4,7}|3[47]\d{13}|3[47]\d{2}([ +-])\d{6}\2\d{5}"
    r"|3[068]\d{12})(?![\w-])"
)
#: In a name, with whatever stands between its letters left out.
_SECRET_PARTS: Final = re.compile(
    r"passw|passphrase|passcode|pwd|secret|token|apikey|accesskey|privatekey|authorization|cookie|credential|signature"
    r"|jwt|totp|otp$|cvc|cvv|cardnumber|iban|email|phone|username|holder"
)
_SECRET_NAMES: Final = frozenset({"pass", "pin", "key", "number", "auth", "sig", "card"})
#: A segment of a path after which a secret stands; of this server's own only one looks like that.
_ANNOUNCES: Final = re.compile(
    r"(?!session-secret$)(?:[\w.-]*(?:password|passphrase|passcode|passwd|secret|token|api[_-]?key)"
    r"|(?:[\w.-]*[_.-])?(?:pass|pwd|pin|t?otp|key|jwt|auth|authorization|sig|signature|cvc|cvv))",
    re.IGNORECASE,
)
#: ``ann:word@host``, as in addresses that hold a log-in.
_LOGIN: Final = re.compile(r"[^@]*:[^@]*@.*")
#: ``password: x``, ``"api_key" = "x y"``, also cut off in the middle.
_SAID: Final = re.compile(
    r"""(pass(?:word|phrase|code|wd)|pwd|secret|token|api[_-]?key|cvc|cvv)(["'”]?\s*[:=]\s*)"""
    r"""("(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|“[^”\n]*”?|[^\s,;&"'}]+)""",
    re.IGNORECASE,
)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,39}")
#: As validation names it, with the kinds that it has tried.
_FIELD: Final = re.compile(r"[\w.\[\](),:-]{1,200}", re.ASCII)
#: Longer runs of letters and digits are no ids: digests, and keys in other codings.
_PLAIN_VALUE: Final = re.compile(r"(?!.{0,59}[A-Za-z0-9]{41})[\w.,:@~+-]{0,100}", re.ASCII)


def without_keys(text: str) -> str:
    """The text, with at most the public part of a key or a payment token, and without JWTs."""
    return _JWT.sub(MASK, _KEY.sub(r"\1" + MASK, text))


def without_patterns(text: str) -> str:
    """``without_keys``, and without the numbers of cards."""
    return _CARD.sub(_without_card, without_keys(text))


def cards_in(text: str) -> list[str]:
    """The numbers of cards in it, as they are written."""
    return [found[0] for found in _CARD.finditer(text) if _is_card(found[0])]


def mask_text(text: str) -> str:
    """``without_patterns``, and without what the text itself calls a password, a token or the like."""
    return _SAID.sub(lambda said: f"{said[1]}{said[2]}{MASK}", without_patterns(text))


def is_secret_name(name: str) -> bool:
    """Whether a field or parameter of that name holds a secret, or who somebody is."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return plain in _SECRET_NAMES or _SECRET_PARTS.search(plain) is not None


def mask_field(name: str) -> str:
    """The name of a field that somebody has sent, if it looks like one."""
    return without_patterns(name) if _FIELD.fullmatch(name) else MASK


def mask_path(path: str) -> str:
    """A path, already decoded, whose segments are shown as far as they look like names and ids.

    What follows a segment that names a secret is left out. Elsewhere a secret that is a plain word looks like a name.
    """
    shown, is_secret = [], False
    for segment in path.split("/"):
        shown.append(MASK if is_secret and segment else _mask_value(segment))
        if segment:
            is_secret = _ANNOUNCES.fullmatch(segment) is not None
    return "/".join(shown)[:MAX_CHARACTERS]


def mask_url(path: str, query: str) -> str:
    """Path and query: values of secret names, and all that look like more than names, ids and numbers, are left out."""
    parameters = "&".join(
        f"{quote(name) if _PLAIN_NAME.fullmatch(name) else MASK}={MASK if is_secret_name(name) else _mask_value(value)}"
        for name, value in parse_qsl(query, keep_blank_values=True)
    )
    return f"{mask_path(path)}{'?' if query else ''}{parameters}"[:MAX_CHARACTERS]


def mask_body(body: bytes, media_type: str) -> str:
    """The shape of a body: names of fields, numbers, and how long each text is; what is not JSON only by its size."""
    size = f"‹{len(body)} bytes{f' of {media_type}' if _PLAIN_VALUE.fullmatch(media_type.replace('/', '')) else ''}›"
    if len(body) > MAX_BODY_BYTES:
        return size
    try:
        shape = _shape_of(json.loads(body), _SHOWN_LEVELS)
    except (ValueError, RecursionError):
        return size
    return json.dumps(shape, ensure_ascii=False)[:MAX_CHARACTERS]


def _shape_of(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return f"‹{len(value)} characters›"
    if isinstance(value, int | float) and abs(value) > _LARGEST_NUMBER:
        return "‹number›"
    if levels == 0 and isinstance(value, dict | list):
        return MASK
    if isinstance(value, dict):
        shown = list(value.items())[:_SHOWN_FIELDS]
        return {mask_field(name): MASK if is_secret_name(name) else _shape_of(item, levels - 1) for name, item in shown}
    if isinstance(value, list):
        return [*(_shape_of(item, levels - 1) for item in value[:_SHOWN_ITEMS]), *_more(value)]
    return value


def _more(items: Sequence[Any]) -> list[str]:
    return [f"‹{len(items) - _SHOWN_ITEMS} more›"] if len(items) > _SHOWN_ITEMS else []


def _mask_value(value: str) -> str:
    """The value, if it looks like a name, an id or a number, and holds nothing that looks like a secret."""
    decoded = unquote(value)
    is_plain = _PLAIN_VALUE.fullmatch(decoded) and not _LOGIN.fullmatch(decoded)
    return mask_text(decoded) if is_plain else MASK


def _without_card(found: re.Match[str]) -> str:
    return MASK if _is_card(found[0]) else found[0]


def _is_card(text: str) -> bool:
    """Luhn: counted from the right, every second digit is doubled, and the sum of all digits ends with 0."""
    digits = [int(character) for character in reversed(text) if character.isdigit()]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
