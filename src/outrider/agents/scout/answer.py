"""The answer of a task: text, JSON, or JSON by the client's schema, with where each value was read.

Only what was read goes in: a value that was not found is listed as missing, and a schema that requires it fails.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from outrider.agents.scout.amounts import money, number
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.steps.progress import Known
from outrider.agents.scout.synonyms import canonical, value_kind
from outrider.agents.scout.tasks.intentions import AnswerFormat, Plan, Say
from outrider.interfaces.models import Evidence, Finish, Task
from outrider.interfaces.pages import Observation
from outrider.sessions.output_schema import check_answer

_QUOTE_LIMIT: Final = 200
PLAIN_END: Final = "Done. The page is "
_DEFAULT_FIELDS: Final = ("name", "price", "rating", "link")
_YES: Final = frozenset({"yes", "true", "in stock", "available", "on", "1"})
_NO: Final = ("out of stock", "unavailable", "sold out", "not available")

Json = Any


def finish(task: Task, plan: Plan, known: Known, observation: Observation) -> Finish:
    """The end of a task whose plan is carried out. Raises OUTPUT_INVALID."""
    said = [one.text for one in plan.intentions if isinstance(one, Say)]
    missing = [*known.missing, *filter(None, (known.cut,))]
    if (equal := _equals(known)) and (task.output_schema is not None or plan.format.json):
        missing.append(f"others as good: {equal}")  # a text says so itself
    answer: Json
    if task.output_schema is not None:
        answer, lacking = _by_schema(task.output_schema, known)
        missing += [name for name in lacking if name not in missing]
        check_answer(answer, task.output_schema)
    elif said and not known.values and known.listed is None:
        answer = "\n".join(said)
    elif plan.format.json:
        answer = _as_json(known, plan.format, observation)
    else:
        answer = _as_text(known, observation)
    return Finish(answer, _evidence(known), tuple(dict.fromkeys(missing)), thought="")


def _as_json(known: Known, form: AnswerFormat, observation: Observation) -> Json:
    """The list, the values, or both; without any, where the task ended."""
    rows = None if known.listed is None else [_row(item, known, form.keys) for item in known.listed]
    values = _values(known, form.keys if rows is None else ())
    if not values:
        return rows if rows is not None else {"url": observation.url, "title": observation.title, "message": known.said}
    single = values[0] if len(values) == 1 else {"values": values}
    return single | {"items": rows} if rows is not None else values[0] if len(values) == 1 else values


def _values(known: Known, keys: Sequence[str]) -> list[dict[str, Json]]:
    """The values that were read, under the keys that the task asks for; what is missing is null.

    Several of one name belong to several things: a member each.
    """
    things: list[dict[str, Json]] = [{}] if known.values else []
    for value in known.values:
        if value.name in things[-1]:
            things.append({})
        things[-1][value.name] = _plain(value.value)
    lacking = dict.fromkeys(known.missing)
    return [_renamed(lacking | thing, keys) if keys else thing | lacking for thing in things]


def _renamed(read: Mapping[str, Json], keys: Sequence[str]) -> dict[str, Json]:
    """Values under other names: by the same meaning, else by position when there are as many names as values."""
    names = {key: matching(key, tuple(read)) for key in keys}
    if None in names.values() and len(keys) == len(read):
        free = [name for name in read if name not in names.values()]
        names = {key: name if name is not None else free.pop(0) for key, name in names.items()}
    return {key: None if name is None else read[name] for key, name in names.items()}


def matching(wanted: str, names: Sequence[str]) -> str | None:
    """The name that means the same as another."""
    kind = value_kind(wanted)
    exact = next((name for name in names if canonical(name) == canonical(wanted)), None)
    by_kind = next((name for name in names if kind and value_kind(name) == kind), None)
    return exact or by_kind or next((name for name in names if set(canonical(name)) <= set(canonical(wanted))), None)


def _row(item: Item, known: Known, keys: Sequence[str] = ()) -> dict[str, Json]:
    fields = known.fields or _default_fields(known.listed or ())
    row = {name: _plain(item.value(name)) for name in fields}
    return _renamed(row, keys) if keys else row


def _default_fields(items: Sequence[Item]) -> tuple[str, ...]:
    """What a list shows when the task does not say: the columns of a table, else what its entries have."""
    labels = Counter(label for item in items for label in item.columns)
    columns = tuple(
        label for label, count in labels.items() if 2 * count >= len(items)
    )  # not what is told of one alone
    if len(columns) > 1 and not any(item.price for item in items):
        return columns
    return tuple(name for name in _DEFAULT_FIELDS if any(item.value(name) is not None for item in items)) or ("name",)


def _plain(value: Json) -> Json:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_text(known: Known, observation: Observation) -> str:
    parts = []
    if len(known.values) == 1:
        parts.append(str(_plain(known.values[0].value)))
    elif known.values:
        parts += [f"{value.name}: {_plain(value.value)}" for value in known.values]
    if known.listed is not None:
        parts += [_line(_row(item, known)) for item in known.listed] or [_nothing(known)]
        parts += [f"Not listed: {known.cut}"] if known.cut else []
    elif parts:
        parts += [f"{name}: not found" for name in known.missing]
    if parts and (equal := _equals(known)):
        parts.append(f"Just as well: {equal}")
    if not parts:
        said = f" The page says: “{known.said}”." if known.said else ""
        parts.append(f"{plain_end(observation)}{said}")
    return "\n".join(parts)


def plain_end(observation: Observation) -> str:
    """What is said of a task that has read nothing."""
    return f"{PLAIN_END}“{observation.title}” ({observation.url})."


def _equals(known: Known) -> str:
    """Which others might have been chosen as well; "" when the choice was clear, or the user's."""
    names = ", ".join(f"“{one.name}”" for one in known.equal if not known.opened)
    return f"{names} with the same {known.equal_by}" if names else ""


