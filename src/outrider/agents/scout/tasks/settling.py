"""What goes without saying: what "it" is, which list is meant, what is said twice, what has to come before."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from outrider.agents.scout.synonyms import canonical, stem, value_kind
from outrider.agents.scout.tasks.button_verbs import acts_on_it
from outrider.agents.scout.tasks.criteria import Selection
from outrider.agents.scout.tasks.deeds import PressOwn
from outrider.agents.scout.tasks.form_verbs import within
from outrider.agents.scout.tasks.intentions import (
    AddToBasket,
    Choose,
    ClickOn,
    Collect,
    Count,
    Enter,
    Found,
    GoTo,
    Intention,
    Locate,
    LogIn,
    Open,
    OpenPick,
    PayWith,
    Pick,
    PressKey,
    Read,
    SearchFor,
    Seek,
    Submit,
    Tick,
    TurnTo,
)
from outrider.agents.scout.tasks.language import like
from outrider.agents.scout.tasks.listings import ELEMENTS
from outrider.agents.scout.tasks.shop_verbs import TO_BASKET, TO_CHECKOUT
from outrider.agents.scout.tasks.undertakings import Keep, MakeNew, NameIt, Note, PickNoted, When

#: What belongs to filling in one form.
OF_FORMS: Final = (Enter, Choose, Tick)


def settle(found: Sequence[Intention], keys: tuple[str, ...]) -> tuple[Intention, ...]:
    """The intentions with what goes without saying: what "it" is, which list is meant, what is said twice."""
    settled: list[Intention] = []
    for intention in _named(_merged([_both_ways(one) for one in found])):
        previous = settled[-1] if settled else None
        if isinstance(previous, AddToBasket) and previous.bought and isinstance(intention, AddToBasket):
            settled[-1] = replace(previous, quantity=max(previous.quantity, intention.quantity))
            continue
        if _said_before(intention, previous, settled):
            continue
        last = next((at for at in reversed(range(len(settled))) if not isinstance(settled[at], Seek)), None)
        if isinstance(intention, Collect | Count | Pick) and last is not None:
            settled[last] = _filtering(settled[last])
        if isinstance(intention, Choose | Tick) and isinstance(previous, Choose | Tick) and intention.filters:
            settled[-1] = replace(previous, filters=False)  # a form that is sent for one criterion may forget it
        steps = _to_payment(intention, previous) or _understood(intention, settled)
        sorts = settled[-1:] if steps and isinstance(steps[0], Seek) and _sorts(previous) else []
        settled[len(settled) - len(sorts) :] = [*steps[:1], *sorts, *steps[1:]]
    return tuple(_told(_amended(_answers(settled, keys))))


def _filtering(choice: Intention) -> Intention:
    """A choice before a list is told filters it, unless it is an order."""
    return replace(choice, filters=True) if isinstance(choice, Choose | Tick) and not _sorts(choice) else choice


def _both_ways(intention: Intention) -> Intention:
    """A condition with what is done when it is met, and when not, each settled by itself."""
    if not isinstance(intention, When):
        return intention
    return replace(intention, then=settle(intention.then, ()), otherwise=settle(intention.otherwise, ()))


def _told(settled: Sequence[Intention]) -> list[Intention]:
    """What is noted without any choice among it is the answer."""
    chosen = any(isinstance(one, PickNoted) for one in settled)
    return [replace(one, told=True) if isinstance(one, Note) and not chosen else one for one in settled]


def _amended(settled: Sequence[Intention]) -> list[Intention]:
    """A form with a value that may be taken is sent once more, with the other value."""
    amended: list[Intention] = []
    field: Enter | None = None
    for one in settled:
        field = one if isinstance(one, Enter) and one.otherwise else field
        amended.append(replace(one, amended=field) if isinstance(one, Submit) and field else one)
    return amended


def _named(found: Sequence[Intention]) -> list[Intention]:
    """ "It" as a value is what was made before; "log in with it" is with what was registered."""
    named: list[Intention] = []
    for one in found:
        made, intention = _last(named, NameIt), one
        if isinstance(made, NameIt) and isinstance(one, Enter) and one.value.lower() == "it":
            intention = replace(one, value=made.name)
        if isinstance(one, ClickOn) and acts_on_it(one) and named and isinstance(chosen := named[-1], Pick):
            intention = PressOwn((one.target.text.lower(),), chosen.selection.noun, required=True)
        if isinstance(one, LogIn) and one.user.lower() == "it":
            intention = _with_registered(one, named)
        if isinstance(one, Note) and one.subject == "it":
            spoken = _last(named, SearchFor, Locate)
            name = spoken.query if isinstance(spoken, SearchFor) else spoken.name if isinstance(spoken, Locate) else ""
            intention = replace(one, subject=name)
        named.append(intention)
    return named


def _with_registered(login: LogIn, named: Sequence[Intention]) -> LogIn:
    told = {canonical(one.field.text): one.value for one in named if isinstance(one, Enter)}
    user = told.get(("email",)) or told.get(("username",)) or login.user
    return replace(login, user=user, password=login.password or told.get(("password",), ""))


def _sorts(intention: Intention | None) -> bool:
    """An order of a list: it is to be chosen where the list is."""
    return isinstance(intention, Choose) and intention.field is not None and intention.field.text == "sort"


def _merged(found: Sequence[Intention]) -> list[Intention]:
    """Lists of which the task says only afterwards what to tell: "find … and list their names"."""
    merged: list[Intention] = []
    steps = _kept_last(_sent_last(_guest_named(found)))
    told = [one for at, one in enumerate(steps) if not isinstance(one, Found) or at == len(steps) - 1]
    for intention in told:
        before = merged[-1] if merged else None
        if isinstance(before, Collect) and isinstance(intention, Collect) and intention.selection == Selection():
            merged[-1] = replace(before, fields=(*before.fields, *intention.fields))
        elif isinstance(before, Collect) and isinstance(intention, Count) and intention.selection == Selection():
            merged[-1] = Count(before.selection, before.pages)
        elif isinstance(before, Collect) and isinstance(intention, Read) and _of_entries(intention):
            merged[-1] = replace(before, fields=tuple(dict.fromkeys((*before.fields, *intention.fields))))
        else:
            merged.append(intention)
    return merged


def _guest_named(found: Sequence[Intention]) -> list[Intention]:
    """The e-mail address that is said after "as a guest" is what the form for guests asks for: it is sent with it."""
    ordered = list(found)
    for at in range(len(ordered) - 2):
        guest, sent, told = ordered[at : at + 3]
        is_mail = isinstance(told, Enter) and canonical(told.field.text) == ("email",)
        if guest == Choose("guest") and sent == Submit("continue") and is_mail:
            ordered[at + 1 : at + 3] = [told, sent]
    return ordered


def _sent_last(found: Sequence[Intention]) -> list[Intention]:
    """A registration is sent when all that the task says about it is filled in; not at all when it says nothing."""
    ordered = list(found)
    if (register := Submit("register")) not in ordered:
        return ordered
    begin = ordered.index(register)
    end = begin + 1
    while end < len(ordered) and isinstance(ordered[end], (*OF_FORMS, ClickOn)):
        end += 1
    further = _of_registration(ordered[begin + 1 : end])
    pressed = any(isinstance(one, ClickOn) and _SENDS.search(one.target.text) for one in further)
    sent = end < len(ordered) and isinstance(ordered[end], Submit)
    filled = begin > 1 or any(isinstance(one, Enter) for one in further)
    return [*ordered[:begin], *further, *([register] if filled and not pressed and not sent else []), *ordered[end:]]


def _kept_last(found: Sequence[Intention]) -> list[Intention]:
    """What was made or changed is kept once, when all of its form is filled in; not where the task sends the form."""
    kept: list[Intention] = []
    pending = making = False
    for intention in found:
        if isinstance(intention, Keep):
            pending = True
            continue
        if pending and not isinstance(intention, OF_FORMS):
            if not isinstance(intention, _KEEPS) and not _sends(intention):
                kept.append(Keep())
            pending = False
        pending = pending or (making and isinstance(intention, OF_FORMS))
        making = isinstance(intention, MakeNew) or (making and isinstance(intention, OF_FORMS))
        kept.append(intention)
    return [*kept, Keep()] if pending else kept


#: What makes keeping needless: the form is sent, or its values are what a list is looked at by.
_KEEPS: Final = (Submit, PressKey, AddToBasket, Pick, Collect, Count, PayWith)


def _sends(intention: Intention) -> bool:
    """A button that sends the form, or shows first what would be sent."""
    return isinstance(intention, ClickOn) and _SENDS.search(intention.target.text) is not None


def _of_registration(steps: Sequence[Intention]) -> list[Intention]:
    """The fields that are told after "sign me up" are those of that form: one to log in may stand beside it."""
    told = tuple(one for one in steps if isinstance(one, Enter))
    entered = iter(within("register", told))
    return [*(next(entered) if isinstance(one, Enter) else one for one in steps), *entered]


_SENDS: Final = like(r"\b(?:register|sign ?up|create|submit|send|continue|next|save|update|apply|add|ok|preview)\b")


def _of_entries(read: Read) -> bool:
    """Whether values that are asked for after a list are those of its entries, not of the page or the basket."""
    return bool(read.fields) and not read.subject and not _OF_PAGE & set(map(value_kind, read.fields))


_OF_PAGE: Final = frozenset({"page title", "heading", "address", "total", "message", "said", "text", "first paragraph"})


def _said_before(intention: Intention, previous: Intention | None, settled: Sequence[Intention]) -> bool:
    """Whether an intention only repeats what the one before it does by itself."""
    if isinstance(previous, SearchFor) and (isinstance(intention, Submit) or intention == PressKey("Enter")):
        return True
    if isinstance(previous, SearchFor) and isinstance(intention, ClickOn):
        return canonical(intention.target.text) == ("search",)
    if isinstance(previous, PickNoted) and isinstance(intention, Read):
        return previous.told and not intention.subject and set(intention.fields) <= {previous.order.field, *_OF_PICK}
    if isinstance(previous, OpenPick):
        return isinstance(intention, OpenPick)
    if isinstance(intention, PressOwn) and not isinstance(previous, Pick):
        return True
    if isinstance(previous, Submit) and isinstance(intention, Submit):
        return True
    return isinstance(intention, Seek) and any(
        isinstance(one, SearchFor | Seek | GoTo | Locate | ClickOn) for one in settled
    )


#: What the choice among noted things tells by itself, whatever its value is called.
_OF_PICK: Final = frozenset({"name", "year", "date", "version", "value"})


def _to_payment(intention: Intention, previous: Intention | None) -> tuple[Intention, ...]:
    """What is paid for right after it was put into the basket has a checkout on the way."""
    paid = isinstance(intention, PayWith) and isinstance(previous, AddToBasket)
    return (TO_BASKET, TO_CHECKOUT, intention) if paid else ()


def _understood(intention: Intention, settled: Sequence[Intention]) -> tuple[Intention, ...]:
    """An intention with what has to come before it and was left unsaid."""
    chosen = _last(settled, Pick, Locate, OpenPick, SearchFor, Collect, AddToBasket, GoTo)
    if isinstance(intention, OpenPick) and isinstance(chosen, SearchFor | Collect):
        return (Pick(Selection(position=1)), intention)
    if isinstance(intention, AddToBasket) and isinstance(settled[-1] if settled else None, PickNoted):
        return (OpenPick(), intention)
    if isinstance(intention, AddToBasket) and isinstance(chosen, Pick):
        return (OpenPick(), intention)
    if isinstance(intention, AddToBasket) and isinstance(chosen, SearchFor) and settled[-1] is chosen:
        return (Pick(Selection(position=1)), OpenPick(), intention)
    if isinstance(intention, Read):
        return _read_of(intention, chosen, settled[-1] if settled else None)
    if isinstance(intention, ClickOn) and intention.target.text == "remove" and isinstance(chosen, AddToBasket):
        return (TO_BASKET, intention)
    there = _last(settled, SearchFor, Seek, GoTo, Locate, ClickOn) is not None
    if isinstance(intention, Pick | Collect | Count) and isinstance(_last(settled, *_MOVES), TurnTo):
        return (replace(intention, pages=1),)
    if isinstance(intention, Collect) and f"{stem(intention.selection.noun)}s" in ELEMENTS:
        return (intention,)
    if isinstance(intention, Collect | Count) and intention.selection.noun and not there:
        return (Seek(intention.selection.noun, search=False), intention)
    return (intention,)


def _read_of(read: Read, chosen: Intention | None, previous: Intention | None) -> tuple[Intention, ...]:
    """A reading with the way to what it is about."""
    if "total" in map(value_kind, read.fields) and isinstance(chosen, AddToBasket):
        return (TO_BASKET, read)
    if _of_entries(read) and isinstance(previous, SearchFor):
        return (replace(read, subject=previous.query),)
    if same := _of_same(read, previous):
        return (replace(read, subject=same),)
    return (Locate(read.subject, optional=True), read) if read.subject else (read,)


def _of_same(read: Read, previous: Intention | None) -> str:
    """The thing that was asked about just before, when one more value of it is asked for: its total, not a basket's."""
    if not isinstance(previous, Read) or read.subject:
        return ""
    of_page = (_OF_PAGE - {"total"}) & set(map(value_kind, read.fields))
    of_basket = any("basket" in canonical(name) for name in read.fields)
    return "" if of_page or of_basket or not read.fields else previous.subject


