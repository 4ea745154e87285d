"""Clauses about an entry that was named before: what is clicked next is clicked there."""

from collections.abc import Sequence
from dataclasses import replace

from outrider.agents.scout.tasks.deeds import About, ActOn, Copy, EnterCopied
from outrider.agents.scout.tasks.intentions import ClickOn, Intention, Read
from outrider.problems import OutriderError

__all__ = ["about_entries"]


def about_entries(found: Sequence[Intention]) -> list[Intention]:
    """The intentions with the entry that each is about; one that nothing follows is opened.

    Raises TASK_NOT_UNDERSTOOD when "it" is to be entered and nothing was read before.
    """
    entry = ""
    settled: list[Intention] = []
    for at, one in enumerate(found):
        if isinstance(one, EnterCopied) and not any(isinstance(before, Copy | Read) for before in settled):
            raise OutriderError("TASK_NOT_UNDERSTOOD", words="what is to be entered")
        if isinstance(one, About):
            entry = one.entry
            if at + 1 == len(found):
                settled.append(ActOn(entry, ()))
        elif isinstance(one, ActOn) and not one.entry:
            settled.append(replace(one, entry=entry))
            entry = ""
        elif isinstance(one, ClickOn) and entry and not one.target.near:
            settled.append(ActOn(entry, (one.target.text,)))
            entry = ""
        else:
            settled.append(one)
    return settled
