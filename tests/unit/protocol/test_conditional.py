"""Entity tags as RFC 9110 has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.problems import OutriderError
from outrider.protocol.conditional import ANYTHING, Precondition, etag_of, is_unchanged, parse_tags

TAGS = st.builds(
    lambda weak, text: f'{weak}"{text}"',
    st.sampled_from(["", "W/"]),
    st.text(st.characters(min_codepoint=0x23, max_codepoint=0x7E)),
)


@given(st.lists(TAGS, min_size=1), st.sampled_from([",", ", ", " ,\t", ",,"]))
def test_lists_of_tags_are_read(tags: list[str], between: str) -> None:
    assert parse_tags(between.join(tags)) == frozenset(tags)


@pytest.mark.parametrize(
    "header", ["", "x", '"', '"a', 'a"', '"a" "b"', 'w/"a"', "W/a", "*,*", '"a", *', '"a\x7f"', '"' * 9_001]
)
def test_what_is_no_list_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="entity tags"):
        parse_tags(header)
    assert not is_unchanged(header, '"a"')
    with pytest.raises(OutriderError) as caught:
        Precondition.of(header)
    assert caught.value.code == "PRECONDITION_INVALID"


def test_anything_is_whatever_there_is() -> None:
    assert parse_tags(" * ") == ANYTHING
    assert is_unchanged("*", '"a"')
    Precondition.of("*").check('"a"')


@pytest.mark.parametrize(
    ("header", "etag", "weakly", "strongly"),
    [
        ('"1"', '"1"', True, True),
        ('W/"1"', '"1"', True, False),
        ('"1"', 'W/"1"', True, False),
        ('"2", "1"', '"1"', True, True),
        ('"1,2"', '"1"', False, False),
        ('"2"', '"1"', False, False),
    ],
)
def test_weak_and_strong_comparison(header: str, etag: str, weakly: bool, strongly: bool) -> None:
    assert is_unchanged(header, etag) is weakly
    if strongly:
        Precondition.of(header).check(etag)
    else:
        with pytest.raises(OutriderError) as caught:
            Precondition.of(header).check(etag)
        assert (caught.value.code, caught.value.problem.status) == ("VERSION_CONFLICT", 409)


@pytest.mark.parametrize("header", ['"1"', 'W/"1", "2"'])
def test_no_tag_fits_what_has_none(header: str) -> None:
    with pytest.raises(OutriderError) as caught:
        Precondition.of(header).check(None)
    assert (caught.value.code, caught.value.problem.status) == ("PRECONDITION_UNSUPPORTED", 409)
    Precondition.of("*").check(None)
    Precondition.of(None).check(None)


def test_without_the_header_there_is_no_condition() -> None:
    Precondition.of(None).check('"a"')
    assert not is_unchanged(None, '"a"')


def test_other_parts_make_another_tag() -> None:
    assert etag_of("a", 1) == etag_of("a", 1) != etag_of("a", 2)
    assert parse_tags(etag_of("\udcff", b"x")) == {etag_of("\udcff", b"x")}
