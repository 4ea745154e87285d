"""Downloading what a link or button leads to."""

from outrider.agents.scout.pages.grounding import CLICKED, Candidate, describe, rank
from outrider.agents.scout.steps.attempts import attempt, ground, spoken
from outrider.agents.scout.steps.progress import Done, Outcome, Situation
from outrider.agents.scout.tasks.intentions import Fetch
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Download
from outrider.interfaces.models import Ask

__all__ = ["fetch"]


def fetch(wanted: Fetch, now: Situation) -> Outcome:
    """Download what a link or button leads to."""
    outcome = attempt(
        now,
        f"download {spoken(wanted.target)}",
        lambda: _download_targets(now, wanted.target),
        lambda element: Download(element.index),
        lambda effect: bool(effect.downloads),
        lambda element: f"Downloading by {describe(element)}",
    )
    if not isinstance(outcome, Done) or now.last is None or now.last.effect is None:
        return outcome
    names = ", ".join(now.last.effect.downloads)
    return Done({"values": [["file", names, now.observation.url, names]]})


def _download_targets(now: Situation, target: Target) -> tuple[Candidate, ...] | Ask:
    """The link that is called so; else one that says "download" and has the words around it."""
    named = rank(now.observation.elements, target, CLICKED)
    return named or ground(now, Target(f"download {target.text}", target.roles, target.position), CLICKED)
