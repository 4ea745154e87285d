"""Scripts over HTTP: a finished task is fetched as one, and run again as a task; bad ones are told what is wrong."""

import httpx
import pytest
import yaml
from tests.e2e.api.serving import Pages, problem_of, run_to_end, stream

from outrider.protocol.scripts import MAX_SCRIPT_CHARACTERS

pytestmark = pytest.mark.browser


def finished(client: httpx.Client, session: str, message: str, start_url: str) -> None:
    with stream(client, session, "?include_history=false") as frames:
        sent = client.post(f"{session}/message", json={"message": message, "start_url": start_url})
        assert sent.status_code == 200, sent.text
        assert [frame for frame in frames if frame.event != "heartbeat"][-1].event == "done"


def test_a_task_is_fetched_as_yaml_and_run_again(client: httpx.Client, session: str, pages: Pages) -> None:
    finished(client, session, "Read the price", f"{pages.url}/?7EUR")
    fetched = client.get(f"{session}/script")
    assert (fetched.status_code, fetched.headers["content-type"]) == (200, "application/yaml")
    script = yaml.safe_load(fetched.text)
    assert [step["action"] for step in script["steps"]] == ["navigate", "extract"]
    assert script["steps"][1]["read"][0]["field"] == "price"

    script["variables"] = {"price": "7EUR"}
    script["steps"][0]["url"] = f"{pages.url}/?${{price}}"
    body = {"script": yaml.safe_dump(script), "variables": {"price": "9EUR"}, "ask_model": False}
    with stream(client, session, "?include_history=false") as frames:
        assert client.post(f"{session}/replay", json=body).json()["message"] == "Script started successfully"
        events = [frame for frame in frames if frame.event != "heartbeat"]
    assert [event.event for event in events] == ["user", "thought", "step", "thought", "step", "done"]
    log = client.get(f"{session}/messages").json()["messages"]
    assert (log[-1]["content"], log[-1]["metadata"]["steps"]) == ("9EUR", 2)
    (row,) = log[-1]["metadata"]["evidence"]
    assert row["element"] == {"role": "value", "name": "Price"}
    assert row | {"url": "", "element": {}} == {
        "field": "price", "url": "", "quote": "9EUR", "verified": True, "screenshot": None, "element": {},
        "step": 2, "current": True,
    }  # fmt: skip

    first = next(message["id"] for message in log if message["type"] == "USER")
    assert client.get(f"{session}/script?task_id={first}").text == fetched.text
    assert "9EUR" in client.get(f"{session}/script").text


GOOD = "version: 1\ntask: t\nsteps:\n- action: back\n"


@pytest.mark.parametrize(
    ("script", "status", "code", "said"),
    [
        ("a: [", 422, "SCRIPT_INVALID", "line 2"),
        ("just words", 422, "SCRIPT_INVALID", "a script is a YAML mapping"),
        ("", 422, "SCRIPT_INVALID", "a script is a YAML mapping"),
        (GOOD.replace("back", "jump"), 422, "SCRIPT_INVALID", "steps.0: “jump” is no action"),
        (GOOD.replace("back", "click"), 422, "SCRIPT_INVALID", "steps.0: “click” needs “target”"),
        (GOOD.replace("task: t\n", ""), 422, "SCRIPT_INVALID", "task: Field required"),
        (GOOD + "extra: 1\n", 422, "SCRIPT_INVALID", "extra: Extra inputs are not permitted"),
        (GOOD + "- action: wait\n  text: ${who}\n", 422, "SCRIPT_INVALID", "the variable “who” is used and not"),
        (GOOD + "answer: &a text\nnot_read: [*a]\n", 422, "SCRIPT_INVALID", "aliases are not read"),
        (GOOD + "task: again\n", 422, "SCRIPT_INVALID", "“task” is there twice"),
        (GOOD.replace("version: 1", "version: 2"), 422, "SCRIPT_VERSION_UNSUPPORTED", "version 2"),
        (GOOD + "#" * MAX_SCRIPT_CHARACTERS, 413, "SCRIPT_TOO_LARGE", "characters"),
        (
            GOOD + "variables: {who: {}}\n",
            422,
            "SCRIPT_VARIABLE_INVALID",
            "“who” of the script can't be used: it has no",
        ),
        ("!!python/object/apply:os.system [ls]", 422, "SCRIPT_INVALID", "tags are not read"),
    ],
)
def test_what_is_wrong_with_a_script_is_said(
    client: httpx.Client, session: str, script: str, status: int, code: str, said: str
) -> None:
    problem = problem_of(client.post(f"{session}/replay", json={"script": script}), status, code)
    assert said in problem["message"]


def test_variables_and_states_that_do_not_fit(
    client: httpx.Client, stranger: httpx.Client, session: str, busy: str
) -> None:
    unknown = client.post(f"{session}/replay", json={"script": GOOD, "variables": {"who": "me"}})
    assert "the script has: none" in problem_of(unknown, 422, "SCRIPT_VARIABLE_INVALID")["message"]
    problem_of(client.post(f"{busy}/replay", json={"script": GOOD}), 409, "INVALID_STATE")
    problem_of(stranger.post(f"{session}/replay", json={"script": GOOD}), 404, "SESSION_NOT_FOUND")
    problem_of(stranger.get(f"{session}/script"), 404, "SESSION_NOT_FOUND")


def test_what_there_is_no_script_of(client: httpx.Client, session: str) -> None:
    def said(query: str = "") -> str:
        return str(problem_of(client.get(f"{session}/script{query}"), 404, "SCRIPT_NOT_AVAILABLE")["message"])

    assert "the session has finished no task" in said()
    run_to_end(client, session, "Jump over the moon and dance")
    assert "the session has finished no task" in said()
    assert "it has not ended, or has failed" in said("?task_id=1")
    assert "message 2 has started no task" in said("?task_id=2")
    run_to_end(client, session)
    assert "no step of it has done anything" in said()
