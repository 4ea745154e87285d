"""Policies and sites."""

from typing import Any

import pytest

from outrider.interfaces.screening import Mode, RiskClass
from outrider.problems import OutriderError
from outrider.screening.content import Policy
from outrider.screening.content.sites import all_allow, same_site, shown_site


def test_every_class_of_actions_is_asked_about_by_default() -> None:
    assert set(Policy().modes.values()) == {Mode.ASK}


def test_a_session_changes_what_it_names_but_not_what_the_operator_blocks() -> None:
    server = Policy.of({"download": "block"}, [])

    session = server.with_changes({"download": "allow", "purchase": "allow"}, None)

    assert session.modes[RiskClass.DOWNLOAD] is Mode.BLOCK
    assert session.modes[RiskClass.PURCHASE] is Mode.ALLOW
    assert session.modes[RiskClass.DELETION] is Mode.ASK


def test_sites_get_fewer_never_more() -> None:
    policy = Policy.of({}, ["a.example", "b.example"]).with_changes(None, ["b.example", "c.example"])

    allowed = [site for site in "abc" if all_allow(policy.sites, f"http://{site}.example/")]

    assert allowed == ["b"]


@pytest.mark.parametrize(
    "given",
    [
        {"screening": {"purchase": "never"}},
        {"screening": {"injection": "allow"}},
        {"screening": {"": ""}},
        {"screening": "block"},
        {"screening": ["purchase"]},
        {"screening": []},
        {"screening": ""},
        {"screening": 0},
        {"allowed_sites": ["*"]},
        {"allowed_sites": ["a.*.example"]},
        {"allowed_sites": {"shop.example": True}},
        {"allowed_sites": {}},
        {"allowed_sites": ["shop.example"] * 201},
        {"screening": {"purchase": ["block"]}},
        {"allowed_sites": ["http://a.example"]},
        {"allowed_sites": ["a b"]},
        {"allowed_sites": [""]},
        {"allowed_sites": ["a.example:99999"]},
        {"allowed_sites": [7]},
        {"allowed_sites": 7},
    ],
)
def test_what_makes_no_sense_is_not_ignored(given: dict[str, Any]) -> None:
    with pytest.raises(OutriderError) as refused:
        Policy.check(given)

    assert refused.value.code == "SCREENING_INVALID"


@pytest.mark.parametrize("given", [{}, {"timeout": 3, "x": [1]}, {"screening": None, "allowed_sites": None}])
def test_what_says_nothing_is_fine(given: dict[str, Any]) -> None:
    assert Policy.check(given) == {}


@pytest.mark.parametrize(
    ("site", "url", "is_allowed"),
    [
        ("shop.example", "https://shop.example/x", True),
        ("shop.example", "https://www.shop.example/x", True),
        ("shop.example", "http://shop.example:8080/", True),
        ("shop.example", "https://api.shop.example/", False),
        ("shop.example", "https://shop.example.evil.example/", False),
        ("shop.example", "https://evil.example/shop.example", False),
        ("shop.example", "https://shop.example@evil.example/", False),
        ("shop.example", "https://SHOP.example./", True),
        ("*.shop.example", "https://a.b.shop.example/", True),
        ("*.shop.example", "https://shop.example/", False),
        ("shop.example:8080", "http://shop.example:8080/", True),
        ("shop.example:8080", "http://shop.example/", False),
        ("127.0.0.1", "http://2130706433/", True),
        ("[::1]:80", "http://[::1]/", True),
        ("münchen.example", "http://xn--mnchen-3ya.example/", True),
        ("shop.example", "about:blank", True),
        ("shop.example", "http://[", False),
    ],
)
def test_a_site_is_a_host(site: str, url: str, is_allowed: bool) -> None:
    assert all_allow(Policy.of({}, [site]).sites, url) is is_allowed


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://shop.example/", "http://login.shop.example/", True),
        ("https://shop.co.uk/", "https://other.co.uk/", False),
        ("https://a.shop.co.uk/", "https://shop.co.uk/", True),
        ("http://127.0.0.1:1/", "http://127.0.0.1:2/", False),
        ("http://127.0.0.1:1/a", "http://127.0.0.1:1/b", True),
        ("http://localhost/", "http://localhost/x", True),
        ("about:blank", "about:blank", False),
    ],
)
def test_what_is_the_same_site(one: str, other: str, is_same: bool) -> None:
    assert same_site(one, other) is is_same


def test_a_site_for_people() -> None:
    assert shown_site("https://user:secret@shop.example/path?key=1") == "shop.example"
    assert shown_site("http://[::1]:8300/") == "[::1]:8300"
