"""Makes a script of the log of a finished task."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from outrider.agents.places import ENTRY, LIST
from outrider.agents.replay.pages import whole_lists
from outrider.agents.replay.targets import passes
from outrider.agents.scout.answer import PLAIN_END
from outrider.agents.secrets import MASK, Secrets
from outrider.interfaces.sessions import Message, MessageType
from outrider.problems import OutriderError
from outrider.protocol.scripts import ARGUMENTS, Read, Script, Type, escaped

__all__ = ["record"]

#: Longer texts, and shorter ones, are no variables in the sentence of the task.
_SPOKEN_CHARACTERS: Final = range(3, 200)
_NO_NAME: Final = re.compile(r"[^a-z0-9]+")
#: Under which name a script has the element of an action.
_TARGETS: Final = {"index": "target", "onto": "onto"}
_LOOKS: Final = frozenset({"extract", "scroll", "wait", "screenshot"})
#: What evidence calls the entries of a list.
_WHOLE: Final = re.compile(r"items/\d+")
_OWN_FIELDS: Final = frozenset({"confirmation"})


def record(log: Sequence[Message], task_id: int | None = None) -> Script:
    """The script of the task that the USER message with this id has started; without one, of the last that is done.

    Raises SCRIPT_NOT_AVAILABLE for a task that is not done, has no steps, or was recorded without its targets.
    """
    task = _task(log, task_id)
    first, end = task[0], task[-1]
    taken = (message for message in task if message.metadata.get("event") == "step")
    steps = [message for message in taken if "problem" not in message.metadata]
    if not steps:
        raise OutriderError("SCRIPT_NOT_AVAILABLE", reason="no step of it has done anything")
    try:
        return Script.model_validate(_document(first, end, steps))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        reason = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        raise OutriderError("SCRIPT_NOT_AVAILABLE", reason=reason) from error


def _document(first: Message, end: Message, steps: Sequence[Message]) -> dict[str, Any]:
    """What ``Script`` is made of. Raises ValidationError for evidence that is no place to read."""
    variables = _Variables(str(first.content))
    opening = list(_opening(steps))
    written = opening + [_step(message, variables) for message in steps]
    _expect_late_answers(written[len(opening) :], steps)
    reads, not_read = _reads(end)
    numbers = [0] * len(opening) + [message.metadata["step"] for message in steps]
    for step, one in reads:
        at = max((place for place, number in enumerate(numbers) if number <= step), default=0)
        written[at].setdefault("read", []).append(one.model_dump(exclude_defaults=True))
    written = opening + whole_lists(written[len(opening) :], [message.metadata for message in steps])
    return {
        "version": 1,
        "task": variables.task,
        "variables": variables.declared,
        "output_schema": first.metadata.get("output_schema"),
        "steps": written,
        "answer": "text" if isinstance(end.content, str) else "json",
        "not_read": not_read,
    }


def _task(log: Sequence[Message], task_id: int | None) -> list[Message]:
    """The messages of a task that is done, from the one that has started it to its end."""
    tasks: dict[int, list[Message]] = {}
    under_way: list[Message] | None = None
    for message in log:
        if under_way is None and message.type is MessageType.USER:
            under_way = tasks.setdefault(message.id, [])
        if under_way is not None:
            under_way.append(message)
        if message.type in (MessageType.DONE, MessageType.ERROR):
            under_way = None
    done = [task for task in tasks.values() if task[-1].type is MessageType.DONE]
    if task_id is None and not done:
        raise OutriderError("SCRIPT_NOT_AVAILABLE", reason="the session has finished no task")
    task = done[-1] if task_id is None else tasks.get(task_id)
    if task is None:
        raise OutriderError("SCRIPT_NOT_AVAILABLE", reason=f"message {task_id} has started no task")
    if task not in done:
        raise OutriderError("SCRIPT_NOT_AVAILABLE", reason="it has not ended, or has failed")
    return task


def _opening(steps: Sequence[Message]) -> Iterator[dict[str, Any]]:
    """A script begins with an address: of the page that the task has found, if it has not opened one."""
    first = steps[0].metadata if steps else {}
    if first and first["action"]["name"] != "navigate" and str(first.get("page", "")).startswith("http"):
        yield {"action": "navigate", "url": escaped(first["page"])}


def _step(message: Message, variables: "_Variables") -> dict[str, Any]:
    action = dict(message.metadata["action"])
    name = action.pop("name")
    targets = {key: escaped(target) for key, target in message.metadata.get("targets", {}).items()}
    given: dict[str, Any] = {key: escaped(value) for key, value in action.items() if f"{key}?" in ARGUMENTS[name]}
    given |= {key: escaped(value) for key, value in action.items() if key in ARGUMENTS[name]}
    if name == "pay":
        given |= {"fields": targets, "token": variables.secret("payment_token")}
        given["amount"] = variables.text("amount", action["amount"])
    elif "index" in targets:
        given |= {_TARGETS[key]: target for key, target in targets.items()}
    elif "target" in ARGUMENTS[name]:
        raise OutriderError("SCRIPT_NOT_AVAILABLE", reason="its log does not say what its steps were about")
    if given.get("onto") is not None:
        given["onto"] = targets.get("onto")
    if name == "fill":
        given["text"] = variables.typed(targets["index"], action["text"])
    if given.get("submit") is False:
        del given["submit"]
    step = {"action": name} | {key: value for key, value in given.items() if value is not None}
    effect = message.metadata.get("effect", {})
    about = targets.get("index", {})
    if name == "click" and not effect.get("navigated") and passes(about.get("region", ""), about.get("name", "")):
        step["optional"] = True
    return step if name in _LOOKS else step | _expected(effect)


def _expect_late_answers(written: Sequence[dict[str, Any]], steps: Sequence[Message]) -> None:
    """Where nothing came of a click at once, the wait in which something did expects that: nothing else confirms it."""
    acting: dict[str, Any] = {}
    for step, message in zip(written, steps, strict=True):
        if step["action"] not in _LOOKS:
            acting = step
        elif step["action"] == "wait" and acting.get("action") in ("click", "press") and "expect" not in acting:
            effect = message.metadata.get("effect", {})
            if any(effect.get(name) for name in ("changed", "navigated", "alerts", "dialogs", "opened_tab")):
                step["expect"] = "changed"
                acting = {}


def _expected(effect: Mapping[str, Any]) -> dict[str, str]:
    kinds = {
        "downloads": "download",
        "opened_tab": "tab",
        "navigated": "navigated",
        "value": "value",
        "changed": "changed",
    }
    return next(({"expect": kind} for name, kind in kinds.items() if effect.get(name)), {})


class _Variables:
    """What was typed, as variables that another replay can give otherwise; what nobody may know has no default."""

    def __init__(self, task: str) -> None:
        self._masked = Secrets()
        self._masked.learn(task)
        self._task = str(self._masked.mask(task))
        self.declared: dict[str, Any] = {}
        #: Names of variables by the text that stands in the task.
        self._spoken: dict[str, str] = {}

    @property
    def task(self) -> str:
        """The sentence of the task, with variables for what was typed of it, in whole words."""
        if not self._spoken:
            return escaped(self._task)
        texts = "|".join(map(re.escape, sorted(self._spoken, key=len, reverse=True)))
        parts = re.split(rf"(?<!\w)({texts})(?!\w)", self._task)
        return "".join(f"${{{self._spoken[part]}}}" if at % 2 else escaped(part) for at, part in enumerate(parts))

    def typed(self, target: Mapping[str, Any], text: str) -> str:
        """What went into a field."""
        label = target.get("name") or next(iter(target.get("hints", ())), "text")
        if target.get("kind") == "password" or MASK in self._masked.mask(text):
            return self.secret(label)
        return self.text(label, text)

    def text(self, label: str, text: str) -> str:
        """A variable with this default; one of the same name and default will do."""
        name = self._free(label, {"default": text})
        self.declared[name] = {"default": text}
        if len(text) in _SPOKEN_CHARACTERS:
            self._spoken.setdefault(text, name)
        return f"${{{name}}}"

    def secret(self, label: str) -> str:
        """A variable that has to be given."""
        name = self._free(label, {"secret": True})
        self.declared[name] = {"secret": True}
        return f"${{{name}}}"

    def _free(self, label: str, variable: Mapping[str, Any]) -> str:
        base = _NO_NAME.sub("_", label.casefold()).strip("_")[:30] or "text"
        base = base if base[0].isalpha() else f"text_{base}"
        names = (base, *(f"{base}_{number}" for number in range(2, 1000)))
        return next(name for name in names if self.declared.get(name, variable) == variable)


# --- what is read anew


def _reads(end: Message) -> tuple[list[tuple[int, Read]], list[str]]:
    """What is to be read after which step, and the parts of the answer that nothing tells where to read."""
    kinds = dict(_leaves(end.content))
    found: list[tuple[int, Read]] = []
    for row in end.metadata.get("evidence", ()):
        if row.get("element") and row.get("step") is not None and row["field"] not in _OWN_FIELDS:
            found.append((row["step"], _read(row, end.content, kinds)))
    found = _as_lists(found)
    if isinstance(end.content, str) and end.content.startswith(PLAIN_END):
        return found, []
    told = {one.field for _, one in found}
    if told & {"", "answer"}:
        return found, []
    return found, [path or "answer" for path in kinds if not (_with_those_above(path) & told or (told and not path))]


def _with_those_above(path: str) -> set[str]:
    """A way down an answer, and those to what it is part of."""
    names = path.split("/")
    return {"/".join(names[:end]) for end in range(1, len(names) + 1)}


def _read(row: Mapping[str, Any], answer: Any, kinds: Mapping[str, Type]) -> Read:
    place = {name: value for name, value in row["element"].items() if name != "index"}
    path = _path(row["field"], answer, kinds)
    part = _at(answer, path)
    if place["role"] == ENTRY and (isinstance(part, dict) or _WHOLE.fullmatch(row["field"])):
        each = {key: _type(value) for key, value in part.items()} if isinstance(part, dict) else {}
        return Read(field=path, **place | {"part": ""}, each=each)
    return Read(field=path, **place, type=kinds.get(path, "string"))


def _path(field: str, answer: Any, kinds: Mapping[str, Type]) -> str:
    """Where in the answer the value of a field is: as it is named, below ``items``, or the only one of that name."""
    if isinstance(answer, str) or _at(answer, field) is not None:
        return field
    lists = [""] if isinstance(answer, list) else [name for name, part in answer.items() if isinstance(part, list)]
    if field.startswith("items/") and len(lists) == 1:  # whatever the answer calls its list
        return f"{lists[0]}/{field.removeprefix('items/')}".lstrip("/")
    ends = [path for path in kinds if path.rpartition("/")[2] == field]
    return ends[0] if len(ends) == 1 else field


def _at(answer: Any, path: str) -> Any:
    for name in filter(None, path.split("/")):
        if isinstance(answer, dict):
            answer = answer.get(name)
        elif isinstance(answer, list) and name.isdecimal() and int(name) < len(answer):
            answer = answer[int(name)]
        else:
            return None
    return answer


def _leaves(answer: Any, path: str = "") -> Iterator[tuple[str, Type]]:
    """Each single value of an answer by its way down, with its type."""
    parts = answer.items() if isinstance(answer, dict) else enumerate(answer) if isinstance(answer, list) else None
    if parts is None:
        yield path, _type(answer)
        return
    for name, part in parts:
        yield from _leaves(part, f"{path}/{name}".lstrip("/"))


def _type(value: Any) -> Type:
    kinds: Mapping[type, Type] = {bool: "boolean", int: "integer", float: "number"}
    return kinds.get(type(value), "string")


def _as_lists(reads: Sequence[tuple[int, Read]]) -> list[tuple[int, Read]]:
    """All entries of one list, in their order, become the list: it may have more of them, or fewer, by then."""
    written: list[tuple[int, Read]] = []
    at = 0
    while at < len(reads):
        step, first = reads[at]
        run = reads[at : at + first.of] if first.role == ENTRY and not first.part and first.nth == 1 else []
        if len(run) == first.of > 0 and all(
            _follows(one, nth, step, reads[at]) for nth, one in enumerate(run, start=1)
        ):
            whole = {"field": first.field.rpartition("/")[0], "role": LIST, "name": "", "nth": 1, "of": 0}
            written.append((step, first.model_copy(update=whole)))
            at += len(run)
        else:
            written.append(reads[at])
            at += 1
    return written


def _follows(one: tuple[int, Read], nth: int, step: int, first: tuple[int, Read]) -> bool:
    there, read = one
    same = ("role", "region", "under", "group", "of", "part")
    return there == step and read.nth == nth and all(getattr(read, name) == getattr(first[1], name) for name in same)
