"""Opening the page of the entry that was chosen."""

import re
from collections.abc import Mapping
from typing import Any

from outrider.agents.scout.pages.grounding import CLICKED
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.steps.attempts import failure, reacted, which
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.steps.seeking import has_button
from outrider.agents.scout.tasks.intentions import AddToBasket, OpenPick
from outrider.interfaces.actions import Click, Navigate
from outrider.interfaces.models import Ask
from outrider.problems import OutriderError

__all__ = ["open_pick"]


def open_pick(wanted: OpenPick, now: Situation) -> Outcome:
    """Open the page of the chosen entry: by its link where that is on the page, else by its address."""
    chosen = _decided(now)
    if isinstance(chosen, Ask):
        return chosen
    if chosen is None and wanted.optional:
        return Done()
    if chosen is None:
        raise OutriderError("TARGET_NOT_FOUND", description="it", url=now.observation.url)
    if now.last is not None and now.last.effect is not None and reacted(now.last.effect):
        return Done(_opened(chosen, now))
    if not chosen.link and isinstance(now.following, AddToBasket) and has_button(now.observation, chosen.name):
        return Done()
    if now.observation.url.rstrip("/") == chosen.link.rstrip("/") and chosen.link:
        return Done(_opened(chosen, now))
    price = f", {chosen.price}" if chosen.price else ""
    count = len(now.known.items)
    thought = f"Opening {chosen.name}{price}" + (f", chosen from {count} entries" if count > 1 else "")
    here = any(e.index == chosen.index and e.role in CLICKED for e in now.observation.elements)
    if here and chosen.page == now.observation.url and now.last is None:
        return Move(Click(chosen.index or 0), thought, "click")
    if chosen.link and not now.taken("navigate"):
        return Move(Navigate(chosen.link), thought, "navigate")
    if now.last is not None:
        raise failure(now.last, f"open {chosen.name}", now)
    raise OutriderError("TARGET_NOT_FOUND", description=f"a link to {chosen.name}", url=now.observation.url)


def _decided(now: Situation) -> Item | Ask | None:
    """The pick; the one that the user names when others are as good."""
    chosen, equal = now.known.pick, now.known.equal
    if chosen is None or not equal:
        return chosen
    rivals = (chosen, *equal)
    named = which(now, f"it, of those with the same {now.known.equal_by}", [one.name for one in rivals])
    return named if isinstance(named, Ask) else rivals[named]


def _opened(chosen: Item, now: Situation) -> Mapping[str, Any]:
    """Where the pick's page is; its heading gives the full name when the list had shortened it."""
    short = re.sub(r"\s*(?:…|\.{3})$", "", chosen.name)
    heading = next((t.text for t in now.observation.texts if t.kind == "heading1"), "")
    full = heading if short != chosen.name and heading.startswith(short) else chosen.name
    return {"pick": chosen.as_json() | {"name": full}, "opened": now.observation.url}
