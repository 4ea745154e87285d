"""A session from its owner's side: tasks, questions, steering, faults. Only the model is scripted."""

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.agents.worker import Open, browsers_of, until_true

from outrider.agents.secrets import MASK
from outrider.environments.memory import MemoryReserve
from outrider.environments.snapshots import Snapshots
from outrider.interfaces.actions import Action, Click, Fill, Navigate
from outrider.interfaces.environments import SnapshotMode
from outrider.interfaces.models import Act, Ask, Decision, Finish, Step, Task
from outrider.interfaces.pages import Observation
from outrider.interfaces.sessions import Change, Message, MessageType, State
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser


def index_of(observation: Observation, name: str) -> int:
    return next(element.index for element in observation.elements if element.name == name)


def is_thought(message: Message) -> bool:
    return message.type is MessageType.THOUGHT


def do(*steps: tuple[str, str]) -> "Script":
    return Script(steps)


class Script:
    """Clicks and fills by name, one after the other, then finishes with the words of all turns."""

    def __init__(self, steps: Sequence[tuple[str, str]]) -> None:
        self.steps = steps

    def __call__(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        taken = len(history) - bool(task.start_url)
        if taken < len(self.steps):
            name, text = self.steps[taken]
            index = index_of(observation, name)
            action: Action = Fill(index, text) if text else Click(index)
            return Act(action, f"Using {name} with {text}" if text else f"Clicking {name}")
        return Finish(" ".join([task.text, *(turn.text for turn in task.turns)]))


async def test_a_task_is_logged_from_its_first_thought_to_its_answer(opened: Open, site: str) -> None:
    async with opened(do(("Do it", ""))) as worker:
        await worker.say("press the button", start_url=site)
        log = await worker.end()

        assert [message.type.value for message in log] == ["USER", "THOUGHT", "LOG", "THOUGHT", "LOG", "DONE"]
        assert [message.id for message in log] == list(range(1, 7))
        step = log[4]
        assert step.content == "click “Do it”: the page changed"
        assert step.metadata["event"] == "step"
        assert step.metadata["effect"]["changed"] is True
        assert set(step.metadata["milliseconds"]) == {"observe", "decide", "act"}
        assert log[-1].content == "press the button"
        assert log[-1].metadata["steps"] == 2
        assert await worker.state() is State.FINISHED


async def test_a_question_waits_for_its_answer(opened: Open, site: str) -> None:
    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        del observation, history
        return Finish(task.turns[-1].text) if task.turns else Ask("Which one?")

    async with opened(decide) as worker:
        await worker.say("choose", start_url=site)
        log = await worker.until(lambda message: message.type is MessageType.QUESTION)
        assert await worker.state() is State.WAITING
        assert log[-1].content == "Which one?"

        await worker.say("the blue one")
        log = await worker.end(log[-1].id)

        assert log[-1].content == "the blue one"


async def test_a_pause_holds_the_task_between_actions_until_it_is_resumed(opened: Open, site: str) -> None:
    paused = asyncio.Event()

    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        if len(history) == 1:
            paused.set()
        return do(("Do it", ""), ("Dead", ""))(task, observation, history)

    async with opened(decide) as worker:
        await worker.say("go", start_url=site)
        await paused.wait()
        await worker.steer("pause")
        assert await worker.state() is State.PAUSED
        before = (await worker.store.get(worker.session_id)).last_message_id

        await worker.say("and something else")
        assert await worker.state() is State.PAUSED
        await worker.steer("resume")
        log = await worker.end(before)

        assert log[-1].type is MessageType.DONE
        assert log[-1].content == "go and something else"


async def test_what_the_user_adds_while_the_task_is_about_to_finish_is_not_lost(opened: Open, site: str) -> None:
    sends: list[asyncio.Task[int]] = []

    async with opened(lambda task, observation, history: decide(task)) as worker:

        def decide(task: Task) -> Decision:
            if not sends:
                sends.append(asyncio.get_running_loop().create_task(worker.say("too late?")))
            return Finish(" ".join([task.text, *(turn.text for turn in task.turns)]))

        await worker.say("first", start_url=site)
        await worker.rested()
        await sends[0]
        await worker.rested()
        messages = await worker.store.messages(worker.session_id)

    answers = " ".join(str(message.content) for message in messages if message.type is MessageType.DONE)
    assert "too late?" in answers


@pytest.mark.parametrize(("path", "button"), [("/never", ""), ("/busy", "Freeze"), ("/next", "Wait")])
async def test_cancel_ends_a_task_within_two_seconds_whatever_the_page_does(
    opened: Open, site: str, path: str, button: str, tmp_path: Path
) -> None:
    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        if task.text == "again":
            return Finish(observation.title)
        return Act(Click(index_of(observation, button)), "Freezing the page")

    async with opened(decide) as worker:
        browsers = browsers_of(tmp_path)
        await worker.say("hang", start_url=site + path)
        await worker.until(lambda message: is_thought(message) and (not button or message.id > 3))
        started = time.monotonic()
        await worker.steer("cancel")

        assert await worker.state() is State.CANCELLED
        last = await worker.say("again", start_url=site)
        log = await worker.end(last)

        assert log[-1].type is MessageType.DONE, log
        assert log[-1].content == "Home"
        assert time.monotonic() - started < 6  # the cancel itself, a page that let go of or a fresh browser, a task
        assert browsers_of(tmp_path) == browsers, "its log-ins are kept"


async def test_a_page_that_nothing_helps_loses_its_browser_and_the_log_says_so(
    opened: Open, site: str, tmp_path: Path
) -> None:
    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        if task.text == "again":
            return Finish(observation.title)
        return Act(Click(index_of(observation, "Wait")), "Waiting")

    async with opened(decide) as worker:
        (browser,) = browsers_of(tmp_path)
        await worker.say("hang", start_url=site)
        await worker.until(lambda message: is_thought(message) and message.id > 3)
        for renderer in renderers_of(browser):
            os.kill(renderer, signal.SIGSTOP)
        await worker.steer("cancel")
        await worker.until(lambda message: message.metadata.get("reason") == "browser_lost")

        last = await worker.say("again", start_url=site)
        assert (await worker.end(last))[-1].content == "Home"
        assert browser not in browsers_of(tmp_path)


def renderers_of(browser: int) -> list[int]:
    """The processes in which the browser runs pages."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                if b"--type=renderer" in command and os.getpgid(int(entry.name)) == browser:
                    found.append(int(entry.name))
    assert found
    return found


async def test_a_browser_that_is_killed_fails_the_task_and_the_next_one_gets_another(
    opened: Open, site: str, tmp_path: Path
) -> None:
    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        if task.text == "kill":
            for pid in browsers_of(tmp_path):
                os.kill(pid, signal.SIGKILL)
            return Act(Click(index_of(observation, "Do it")), "Clicking into the void")
        return Finish(observation.title)

    async with opened(decide) as worker:
        await worker.say("kill", start_url=site)
        log = await worker.end()
        assert log[-1].metadata["code"] == "BROWSER_CRASHED"
        assert log[-1].metadata["retryable"] is True

        last = await worker.say("look", start_url=site)
        log = await worker.end(last)

        assert log[-1].content == "Home"


async def test_the_step_limit_ends_a_task(opened: Open, site: str) -> None:
    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        del task, observation
        return Act(Navigate(f"{site}/?page={len(history)}"), "Going on")

    async with opened(decide, max_steps=3) as worker:
        await worker.say("for ever")
        log = await worker.end()

        assert log[-1].metadata["code"] == "STEP_LIMIT_REACHED"
        assert sum(map(is_thought, log)) == 3


async def test_time_ends_a_task_but_waiting_for_the_user_does_not_count(opened: Open, site: str) -> None:
    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        del observation
        if not task.turns:
            return Ask("Well?")
        return Act(Navigate(f"{site}/?page={len(history)}"), "Going on")

    async with opened(decide, task_timeout_seconds=1.5, max_steps=10_000) as worker:
        await worker.say("for ever")
        log = await worker.until(lambda message: message.type is MessageType.QUESTION)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await worker.end(log[-1].id)  # nothing ends while the question is open
        await worker.say("go")
        log = await worker.end(log[-1].id)

        assert log[-1].metadata["code"] == "TASK_TIMEOUT"
        assert sum(map(is_thought, log)) > 1


async def test_doing_the_same_thing_on_the_same_page_is_a_loop(opened: Open, site: str) -> None:
    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        del task, history
        return Act(Click(index_of(observation, "Dead")), "Trying again")

    async with opened(decide) as worker:
        await worker.say("press the dead button", start_url=site)
        log = await worker.end()

        assert log[-1].metadata["code"] == "LOOP_DETECTED"
        assert "click “Dead”" in str(log[-1].content)


async def test_a_password_of_the_task_is_in_no_answer_of_this_and_later_tasks(opened: Open, site: str) -> None:
    async with opened(do()) as worker:
        await worker.say("log in with password 'tops3cret'", start_url=site)
        log = await worker.end()
        assert log[-1].content == f"log in with password '{MASK}'"
        await worker.say("repeat tops3cret")
        log = await worker.end(log[-1].id)
        assert log[-1].content == f"repeat {MASK}"


async def test_what_is_typed_into_a_password_field_is_nowhere_in_the_log(opened: Open, site: str) -> None:
    async with opened(do(("Name", "Ann"), ("Password", "tops3cret"))) as worker:
        await worker.say("log in", start_url=site)
        log = await worker.end()

        assert log[-1].type is MessageType.DONE
        assert "Ann" in str(log)
        assert "tops3cret" not in str(log)


async def test_an_answer_that_does_not_fit_the_schema_ends_the_task(opened: Open, site: str) -> None:
    async with opened(lambda task, observation, history: Finish({"price": "cheap"})) as worker:
        schema = {"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]}
        await worker.say("read the price", start_url=site, output_schema=schema)
        log = await worker.end()

        assert log[-1].metadata["code"] == "OUTPUT_INVALID"
        assert "price" in str(log[-1].content)


async def test_a_defect_of_a_model_is_an_internal_error_without_its_text(opened: Open, site: str) -> None:
    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        raise RuntimeError("sk-secret")

    async with opened(decide) as worker:
        await worker.say("go", start_url=site)
        log = await worker.end()

        assert log[-1].metadata["code"] == "INTERNAL_ERROR"
        assert "sk-secret" not in str(log)


async def test_an_address_that_can_not_be_opened_ends_the_task(opened: Open) -> None:
    async with opened(do()) as worker:
        await worker.say("go", start_url="http://127.0.0.1:9/")
        log = await worker.end()

        assert log[-1].metadata["code"] == "NAVIGATION_REFUSED"


async def test_calls_are_answered_while_a_task_waits(opened: Open, site: str) -> None:
    async with opened(lambda task, observation, history: Ask("Well?")) as worker:
        await worker.say("go")
        await worker.until(lambda message: message.type is MessageType.QUESTION)

        moved = await worker.engine.call(worker.session_id, "navigate", {"url": site}, timeout=10)
        picture = await worker.engine.call(worker.session_id, "screenshot", {}, timeout=10)

        assert moved == {"current_url": f"{site}/"}
        assert picture.title == "Home"
        assert picture.jpeg.startswith(b"\xff\xd8")


async def test_a_defect_behind_a_call_is_an_internal_error_without_its_text(opened: Open) -> None:
    async with opened(do()) as worker:
        with pytest.raises(OutriderError) as caught:
            await worker.engine.call(worker.session_id, "nonsense", {}, timeout=10)
        assert caught.value.code == "INTERNAL_ERROR"


async def test_a_session_without_a_browser_says_why(opened: Open, tmp_path: Path) -> None:
    async with opened(do(), browser_binary=tmp_path / "no-such-browser") as worker:
        (message,) = await worker.store.messages(worker.session_id)

        assert await worker.state() is State.BROKEN
        assert message.type is MessageType.ERROR
        assert message.metadata["code"] in ("BROWSER_NOT_INSTALLED", "BROWSER_START_FAILED")


async def test_a_deleted_session_leaves_no_browser(opened: Open, site: str, tmp_path: Path) -> None:
    async with opened(do()) as worker:
        await worker.say("go", start_url=site)
        await worker.end()
        assert browsers_of(tmp_path)

        await worker.steer("delete")
        await until_true(lambda: not browsers_of(tmp_path) and not any((tmp_path / "browsers").iterdir()))


async def test_a_restored_session_whose_browser_crashes_is_restored_again(
    opened: Open, site: str, tmp_path: Path
) -> None:
    async with opened(do()) as worker:
        await worker.engine.call(worker.session_id, "navigate", {"url": f"{site}/next"}, timeout=10)
        saving = {"mode": SnapshotMode.FILESYSTEM, "is_default": False}
        await worker.engine.call(worker.session_id, "save", saving, timeout=20)
        first = await worker.store.get(worker.session_id)
        await worker.engine.send(worker.session_id, Change("delete", command=("delete", {})))
        worker.session_id = "restored"
        await worker.engine.create(replace(first.spec, id="restored", restore=SnapshotMode.FILESYSTEM))
        await worker.rested()
        (browser,) = browsers_of(tmp_path)
        os.kill(browser, signal.SIGKILL)
        await worker.until(lambda message: message.metadata.get("code") == "BROWSER_CRASHED")

        picture = await worker.engine.call("restored", "screenshot", {}, timeout=10)
        log = await worker.store.messages("restored")

        assert picture.url == f"{site}/next"
        assert [message.metadata["restore"]["mode"] for message in log if "restore" in message.metadata] == [
            "filesystem",
            "filesystem",
        ]


async def test_a_session_without_a_browser_is_not_saved(opened: Open, tmp_path: Path) -> None:
    async with opened(do()) as worker:
        (browser,) = browsers_of(tmp_path)
        os.kill(browser, signal.SIGKILL)
        await worker.until(lambda message: message.metadata.get("code") == "BROWSER_CRASHED")
        with pytest.raises(OutriderError) as raised:
            saving = {"mode": SnapshotMode.FILESYSTEM, "is_default": False}
            await worker.engine.call(worker.session_id, "save", saving, timeout=20)

        assert raised.value.code == "SNAPSHOT_FAILED"


async def test_a_browser_that_ended_is_replaced_only_when_there_is_memory(
    opened: Open, site: str, tmp_path: Path
) -> None:
    async with opened(do()) as worker:
        (browser,) = browsers_of(tmp_path)
        os.kill(browser, signal.SIGKILL)
        await worker.until(lambda message: message.metadata.get("code") == "BROWSER_CRASHED")
        worker.environments.reserve = MemoryReserve(2**60)
        refused = []
        for attempt in (
            worker.say("go", start_url=site),
            worker.engine.call(worker.session_id, "navigate", {"url": site}, timeout=20),
            worker.engine.call(worker.session_id, "screenshot", {}, timeout=20),
        ):
            with pytest.raises(OutriderError) as raised:
                await attempt
            refused.append(raised.value.code)

        assert refused == ["MEMORY_LIMIT_REACHED"] * 3
        assert await worker.state() is State.READY
        assert not browsers_of(tmp_path)
        worker.environments.reserve = MemoryReserve(0)
        await worker.say("go", start_url=site)
        assert (await worker.end())[-1].type is MessageType.DONE


async def test_of_several_who_want_it_saved_all_get_the_one_snapshot(opened: Open, site: str) -> None:
    async with opened(do()) as worker:
        await worker.engine.call(worker.session_id, "navigate", {"url": f"{site}/next"}, timeout=20)
        saves = (
            worker.engine.call(worker.session_id, "save", {"mode": mode, "is_default": False}, timeout=20)
            for mode in (SnapshotMode.FILESYSTEM, SnapshotMode.MEMORY, SnapshotMode.FILESYSTEM)
        )
        assert len({snapshot.blob for snapshot in await asyncio.gather(*saves)}) == 1


async def test_a_session_that_stays_after_it_was_saved_goes_on_with_that(opened: Open, site: str) -> None:
    saving = {"mode": SnapshotMode.FILESYSTEM, "is_default": False}
    async with opened(do()) as worker:
        await worker.engine.call(worker.session_id, "navigate", {"url": f"{site}/next"}, timeout=20)
        first = await worker.engine.call(worker.session_id, "save", saving, timeout=20)
        picture = await worker.engine.call(worker.session_id, "screenshot", {}, timeout=20)
        second = await worker.engine.call(worker.session_id, "save", saving, timeout=20)

        assert picture.url == f"{site}/next"
        assert second.blob != first.blob


async def test_a_session_that_ends_while_its_browser_is_about_to_be_saved_leaves_none(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measuring = asyncio.Event()

    async def measure(*_: object) -> None:
        measuring.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Snapshots, "check_size", measure)
    saving = {"mode": SnapshotMode.FILESYSTEM, "is_default": False}
    async with opened(do()) as worker:
        save = asyncio.create_task(worker.engine.call(worker.session_id, "save", saving, timeout=20))
        await measuring.wait()
        await worker.engine.send(worker.session_id, Change(event="delete", command=("delete", {})))
        with pytest.raises(OutriderError):
            await save
        await until_true(lambda: not browsers_of(tmp_path))


async def test_a_call_while_saving_fails_leaves_one_browser(opened: Open, site: str, tmp_path: Path) -> None:
    saving = {"mode": SnapshotMode.FILESYSTEM, "is_default": False}
    async with opened(do(), snapshot_max_bytes=2**20) as worker:
        (folder,) = await asyncio.to_thread(os.listdir, tmp_path / "browsers")
        await asyncio.to_thread((tmp_path / "browsers" / folder / "profile" / "large").write_bytes, bytes(2**21))
        save = asyncio.create_task(worker.engine.call(worker.session_id, "save", saving, timeout=20))
        await asyncio.gather(
            asyncio.wait({save}), worker.engine.call(worker.session_id, "navigate", {"url": site}, timeout=20)
        )
        with pytest.raises(OutriderError) as raised:
            await save

        assert raised.value.code == "SNAPSHOT_TOO_LARGE"
        assert len(browsers_of(tmp_path)) == 1
