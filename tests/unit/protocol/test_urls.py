"""What may be opened, and how a refusal is explained."""

import pytest

from outrider.problems import OutriderError
from outrider.protocol.urls import check_url, url_fault


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "HTTPS://Example.org:8443/a?b=c#d",
        "http://127.0.0.1:1/",
        "http://[::1]:80/",
        "http://localhost./",
        "https://user:word@example.org/ü",
        "http://example.org/" + "a" * 1981,
    ],
)
def test_addresses_that_may_be_opened(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("", "no scheme"),
        ("not-a-valid-url", "perhaps https://not-a-valid-url"),
        ("//example.org", "perhaps https://example.org"),
        ("127.0.0.1:8470", "perhaps http://127.0.0.1:8470"),
        ("ht!tp://bad..url", "no scheme"),
        ("http:example.org", "no scheme"),
        ("example.org:8080/a", "perhaps https://example.org:8080/a"),
        ("javascript:alert(1)", "“javascript”"),
        ("about:blank", "“about”"),
        ("file:///etc/passwd", "“file” is not http"),
        ("javascript://x/%0aalert(1)", "“javascript” is not http"),
        ("http://", "no valid host"),
        ("http://:80/", "no valid host"),
        ("http://a..b/", "no valid host"),
        ("http://a:0/", "no valid host"),
        ("http://a:99999/", "can't be parsed"),
        ("http://[::1", "can't be parsed"),
        ("http://a b/", "space"),
        ("http://a/\x00", "control character"),
        ("http://example.org/" + "a" * 1982, "2001 characters"),
    ],
)
def test_addresses_that_may_not(url: str, part: str) -> None:
    assert part in url_fault(url)
    with pytest.raises(OutriderError) as caught:
        check_url(url)
    assert caught.value.code == "INVALID_URL"
    assert len(caught.value.message) < 300
