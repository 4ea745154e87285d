"""How a task describes an element of a page."""

from dataclasses import dataclass

__all__ = ["Target"]


@dataclass(frozen=True, slots=True)
class Target:
    """The description of an element."""

    text: str
    #: Roles that the description asks for ("button", "link"); empty: any that fits the action.
    roles: frozenset[str] = frozenset()
    #: Which of several equal ones, counted from 1; -1 is the last; 0: not said.
    position: int = 0
    #: The role word itself, which may be part of the name after all ("price list").
    cue: str = ""
    #: Where it is: words of its row, its product, its section.
    near: str = ""
