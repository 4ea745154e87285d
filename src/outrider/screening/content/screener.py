"""Screening for a server, and for one task of it: texts, actions and pages in, rulings out, risky ones recorded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final, Self

from msgspec import structs

from outrider.config import Settings
from outrider.interfaces.actions import Action
from outrider.interfaces.models import Task
from outrider.interfaces.pages import Observation, Suspicion
from outrider.interfaces.screening import AuditEntry, AuditStore, RiskClass, Ruling, Verdict
from outrider.problems import OutriderError
from outrider.screening.content.actions import Deed
from outrider.screening.content.judging import judge_action, judge_place, strictest
from outrider.screening.content.policy import Policy
from outrider.screening.content.rules import Rules
from outrider.screening.content.texts import judge_page, judge_task
from outrider.screening.content.users_words import UsersWords

__all__ = ["Screener", "TaskScreen", "texts_of"]

#: A yes to one of these is good for one action.
_ONE_AT_A_TIME: Final = frozenset({RiskClass.PURCHASE, RiskClass.DELETION})


class Screener:
    """The rules and the policy of a server. One instance serves all sessions."""

    def __init__(self, rules: Rules, policy: Policy, audit: AuditStore) -> None:
        self.rules = rules
        self.policy = policy
        self._audit = audit

    @classmethod
    def of(cls, settings: Settings, audit: AuditStore) -> Self:
        """As the settings say. Raises CONFIG_INVALID."""
        try:
            policy = Policy.of(settings.screening, settings.allowed_sites)
        except ValueError as error:
            raise OutriderError(
                "CONFIG_INVALID", summary=str(error), source="“screening” or “allowed_sites”"
            ) from error
        return cls(Rules.load(settings.screening_rules), policy, audit)

    async def admit(self, organisation_id: str, session_id: str, *texts: str | None) -> None:
        """Let a task's text in, before a session takes it. Raises REQUEST_BLOCKED."""
        ruling = judge_task(self.rules, filter(None, texts))
        if ruling is not None and ruling.verdict is Verdict.BLOCK:
            await self.record(organisation_id, session_id, None, [ruling])
            raise OutriderError("REQUEST_BLOCKED", rule=ruling.rule, reason=ruling.reason)

    def for_task(
        self,
        organisation_id: str,
        session_id: str,
        message_id: int,
        changes: Iterable[Mapping[str, Any]],
        mask: Callable[[str], str],
    ) -> "TaskScreen":
        """For one task; ``changes`` are what the session and the message want beside the server's policy.

        They are in the form that ``Policy.check`` gives. ``mask`` takes secrets out of what is recorded.
        """
        policy = self.policy
        for change in changes:
            policy = policy.with_changes(change.get("screening"), change.get("allowed_sites"))
        return TaskScreen(self, policy, (organisation_id, session_id, message_id), mask)

    async def record(
        self, organisation_id: str, session_id: str, message_id: int | None, rulings: Iterable[Ruling]
    ) -> None:
        """Put rulings into the audit log."""
        now = datetime.now(UTC)
        entries = [AuditEntry(organisation_id, session_id, message_id, ruling, now) for ruling in rulings]
        if entries:
            await self._audit.add(entries)


