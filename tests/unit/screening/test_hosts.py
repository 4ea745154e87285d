"""Hosts are read as browsers read them."""

from ipaddress import ip_address

import pytest

from outrider.problems import OutriderError
from outrider.screening.hosts import parse_host

LOOPBACK = ip_address("127.0.0.1")


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0177.0.0.01",
        "0x7f000001",
        "0x7f.1",
        "0X7F.0x0.0.0x1",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0．0｡1",
        "①②⑦.0.0.1",
    ],
)
def test_every_form_of_one_address(text: str) -> None:
    assert parse_host(text) == LOOPBACK


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"),
        ("0xa9fea9fe", "169.254.169.254"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
    ],
)
def test_other_addresses(text: str, host: str) -> None:
    assert parse_host(text) == ip_address(host)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("1.2.3.4.example", "1.2.3.4.example"),
        ("0x7f.example", "0x7f.example"),
        ("a_b.example", "a_b.example"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert parse_host(text) == name


@pytest.mark.parametrize(
    "text",
    ["", ".", "256.1.1.1", "1.2.3.4.5", "127.0.0.256", "08.1", "a.1", "4294967296", "1..2", "[nonsense]", "a b",
     "a/b", "%zz", "%ff", "[::1%lo]", "[::1%25lo]", "fd00:ec2::254%1"],
)  # fmt: skip
def test_what_is_no_host(text: str) -> None:
    with pytest.raises(OutriderError) as caught:
        parse_host(text)
    assert caught.value.code == "INVALID_URL"
