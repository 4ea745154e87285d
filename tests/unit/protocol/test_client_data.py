"""The forms of client data: names, times, ETags, XML and forms."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from outrider.problems import OutriderError
from outrider.protocol.client_data import KeyItem, local_time, pascal
from outrider.protocol.client_data_requests import JobInput, KeyInput, Paging
from outrider.protocol.xml import parse_form, parse_xml, to_xml, typed

NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)


def key(**changes: Any) -> KeyItem:
    fields = {
        "oid": "key_1", "state": "active", "name": "n", "kind": "internal", "prefix": "ok_live_1", "last_five": "abcde",
        "scopes": [], "tiers": ["reporting"], "agents": None, "requests_per_minute": None, "expires_at": NOON,
        "last_used_at": None, "created_at": NOON,
    }  # fmt: skip
    return KeyItem.of(fields | changes)


def test_names_of_fields() -> None:
    names = ["session_oid", "external_id", "etag", "cost_usd", "start_url", "last_five"]

    assert [pascal(name) for name in names] == ["SessionOID", "ExternalID", "ETag", "CostUsd", "StartUrl", "LastFive"]


def test_an_etag_changes_with_the_item_and_not_with_its_use() -> None:
    assert key().etag == key(last_used_at=NOON).etag
    assert key().etag != key(name="other").etag
    assert key().tag == f'"{key().etag}"'
    assert key().model_dump(mode="json", by_alias=True)["ExpiresAt"] == "2024-01-31T12:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "31/12/2024",
        "2024-02-30T00:00:00",
        "2024-01-31",
        "2024-01-31T00:00:00Z",
        "2024-01-31T24:00:00",
        "",
        "٢٠٢٤-01-31T00:00:00",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        local_time(text)


def test_a_leap_day_is_a_day() -> None:
    read = local_time("2024-02-29T00:00:00")

    assert isinstance(read, datetime)
    assert (read.month, read.day) == (2, 29)


def test_filters_are_what_is_asked_beside_the_part() -> None:
    assert Paging(offset=0, count=1000).filters() == {}
    with pytest.raises(ValueError, match="between 1 and 1000"):
        Paging(offset=0, count=1001)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_every_value_becomes_xml_that_can_be_read(value: Any) -> None:
    ElementTree.fromstring(to_xml("Page", {"Data": value}))


def test_null_is_left_out_and_lists_have_items() -> None:
    root = ElementTree.fromstring(to_xml("Job", {"Name": "a & b\x00", "Url": None, "Keep": True, "Events": ["x", "y"]}))

    assert {child.tag for child in root} == {"Name", "Keep", "Events"}
    assert (root.findtext("Name"), root.findtext("Keep")) == ("a & b\ufffd", "true")
    assert [item.text for item in root.findall("Events/Item")] == ["x", "y"]


def test_texts_get_the_types_that_the_schema_names() -> None:
    given = {"Name": "5", "MaxSteps": "5", "KeepSession": "true", "StartUrl": "", "ExternalID": "7", "Unknown": "1"}
    read = typed(given, JobInput.model_json_schema())

    assert read == {**given, "MaxSteps": 5, "KeepSession": True, "StartUrl": None}
    assert typed({"Scopes": "a:read", "Tiers": ""}, KeyInput.model_json_schema()) == {"Scopes": ["a:read"], "Tiers": []}
    assert typed({"MaxSteps": "five", "KeepSession": "yes"}, JobInput.model_json_schema()) == {
        "MaxSteps": "five",
        "KeepSession": "yes",
    }


def test_a_field_that_comes_again_and_again_takes_no_longer_each_time() -> None:
    began = time.process_time()

    fields = parse_xml(b"<r>" + b"<a/>" * 260_000 + b"</r>")

    assert fields == {"a": [""] * 260_000}
    assert time.process_time() - began < 10  # a copy for each takes minutes


def test_lists_in_xml_and_forms() -> None:
    nested = b"<Key><Scopes><Item>a</Item><Item>b</Item></Scopes></Key>"

    assert parse_xml(nested) == {"Scopes": ["a", "b"]}
    assert parse_xml(b"<Key><Scopes>a</Scopes><Scopes>b</Scopes></Key>") == {"Scopes": ["a", "b"]}
    assert parse_form(b"Scopes=a&Scopes=b&Name=%C3%A4+b&Empty=") == {"Scopes": ["a", "b"], "Name": "ä b", "Empty": ""}


@pytest.mark.parametrize(
    "body", [b"", b"<a>", b"<a>text</a>", b"<a><b/>text</a>", b"\xff", b"<!DOCTYPE a><a/>", b"<a b=c/>"]
)
def test_what_is_no_plain_xml_is_refused(body: bytes) -> None:
    with pytest.raises(OutriderError) as refused:
        parse_xml(body)

    assert refused.value.code == "MALFORMED_BODY"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for parse in (parse_xml, parse_form):
        try:
            parse(body)
        except OutriderError as problem:
            assert problem.code == "MALFORMED_BODY"
