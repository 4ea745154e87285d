"""Addresses with tokens in them."""

from datetime import UTC, datetime, timedelta

import pytest

from outrider.identities.session_tokens import Right, SessionTokens
from outrider.interfaces.sessions import SessionRecord, SessionSpec, State
from outrider.problems import OutriderError
from outrider.sessions.links import Links

START = datetime(2026, 3, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPEC = SessionSpec("s-1", "org", "e-1", "agi-0", "scout", 10)
RECORD = SessionRecord(SPEC, State.READY, 1, None, 0, START, START)


def vnc_url(age: timedelta) -> str:
    return Links(SessionTokens(b"k"), lifetime=2 * HOUR, clock=lambda: START + age).vnc_url(RECORD, "http://h:1/p")


def test_a_link_to_watch_is_good_for_half_to_all_of_its_lifetime() -> None:
    page, _, token = vnc_url(timedelta()).partition("#")
    assert page == "http://h:1/p/live/s-1"
    assert vnc_url(HOUR - timedelta(seconds=1)) == vnc_url(timedelta())
    assert vnc_url(HOUR) != vnc_url(timedelta())
    grant = SessionTokens(b"k", lambda: START + 2 * HOUR - timedelta(seconds=1)).verify(token, "s-1", Right.VIEW)
    assert (grant.organisation_id, grant.right) == ("org", Right.VIEW)
    with pytest.raises(OutriderError):
        SessionTokens(b"k", lambda: START + 2 * HOUR).verify(token, "s-1", Right.VIEW)


@pytest.mark.parametrize(("base", "socket"), [("http://h", "ws://h"), ("https://h/p", "wss://h/p")])
def test_devtools_addresses(base: str, socket: str) -> None:
    links = Links(SessionTokens(b"k"), lifetime=HOUR)
    assert links.devtools_url("t", "s", base) == f"{socket}/v1/sessions/s/devtools/browser?token=t"
    assert links.devtools_http_url("t", "s", base) == f"{base}/v1/sessions/s/devtools?token=t"
