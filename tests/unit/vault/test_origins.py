"""What an origin is, and which pages a bound one covers."""

import pytest

from outrider.problems import OutriderError
from outrider.vault.origins import covers, origin_of, parse_origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Shop.Example", "https://shop.example"),
        ("https://shop.example:443/", "https://shop.example"),
        ("http://shop.example:443", "http://shop.example:443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://127.1:8000", "http://127.0.0.1:8000"),
        ("http://[0:0::1]:80", "http://[::1]"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://*.Shop.example", "https://*.shop.example"),
    ],
)
def test_an_origin_is_written_in_one_way(text: str, origin: str) -> None:
    assert parse_origin(text) == origin
    assert parse_origin(origin) == origin


@pytest.mark.parametrize(
    "text",
    [
        "", "shop.example", "ftp://shop.example", "https://", "https://shop.example/path", "https://shop.example?x",
        "https://ann@shop.example", "https://*", "https://*.com", "https://*.127.0.0.1", "https://a.*.example",
        "https://*shop.example", "https://*.*.shop.example", "https://shop.example:0", "https://shop.example:99999",
        "null", "https://shop .example", "x" * 3000,
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(OutriderError) as refused:
        parse_origin(text)
    assert refused.value.code == "ORIGIN_INVALID"
    assert len(refused.value.message) < 500


def test_a_wildcard_has_its_place() -> None:
    with pytest.raises(OutriderError, match="may only stand first"):
        parse_origin("https://*.shop.example", wildcard=False)


@pytest.mark.parametrize(
    ("bound", "page", "covered"),
    [
        ("https://shop.example", "https://shop.example", True),
        ("https://shop.example", "http://shop.example", False),
        ("https://shop.example", "https://shop.example:8443", False),
        ("https://shop.example", "https://www.shop.example", False),
        ("https://shop.example", "https://shop.example.evil", False),
        ("https://*.shop.example", "https://www.shop.example", True),
        ("https://*.shop.example", "https://a.b-c.shop.example", True),
        ("https://*.shop.example", "https://shop.example", False),
        ("https://*.shop.example", "https://.shop.example", False),
        ("https://*.shop.example", "https://evilshop.example", False),
        ("https://*.shop.example", "https://evil.example/.shop.example", False),
        ("https://*.shop.example", "https://evil.example:1.shop.example", False),
        ("https://*.shop.example", "https://www.shop.example:444", False),
        ("https://*.shop.example:444", "https://www.shop.example:444", True),
        ("https://*.shop.example", "http://www.shop.example", False),
        ("https://shop.example", "null", False),
        ("https://*.shop.example", "https://*.shop.example", False),
    ],
)
def test_what_a_bound_origin_covers(bound: str, page: str, covered: bool) -> None:
    assert covers([bound], page) is covered


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://shop.example/a?b#c", "https://shop.example"),
        ("http://ann:x@127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("https://SHOP.example:443", "https://shop.example"),
        ("about:blank", ""),
        ("data:text/html,x", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_the_origin_of_an_address(url: str, origin: str) -> None:
    assert origin_of(url) == origin
