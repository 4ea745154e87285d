import pytest

from outrider.browsers.navigation import NETWORK_ERRORS, check_url, in_words
from outrider.browsers.page import PERFORMERS
from outrider.interfaces.actions import ACTIONS


def test_every_action_is_carried_out() -> None:
    assert set(PERFORMERS) == set(ACTIONS.values())


@pytest.mark.parametrize("code", NETWORK_ERRORS)
def test_network_errors_keep_their_code(code: str) -> None:
    assert in_words(f"net::{code}").endswith(f"({code}).")


def test_unknown_network_errors_are_named() -> None:
    assert in_words("net::ERR_NEW") == "the browser met a network error (ERR_NEW)."


@pytest.mark.parametrize(
    ("given", "opened"),
    [(" http://a.b/c ", "http://a.b/c"), ("HTTPS://a/b c", "HTTPS://a/b%20c"), ("about:blank", "about:blank")],
)
def test_web_addresses_are_accepted(given: str, opened: str) -> None:
    assert check_url(given) == opened
