"""What of a user's words is a password, and where it is found again."""

import html
import json
import time
from urllib.parse import quote

import pytest

from outrider.agents.secrets import MASK, Secrets
from outrider.interfaces.pages import Box, Effect, Element, Observation, Screenshot, Text
from outrider.problems import OutriderError


def masked(text: str, *secrets: str) -> str:
    known = Secrets()
    for secret in secrets:
        known.add(secret)
    shown: str = known.mask(text)
    return shown


@pytest.mark.parametrize(
    "task",
    [
        "Log in as ann with password 'tea & 7 cups'.",
        'Log in with user name "ann" and password "tea & 7 cups" and read the balance',
        "Password: “tea & 7 cups”; user: ann",
        "Enter 'tea & 7 cups' into the password field.",
        "Type ‘tea & 7 cups’ as my passphrase",
        "the PIN is 'tea & 7 cups'",
    ],
)
def test_a_quoted_password_is_recognised(task: str) -> None:
    secrets = Secrets()
    secrets.learn(task)
    assert secrets.mask("not understood: tea & 7 cups") == f"not understood: {MASK}"
    assert secrets.mask("ann, password, balance, field, cups") == "ann, password, balance, field, cups"


@pytest.mark.parametrize("secret", ["hunter2", "s3cret!", "12345", "open-sesame"])
def test_an_odd_word_after_password_is_one(secret: str) -> None:
    secrets = Secrets()
    secrets.learn(f"Log in as ann with password {secret}, then read it.")
    assert secrets.mask(f"“{secret}”") == f"“{MASK}”"


@pytest.mark.parametrize(
    "task",
    [
        "Click the password field and press Enter",
        "Open the password-reset page",
        "Click 'Forgot password', then read the heading.",
        "Read the secret.",
        "Search for 'tea' in the shop",
    ],
)
def test_other_words_are_none(task: str) -> None:
    secrets = Secrets()
    secrets.learn(task)
    assert secrets.mask(task) == task


@pytest.mark.parametrize(
    "shown",
    [
        "tea & 7/é~",
        "tea%20%26%207%2F%C3%A9%7E",
        "tea+%26+7%2f%c3%a9~",
        "te%61 & 7/é~",
    ],
)
def test_an_address_hides_nothing(shown: str) -> None:
    assert masked(f"https://x.org/?p={shown}&q=1", "tea & 7/é~") == f"https://x.org/?p={MASK}&q=1"


def test_a_short_one_is_masked_where_it_stands_alone() -> None:
    assert masked("7 cups for 17.70, code=7", "7") == f"{MASK} cups for 17.70, code={MASK}"


def test_the_longer_of_two_is_masked_as_a_whole() -> None:
    assert masked("tea and teapot", "teapot", "tea!", "tea!pot") == f"tea and {MASK}"
    assert masked("tea!pot", "tea!", "tea!pot") == MASK


def test_json_is_masked_at_any_depth() -> None:
    secrets = Secrets()
    secrets.add("hunter2")
    value = {"a": ["hunter2", 2, None, {"b": ("hunter2",)}]}
    assert secrets.mask(value) == {"a": [MASK, 2, None, {"b": [MASK]}]}


@pytest.mark.parametrize("piece", ["password ", "“", "'", "password '", "pin: a-", " ", "x", "'a' in "])
def test_no_text_takes_long(piece: str) -> None:
    secrets = Secrets()
    started = time.perf_counter()
    secrets.learn((piece * 10_000)[:10_000])
    secrets.mask("x" * 10_000)
    assert time.perf_counter() - started < 2


def test_a_text_that_names_many_passwords_takes_no_longer() -> None:
    secrets = Secrets()
    started = time.perf_counter()
    secrets.learn(" ".join(f"password p{number:04}." for number in range(600)))
    assert secrets.mask("p0000 and p0599 " + "x" * 10_000).startswith(f"{MASK} and {MASK} ")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "shown",
    [
        """5% "off" & <more> it's a\\b/c""",
        html.escape("""5% "off" & <more> it's a\\b/c"""),
        html.escape(html.escape("""5% "off" & <more> it's a\\b/c""")),
        json.dumps("""5% "off" & <more> it's a\\b/c""")[1:-1],
        """5% &#34;off&#34; &#38; &lt;more&gt; it&#039;s a\\b\\/c""",
        """5% \\u0022off\\u0022 \\u0026 \\u003Cmore\\u003e it\\'s a\\\\b/c""",
        quote("""5% "off" & <more> it's a\\b/c"""),
    ],
)
def test_a_secret_is_found_as_html_json_and_scripts_write_it(shown: str) -> None:
    secrets = Secrets()
    secrets.put("""5% "off" & <more> it's a\\b/c""", "shop.password")
    assert secrets.hide(f'{{"error": "{shown}"}}') == '{"error": "‹shop.password›"}'