class TaskScreen:
    """What the screening of one task remembers: answers of the user, what was seen, where the task began."""

    def __init__(
        self, screener: Screener, policy: Policy, owner: tuple[str, str, int], mask: Callable[[str], str]
    ) -> None:
        self._screener = screener
        self._mask = mask
        self._policy = policy
        self._owner = owner
        #: The user's answers, by what was asked about.
        self._answers: dict[tuple[str, ...], bool] = {}
        self._recorded: set[Ruling] = set()
        self._first_url = ""
        #: The task as it was read last: what the user says makes another one of it.
        self._said: tuple[Task, UsersWords] | None = None
        #: Texts of pages in which nothing was found; they are not read again.
        self._harmless: set[str] = set()
        self._suspicions: tuple[Suspicion, ...] = ()

    def change(self, wanted: Mapping[str, Any]) -> None:
        """Go on as the user wants it from now on; in the form that ``Policy.check`` gives."""
        self._policy = self._policy.with_changes(wanted.get("screening"), wanted.get("allowed_sites"))

    async def words(self, *texts: str) -> Ruling | None:
        """The ruling on what the user said; None to go on."""
        ruling = judge_task(self._screener.rules, filter(None, texts))
        return await self._decided([] if ruling is None else [ruling], once=True)

    async def action(self, task: Task, action: Action, observation: Observation | None = None) -> Ruling | None:
        """The ruling on an action that is about to be carried out; None to go on."""
        if self._said is None or self._said[0] is not task:
            self._said = task, UsersWords(task)
        said = self._said[1]
        home = said.sites() or ((self._first_url,) if self._first_url else ())
        deed = Deed(action, observation)
        return await self._decided(judge_action(self._screener.rules, self._policy, said, home, deed), once=False)

    def pays(self, action: Action, observation: Observation) -> bool:
        """Whether an action looks as if it placed an order or paid."""
        found = Deed(action, observation).found(self._screener.rules.by_scope["action"])
        return any(rule.risk is RiskClass.PURCHASE for rule, _ in found)

    async def page(self, observation: Observation) -> tuple[tuple[Ruling, ...], Ruling | None]:
        """What speaks to the agent on a page, and the ruling on being there; None to go on."""
        if not self._first_url and observation.url.startswith("http"):
            self._first_url = observation.url
        found = self._read(texts_of(observation))
        self._suspicions = tuple(Suspicion(ruling.rule, ruling.excerpt) for ruling in found)
        place = judge_place(self._policy, observation.url)
        return found, await self._decided([*found, *([place] if place else [])], once=True)

    def marked(self, observation: Observation) -> Observation:
        """The observation with what on it speaks to the agent, for the model; after ``page`` has seen it."""
        return structs.replace(observation, suspicious=self._suspicions) if self._suspicions else observation

    def _read(self, texts: Iterable[str]) -> tuple[Ruling, ...]:
        new = [text for text in texts if text not in self._harmless]
        found = judge_page(self._screener.rules, new) if new else ()
        if not found:
            self._harmless.update(new)
        return found

    async def answered(self, ruling: Ruling, *, agreed: bool) -> None:
        """The user was asked, and has said yes or something else."""
        self._answers[_key(ruling)] = agreed
        verdict = Verdict.ALLOW if agreed else Verdict.BLOCK
        said = "The user agreed." if agreed else "The user did not agree."
        await self._record([replace(ruling, verdict=verdict, reason=f"{said} {ruling.reason}")])

    async def _decided(self, rulings: Iterable[Ruling], *, once: bool) -> Ruling | None:
        """Record the rulings, equal ones only ``once`` if so; returns the strictest that holds the task up."""
        rulings = [self._with_answer(ruling) for ruling in rulings]
        new = [ruling for ruling in rulings if not (once and ruling in self._recorded)]
        self._recorded.update(new)
        await self._record(new)
        holding = [ruling for ruling in rulings if ruling.verdict in (Verdict.ASK, Verdict.BLOCK)]
        return strictest(holding) if holding else None

    async def _record(self, rulings: Iterable[Ruling]) -> None:
        shown = [replace(one, reason=self._mask(one.reason), excerpt=self._mask(one.excerpt)) for one in rulings]
        await self._screener.record(*self._owner, shown)

    def _with_answer(self, ruling: Ruling) -> Ruling:
        agreed = self._answers.get(_key(ruling)) if ruling.verdict is Verdict.ASK else None
        if agreed is None:
            return ruling
        if agreed and ruling.risk in _ONE_AT_A_TIME:
            del self._answers[_key(ruling)]
        return replace(ruling, verdict=Verdict.ALLOW if agreed else Verdict.BLOCK)


def texts_of(observation: Observation) -> tuple[str, ...]:
    """All that a page says to whoever reads its observation, each text once."""
    elements = (
        (element.name, element.value or "", element.context, element.complaint, *element.hints, *element.options)
        for element in observation.elements
    )
    texts = (*(tab.title for tab in observation.tabs), *(text.text for text in observation.texts))
    return tuple(dict.fromkeys(filter(None, (observation.title, *chain.from_iterable(elements), *texts))))


def _key(ruling: Ruling) -> tuple[str, ...]:
    return ruling.risk, ruling.rule, ruling.excerpt, ruling.site
