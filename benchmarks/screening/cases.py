"""The attacks and the look-alikes, and what screening says about them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from outrider.interfaces.actions import Action, Click, Download, Fill, Navigate, Upload
from outrider.interfaces.models import Task
from outrider.interfaces.pages import Box, Element, Observation, Text
from outrider.interfaces.screening import Verdict
from outrider.screening.content import Policy, Rules
from outrider.screening.content.actions import Deed
from outrider.screening.content.judging import judge_action
from outrider.screening.content.texts import judge_page, judge_task
from outrider.screening.content.users_words import UsersWords

__all__ = ["SETS", "Rate", "rates", "wrong"]

_FOLDER: Final = Path(__file__).parent
SETS: Final = {name: _FOLDER / f"{name}.toml" for name in ("held_out", "later", "writing")}
_KINDS: Final = ("task", "action", "page")
_STOPPED: Final = frozenset({Verdict.ASK, Verdict.BLOCK})
_NOWHERE: Final = Box(0, 0, 10, 10)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of the attacks of a kind were caught, and how many look-alikes were taken for one."""

    kind: str
    attacks: int
    caught: int
    harmless: int
    alarms: int

    @property
    def catch_rate(self) -> float:
        return self.caught / self.attacks

    @property
    def alarm_rate(self) -> float:
        return self.alarms / self.harmless


def rates(rules: Rules, path: Path) -> Iterator[Rate]:
    """One rate for each kind of cases of a file."""
    for kind, cases in _cases(path).items():
        caught = sum(_is_held(rules, kind, case) for case in cases["attacks"])
        alarms = sum(_is_held(rules, kind, case) for case in cases["harmless"])
        yield Rate(kind, len(cases["attacks"]), caught, len(cases["harmless"]), alarms)


def wrong(rules: Rules, path: Path) -> Iterator[str]:
    """The cases of a file that were missed or taken for attacks, each on a line."""
    for kind, cases in _cases(path).items():
        yield from (f"missed {kind}: {case}" for case in cases["attacks"] if not _is_held(rules, kind, case))
        yield from (f"alarm  {kind}: {case}" for case in cases["harmless"] if _is_held(rules, kind, case))


def _cases(path: Path) -> Mapping[str, Mapping[str, Sequence[Any]]]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return {kind: content[kind] for kind in _KINDS}


def _is_held(rules: Rules, kind: str, case: Any) -> bool:
    if kind == "task":
        ruling = judge_task(rules, [case])
        return ruling is not None and ruling.verdict in _STOPPED
    if kind == "page":
        return bool(judge_page(rules, [case]))
    return any(ruling.verdict in _STOPPED for ruling in _rulings(rules, case))


def _rulings(rules: Rules, case: Mapping[str, Any]) -> Sequence[Any]:
    task = Task(1, case["task"], start_url=case.get("start_url", ""))
    said = UsersWords(task)
    policy = Policy.of({}, case.get("allowed_sites", ()))
    return judge_action(rules, policy, said, said.sites(), Deed(_action(case), _page(case)))


def _action(case: Mapping[str, Any]) -> Action:
    text = case.get("text", "")
    actions: Mapping[str, Action] = {
        "click": Click(1),
        "fill": Fill(1, text, case.get("submit", False)),
        "download": Download(1),
        "upload": Upload(1, ("file.pdf",)),
        "navigate": Navigate(case.get("href", "https://shop.example/")),
    }
    return actions[case.get("do", "click")]


def _page(case: Mapping[str, Any]) -> Observation:
    target = _element(1, case.get("role", "button"), case.get("name", ""), case.get("kind", ""), case)
    beside = _element(2, "button", case.get("beside", "Next"), "submit", {"region": case.get("region", "")})
    return Observation(
        url=case.get("url", "https://shop.example/page"),
        title="",
        elements=(target, beside),
        texts=(Text("", "heading1", case.get("heading", "Welcome")),),
        tabs=(),
        total_elements=2,
        next_offset=None,
        scroll_y=0,
        page_height=800,
        viewport_height=800,
    )


def _element(index: int, role: str, name: str, kind: str, case: Mapping[str, Any]) -> Element:
    return Element(
        index=index,
        role=role,
        name=name,
        tag="input" if role == "textbox" else "button",
        kind=kind,
        value=None,
        states=frozenset(),
        box=_NOWHERE,
        in_view=True,
        region=case.get("region", ""),
        context=case.get("context", ""),
        hints=tuple(case.get("hints", ())),
        href=case.get("href", "") if role == "link" else "",
    )