def _line(row: Mapping[str, Json]) -> str:
    """An entry with all that is asked for, what it lacks included."""
    cells = (str(cell) if cell is not None else f"no {name}" for name, cell in row.items())
    return " – ".join(cells)


def _nothing(known: Known) -> str:
    return f"Nothing is listed. {known.empty}".strip()


def _evidence(known: Known) -> tuple[Evidence, ...]:
    values = [Evidence(value.name, value.url, value.quote[:_QUOTE_LIMIT]) for value in known.values]
    entries = [
        Evidence(f"items/{i}", item.page, item.text[:_QUOTE_LIMIT] or item.name)
        for i, item in enumerate(known.listed or ())
    ]
    return (*values, *entries)


# By schema


def wanted_by(schema: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Names of the single values that a schema wants, and of those of each entry of its list (None: it has no list)."""
    if _type(schema) == "array":
        return (), _entry_fields(_items(schema))
    properties = _properties(schema)
    listed = next((part for part in properties.values() if _is_list(part)), None)
    single = tuple(name for name, part in properties.items() if not _is_list(part))
    return single, None if listed is None else _entry_fields(_items(listed))


def _entry_fields(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_properties(entry)) or ("name",)


def _properties(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {name: _subschema(part) for name, part in schema.get("properties", {}).items()}


def _items(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return _subschema(schema.get("items", {}))


def _subschema(part: Mapping[str, Any] | bool) -> Mapping[str, Any]:
    """True and false are schemas too; neither says anything of what is wanted."""
    return {} if isinstance(part, bool) else part


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "")
    kinds = [kind] if isinstance(kind, str) else list(kind)
    return next((one for one in kinds if one != "null"), "")


def _is_list(schema: Mapping[str, Any]) -> bool:
    return _type(schema) == "array"


def _by_schema(schema: Mapping[str, Any], known: Known) -> tuple[Json, list[str]]:
    if _is_list(schema):
        return _entries(_items(schema), known)
    answer: dict[str, Json] = {}
    missing: list[str] = []
    for name, part in _properties(schema).items():
        if _is_list(part) and known.listed is not None:
            answer[name], lacking = _entries(_items(part), known)
            missing += lacking
        elif (value := coerced(_known_value(name, known), part)) is not None:
            answer[name] = value
        else:
            missing.append(name)
            if _nullable(part):
                answer[name] = None
    return answer, missing


def _nullable(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    return isinstance(kind, list) and "null" in kind


def _entries(entry: Mapping[str, Any], known: Known) -> tuple[list[Json], list[str]]:
    rows: list[Json] = []
    missing: list[str] = []
    properties = _properties(entry)
    for item in known.listed or ():
        if _type(entry) != "object":
            field = known.fields[0] if len(known.fields) == 1 else "name"
            rows.append(coerced(item.value(field), entry))
            continue
        row = {name: coerced(_item_value(name, item), part) for name, part in properties.items()}
        missing += [f"{name} of “{item.name}”" for name, value in row.items() if value is None]
        rows.append({name: value for name, value in row.items() if value is not None or _nullable(properties[name])})
    return rows, missing


def _known_value(name: str, known: Known) -> Json:
    found = matching(name, [value.name for value in known.values])
    if found is not None:
        return next(value.value for value in known.values if value.name == found)
    if known.listed is not None and len(known.listed) == 1:
        return _item_value(name, known.listed[0])
    return _item_value(name, known.pick) if known.pick is not None else None


def _item_value(name: str, item: Item) -> Json:
    return item.value(name)


def coerced(value: Json, schema: Mapping[str, Any]) -> Json:
    """A value as the schema types it; None when it can't be."""
    if value is None:
        return None
    if choices := schema.get("enum"):
        return next((one for one in choices if str(one).casefold() == str(value).casefold()), None)
    convert = _CONVERT.get(_type(schema))
    return convert(value) if convert else _plain(value)


def _number(value: Json) -> float | int | None:
    found = money(str(value))
    amount = found.amount if found else number(str(value))
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def _integer(value: Json) -> int | None:
    amount = _number(value)
    return amount if isinstance(amount, int) else None


def _boolean(value: Json) -> bool | None:
    if isinstance(value, bool):
        return value
    text = str(value).casefold().strip()
    if said := re.match(r"(yes|no)\b", text):
        return said[1] == "yes"
    if any(sign in text for sign in _NO) or text in ("no", "false", "0", "off"):
        return False
    return True if any(text == sign or (len(sign) > 3 and sign in text) for sign in _YES) else None


_CONVERT: Final[Mapping[str, Callable[[Json], Json]]] = {
    "string": lambda value: str(_plain(value)),
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "array": lambda value: value if isinstance(value, list) else [value],
}
