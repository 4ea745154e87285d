"""Column types: time and JSON."""

import json
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from outrider.storage.columns import UtcDateTime, dump_json, well_formed

SURROGATES = st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF)
TORN_TEXT = st.text(st.characters(codec="utf-8") | SURROGATES)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TORN_TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TORN_TEXT, inner), max_leaves=12)


@given(VALUES)
def test_whatever_a_page_says_can_be_stored(value: Any) -> None:
    kept = well_formed(value)

    text = dump_json(kept)

    assert text.encode()
    assert well_formed(kept) == kept or kept != kept
    json.loads(text)
    orjson.loads(text)


@given(st.text(st.characters(codec="utf-8")))
def test_good_text_is_kept_as_it_is(text: str) -> None:
    assert well_formed(text) is text
    assert orjson.loads(dump_json({text: [text]})) == {text: [text]}


def test_halves_of_one_character_are_joined() -> None:
    assert well_formed("\ud83c\udf89") == "🎉"


def test_read_only_mappings_are_objects() -> None:
    assert dump_json(MappingProxyType({"a": (1, 2)})) == '{"a":[1,2]}'


def test_what_is_not_json_is_a_defect_of_the_caller() -> None:
    with pytest.raises(TypeError):
        well_formed({"a": object()})


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_times_are_kept_as_utc(database: str) -> None:
    dialect = make_url(f"{database}://").get_dialect()()
    column, moment = UtcDateTime(), datetime(2026, 5, 4, 12, 0, tzinfo=timezone(timedelta(hours=2)))

    bound = column.process_bind_param(moment, dialect)

    assert bound is not None
    assert (bound, bound.tzinfo) == (moment, UTC)
    assert column.process_result_value(bound.replace(tzinfo=None), dialect) == moment
    assert column.process_result_value(None, dialect) is column.process_bind_param(None, dialect) is None
    with pytest.raises(ValueError, match="naive"):
        column.process_bind_param(moment.replace(tzinfo=None), dialect)
