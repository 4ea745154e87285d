import pytest

from outrider.browsers.navigation import NETWORK_ERRORS, in_words
from outrider.browsers.page import PERFORMERS
from outrider.interfaces.actions import ACTIONS


def test_every_action_is_carried_out() -> None:
    assert set(PERFORMERS) == set(ACTIONS.values())


@pytest.mark.parametrize("code", NETWORK_ERRORS)
def test_network_errors_keep_their_code(code: str) -> None:
    assert in_words(f"net::{code}").endswith(f"({code}).")


def test_unknown_network_errors_are_named() -> None:
    assert in_words("net::ERR_NEW") == "the browser met a network error (ERR_NEW)."
