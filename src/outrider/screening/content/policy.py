"""What becomes of risky actions: data from the settings, the session and the message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Self

from outrider.interfaces.screening import Mode, RiskClass
from outrider.problems import OutriderError
from outrider.screening.content.sites import AllowedSite

__all__ = ["ACTION_CLASSES", "Policy"]

#: Classes of actions, which a policy has a word on; texts have their decision in the rule.
ACTION_CLASSES: Final = (
    RiskClass.PURCHASE,
    RiskClass.CREDENTIALS,
    RiskClass.DOWNLOAD,
    RiskClass.UPLOAD,
    RiskClass.DELETION,
    RiskClass.LEAVING,
)
#: Of one session or message; each look at a page goes through them.
MAX_SITES: Final = 200
_DEFAULT: Final[Mapping[RiskClass, Mode]] = MappingProxyType(dict.fromkeys(ACTION_CLASSES, Mode.ASK))


@dataclass(frozen=True, slots=True)
class Policy:
    """A mode per class, and the sites that a session may be on."""

    modes: Mapping[RiskClass, Mode] = field(default_factory=lambda: _DEFAULT)
    #: A site has to be on each of these lists that is not empty.
    sites: tuple[tuple[AllowedSite, ...], ...] = ()

    @classmethod
    def of(cls, screening: Mapping[str, str], allowed_sites: Iterable[str]) -> Self:
        """From the settings. Raises ValueError."""
        return cls().with_changes(screening, allowed_sites)

    def with_changes(self, screening: Mapping[str, str] | None, allowed_sites: Iterable[str] | None) -> Self:
        """As a session or a message wants it: a class that is blocked stays so, sites get fewer, never more.

        Raises ValueError for an unknown class or mode, and for what is no site.
        """
        wanted = {_class_of(name): Mode(mode) for name, mode in (screening or {}).items()}
        blocked = {risk: mode for risk, mode in self.modes.items() if mode is Mode.BLOCK}
        sites = tuple(map(AllowedSite.parse, allowed_sites or ()))
        return replace(
            self, modes={**self.modes, **wanted, **blocked}, sites=(*self.sites, sites) if sites else self.sites
        )

    @classmethod
    def check(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """The keys “screening” and “allowed_sites” of what a client sent, in the form that is stored.

        Raises SCREENING_INVALID when they make no sense: what is meant to protect is not ignored for a slip.
        """
        screening, sites = given.get("screening"), given.get("allowed_sites")
        try:
            if isinstance(sites, str):
                sites = [sites]
            _require_form(screening, sites)
            cls().with_changes(screening, sites)
        except (TypeError, ValueError, AttributeError) as error:
            raise OutriderError("SCREENING_INVALID", reason=str(error)) from error
        kept = {"screening": screening, "allowed_sites": list(sites) if sites else None}
        return {name: value for name, value in kept.items() if value}


def _class_of(name: str) -> RiskClass:
    risk = RiskClass(name)
    if risk not in ACTION_CLASSES:
        raise ValueError(f"“{name}” is not a class of actions: {', '.join(ACTION_CLASSES)}")
    return risk


def _require_form(screening: object, sites: object) -> None:
    """Raises TypeError and ValueError for what only looks like nothing, or like a list."""
    if not isinstance(screening, Mapping | None) or not isinstance(sites, list | None):
        raise TypeError("“screening” has to be an object, “allowed_sites” a list")
    if sites is not None and len(sites) > MAX_SITES:
        raise ValueError(f"“allowed_sites” may have {MAX_SITES} entries")
