"""The ruling on an action before it is carried out, and on the site that a page turns out to be on."""

from collections.abc import Iterator, Sequence
from typing import Final

from outrider.interfaces.pages import Element
from outrider.interfaces.screening import Mode, RiskClass, Ruling, Verdict
from outrider.screening.content.actions import Deed
from outrider.screening.content.normal import fold, words_of
from outrider.screening.content.policy import Policy
from outrider.screening.content.rules import Rule, Rules
from outrider.screening.content.sites import all_allow, same_site, shown_site
from outrider.screening.content.users_words import UsersWords

__all__ = ["judge_action", "judge_place", "strictest"]

_ORDER: Final = tuple(Verdict)
_EXCERPT_CHARACTERS: Final = 80
_VERDICTS: Final = {
    Mode.ALLOW: Verdict.ALLOW,
    Mode.ASK: Verdict.ASK,
    Mode.ALWAYS_ASK: Verdict.ASK,
    Mode.BLOCK: Verdict.BLOCK,
}


def judge_action(rules: Rules, policy: Policy, said: UsersWords, home: Sequence[str], deed: Deed) -> tuple[Ruling, ...]:
    """Rulings on an action, one for each class of risk that it is of; none for most actions.

    ``home`` are addresses of the sites that the task is about; empty when that is not known.
    """
    found: dict[RiskClass, Ruling] = {}
    for ruling in (*_leaving(policy, deed), *_by_rules(rules, policy, said, home, deed)):
        known = found.get(ruling.risk)
        found[ruling.risk] = ruling if known is None else strictest((known, ruling))
    return tuple(found.values())


def judge_place(policy: Policy, url: str) -> Ruling | None:
    """The ruling on a page's address, wherever it was led by; None where a session may be."""
    if all_allow(policy.sites, url):
        return None
    site = shown_site(url)
    reason = f"The page now belongs to {site}, which is none of the allowed sites."
    return Ruling(_VERDICTS[policy.modes[RiskClass.LEAVING]], "leaving.page", RiskClass.LEAVING, reason, site)


def strictest(rulings: Sequence[Ruling]) -> Ruling:
    """The first of those with the strictest verdict."""
    return max(rulings, key=lambda ruling: _ORDER.index(ruling.verdict))


def _leaving(policy: Policy, deed: Deed) -> Iterator[Ruling]:
    if deed.destination and not all_allow(policy.sites, deed.destination):
        site = shown_site(deed.destination)
        reason = f"This leads to {site}, which is none of the allowed sites."
        yield Ruling(_VERDICTS[policy.modes[RiskClass.LEAVING]], "leaving.link", RiskClass.LEAVING, reason, site)


def _by_rules(rules: Rules, policy: Policy, said: UsersWords, home: Sequence[str], deed: Deed) -> Iterator[Ruling]:
    site = _site(deed)
    for rule, element in deed.found(rules.by_scope["action"]):
        mode = policy.modes[rule.risk]
        elsewhere = rule.risk is RiskClass.CREDENTIALS and _is_elsewhere(home, deed)
        excerpt = _excerpt(element)
        if elsewhere and mode is not Mode.ALLOW:
            reason = f"The secret would go to {site}, which the task does not name."
            yield Ruling(_VERDICTS[mode], "credentials.elsewhere", rule.risk, reason, excerpt, site)
        elif mode is Mode.ASK and _is_asked_for(rules, rule, said, element, deed):
            yield Ruling(Verdict.ALLOW, rule.id, rule.risk, rule.reason, excerpt, site)
        else:
            yield Ruling(_VERDICTS[mode], rule.id, rule.risk, rule.reason, excerpt, site)


def _is_asked_for(rules: Rules, rule: Rule, said: UsersWords, element: Element | None, deed: Deed) -> bool:
    if said.ask_for(rules.asked[rule.risk]) or said.contain(deed.typed):
        return True
    return element is not None and said.name(words_of([fold(element.name)]))


def _is_elsewhere(home: Sequence[str], deed: Deed) -> bool:
    url = deed.observation.url if deed.observation else ""
    return bool(home) and not any(same_site(url, each) for each in home)


def _site(deed: Deed) -> str:
    """The site that the page belongs to, for people."""
    return shown_site(deed.observation.url) if deed.observation else "this page"


def _excerpt(element: Element | None) -> str:
    if element is None:
        return ""
    context = element.context if element.context != element.name else ""
    shown = f"{element.role} “{element.name[:_EXCERPT_CHARACTERS]}”"
    return f"{shown} ({context[:_EXCERPT_CHARACTERS]})" if context else shown
