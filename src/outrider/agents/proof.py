"""What the end of a task rests on, whichever model says that it is done: evidence, looked at again, confirmations."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from outrider.agents.evidence import Witness
from outrider.agents.places import View, squeezed
from outrider.agents.submissions import CONFIRMATION, Outcome, Submissions
from outrider.agents.vault_page import VaultPage
from outrider.interfaces.actions import Action, Extract, Scroll, TakeScreenshot, Wait
from outrider.interfaces.models import Evidence, Finish, Step
from outrider.interfaces.pages import Effect, Observation
from outrider.problems import OutriderError
from outrider.protocol.events import text_of

__all__ = ["Proof", "before_last_looks"]

#: Actions that look and change nothing.
_LOOKS: Final = (Extract, Scroll, TakeScreenshot, Wait)

Pays = Callable[[Action, Observation], bool]


class Proof:
    """Follows one task, and checks its end. ``pays`` tells the actions that place an order or pay."""

    def __init__(self, witness: Witness, pays: Pays) -> None:
        self._witness = witness
        self._pays = pays
        self._submissions = Submissions()
        self._has_looked_again = False

    def saw(self, observation: Observation, step: int) -> None:
        """A page was looked at, after so many steps."""
        self._witness.saw(observation, step)
        self._submissions.saw(observation)

    async def acted(self, action: Action, observation: Observation | None, effect: Effect, step: int) -> None:
        """The step of that number has had an effect; without an observation it opened an address."""
        if effect.extraction is not None:
            await self._witness.read(effect.extraction, step)
        if isinstance(action, _LOOKS):
            return
        self._witness.acted(effect)
        if observation is not None:
            self._submissions.acted(action, observation, effect, pays=self._pays(action, observation))

    async def close(
        self, decision: Finish, observation: Observation, page: VaultPage, limit: int
    ) -> tuple[Finish, list[dict[str, Any]]] | None:
        """The end with its evidence; None when the page says something else by now, and the answer is to be decided on
        again, which is asked for once.

        Raises STEP_REFUSED when the page has refused what the task sent off last, and the answer does not say so.
        """
        outcome = self._submissions.outcome
        if outcome is not None and outcome.refused and squeezed(outcome.said) not in squeezed(text_of(decision.answer)):
            raise OutriderError("STEP_REFUSED", action=outcome.deed, said=outcome.said)
        claims = (*decision.evidence, *_confirmation(outcome, decision))
        outdated = await self._outdated(claims, observation.url, page, limit)
        if outdated and not self._has_looked_again:
            self._has_looked_again = True
            return None
        missing = (
            *decision.missing,
            *_unconfirmed(outcome),
            *(f"{name}: the page says otherwise by now" for name in outdated),
        )
        evidence = await self._witness.testify(claims, observation.url)
        return replace(decision, evidence=claims, missing=tuple(dict.fromkeys(missing))), evidence

    async def _outdated(self, claims: Sequence[Evidence], url: str, page: VaultPage, limit: int) -> tuple[str, ...]:
        """The fields about the last page that it does not bear out when it is looked at, and read, once more."""
        if not self._witness.rests_on(claims, url):
            return ()
        try:
            fresh = await page.observe(limit=limit)
            outdated = self._witness.look_again(claims, url, View(fresh))
            if outdated:  # what has a label, or is part of a list, is only told by reading
                extraction = (await page.act(Extract())).extraction
                outdated = self._witness.look_again(claims, url, View(fresh, extraction))
        except OutriderError:  # a page that does not answer any more says nothing against what it has said
            return ()
        return outdated


def before_last_looks(history: Sequence[Step]) -> list[Step]:
    """The steps without what was only looked at last: a model that has to decide again has to look again."""
    steps = list(history)
    while steps and isinstance(steps[-1].action, _LOOKS):
        steps.pop()
    return steps


def _confirmation(outcome: Outcome | None, decision: Finish) -> tuple[Evidence, ...]:
    if outcome is None or outcome.refused or not outcome.said:
        return ()
    known = any(claim.field == CONFIRMATION for claim in decision.evidence)
    return () if known else (Evidence(CONFIRMATION, outcome.url, outcome.said),)


def _unconfirmed(outcome: Outcome | None) -> tuple[str, ...]:
    if outcome is None or (outcome.said and not outcome.refused):
        return ()
    said = f"says “{outcome.said}”" if outcome.said else "says nothing to it"
    return (f"{CONFIRMATION} of “{outcome.deed}”: the page {said}",)
