"""What the screening of one task remembers and records."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from msgspec.structs import replace
from tests.unit.screening.content.test_judging import PAGE, PASSWORD, PAY, RULES, element

from outrider.agents.secrets import Secrets
from outrider.interfaces.actions import Click, Fill
from outrider.interfaces.models import Task
from outrider.interfaces.screening import AuditEntry, AuditFilter, Ruling, Verdict
from outrider.screening.content import Policy, Screener, TaskScreen
from outrider.screening.content.screener import texts_of

TASK = Task(1, "Read the total")


class Kept:
    """``interfaces.screening.AuditStore`` in memory."""

    def __init__(self) -> None:
        self.rulings: list[Ruling] = []

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        self.rulings += [entry.ruling for entry in entries]

    async def find(self, organisation_id: str, wanted: AuditFilter, limit: int) -> tuple[AuditEntry, ...]:
        raise NotImplementedError

    async def purge(self, before: datetime) -> int:
        raise NotImplementedError


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture
def screen(kept: Kept, secrets: Secrets) -> TaskScreen:
    return Screener(RULES, Policy(), kept).for_task("o-1", "s-1", 1, (), secrets.mask)


@pytest.mark.parametrize("agreed", [True, False])
async def test_an_answer_about_a_password_holds_for_its_site_only(screen: TaskScreen, agreed: bool) -> None:
    fill = Fill(2, "tea-4-two")
    here = replace(PAGE, elements=(PASSWORD,))
    there = replace(here, url="https://shop.example.evil.example/checkout")
    asked = await screen.action(TASK, fill, here)
    assert asked is not None
    await screen.answered(asked, agreed=agreed)
    again = await screen.action(TASK, fill, here)
    assert again is None if agreed else again is not None
    elsewhere = await screen.action(TASK, fill, there)
    assert elsewhere is not None
    assert elsewhere.verdict is Verdict.ASK


async def test_no_password_of_the_user_gets_into_the_audit_log(
    screen: TaskScreen, kept: Kept, secrets: Secrets
) -> None:
    secrets.learn("log in with password 'open sesame'")
    button = element(1, "button", "Delete open sesame", context="Your password is open sesame")
    await screen.action(TASK, Click(1), replace(PAGE, elements=(button,)))
    assert len(kept.rulings) == 1
    assert "sesame" not in str(kept.rulings)
    assert "Delete" in kept.rulings[0].excerpt


async def test_a_policy_changes_in_the_middle_of_a_task(screen: TaskScreen) -> None:
    shown = replace(PAGE, elements=(PAY,))
    asked = await screen.action(TASK, Click(1), shown)
    assert asked is not None
    screen.change({"screening": {"purchase": "block"}})
    await screen.answered(asked, agreed=True)
    blocked = await screen.action(TASK, Click(1), shown)
    assert blocked is not None
    assert blocked.verdict is Verdict.BLOCK
    screen.change({"screening": {"purchase": "allow"}})
    again = await screen.action(TASK, Click(1), shown)
    assert again is not None
    assert again.verdict is Verdict.BLOCK


def test_all_that_a_page_says_of_an_element_is_looked_at() -> None:
    said = {
        "name": "n1", "value": "v1", "context": "c1", "complaint": "w1", "hints": ("h1", "h2"), "options": ("o1",),
    }  # fmt: skip
    page = replace(PAGE, elements=(replace(PASSWORD, **said),))
    assert {"n1", "v1", "c1", "w1", "h1", "h2", "o1"} <= set(texts_of(page))
