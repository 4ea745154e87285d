"""What an organisation was charged, held against what the logs of its sessions say of its tasks."""

from dataclasses import dataclass
from typing import Any

import httpx

__all__ = ["Task", "assert_paid_for", "balance_of", "grant", "log_of", "statement_of", "tasks_in"]


@dataclass(frozen=True)
class Task:
    """As a log tells of it. ``end`` is DONE, the code of an ERROR, or “” for one that goes on."""

    session_id: str
    id: int
    steps: int
    end: str


def grant(operator: httpx.Client, amount: int, reference: str, organisation: str = "default") -> None:
    body = {"organisation_id": organisation, "amount": amount, "reference": reference}
    answer = operator.post("/v1/admin/credits/grants", json=body)
    assert answer.status_code == 201, answer.text


def balance_of(client: httpx.Client) -> tuple[int, int]:
    """What is available, and what is held."""
    body = client.get("/v1/credits").json()
    return body["available"], body["held"]


def statement_of(client: httpx.Client) -> list[dict[str, Any]]:
    """All of it, the oldest first."""
    lines: list[dict[str, Any]] = []
    before: int | None = 2**53 - 1
    while before is not None:
        page = client.get("/v1/credits/statement", params={"limit": 200, "before": before}).json()
        lines, before = lines + page["lines"], page["next_before"]
    return lines[::-1]


def log_of(client: httpx.Client, session_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(
        f"/v1/sessions/{session_id}/messages", params={"sanitize": "false"}
    ).json()["messages"]
    return found


def tasks_in(session_id: str, log: list[dict[str, Any]]) -> list[Task]:
    """What was said to a task that went on is none."""
    tasks: list[Task] = []
    for message in log:
        if message["type"] == "USER" and (not tasks or tasks[-1].end):
            tasks.append(Task(session_id, message["id"], 0, ""))
        elif tasks and not tasks[-1].end:
            last = tasks.pop()
            end = message["metadata"].get("code", "") if message["type"] == "ERROR" else ""
            end = "DONE" if message["type"] == "DONE" else end
            tasks.append(Task(session_id, last.id, last.steps + (message["type"] == "THOUGHT"), end))
    return tasks


def assert_paid_for(client: httpx.Client, tasks: list[Task], price: dict[str, int]) -> None:
    """Each task was held for once, and settled or released once, if it has ended; and that is all there is."""
    lines = statement_of(client)
    expected = {}
    for task in tasks:
        charged = price.get("step", 0) * task.steps + (price["task"] if task.end == "DONE" else 0)
        charged = 0 if task.end == "SESSION_INTERRUPTED" else charged
        closed = [("settle", charged)] if charged else [("release", None)]
        expected[task.session_id, task.id] = ["hold", *(closed if task.end else [])]
    found: dict[Any, list[Any]] = {}
    for line in lines:
        if line["kind"] != "grant":
            named = line["session_id"], line["task_id"]
            amount = line["amount"] if line["kind"] == "settle" else None
            found.setdefault(named, []).append("hold" if line["kind"] == "hold" else (line["kind"], amount))
    assert found == expected
    available, held = balance_of(client)
    assert available == lines[-1]["available"] == sum(line["change"] for line in lines)
    charged = sum(line["amount"] for line in lines if line["kind"] == "settle")
    assert available + held + charged == sum(line["amount"] for line in lines if line["kind"] == "grant")
