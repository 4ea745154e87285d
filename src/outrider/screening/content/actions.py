"""Which classes of risk an action is of, and where it leads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from outrider.interfaces.actions import NAMES, Action, Drag, Fill, FillSecret, Hover, Navigate, Pay, Press
from outrider.interfaces.pages import Element, Observation
from outrider.screening.content.normal import fold, words_of
from outrider.screening.content.phrases import Words, first_of
from outrider.screening.content.rules import Rule

__all__ = ["Deed"]

_SUBMITTING_KEYS: Final = frozenset({"enter", "numpadenter"})
_ACTIVATING_KEYS: Final = _SUBMITTING_KEYS | {"space", " "}
_LOOKED_AT_TEXTS: Final = 400


@dataclass(frozen=True)
class Deed:
    """An action on the page that it is to be carried out on; without an observation, on no page."""

    action: Action
    observation: Observation | None = None

    @cached_property
    def target(self) -> Element | None:
        """The element that it is about; for a key without one, the one that has the focus."""
        if self.observation is None:
            return None
        index = self.action.button if isinstance(self.action, Pay) else getattr(self.action, "index", None)
        if index is not None:
            return self._element(index)
        focused = (element for element in self.observation.elements if "focused" in element.states)
        return next(focused, None) if isinstance(self.action, Press) else None

    @cached_property
    def touched(self) -> tuple[Element, ...]:
        """The elements that it sets off: the target, and the buttons that Enter presses in its form."""
        if self.target is None:
            return ()
        return (self.target, *self._submitted_with(self.target))

    @cached_property
    def destination(self) -> str:
        """The address that it leads to, as far as that can be seen beforehand; empty for none."""
        if isinstance(self.action, Navigate):
            return self.action.url
        if self.target is None or not self.target.href or not self._activates:
            return ""
        base = self.observation.url if self.observation else ""
        return urljoin(base, self.target.href)

    @property
    def typed(self) -> str:
        """What it types; empty for nothing."""
        return self.action.text if isinstance(self.action, Fill) else ""

    def found(self, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Element | None]]:
        """The rules of scope ``action`` that fit, each with the element that it fits."""
        name = NAMES[type(self.action)]
        for rule in rules:
            if not rule.phrases and not rule.kinds and not rule.hints and not rule.paths:
                if name in rule.actions:
                    yield rule, self.target
                continue
            for element in self.touched:
                done = name if element is self.target else "click"
                if done in rule.actions and self._fits(rule, element):
                    yield rule, element

    def _fits(self, rule: Rule, element: Element) -> bool:
        if rule.roles and element.role not in rule.roles:
            return False
        if rule.kinds and element.kind not in rule.kinds:
            return False
        if rule.hints and not any(hint.lower() in rule.hints for hint in element.hints):
            return False
        if rule.paths and not urlsplit(element.href).path.lower().endswith(rule.paths):
            return False
        name = _name_words(element.name or " ".join(element.hints))
        if rule.phrases and (first_of(rule.phrases, name) is None or first_of(rule.unless, name) is not None):
            return False
        return not rule.near or first_of(rule.near, self._around(element)) is not None

    def _around(self, element: Element) -> Words:
        """What the page says about itself and about the element: title, headings, dialog."""
        if self.observation is None:
            return Words(())
        texts = self.observation.texts[:_LOOKED_AT_TEXTS]
        headings = (text.text for text in texts if text.kind.startswith("heading") or text.region == "dialog")
        return _words(self.observation.title, element.context, *headings)

    def _submitted_with(self, field: Element) -> tuple[Element, ...]:
        """The button that Enter in a field presses; where no form names one that is seen, those beside the field."""
        if self.observation is None or not self._submits or field.role == "searchbox" or field.region == "search":
            return ()
        if field.presses is not None and (button := self._element(field.presses)):
            return (button,)
        buttons = [e for e in self.observation.elements if e.kind == "submit" and e.region == field.region]
        return tuple([e for e in buttons if e.context == field.context] or buttons)

    @property
    def _submits(self) -> bool:
        if isinstance(self.action, Fill | FillSecret):
            return self.action.submit
        is_field = self.target is not None and self.target.role in ("textbox", "combobox", "spinbutton")
        return isinstance(self.action, Press) and is_field and self._key in _SUBMITTING_KEYS

    @property
    def _activates(self) -> bool:
        if isinstance(self.action, Hover | Drag):
            return False
        return not isinstance(self.action, Press) or self._key in _ACTIVATING_KEYS

    @property
    def _key(self) -> str:
        return self.action.keys.lower() if isinstance(self.action, Press) else ""

    def _element(self, index: int) -> Element | None:
        elements = self.observation.elements if self.observation else ()
        return next((element for element in elements if element.index == index), None)


@lru_cache(maxsize=256)
def _name_words(name: str) -> Words:
    """As ``_words``: every rule looks at the same few names."""
    return _words(name)


def _words(*texts: str) -> Words:
    return Words(words_of(map(fold, texts)))
