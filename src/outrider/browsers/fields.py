"""Filling fields, choosing options, pressing keys, giving files."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from outrider.browsers.cdp import CdpError
from outrider.browsers.keyboard import key_events, parse_chord
from outrider.browsers.stage import Outcome, Stage, ask
from outrider.browsers.tab import ContextLost
from outrider.interfaces.actions import Fill, Press, Select, Upload
from outrider.problems import OutriderError

_KEY: Final = "Input.dispatchKeyEvent"
#: So often a key is pressed in one action.
_MOST_TIMES: Final = 1000
#: Keys that scroll a page, or move the focus to where it has to.
_SCROLLING: Final = frozenset({"ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "Tab"})


async def fill(stage: Stage, action: Fill) -> Outcome:
    """Replace the content of a field and read it back."""
    tab = await stage.tabs.current()
    ready = await ask(tab, "prepare", action.index, action="fill")
    if not ready["typed"]:
        await ask(tab, "write", action.index, action.text, action="fill")
    elif action.text:
        await tab.session.call("Input.insertText", stage.settings.action_timeout_seconds, text=action.text)
    elif not ready["empty"]:
        await tab.input(_KEY, key_events("Delete"))
    commits = ready["typed"] and not action.submit
    field = await ask(tab, "commit" if commits else "read", action.index, action="fill")
    if action.submit:
        await tab.input(_KEY, key_events("Enter"))
    return Outcome(value=str(field["value"] or ""))


async def select(stage: Stage, action: Select) -> Outcome:
    """Choose an option. Raises OPTION_NOT_FOUND with what is offered."""
    tab = await stage.tabs.current()
    answer: dict[str, Any] = await ask(tab, "choose", action.index, action.option, action="select")
    if answer.get("problem") == "option":
        options = ", ".join(f"“{label}”" for label in answer["options"])
        raise OutriderError("OPTION_NOT_FOUND", index=action.index, option=action.option, options=options or "nothing")
    return Outcome(value=answer["value"])


async def press(stage: Stage, action: Press) -> Outcome:
    """Press a key or a chord, so often."""
    events = key_events(action.keys) * min(action.times, _MOST_TIMES)
    tab = await stage.tabs.current()
    if action.index is not None:
        await ask(tab, "focus", action.index, action="press")
    await tab.input(_KEY, events)
    if stage.scrolls_smoothly and parse_chord(action.keys)[1].key in _SCROLLING:
        with suppress(ContextLost, CdpError):  # the key may have led to another page
            await tab.call("scrolled")
    return Outcome()


async def upload(stage: Stage, action: Upload) -> Outcome:
    """Put files of the session into a file field. Raises UPLOAD_FILE_NOT_FOUND."""
    folders = (stage.files, stage.downloads.folder)
    paths = [str(_file(folders, name)) for name in action.names]
    tab = await stage.tabs.current()
    kind = await ask(tab, "kind", action.index, action="upload")
    if not kind["file"] or kind["disabled"] or (len(paths) > 1 and not kind["multiple"]):
        reason = "it is no file field, is disabled, or takes one file only"
        raise OutriderError("ELEMENT_NOT_ACTIONABLE", index=action.index, action="upload", reason=reason)
    frame, number = tab.frames.locate(action.index)
    if frame is None:
        raise OutriderError("ELEMENT_GONE", index=action.index)
    element = await tab.evaluate(frame, f"outrider.element({number})", by_value=False)
    await frame.session.call("DOM.setFileInputFiles", files=paths, objectId=element["objectId"])
    return Outcome(value=", ".join(action.names))


def _file(folders: Sequence[Path], name: str) -> Path:
    """A file of the session by its bare name; links that lead out of its folder don't count."""
    if name and Path(name).name == name:
        for folder in folders:
            path = (folder / name).resolve()
            if path.is_file() and path.parent == folder.resolve():
                return path
    raise OutriderError("UPLOAD_FILE_NOT_FOUND", name=name)
