"""Where the rest of a form is: on its next page, or in a section that is not shown."""

from outrider.agents.scout.pages.grounding import describe
from outrider.agents.scout.steps.progress import Move, Situation
from outrider.agents.scout.steps.sending import send_buttons
from outrider.agents.scout.synonyms import canonical
from outrider.agents.scout.tasks.intentions import Enter, Submit
from outrider.interfaces.actions import Check, Click, Fill, Select
from outrider.interfaces.pages import Element

__all__ = ["next_page", "section"]


def next_page(wanted: Enter, now: Situation) -> Move | None:
    """Send what is filled in: the field is not on this page of the form, but may be on the next."""
    last = now.history[-1] if now.history else None
    if last is None or last.effect is None or now.taken("next"):
        return None
    if not isinstance(last.action, Fill | Select | Check):
        return None
    buttons = send_buttons(now, Submit(), last.action.index)
    thought = f"Going on with the form, which has no field for {wanted.field.text} here"
    return Move(Click(buttons[0].element.index), thought, "next") if buttons else None


def section(wanted: Enter, now: Situation) -> Move | None:
    """Show the section of the page that has a word of the field in its name."""
    words = set(canonical(wanted.field.text))
    tabs = [e for e in now.observation.elements if _is_tab(e, now.observation.url) and words & set(canonical(e.name))]
    if not tabs or now.taken("section"):
        return None
    return Move(Click(tabs[0].index), f"Looking for {wanted.field.text} in {describe(tabs[0])}", "section")


def _is_tab(element: Element, url: str) -> bool:
    page, _, part = element.href.partition("#")
    return element.role == "tab" or (element.role == "link" and bool(part) and page == url.partition("#")[0])
