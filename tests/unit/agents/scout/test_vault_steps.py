"""Log-ins of the vault and payments on hand-made pages: which is meant, what is filled in, what stops it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.agents.scout.conftest import MakeElement, MakeObservation

from outrider.agents.scout import Scout
from outrider.interfaces.actions import Click, Fill, FillSecret, Pay, Wait
from outrider.interfaces.models import Act, Ask, Decision, Finish, Step, Task, Turn
from outrider.interfaces.pages import Effect, Observation
from outrider.interfaces.vault import Part, SavedLogin
from outrider.problems import OutriderError

URL = "http://shop.test/"
TOKEN = f"pt_live_{'aB3' * 13}x"
CHANGED = Effect(URL, "A shop", navigated=False, changed=True)
NAVIGATED = Effect(URL, "A shop", navigated=True, changed=True)
BOTH = (Part.USER_NAME, Part.PASSWORD)


def saved(name: str, *origins: str, user: str = "ann@mail.example", parts: tuple[Part, ...] = BOTH) -> SavedLogin:
    return SavedLogin(name, parts, origins or ("http://shop.test",), user)


async def decide(task: Task, page: Observation, *history: Step) -> Decision:
    return await Scout().decide(task, page, history)


def taken(decision: Decision, effect: Effect | None = NAVIGATED, **problem: Any) -> Step:
    assert isinstance(decision, Act)
    return Step(decision.action, json.loads(json.dumps(decision.memory)), effect, **problem)


def action_of(decision: Decision) -> Any:
    assert isinstance(decision, Act), decision
    return decision.action


@pytest.fixture
def form(element: MakeElement, observation: MakeObservation) -> Observation:
    return observation(
        [
            element(1, "textbox", "E-mail", kind="email"),
            element(2, "textbox", "Password", kind="password"),
            element(3, "button", "Log in"),
        ],
        url=URL,
    )


@pytest.mark.parametrize(
    ("words", "logins", "name"),
    [
        ("Log in", [saved("a"), saved("b", "http://else.test")], "a"),
        ("Log in", [saved("a", "http://*.shop.test"), saved("b")], "b"),
        ("Log in as bob", [saved("a"), saved("b", user="Bob")], "b"),
        ("Log in as 'work account'", [saved("work"), saved("work-account")], "work-account"),
        ("Log in with the stored log-in work", [saved("work"), saved("work-account")], "work"),
    ],
)
async def test_the_fitting_log_in_is_put_in_by_name(
    words: str, logins: list[SavedLogin], name: str, form: Observation
) -> None:
    task = Task(1, words, logins=tuple(logins))
    first = await decide(task, form)
    assert action_of(first) == FillSecret(1, f"{name}.username")
    second = await decide(task, form, taken(first, CHANGED))
    assert action_of(second) == FillSecret(2, f"{name}.password", submit=True)
    assert isinstance(second, Act)
    assert second.thought == f"Logging in with the stored log-in “{name}”: entering its password and sending it"


async def test_a_password_of_the_task_has_precedence(form: Observation) -> None:
    task = Task(1, "Log in as ann with password 'x'", logins=(saved("a", user="ann"),))
    assert action_of(await decide(task, form)) == Fill(1, "ann")


async def test_of_several_the_answer_names_one(form: Observation) -> None:
    task = Task(1, "Log in", logins=(saved("work"), saved("work-2", user="bob"), saved("c", "http://else.test")))
    asked = await decide(task, form)
    assert asked == Ask("Which one do you mean by “the stored log-in”: 1) work, 2) work-2?")
    for answer, name in (("work", "work"), ("work-2", "work-2"), ("the second", "work-2"), ("that of bob", "work-2")):
        turns = (Turn("question", asked.question), Turn("answer", answer))
        assert action_of(await decide(replace(task, turns=turns), form)) == FillSecret(1, f"{name}.username")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Log in with the stored log-in", "LOGIN_NOT_STORED"),
        ("Log in with the stored log-in c", "LOGIN_NOT_STORED"),
        ("Log in as b", "SECRET_ORIGIN_REFUSED"),
        ("Log in with the stored log-in ann@mail.example", "SECRET_ORIGIN_REFUSED"),
    ],
)
async def test_what_does_not_fit_is_not_used(words: str, code: str, form: Observation) -> None:
    with pytest.raises(OutriderError) as caught:
        await decide(Task(1, words, logins=(saved("b", "http://else.test"),)), form)
    assert caught.value.code == code
    assert "ann@mail.example" not in caught.value.message or "ann@mail.example" in words
    assert "unknown" not in caught.value.message


async def test_a_refusal_of_the_vault_is_the_failure(form: Observation) -> None:
    task = Task(1, "Log in", logins=(saved("a"),))
    first = await decide(task, form)
    facts = {"secret": "a.username", "origin": "http://else.test"}
    refusal = taken(first, None, problem=("SECRET_ORIGIN_REFUSED", "…"), facts=facts)
    with pytest.raises(OutriderError) as caught:
        await decide(task, form, refusal)
    assert caught.value.message == "“a.username” may not be put into a page of http://else.test."


async def test_a_form_that_stays_is_sent_by_its_button_once(form: Observation) -> None:
    task = Task(1, "Log in", logins=(saved("a"),))
    first = await decide(task, form)
    steps = [taken(first, CHANGED)]
    steps.append(taken(await decide(task, form, *steps), CHANGED))
    pressing = await decide(task, form, *steps)
    assert action_of(pressing) == Click(3)
    with pytest.raises(OutriderError) as caught:
        await decide(task, form, *steps, taken(pressing, CHANGED))
    assert caught.value.code == "STEP_WITHOUT_EFFECT"


async def test_a_field_that_is_covered_is_filled_once_the_cover_is_gone(
    form: Observation, element: MakeElement, observation: MakeObservation
) -> None:
    task = Task(1, "Log in as ann with password 'x'")
    covered = observation([*form.elements, element(4, "button", "Accept all", region="dialog")], url=URL)
    first = await decide(task, covered)
    steps = [taken(first, None, problem=("ELEMENT_COVERED", "It is covered."))]
    closing = await decide(task, covered, *steps)
    assert action_of(closing) == Click(4)
    assert action_of(await decide(task, form, *steps, taken(closing))) == Fill(1, "ann")


async def test_codes_are_told_from_other_codes(element: MakeElement, observation: MakeObservation) -> None:
    task = Task(1, "Log in", logins=(saved("a", parts=(*BOTH, Part.CODE)),))
    for name, found in (("Security code", True), ("Code", True), ("Voucher code", False), ("Postcode", False)):
        page = observation(
            [
                element(1, "textbox", "User"),
                element(2, "textbox", "Password", kind="password"),
                element(3, "textbox", name),
            ],
            url=URL,
        )
        second = await decide(task, page, taken(await decide(task, page), CHANGED))
        assert action_of(second) == (FillSecret(3, "a.code") if found else FillSecret(2, "a.password", submit=True))


async def test_what_was_told_is_kept_to_on_the_pages_that_follow(
    form: Observation, element: MakeElement, observation: MakeObservation
) -> None:
    other = "http://else.test/"
    task = Task(1, "Log in", logins=(saved("b", other[:-1]), saved("c", other[:-1])))
    for reply in ("ann", "open sesame"):
        asked = await decide(task, form)
        assert isinstance(asked, Ask)
        task = replace(task, turns=(*task.turns, Turn("question", asked.question), Turn("answer", reply)))
    steps = [taken(await decide(task, form), CHANGED)]
    steps.append(taken(await decide(task, form, *steps)))
    assert isinstance(await decide(task, observation([], url=other), *steps), Finish)
    code = observation([element(1, "textbox", "Verification code")], url=other)
    with pytest.raises(OutriderError) as caught:
        await decide(task, code, *steps)
    assert (caught.value.code, "one-time code" in caught.value.message) == ("STEP_REFUSED", True)


# --- paying


@pytest.fixture
def payment(element: MakeElement, observation: MakeObservation) -> Observation:
    card = [element(1, "textbox", "Card number"), element(2, "textbox", "Expiry"), element(3, "button", "Pay")]
    return observation(card, url=URL, texts=[("paragraph", "Total: £23.50")])


async def test_the_card_form_is_paid(payment: Observation, observation: MakeObservation) -> None:
    task = Task(1, f"Pay with the payment token {TOKEN}")
    paying = await decide(task, payment)
    assert action_of(paying) == Pay("£23.50", TOKEN, number=1, expiry=2, button=3)
    assert isinstance(paying, Act)
    assert TOKEN not in f"{paying.thought} {paying.memory}"
    waiting = await decide(task, payment, taken(paying, CHANGED))
    assert isinstance(action_of(waiting), Wait)
    with pytest.raises(OutriderError) as caught:
        await decide(task, payment, taken(paying, CHANGED), taken(waiting, CHANGED))
    assert caught.value.code == "STEP_REFUSED"
    thanks = observation([], url=URL, texts=[("heading1", "Thank you")])
    assert isinstance(await decide(task, thanks, taken(paying)), Finish)


@pytest.mark.parametrize("said", ["Payment failed", "Your card was declined", "The payment could not be processed"])
async def test_a_page_that_says_no_is_a_failure(said: str, payment: Observation, observation: MakeObservation) -> None:
    task = Task(1, f"Pay with {TOKEN}")
    with pytest.raises(OutriderError) as caught:
        await decide(task, observation([], url=URL, texts=[("heading2", said)]), taken(await decide(task, payment)))
    assert (caught.value.code, said in caught.value.message) == ("STEP_REFUSED", True)


async def test_which_total_is_due_is_asked(
    payment: Observation, element: MakeElement, observation: MakeObservation
) -> None:
    texts = [("paragraph", "Total: £20.00"), ("paragraph", "Total with gift wrap: £23.50")]
    page = observation(list(payment.elements), url=URL, texts=texts)
    task = Task(1, f"Pay with {TOKEN}")
    asked = await decide(task, page)
    assert asked == Ask("Which one do you mean by “the total to pay”: 1) £20.00, 2) £23.50?")
    turns = (Turn("question", asked.question), Turn("answer", "£23.50"))
    assert action_of(await decide(replace(task, turns=turns), page)).amount == "£23.50"
    assert action_of(await decide(replace(task, text=f"Pay 23.50 with {TOKEN}"), page)).amount == "£23.50"


async def test_what_is_lacking_is_said_before_the_token_is_used(
    element: MakeElement, observation: MakeObservation
) -> None:
    number, total = element(1, "textbox", "Card number"), [("paragraph", "Total: £23.50")]
    email = element(2, "textbox", "E-mail", states=frozenset({"required"}), value="")
    pages = {
        "STEP_WITHOUT_EFFECT": observation([number, email, element(3, "button", "Pay")], url=URL, texts=total),
        "TARGET_NOT_FOUND": observation([number], url=URL, texts=total),
        "PAYMENT_AMOUNT_UNREADABLE": observation([number, element(3, "button", "Pay")], url=URL),
    }
    for code, page in pages.items():
        with pytest.raises(OutriderError) as caught:
            await decide(Task(1, f"Pay with {TOKEN}"), page)
        assert caught.value.code == code


async def test_an_answer_without_a_token_is_not_repeated(payment: Observation) -> None:
    asked = await decide(Task(1, "Pay"), payment)
    assert isinstance(asked, Ask)
    task = Task(1, "Pay", turns=(Turn("question", asked.question), Turn("answer", "4111 1111 1111 1111")))
    with pytest.raises(OutriderError) as caught:
        await decide(task, payment)
    assert (caught.value.code, "4111" in caught.value.message) == ("PAYMENT_TOKEN_NOT_FOUND", False)
