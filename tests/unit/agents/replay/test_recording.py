"""What becomes of a log that is no plain case: a reason, or a script without guesses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from outrider.agents.replay.recording import record
from outrider.interfaces.sessions import Message, MessageType
from outrider.problems import OutriderError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIELD = {"role": "textbox", "name": "User name"}
NOTES = {"role": "textbox", "name": "Notes"}


def log(task: str, *steps: dict[str, Any], answer: Any = "Done.", evidence: Any = ()) -> list[Message]:
    entries: list[tuple[MessageType, Any, dict[str, Any]]] = [(MessageType.USER, task, {})]
    for number, step in enumerate(steps, start=1):
        entries.append((MessageType.LOG, "", {"event": "step", "step": number, "page": "http://shop.test/", **step}))
    entries.append((MessageType.DONE, answer, {"evidence": list(evidence)}))
    return [Message(number, kind, text, data, NOW) for number, (kind, text, data) in enumerate(entries, start=1)]


def typed(target: dict[str, str], text: str, **more: Any) -> dict[str, Any]:
    return {"action": {"name": "fill", "index": 1, "text": text, "submit": False}, "targets": {"index": target}, **more}


def reading(field: str, role: str = "text", **more: Any) -> dict[str, Any]:
    return {"field": field, "step": 1, "element": {"role": role, "name": "Price", **more}}


def test_what_was_typed_is_a_variable_where_it_stands_as_a_word() -> None:
    done = record(log("Enter tom and name for Tomas, not tomato", typed(FIELD, "tom"), typed(NOTES, "name")))

    assert done.task == "Enter ${user_name} and ${notes} for Tomas, not tomato"
    assert {name: one.default for name, one in done.variables.items()} == {"user_name": "tom", "notes": "name"}


def test_the_same_text_is_the_same_variable_whatever_is_in_it() -> None:
    done = record(log("Enter ${x} twice", typed(FIELD, "${x}"), typed(FIELD, "${x}")))

    assert list(done.variables) == ["user_name"]


@pytest.mark.parametrize(
    "messages",
    [
        log("Nothing", evidence=[reading("price")]),
        log("Nothing that works", typed(FIELD, "x", problem={"code": "ELEMENT_GONE"}), evidence=[reading("price")]),
        log(
            "A wide table",
            typed(FIELD, "x"),
            answer=[{f"column {number}": "1" for number in range(60)}],
            evidence=[reading("items/0", "entry")],
        ),
        log("A long name", typed(FIELD, "x"), answer={"price": "1"}, evidence=[reading("price", under="x" * 3000)]),
        log(
            "A value below a value",
            typed(FIELD, "x"),
            answer={"price": "1"},
            evidence=[reading("price"), reading("price/amount")],
        ),
    ],
    ids=lambda messages: str(messages[0].content),
)
def test_what_can_not_be_a_script_is_told(messages: list[Message]) -> None:
    with pytest.raises(OutriderError) as refused:
        record(messages)

    assert refused.value.code == "SCRIPT_NOT_AVAILABLE"


CLICK: dict[str, Any] = {
    "action": {"name": "click", "index": 1},
    "targets": {"index": {"role": "button", "name": "Save"}},
}
WAIT: dict[str, Any] = {"action": {"name": "wait", "text": "", "seconds": 10.0, "at_least": 0.4}}


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        (({}, {}, {"alerts": ["Saved."]}), [None, None, "changed"]),
        (({}, {"changed": True}, {"changed": True}), [None, "changed", None]),
        (({"changed": True}, {}, {"changed": True}), ["changed", None, None]),
        (({}, {}, {}), [None, None, None]),
    ],
)
def test_what_confirms_a_click_later_is_expected_of_the_wait(
    effects: tuple[dict[str, Any], ...], expected: list[str | None]
) -> None:
    steps = [step | {"effect": effect} for step, effect in zip((CLICK, WAIT, WAIT), effects, strict=True)]
    _, *written = record(log("Save", *steps)).steps
    assert [step.expect for step in written] == expected
