"""Where a delivery goes: to an address that was screened, under the name that was asked for."""

import asyncio
import datetime
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest
from benchmarks.sides.receiver import SECONDS, Receiver
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from outrider.screening.addresses import Policy
from outrider.screening.hosts import Address
from outrider.webhooks.sending import Sender

NAME = "receiver.example"
LOOPBACK = Policy.parse(["127.0.0.1"])


class Resolver:
    """Answers with one address after the other, the last one for ever."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = [ip_address(address) for address in addresses]
        self.asked = 0

    async def __call__(self, name: str) -> Sequence[Address]:
        assert name == NAME
        self.asked += 1
        return [self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]]


async def test_the_address_that_was_screened_is_the_one_that_is_connected_to(receiver: Receiver) -> None:
    resolver = Resolver("127.0.0.1", "192.0.2.1")  # a name that changes its answer
    async with Sender(LOOPBACK, 5.0, resolver) as sender:
        attempt = await sender.post(f"http://{NAME}:{receiver.port}/hook?x=1", {}, "{}")

    assert attempt.problem == ""
    assert resolver.asked == 1
    assert receiver.received[0].headers["host"] == f"{NAME}:{receiver.port}"
    assert receiver.received[0].path == "/hook?x=1"


async def test_a_name_that_leads_inside_is_refused(receiver: Receiver) -> None:
    async with Sender(Policy(), 5.0, Resolver("127.0.0.1")) as sender:
        attempt = await sender.post(f"http://{NAME}:{receiver.port}/hook", {}, "{}")

    assert "[ADDRESS_REFUSED]" in attempt.problem
    assert receiver.received == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost", "169.254.169.254"])
async def test_other_ways_to_write_an_inner_address_are_refused(receiver: Receiver, host: str) -> None:
    async with Sender(Policy(), 5.0) as sender:
        attempt = await sender.post(f"http://{host}:{receiver.port}/hook", {}, "{}")

    assert attempt.problem
    assert attempt.status_code is None
    assert receiver.received == []


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.behave = lambda _: 307
    async with Sender(LOOPBACK, 5.0) as sender:
        attempt = await sender.post(receiver.url, {}, "{}")

    assert attempt.problem == "the receiver answered 307, and redirects are not followed"
    assert len(receiver.received) == 1


async def test_no_proxy_of_the_environment_stands_between(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    async with Sender(LOOPBACK, 5.0) as sender:
        attempt = await sender.post(receiver.url, {}, "{}")

    assert attempt.problem == ""


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@pytest.mark.parametrize(("name", "delivered"), [(NAME, True), ("other.example", False)])
async def test_the_certificate_has_to_be_for_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, delivered: bool
) -> None:
    file = certificate(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    async with server, Sender(LOOPBACK, 5.0, Resolver("127.0.0.1")) as sender:
        port = server.sockets[0].getsockname()[1]
        attempt = await sender.post(f"https://{NAME}:{port}/hook", {}, "{}")

    assert (attempt.problem == "") == delivered
    assert len(receiver.received) == int(delivered)


async def test_an_answer_is_read_at_its_beginning_only() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 65536)
                await writer.drain()
        except OSError:
            writer.close()

    server = await asyncio.start_server(flood, "127.0.0.1", 0)
    async with server, Sender(LOOPBACK, 5.0) as sender:
        attempt = await sender.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", {}, "{}")

    assert attempt.problem == ""
    assert attempt.answer == "x" * 500


@pytest.mark.parametrize(
    "endless", [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X-Endless: 1\r\n" * 99]
)
async def test_an_answer_that_never_gets_to_its_body_is_given_up(endless: bytes) -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            while True:
                writer.write(endless * 100)
                await writer.drain()
        except OSError:
            writer.close()

    server = await asyncio.start_server(flood, "127.0.0.1", 0)
    async with server, Sender(LOOPBACK, SECONDS) as sender:
        attempt = await sender.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", {}, "{}")

    assert attempt.problem == "the answer had too much before its body"


async def test_nothing_of_one_delivery_gets_into_the_next(receiver: Receiver) -> None:
    async with Sender(LOOPBACK, 5.0) as sender:
        for _ in range(2):
            await sender.post(receiver.url, {"X-Event-Type": "task.started"}, "{}")

    first, second = receiver.received
    assert "cookie" not in second.headers
    assert first.headers == second.headers
