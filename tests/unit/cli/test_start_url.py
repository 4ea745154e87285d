"""Which site a start page opens for the server that ``outrider run`` starts for itself."""

import pytest

from outrider.cli.connect import opened_for


@pytest.mark.parametrize(
    ("start_url", "opened"),
    [
        ("http://127.0.0.1:8300/", ["127.0.0.1:8300"]),
        ("http://127.0.0.1/shop", ["127.0.0.1:80"]),
        ("https://192.168.1.9/", ["192.168.1.9:443"]),
        ("http://0x7f.1:8300/", ["127.0.0.1:8300"]),
        ("http://[::1]:8300/", ["[::1]:8300"]),
        ("http://localhost:3000/", ["localhost:3000"]),
        ("https://example.com/", []),
        ("http://intranet.example:8080/", []),
        ("https://1.1.1.1/", []),
        ("", []),
        ("localhost:3000", []),
        ("http://127.0.0.1:port/", []),
        ("http://256.256.256.256/", []),
    ],
)
def test_addresses_open_themselves_and_names_open_nothing(start_url: str, opened: list[str]) -> None:
    assert opened_for(start_url) == opened
