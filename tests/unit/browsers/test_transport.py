from hypothesis import given
from hypothesis import strategies as st

from outrider.browsers.transport import Framing


@given(
    messages=st.lists(st.binary(min_size=1).map(lambda data: data.replace(b"\0", b"x")), max_size=8),
    cuts=st.lists(st.integers(min_value=0, max_value=400), max_size=8),
)
def test_messages_survive_any_cut(messages: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(message + b"\0" for message in messages)
    framing, received, start = Framing(), list[bytes](), 0
    for end in [*sorted(min(cut, len(stream)) for cut in cuts), len(stream)]:
        received += framing.feed(stream[start:end])
        start = end
    assert received == messages
