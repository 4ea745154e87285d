"""Which addresses may be reached."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.problems import OutriderError
from outrider.screening.addresses import Entry, Lookup, Policy, check_address, resolve
from outrider.screening.hosts import Address
from outrider.screening.kinds import METADATA, kind_of

NOTHING_OPENED = Policy()
PUBLIC = "93.184.215.14"

REFUSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:2::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:a00:1::1", "3fff::1", "4000::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fe80::a9fe:a9fe", "fec0::1", "ff02::1",
]  # fmt: skip
REACHED = [
    PUBLIC, "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
    "192.167.255.255", "223.255.255.255", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1", "2606:4700::1111",
    "2a00:1450:4001:82a::200e",
]  # fmt: skip


def answering(*addresses: str) -> Lookup:
    async def lookup(name: str) -> Sequence[Address]:
        del name
        return [ip_address(address) for address in addresses]

    return lookup


def code_of(host: str, address: str, port: int, policy: Policy) -> str:
    try:
        check_address(host, ip_address(address), port, policy)
    except OutriderError as error:
        return error.code
    return ""


@pytest.mark.parametrize("address", REFUSED)
def test_refused_by_default(address: str) -> None:
    assert kind_of(ip_address(address))
    assert code_of("name.example", address, 80, NOTHING_OPENED) == "ADDRESS_REFUSED"


@pytest.mark.parametrize("address", REACHED)
def test_reached_by_default(address: str) -> None:
    assert kind_of(ip_address(address)) == ""
    assert code_of("name.example", address, 80, NOTHING_OPENED) == ""


@given(st.ip_addresses(v=4))
def test_ipv4_in_ipv6_is_of_the_same_kind(address: Address) -> None:
    for form in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert kind_of(ip_address(form)) == kind_of(address)


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(address: Address) -> None:
    if address.is_private or address.is_multicast or address.is_loopback or address.is_link_local:
        known_global = ("2001:1::", "2001:3", "2001:4:112", "2001:20", "64:ff9b::")
        carried = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)  # decides
        assert kind_of(address) or str(address).startswith(known_global) or (carried and not kind_of(carried))


@pytest.mark.parametrize(
    ("entry", "host", "address", "port", "opened"),
    [
        ("127.0.0.0/8", "127.0.0.1", "127.0.0.1", 8300, True),
        ("127.0.0.0/8", "name.example", "127.0.0.9", 1, True),
        ("127.0.0.0/8", "::ffff:127.0.0.1", "::ffff:127.0.0.1", 1, True),
        ("127.0.0.0/8", "::1", "::1", 1, False),
        ("127.0.0.0/8", "nat64", "64:ff9b::127.0.0.1", 1, False),
        ("127.0.0.1:8300", "127.0.0.1", "127.0.0.1", 8300, True),
        ("127.0.0.1:8300", "127.0.0.1", "127.0.0.1", 8301, False),
        ("0x7f.1:8300", "127.0.0.1", "127.0.0.1", 8300, True),
        ("[::1]:80", "::1", "::1", 80, True),
        ("[fd00::/8]:80", "fd12::1", "fd12::1", 80, True),
        ("[fd00::/8]:80", "fd12::1", "fd12::1", 81, False),
        ("::1", "::1", "::1", 443, True),
        ("localhost", "localhost", "::1", 1, True),
        ("localhost", "127.0.0.1", "127.0.0.1", 1, True),
        ("localhost", "10.0.0.1", "10.0.0.1", 1, False),
        ("wiki.corp.example", "wiki.corp.example", "10.1.2.3", 80, True),
        ("wiki.corp.example", "wiki.example", "10.1.2.3", 80, False),
        ("*.corp.example:443", "a.b.corp.example", "10.1.2.3", 443, True),
        ("*.corp.example:443", "corp.example", "10.1.2.3", 443, False),
        ("*.corp.example:443", "evilcorp.example", "10.1.2.3", 443, False),
        ("169.254.0.0/16", "169.254.1.1", "169.254.1.1", 80, True),
        ("169.254.0.0/16", "169.254.169.254", "169.254.169.254", 80, False),
        ("0.0.0.0/0", "100.100.100.200", "100.100.100.200", 80, False),
        ("169.254.169.254", "169.254.169.254", "169.254.169.254", 80, True),
    ],
)
def test_an_entry_opens_what_it_names_and_no_more(entry: str, host: str, address: str, port: int, opened: bool) -> None:
    assert (code_of(host, address, port, Policy.parse([entry])) == "") is opened


@pytest.mark.parametrize("text", ["", "a b", "10.0.0.0/33", "127.0.0.1:0", "127.0.0.1:70000", "[::1]:x", "http://x/"])
def test_an_entry_that_is_none(text: str) -> None:
    with pytest.raises(OutriderError) as caught:
        Entry.parse(text)
    assert caught.value.code == "CONFIG_INVALID"
    assert f"“{text}”" in caught.value.message


def test_what_is_denied_is_refused_also_when_it_is_allowed() -> None:
    policy = Policy.parse(["127.0.0.0/8"], ["127.0.0.1:22", "*.bad.example", "8.8.8.0/24"])
    assert code_of("127.0.0.1", "127.0.0.1", 22, policy) == "ADDRESS_DENIED"
    assert code_of("127.0.0.1", "127.0.0.1", 23, policy) == ""
    assert code_of("a.bad.example", PUBLIC, 443, policy) == "ADDRESS_DENIED"
    for form in ("8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"):
        assert code_of("name.example", form, 443, policy) == "ADDRESS_DENIED"


def test_the_servers_own_ports_are_never_reached() -> None:
    ports = {8470}
    policy = Policy.parse(["0.0.0.0/0", "::/0", "127.0.0.1:8470"], own_ports=ports)
    for address in ("127.0.0.1", "127.1.2.3", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1"):
        assert code_of("localhost", address, 8470, policy) == "ADDRESS_RESERVED"
    assert code_of("127.0.0.1", "127.0.0.1", 8471, policy) == ""
    assert code_of("other.example", PUBLIC, 8470, policy) == ""
    ports.add(8471)
    assert code_of("127.0.0.1", "127.0.0.1", 8471, policy) == "ADDRESS_RESERVED"


def test_the_servers_own_port_at_another_address_of_the_machine() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((PUBLIC, 9))  # sends nothing; tells which address of this machine would be used
        except OSError:
            pytest.skip("this machine has no address but loopback")
        own = probe.getsockname()[0]
    assert code_of(own, own, 8470, Policy.parse(["0.0.0.0/0"], own_ports={8470})) == "ADDRESS_RESERVED"


def test_the_servers_public_address_is_never_reached() -> None:
    policy = Policy(allow=(Entry.parse("0.0.0.0/0"),), own_hosts=(Entry.parse("outrider.example:443"),))
    assert code_of("outrider.example", PUBLIC, 443, policy) == "ADDRESS_RESERVED"
    assert code_of("outrider.example", PUBLIC, 80, policy) == ""


async def test_only_the_addresses_that_may_be_reached_are_handed_out() -> None:
    lookup = answering("10.0.0.1", PUBLIC, "::1", PUBLIC)
    assert await resolve("mixed.example", 80, NOTHING_OPENED, lookup) == [ip_address(PUBLIC)]


async def test_names_of_this_machine_are_never_looked_up() -> None:
    for name in ("localhost", "LOCALHOST.", "shop.localhost"):
        found = await resolve(name, 80, Policy.parse(["localhost"]), answering(PUBLIC))
        assert found == [ip_address("127.0.0.1"), ip_address("::1")]


async def test_an_address_needs_no_look_up() -> None:
    assert await resolve("0x01.1.1.1", 80, NOTHING_OPENED, answering()) == [ip_address("1.1.1.1")]
    assert await resolve("[2606:4700::1111]", 80, NOTHING_OPENED, answering()) == [ip_address("2606:4700::1111")]


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "localhost", "rebound.example"])
async def test_the_refusal_says_what_to_change(host: str) -> None:
    with pytest.raises(OutriderError) as caught:
        await resolve(host, 8300, NOTHING_OPENED, answering("127.0.0.1"))
    problem = caught.value
    assert problem.code == "ADDRESS_REFUSED"
    assert "a loopback address" in problem.message
    named = problem.fix.partition("OUTRIDER_EGRESS_ALLOW=")[2].partition(",")[0]
    assert await resolve(host, 8300, Policy.parse([named]), answering("127.0.0.1"))


async def test_a_refused_name_does_not_tell_its_address() -> None:
    with pytest.raises(OutriderError) as caught:
        await resolve("intranet.example", 80, NOTHING_OPENED, answering("10.11.12.13"))
    assert "10.11" not in str(caught.value.as_envelope("req_1"))


async def test_names_without_addresses() -> None:
    async def unknown(name: str) -> Sequence[Address]:
        raise socket.gaierror(socket.EAI_NONAME, name)

    for lookup in (unknown, answering()):
        with pytest.raises(OutriderError) as caught:
            await resolve("nowhere.invalid", 80, NOTHING_OPENED, lookup)
        assert caught.value.code == "NAME_NOT_RESOLVED"


async def test_look_ups_are_made_each_time_so_that_changed_answers_are_checked() -> None:
    answers = [["1.1.1.1"], ["127.0.0.1"]]

    async def rebinding(name: str) -> Sequence[Address]:
        del name
        await asyncio.sleep(0)
        return [ip_address(address) for address in answers.pop(0)]

    assert await resolve("rebound.example", 80, NOTHING_OPENED, rebinding) == [ip_address("1.1.1.1")]
    with pytest.raises(OutriderError) as caught:
        await resolve("rebound.example", 80, NOTHING_OPENED, rebinding)
    assert caught.value.code == "ADDRESS_REFUSED"


def test_metadata_services_are_never_of_a_public_kind() -> None:
    assert all(kind_of(address) == "an address of a cloud's metadata service" for address in METADATA)
