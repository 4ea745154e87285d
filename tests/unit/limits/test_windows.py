"""Rolling windows, in memory and in a real Redis: when slots return, whom refusals use up, who is blocked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.limits.gates import Clock
from tests.unit.limits.stores import running_redis

from outrider.limits.shared import SharedWindows
from outrider.limits.windows import PATIENCE, Limit, RollingWindows, Verdict, Windows
from outrider.problems import OutriderError

Open = Callable[[Clock], Windows]


@pytest.fixture(scope="module")
def redis_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with running_redis(tmp_path_factory.mktemp("redis")) as socket:
        yield socket


@pytest.fixture(params=["memory", "redis"])
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Open]:
    if request.param == "memory":
        yield lambda clock: RollingWindows(60, clock.monotonic)
        return
    socket: Path = request.getfixturevalue("redis_socket")
    made: list[SharedWindows] = []

    def shared(clock: Clock) -> Windows:
        made.append(SharedWindows.at(f"unix://{socket}", 60, clock.monotonic))
        return made[-1]

    yield shared
    for windows in made:
        await windows._redis.flushall()
        async with windows:
            pass


def of_key(requests: int, name: str = "key") -> Limit:
    return Limit(name, f"{name}:1", requests)


async def verdicts(windows: Windows, calls: int, limits: Sequence[Limit], caller: str = "caller") -> list[Verdict]:
    return [(await windows.take(caller, limits)).verdict for _ in range(calls)]


async def admitted(windows: Windows, calls: int, limits: Sequence[Limit], caller: str = "caller") -> int:
    return (await verdicts(windows, calls, limits, caller)).count(Verdict.ADMITTED)


@pytest.mark.row("A19")
async def test_a_slot_returns_exactly_a_minute_after_its_use(opened: Open) -> None:
    clock = Clock(0)
    windows, limits = opened(clock), (of_key(50),)

    assert await admitted(windows, 1, limits) == 1
    clock.seconds = 30
    assert await verdicts(windows, 50, limits) == [Verdict.ADMITTED] * 49 + [Verdict.REFUSED]
    clock.seconds = 59.9
    outcome = await windows.take("caller", limits)
    assert (outcome.verdict, round(outcome.wait_seconds, 6)) == (Verdict.REFUSED, 0.1)
    clock.seconds = 60
    assert await verdicts(windows, 2, limits) == [Verdict.ADMITTED, Verdict.REFUSED]
    clock.seconds = 90
    assert await admitted(windows, 50, limits) == 49


@pytest.mark.row("A20")
async def test_after_a_minute_there_is_the_whole_allowance(opened: Open) -> None:
    clock = Clock(0)
    windows, limits = opened(clock), (of_key(50),)
    assert await admitted(windows, 51, limits) == 50
    assert (await windows.take("caller", limits)).wait_seconds == 60
    clock.seconds = 60
    assert await admitted(windows, 51, limits) == 50


@pytest.mark.row("A15")
async def test_ten_ignored_refusals_block_until_the_window_clears(opened: Open) -> None:
    clock = Clock(0)
    windows, limits = opened(clock), (of_key(5),)
    await admitted(windows, 4, limits)
    clock.seconds = 20
    await admitted(windows, 1, limits)

    assert await verdicts(windows, 1 + PATIENCE, limits) == [Verdict.REFUSED] * 11
    outcome = await windows.take("caller", limits)
    assert (outcome.verdict, outcome.wait_seconds) == (Verdict.BLOCKED, 60)
    clock.seconds = 79.9  # four slots are back, and the fifth is not
    assert await verdicts(windows, 20, limits) == [Verdict.BLOCKED] * 20
    assert await admitted(windows, 1, (), "caller") == 0
    clock.seconds = 80
    assert await admitted(windows, 6, limits) == 5


async def test_refusals_count_again_from_the_first_after_an_admitted_call(opened: Open) -> None:
    clock = Clock(0)
    windows, limits = opened(clock), (of_key(1),)
    for minute in range(3):
        clock.seconds = 60 * minute
        assert await verdicts(windows, 12, limits) == [Verdict.ADMITTED] + [Verdict.REFUSED] * 11


async def test_a_block_is_its_callers_alone(opened: Open) -> None:
    windows, shared = opened(Clock(0)), of_key(3, "organisation")
    await verdicts(windows, 20, (shared,), "impatient")
    assert await verdicts(windows, 1, (shared,), "patient") == [Verdict.REFUSED]
    assert await verdicts(windows, 1, (shared,), "impatient") == [Verdict.BLOCKED]


@pytest.mark.row("G12")
async def test_windows_are_taken_together_or_not_at_all(opened: Open) -> None:
    windows = opened(Clock(0))
    one, other, both = Limit("key", "key:1", 3), Limit("key", "key:2", 3), Limit("organisation", "o", 4)
    assert await admitted(windows, 3, (one, both), "1") == 3
    assert await admitted(windows, 3, (other, both), "2") == 1
    # The organisation's window refused two calls of the second key: they used no slot of that key.
    assert [window.remaining for window in await windows.look((one, other, both))] == [0, 2, 0]


async def test_the_windows_say_what_remains_and_until_when(opened: Open) -> None:
    clock = Clock(0)
    windows, limits = opened(clock), (of_key(3), of_key(9, "organisation"))
    assert [(w.name, w.limit, w.remaining, w.seconds) for w in await windows.look(limits)] == [
        ("key", 3, 3, 0),
        ("organisation", 9, 9, 0),
    ]
    await windows.take("caller", limits)
    clock.seconds = 12.5
    found = (await windows.take("caller", limits)).windows
    assert [(w.remaining, w.seconds) for w in found] == [(1, 47.5), (7, 47.5)]


async def test_a_lowered_limit_waits_for_as_many_slots_as_it_takes(opened: Open) -> None:
    clock = Clock(0)
    windows = opened(clock)
    for second in range(5):
        clock.seconds = second
        await windows.take("caller", (of_key(5),))
    outcome = await windows.take("caller", (of_key(2),))
    assert (outcome.verdict, outcome.wait_seconds) == (Verdict.REFUSED, 59)
    clock.seconds += 59
    assert (await windows.take("caller", (of_key(2),))).verdict is Verdict.ADMITTED


@given(
    calls=st.lists(st.tuples(st.integers(0, 400), st.sampled_from("ab")), max_size=120),
    limit=st.integers(1, 5),
    total=st.integers(1, 8),
)
def test_no_stretch_of_a_minute_has_more_than_the_limit(calls: list[tuple[int, str]], limit: int, total: int) -> None:
    """Whenever who calls: neither window is ever exceeded, and nobody is refused for whom both have room."""

    async def walk() -> None:
        clock = Clock(0)
        windows = RollingWindows(60, clock.monotonic)
        passed: list[tuple[float, str]] = []
        for tenths, who in sorted(calls):
            clock.seconds = tenths / 2
            mine = sum(1 for at, name in passed if name == who and at > clock.seconds - 60)
            all_of_us = sum(1 for at, _ in passed if at > clock.seconds - 60)
            limits = (Limit("key", who, limit), Limit("organisation", "o", total))
            outcome = await windows.take(who, limits)
            has_room = mine < limit and all_of_us < total
            if outcome.verdict is Verdict.BLOCKED:
                assert outcome.wait_seconds > 0
            else:
                assert (outcome.verdict is Verdict.ADMITTED) is has_room
            if outcome.verdict is Verdict.ADMITTED:
                passed.append((clock.seconds, who))

    asyncio.run(walk())


# --- the shared store


@asynccontextmanager
async def shared_at(uri: str) -> AsyncIterator[SharedWindows]:
    async with SharedWindows.at(uri, 60) as windows:
        yield windows


async def test_processes_share_one_window_on_the_stores_own_clock(redis_socket: Path) -> None:
    uri, limits = f"unix://{redis_socket}", (Limit("key", "key:many", 40),)
    async with shared_at(uri) as one, shared_at(uri) as other:
        answers = await asyncio.gather(*(w.take(f"c{n}", limits) for n in range(30) for w in (one, other)))
        assert [answer.verdict for answer in answers].count(Verdict.ADMITTED) == 40
        assert max(answer.wait_seconds for answer in answers) <= 60
        await one._redis.flushall()


async def test_without_the_store_a_process_counts_for_itself(tmp_path: Path) -> None:
    async with shared_at(f"unix://{tmp_path}/none.sock") as windows:
        with pytest.raises(OutriderError, match="can't be reached"):
            await windows.check()
        assert await verdicts(windows, 3, (of_key(2),)) == [Verdict.ADMITTED, Verdict.ADMITTED, Verdict.REFUSED]
        assert [window.remaining for window in await windows.look((of_key(2),))] == [0]


async def test_a_store_that_goes_away_is_done_without_and_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = (of_key(2),)
    async with shared_at(f"unix://{tmp_path}/redis.sock") as windows:
        with running_redis(tmp_path):
            assert await admitted(windows, 1, limits) == 1
        assert await admitted(windows, 3, limits) == 2  # its own, anew
        monkeypatch.setattr(windows, "_ask_again_at", 0.0)
        with running_redis(tmp_path):
            assert await admitted(windows, 3, limits) == 2
            assert await admitted(windows, 1, limits) == 0


@pytest.mark.parametrize("uri", ["http://127.0.0.1", "redis://127.0.0.1:port", "nothing"])
def test_an_address_that_is_none_is_refused_without_being_repeated(uri: str) -> None:
    with pytest.raises(OutriderError) as caught:
        SharedWindows.at(uri, 60)
    assert caught.value.code == "CONFIG_INVALID"
    assert uri not in str(caught.value.as_envelope("r"))
