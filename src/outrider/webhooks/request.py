"""What is sent: the body and the headers of a delivery, and what is kept of the answer. No input or output.

The documented headers (reference page ``agi-sessions``, section 7), and those of Standard Webhooks 1.0
(https://github.com/standard-webhooks/standard-webhooks), with one signature per secret that is valid.
"""

import base64
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from standardwebhooks import Webhook

from outrider.redaction import without_keys

__all__ = ["body_of", "excerpt_of", "headers_of", "new_secret"]

#: As the documented service calls itself: receivers may look for it.
USER_AGENT: Final = "AgencyAPI-Webhooks/1.0"
SECRET_BYTES: Final = 24
EXCERPT_CHARACTERS: Final = 500

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SECRETS: Final = re.compile(r"(whsec_|v1,|(?i:bearer|basic)\s+)[A-Za-z0-9+/_=.-]{8,}")


def new_secret() -> str:
    """A random signing secret: ``whsec_`` and 24 bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def body_of(payload: Mapping[str, Any], vnc_url: str) -> str:
    """The JSON text of an event; ``vnc_url`` is the page that shows the session's browser."""
    session = {**payload["session"], "vnc_url": vnc_url}
    return orjson.dumps({**payload, "session": session}).decode()


def headers_of(event_id: str, event: str, body: str, now: datetime, signing: Sequence[str]) -> dict[str, str]:
    """The headers that go with a body; ``signing`` are ``whsec_…`` secrets, the newest first."""
    signatures = " ".join(Webhook(secret).sign(event_id, now, body) for secret in signing)
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-Event-Type": event,
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures,
    }


def excerpt_of(answer: bytes) -> str:
    """The beginning of an answer for the ledger: text, without control characters, keys, secrets and signatures."""
    text = _CONTROL.sub("", answer.decode("utf-8", "replace"))
    return without_keys(_SECRETS.sub(r"\1…", text))[:EXCERPT_CHARACTERS]
