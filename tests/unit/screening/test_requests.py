"""What a browser says to its proxy, cut and rewritten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.screening.egress.requests import Head, RequestReader

GET = (
    b"GET http://site.example:8300/a?b=c HTTP/1.1\r\n"
    b"Host: other.example\r\nProxy-Connection: keep-alive\r\nX: y\r\n\r\n"
)
POST = b"POST http://site.example/form HTTP/1.1\r\nHost: site.example\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST http://site.example/ HTTP/1.1\r\nHost: site.example\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
)
CONNECT = b"CONNECT [2606:4700::1]:443 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\n"


def test_a_request_is_rewritten_for_the_site() -> None:
    assert list(RequestReader().feed(GET)) == [
        Head(
            "site.example",
            8300,
            b"GET /a?b=c HTTP/1.1\r\nHost: site.example:8300\r\nConnection: keep-alive\r\nX: y\r\n\r\n",
        )
    ]


def test_bodies_follow_their_heads() -> None:
    reader = RequestReader()
    head, body, second = reader.feed(POST + GET)
    assert isinstance(head, Head)
    assert (head.host, head.port) == ("site.example", 80)
    assert head.rewritten.endswith(b"Content-Length: 5\r\n\r\n")
    assert body == b"hello"
    assert isinstance(second, Head)


def test_chunks_stay_chunks() -> None:
    head, *body = RequestReader().feed(CHUNKED)
    assert isinstance(head, Head)
    assert head.rewritten.count(b"Transfer-Encoding: chunked") == 1
    assert body == [b"3\r\nabc\r\n", b"2\r\nde\r\n", b"0\r\n\r\n"]


def test_after_the_head_of_a_tunnel_everything_is_raw() -> None:
    reader = RequestReader()
    assert list(reader.feed(CONNECT + b"\x16\x03")) == [Head("2606:4700::1", 443, is_tunnel=True), b"\x16\x03"]
    assert list(reader.feed(GET)) == [GET]


@given(st.data())
def test_it_does_not_matter_where_the_stream_is_cut(data: st.DataObject) -> None:
    stream = GET + POST + CHUNKED + GET + CONNECT + b"raw"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    reader = RequestReader()
    parts: list[Head | bytes] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        parts += reader.feed(stream[start:end])
    whole = list(RequestReader().feed(stream))
    assert [part for part in parts if isinstance(part, Head)] == [part for part in whole if isinstance(part, Head)]
    assert not reader.in_head


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",  # what a page's request to the proxy's own port looks like
        b"GET https://site.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET ftp://site.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://user:word@site.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://site.example HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://site.example:99999/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://site.example:x/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT site.example HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT site.example:0 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET http://site.example/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET http://site.example/ HTTP/1.1\r\n" + b"X: y\r\n" * 50_000,
        b"PUT http://site.example/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 60_000,
    ],
)
def test_what_is_no_request_to_a_proxy(sent: bytes) -> None:
    reader = RequestReader()
    with pytest.raises(ValueError):
        for start in range(0, len(sent), 65_536):
            reader.feed(sent[start : start + 65_536])
