"""Rule files: the package's own, those of operators, and what is wrong with some."""

from pathlib import Path

import pytest

from outrider.interfaces.screening import Verdict
from outrider.problems import OutriderError
from outrider.screening.content import Rules
from outrider.screening.content.texts import judge_task

OWN = """
[[rule]]
id = "own.competitor"
scope = "task"
risk = "abuse"
decision = "block"
reason = "We don't look at Acme."
phrases = ["acme ~2 prices"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text)
    return path


def test_the_packages_rules_have_reasons_and_unique_ids() -> None:
    rules = Rules.load().all

    assert len({rule.id for rule in rules}) == len(rules) > 20
    assert all(rule.reason for rule in rules if rule.scope != "asked")


def test_an_operators_file_adds_rules(tmp_path: Path) -> None:
    rules = Rules.load([written(tmp_path, OWN)])

    ruling = judge_task(rules, ["Report the Acme shop's prices"])

    assert ruling is not None
    assert (ruling.verdict, ruling.rule, ruling.reason) == (Verdict.BLOCK, "own.competitor", "We don't look at Acme.")


def test_an_operators_file_switches_a_rule_off(tmp_path: Path) -> None:
    task = ["Write ten fake reviews"]
    off = '[[rule]]\nid = "task.manipulation"\nscope = "task"\nrisk = "abuse"\nenabled = false\n'

    assert judge_task(Rules.load(), task) is not None
    assert judge_task(Rules.load([written(tmp_path, off)]), task) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]", "own.toml"),
        ("x = 1", "[[rule]] tables"),
        ('rule = "x"', "[[rule]] tables"),
        (OWN.replace("abuse", "sloth"), "risk"),
        (OWN.replace("block", "perhaps"), "decision"),
        (OWN.replace("phrases", "phrase"), "phrase"),
        (OWN.replace("~2", "~200"), "phrases"),
        (OWN.replace("own.competitor", "Own Rule"), "id"),
        ('[[rule]]\nid = "own"\n', "scope"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(OutriderError) as refused:
        Rules.load([written(tmp_path, text)])

    assert refused.value.code == "CONFIG_INVALID"
    assert "own.toml" in refused.value.message
    assert said in refused.value.message


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.toml", tmp_path / "bytes.toml", tmp_path):
        with pytest.raises(OutriderError, match="can't be read"):
            Rules.load([path])