@pytest.mark.parametrize(
    "shown",
    [
        "Kä&1 😀",
        json.dumps("Kä&1 😀")[1:-1],
        json.dumps(json.dumps("Kä&1 😀")[1:-1])[1:-1],
        "K&auml;&amp;1 &#x1F600;",
        r"K\xe4\x261\x20\uD83D\uDE00",
        quote("Kä&1 😀"),
        quote(quote("Kä&1 😀")),
    ],
)
def test_letters_that_are_not_ascii_are_found_as_well(shown: str) -> None:
    secrets = Secrets()
    secrets.put("Kä&1 😀", "shop.password")
    assert secrets.hide(f"/?p={shown}.") == "/?p=‹shop.password›."


@pytest.mark.parametrize("word", ["password", "textbox", "main", "focused", "input"])
def test_a_password_that_is_a_word_of_a_look_leaves_the_look_in_order(word: str) -> None:
    secrets = Secrets()
    secrets.put(word, "shop.password")
    box = Box(0, 0, 1, 1)
    field = Element(1, "textbox", word, "input", "password", "", frozenset({"focused"}), box, True, "main")
    texts = (Text("main", "label", f"Your {word}"),)
    hidden = secrets.hide(Observation("http://a/", word, (field,), texts, (), 1, None, 0, 0, 0))
    kept = hidden.elements[0]
    assert (kept.role, kept.tag, kept.kind, kept.states, kept.region) == (
        ("textbox", "input", "password", frozenset({"focused"}), "main")
    )
    assert (kept.name, hidden.title, hidden.texts[0].text) == (*["‹shop.password›"] * 2, "Your ‹shop.password›")


def of_the_vault() -> Secrets:
    secrets = Secrets()
    secrets.put("tea & 7 cups", "shop-login.password")
    secrets.put("4111111111111111", "card number", in_groups=True)
    return secrets


@pytest.mark.parametrize(
    "shown",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111\u00a01111\u202f1111 1111",
        "4111%201111+1111.11 11",
    ],
)
def test_a_number_of_a_card_is_hidden_however_it_is_parted(shown: str) -> None:
    assert of_the_vault().hide(f"Card: {shown}.") == "Card: ‹card number›."


def test_what_came_from_the_vault_is_shown_by_its_name() -> None:
    secrets = of_the_vault()
    secrets.add("hunter2")
    assert secrets.mask("hunter2 or tea%20%26+7 cups?") == f"{MASK} or ‹shop-login.password›?"
    assert secrets.hide("hunter2: the task says so") == "hunter2: the task says so"


def test_structs_and_problems_are_hidden_as_well() -> None:
    secrets = of_the_vault()
    effect = Effect(
        url="http://127.0.0.1/?n=4111111111111111",
        title="",
        navigated=True,
        changed=True,
        alerts=("tea & 7 cups",),
        screenshot=Screenshot(b"\xff4111111111111111", "http://127.0.0.1/", "4111 1111 1111 1111"),
    )
    hidden = secrets.hide(effect)
    assert hidden.url == "http://127.0.0.1/?n=‹card number›"
    assert hidden.alerts == ("‹shop-login.password›",)
    assert hidden.screenshot == Screenshot(b"\xff4111111111111111", "http://127.0.0.1/", "‹card number›")
    problem = secrets.hide(OutriderError("PAGE_CRASHED", url="http://127.0.0.1/4111111111111111"))
    assert "4111" not in str(problem.as_envelope("r"))
    assert problem.code == "PAGE_CRASHED"


def test_nothing_put_in_leaves_everything_as_it_is() -> None:
    value = {"a": ("b",)}
    assert Secrets().hide(value) is value


def test_only_the_public_part_of_a_payment_token_is_told() -> None:
    token = "pt_live_abcdefgh" + "x" * 32
    assert Secrets().mask({"action": [f"pay {token}"]}) == {"action": ["pay pt_live_abcdefgh…"]}
