"""Language models that answer well, badly, late or not at all: the task ends as it should, or with the right code."""

import json
import time
from typing import Any

import httpx
import pytest
from benchmarks.scripted import Call, Raw, Reply, ScriptedServer, Text, act, ask, click, done, fill, select
from benchmarks.scripted.prompt import read, words_of
from tests.e2e.api.serving import SECONDS
from tests.e2e.models.conftest import Do, made, until_settled
from tests.pages.server import PageServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PRICE = r"Price: (£\d+)"


def problem(status: int, message: str, code: str | None = None, **headers: str) -> Raw:
    body = {"error": {"message": message, "type": "error", "code": code}}
    return Raw(status, json.dumps(body).encode(), headers)


def opened(pages: PageServer, page: str = "shop.html") -> Reply:
    return act({"name": "navigate", "url": f"{pages.url}/{page}"}, thought="Opening the shop.")


@pytest.mark.parametrize("model", ["gpt", "claude", "gemini", "schema", "prompt"])
def test_a_task_is_done_by_each_provider_and_in_each_form_of_answer(do: Do, pages: PageServer, model: str) -> None:
    script: list[Reply] = [
        opened(pages),
        act({"name": "extract"}),
        done(lambda words: {"price": read(words, PRICE)}, price=lambda words: f"Price: {read(words, PRICE)}"),
    ]
    if model in ("schema", "prompt"):
        script = [as_text(one) for one in script]
    run = do(*script, model=model)

    assert run.result == {"price": "£3"}
    (evidence,) = run.end["metadata"]["evidence"]
    assert (evidence["field"], evidence["verified"], evidence["url"]) == ("price", True, f"{pages.url}/shop.html")
    usage = run.end["metadata"]["usage"]
    assert usage["requests"] == 3
    assert usage["input_tokens"] > usage["output_tokens"] > 0
    assert [step["action"]["name"] for step in run.steps()] == ["navigate", "extract"]


class AsText(Text):
    """A decision written as the JSON that the other forms of output ask for."""

    def __init__(self, call: Call) -> None:
        super().__init__(None)
        object.__setattr__(self, "call", call)

    def message(self, words: str) -> dict[str, Any]:
        call: Call = self.call  # type: ignore[attr-defined]
        given = call.arguments(words) if callable(call.arguments) else call.arguments
        return {"role": "assistant", "content": f"Here it is:\n```json\n{json.dumps({call.tool: given})}\n```"}


def as_text(reply: Reply) -> Reply:
    assert isinstance(reply, Call)
    return AsText(reply)


