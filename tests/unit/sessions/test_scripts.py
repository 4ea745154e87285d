"""Scripts as text: what is written is read back; what is wrong is named."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outrider.problems import OutriderError
from outrider.protocol.scripts import Script, ScriptStep, escaped, filled_in, variables_in
from outrider.sessions.scripts import check_variables, filled_steps, parse_script, write_script

GOOD = """\
version: 1
task: Say no to ${who}
variables:
  who: 2024-01-01
  word: {secret: true}
steps:
- action: fill
  target: {role: textbox, name: no}
  text: ${word} costs $${5}
- action: check
  target: {name: on}
  checked: false
"""

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)


def test_texts_are_texts_whatever_they_look_like() -> None:
    script = parse_script(GOOD)
    assert script.variables["who"].default == "2024-01-01"
    assert script.steps[0].target
    assert script.steps[0].target.name == "no"
    assert script.steps[1].arguments["checked"] is False
    assert parse_script(write_script(script)) == script


@given(texts, texts, texts)
@settings(max_examples=50, deadline=None)
def test_what_is_written_is_read_back(task: str, name: str, text: str) -> None:
    steps = [{"action": "fill", "target": {"name": name}, "text": escaped(text)}]
    script = Script.model_validate({"version": 1, "task": escaped(task), "steps": steps})
    assert parse_script(write_script(script)) == script
    assert filled_steps(script, {})[0].text == text


def test_variables_are_filled_in_and_what_is_escaped_is_not() -> None:
    script = parse_script(GOOD)
    values = check_variables(script, {"word": "${who}"})
    assert filled_steps(script, values)[0].text == "${who} costs ${5}"
    assert list(variables_in(["${a} $${b}", {"x": "${c}"}])) == ["a", "c"]
    assert filled_in("${a}${b}", {"a": "1"}) == "1${b}"


@pytest.mark.parametrize(
    ("given", "name", "reason"),
    [
        ({}, "word", "it has no default and was not given"),
        ({"word": "x", "other": "y"}, "other", "the script has: who, word"),
        ({"word": "x" * 10_001}, "word", "more than 10000 characters"),
    ],
)
def test_variables_that_can_not_be_used(given: dict[str, str], name: str, reason: str) -> None:
    with pytest.raises(OutriderError) as failed:
        check_variables(parse_script(GOOD), given)
    assert (failed.value.code, failed.value.facts) == ("SCRIPT_VARIABLE_INVALID", {"name": name, "reason": reason})


def test_a_value_that_does_not_fit_its_place_is_told_by_it() -> None:
    script = parse_script("version: 1\ntask: t\nvariables: {to: x}\nsteps:\n- {action: navigate, url: '${to}'}\n")
    with pytest.raises(OutriderError) as failed:
        filled_steps(script, {"to": "x" * 3000})
    assert (failed.value.code, failed.value.facts["place"]) == ("SCRIPT_INVALID", "steps.0.url")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("checked: false", "checked: no", "steps.1.checked"),
        ("checked: false", "option: x", "steps.1"),
        ("{secret: true}", "{secret: true, default: x}", "variables.word"),
        ("  who:", "  Who:", "variables.Who.[key]"),
        ("name: on", "name: 5", "steps.1.target.name"),
        ("checked: false", "pages: true", "steps.1"),
        ("${who}", "${whom}", "its beginning"),
        ("steps:", "answer: poem\nsteps:", "answer"),
        ("version: 1\n", "", "version"),
    ],
)
def test_the_place_that_is_wrong_is_named(old: str, new: str, place: str) -> None:
    with pytest.raises(OutriderError) as failed:
        parse_script(GOOD.replace(old, new))
    assert (failed.value.code, failed.value.facts["place"]) == ("SCRIPT_INVALID", place)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "a: " * 50_000,
        "- " * 100_000,
        "{a: " * 60_000,
        "x" * 262_144,
        "\n".join(f"k{number}: 1" for number in range(25_000)),
        "a: &a [1]\nb: *a",
        "\ud800",
        "%YAML 9.9\n---\n",
        "--- 1\n--- 2\n",
        "? [1]\n: 2",
        "!!set {a, b}",
        "a: 999999999999999999999999e999",
        "\x07",
        "version: !!timestamp abc",
        "a: !!bool zz",
        "output_schema: {type: object, z: !!timestamp 2020-01-01}",
    ],
)
def test_what_is_no_script_is_refused_in_bounded_time(text: str) -> None:
    started = time.process_time()
    with pytest.raises(OutriderError) as failed:
        parse_script(text)
    assert failed.value.code == "SCRIPT_INVALID"
    assert time.process_time() - started < 5


@pytest.mark.parametrize("version", ["2", "0", "1.5", "true", "'1'", "next"])
def test_another_version_is_not_read(version: str) -> None:
    with pytest.raises(OutriderError) as failed:
        parse_script(GOOD.replace("version: 1", f"version: {version}"))
    assert failed.value.code == "SCRIPT_VERSION_UNSUPPORTED"


def test_a_step_has_the_arguments_of_its_action() -> None:
    assert ScriptStep(action="wait", seconds=2).arguments == {"seconds": 2}