#: What leads to another list, or to another page of one.
_MOVES: Final = (SearchFor, Seek, GoTo, TurnTo, Open, OpenPick)


def _answers(settled: Sequence[Intention], keys: tuple[str, ...]) -> list[Intention]:
    """Give "the result" its meaning: what was read otherwise, else the keys of the answer, the choice, or the list."""
    others = [one for one in settled if isinstance(one, Read | Collect | Count) and one != Read(())]
    answered: list[Intention] = []
    for intention in settled:
        if isinstance(intention, PressOwn) and not others and isinstance(before := answered[-1], Pick):
            answered.append(_read_pick(before))
        if intention != Read(()):
            answered.append(intention)
        elif not others and keys:
            answered.append(Read(keys))
        elif not others:
            picked = _last(answered, Pick, Locate)
            answered.append(_read_pick(picked) if picked else Collect((), Selection(), or_result=True))
        elif answered and isinstance(answered[-1], Pick):
            answered.append(_read_pick(answered[-1]))
    if answered and isinstance(answered[-1], Pick):
        answered.append(_read_pick(answered[-1]))
    return answered


def _read_pick(picked: Intention) -> Intention:
    order = picked.selection.order if isinstance(picked, Pick) else None
    return Read(tuple(dict.fromkeys(("name", "price") if order is None else ("name", order.field))))


def _last(intentions: Sequence[Intention], *kinds: type[Intention]) -> Intention | None:
    return next((one for one in reversed(intentions) if isinstance(one, kinds)), None)