def test_a_form_is_filled_in_one_decision_and_the_rest_is_told_as_a_difference(do: Do, pages: PageServer) -> None:
    run = do(
        act({"name": "navigate", "url": f"{pages.url}/form.html"}),
        act(
            fill("textbox", "Full name", "Ada Lovelace"),
            fill("textbox", "E-mail", "ada@example.org"),
            select("Country", "Austria"),
            {"name": "scroll"},
            click("checkbox", "Newsletter"),
            thought="Filling the form.",
        ),
        act(click("button", "Send")),
        done("Registered.", confirmation="Thank you"),
    )

    assert run.result == "Registered."
    names = [step["action"]["name"] for step in run.steps()]
    assert names == ["navigate", "fill", "fill", "select", "scroll", "click", "click"]
    assert len(run.sent) == 4
    told = words_of(run.sent[2])
    assert told.count('textbox "Full name"') == 2  # the page, and what has changed of it
    assert "\n~ " in told and '"Full name" = "Ada Lovelace"' in told
    assert told.count("\n", told.index("# Changes of the page")) < 12
    assert told.startswith(words_of(run.sent[1])[:-20].rstrip()[: len(words_of(run.sent[1])) // 2])
    last = words_of(run.sent[3])
    assert "# Done before this page" in last and "Full name" not in last.partition("# Page")[2]
    assert b"name=Ada+Lovelace" in pages.posted[-1] and b"country=at" in pages.posted[-1]
    assert b"news=" not in pages.posted[-1]


def test_what_comes_after_an_action_that_leaves_the_page_is_not_carried_out(do: Do, pages: PageServer) -> None:
    run = do(
        act({"name": "navigate", "url": f"{pages.url}/form.html"}, {"name": "back"}),
        act(fill("textbox", "Full name", "Ada", submit=True), fill("textbox", "E-mail", "ada@example.org")),
        done("Sent."),
    )

    assert [step["action"]["name"] for step in run.steps()] == ["navigate", "fill"]


@pytest.mark.parametrize(
    "bad",
    [
        Text("I would rather talk about tea."),
        Text(""),
        Call("act", "{not json"),
        Call("act", {"thought": "x", "actions": []}),
        Call("act", {"thought": "x", "actions": [{"name": "fly", "index": 1}]}),
        Call("act", {"thought": "x", "actions": [{"name": "click", "index": "Tea"}]}),
        Call("act", {"thought": "x", "actions": [{"name": "click", "index": 31_337}]}),
        Call("act", {"thought": "x" * 5000, "actions": [{"name": "extract"}]}),
        Call("act", {"thought": "x", "actions": [{"name": "extract"}] * 50}),
        Call("launch_missiles", {"target": "moon"}),
        Call("done", {"answer": {"price": 3}}),
        Call("done", {"evidence": []}),
        Call("ask", {"question": ""}),
    ],
    ids=lambda reply: str(getattr(reply, "arguments", "text"))[:30],
)
def test_an_answer_that_does_not_fit_is_asked_for_again_and_nothing_is_lost(
    do: Do, pages: PageServer, bad: Reply
) -> None:
    schema = {"type": "object", "properties": {"price": {"type": "string"}}, "required": ["price"]}
    run = do(
        opened(pages),
        bad,
        done(lambda words: {"price": read(words, PRICE)}, price="Price: £3"),
        output_schema=schema,
    )

    assert run.result == {"price": "£3"}
    assert run.end["metadata"]["usage"]["requests"] == 3
    assert "navigate" in words_of(run.sent[2])
    assert len(run.steps()) == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Text("Tea, tea, tea."), "MODEL_ANSWER_INVALID"),
        (Call("act", {"thought": "x", "actions": [{"name": "click", "index": 31_337}]}), "MODEL_ANSWER_INVALID"),
        (Text("Tea, tea, t", finish_reason="length"), "MODEL_ANSWER_CUT_OFF"),
        (Call("act", '{"thought": "I have to thi', finish_reason="length"), "MODEL_ANSWER_CUT_OFF"),
        (Text(None, finish_reason="content_filter"), "MODEL_REFUSED"),
        (Text(None, refusal="I can't help with tea."), "MODEL_REFUSED"),
        (Raw(hang_up=True), "MODEL_UNREACHABLE"),
        (Raw(200, b"<html>gateway</html>"), "MODEL_UNREACHABLE"),
        (problem(500, "overheated"), "MODEL_UNREACHABLE"),
        (problem(503, "loading"), "MODEL_UNREACHABLE"),
        (problem(401, "Incorrect API key provided: sk-scripted-0123456789"), "MODEL_KEY_REJECTED"),
        (problem(404, "The model does not exist", "model_not_found"), "MODEL_NAME_UNKNOWN"),
        (problem(429, "Too many requests"), "MODEL_RATE_LIMITED"),
        (problem(429, "You exceeded your quota", "insufficient_quota"), "MODEL_QUOTA_EXCEEDED"),
        (problem(400, "maximum context length is 8192", "context_length_exceeded"), "MODEL_PROMPT_TOO_LONG"),
        (problem(400, "tools are not supported"), "MODEL_REQUEST_REJECTED"),
        (Text("late", after=2.5), "MODEL_TIMEOUT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_model_that_is_of_no_use_ends_the_task_with_a_code(do: Do, reply: Reply, code: str) -> None:
    run = do(*[reply] * 3)

    assert run.code == code
    error = run.end["metadata"]
    assert error["hint"] and error["cause"]
    assert "sk-scripted" not in json.dumps(run.end)


def test_a_request_that_failed_is_sent_again(do: Do) -> None:
    run = do(problem(503, "loading", retry_after="0"), done("Done."), model="patient")

    assert run.result == "Done."


def test_another_model_steps_in_where_one_can_not_be_had(do: Do) -> None:
    assert do(done("Done."), model="backed").result == "Done."


@pytest.mark.parametrize("model", ["claude", "gemini"])
@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Text("Tea, t", finish_reason="content_filter"), "MODEL_REFUSED"),
        (
            Raw(401, b'{"type": "error", "error": {"type": "authentication_error", "message": "no"}}'),
            "MODEL_KEY_REJECTED",
        ),
        (Raw(hang_up=True), "MODEL_UNREACHABLE"),
    ],
    ids=["refuses", "key", "hangs up"],
)
def test_failures_of_other_providers_have_the_same_codes(do: Do, model: str, reply: Reply, code: str) -> None:
    assert do(*[reply] * 3, model=model).code == code


def test_a_question_goes_to_the_user_and_the_answer_to_the_model(do: Do) -> None:
    run = do(ask("Which tea?"))

    assert (run.end["type"], run.end["content"]) == ("QUESTION", "Which tea?")


def test_costs_are_counted_and_end_the_task(do: Do, pages: PageServer) -> None:
    free = do(done("Done."), model="priced")
    assert free.end["metadata"]["usage"]["cost_usd"] > 1
    run = do(opened(pages), done("Never."), model="priced", config_updates={"max_cost": 0.01})
    assert run.code == "COST_LIMIT_REACHED"
    assert run.end["metadata"]["usage"]["requests"] == 1
    assert do(opened(pages), done("Never."), config_updates={"max_cost": 5}).code == "COST_UNKNOWN"


def test_what_a_fallback_answers_has_its_own_price(do: Do) -> None:
    usage = do(done("Done."), model="dear").end["metadata"]["usage"]

    assert usage["cost_usd"] == pytest.approx((usage["input_tokens"] + usage["output_tokens"]) / 1e6, rel=0.01)


def test_only_a_model_that_sees_is_shown_pictures(do: Do, pages: PageServer) -> None:
    script = (opened(pages), act({"name": "screenshot"}), done("Done."))
    seen = [json.dumps(do(*script, model=model).sent[2]) for model in ("seeing", "gpt")]

    assert ["data:image/jpeg;base64," in one for one in seen] == [True, False]


@pytest.mark.parametrize("model", ["terse", "terse schema"])
def test_a_long_page_is_read_in_parts_and_every_request_stays_short(do: Do, pages: PageServer, model: str) -> None:
    script: list[Reply] = [
        act({"name": "navigate", "url": f"{pages.url}/many?count=400"}),
        Call("read_page", lambda words: {"elements_from": int(read(words, r"elements_from=(\d+)"))}),
        act({"name": "scroll"}),
        done("Done."),
    ]
    run = do(*(map(as_text, script) if model == "terse schema" else script), model=model)

    assert run.result == "Done."
    assert all(len(words_of(body)) < 3 * 4000 + 3000 for body in run.sent)
    first, second = words_of(run.sent[1]), words_of(run.sent[2])
    assert "more elements: elements_from=" in first
    assert len(second) > len(first)


def test_a_task_is_cancelled_while_its_model_thinks(client: httpx.Client, scripted: ScriptedServer) -> None:
    path = made(client, agent_name="patient")
    scripted.add("(slow order)", [act({"name": "extract"}, after=20.0)])
    assert client.post(f"{path}/message", json={"message": "Order tea. (slow order)"}).status_code == 200
    assert scripted.asked("(slow order)", SECONDS)
    started = time.monotonic()
    assert client.post(f"{path}/cancel").status_code == 200

    assert until_settled(client, path)[-1]["metadata"]["code"] == "TASK_CANCELLED"
    assert time.monotonic() - started < 5
    client.delete(path)
