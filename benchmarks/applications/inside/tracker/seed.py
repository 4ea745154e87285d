"""The issues, keywords and users of a ferry's booking application."""

from typing import Any

__all__ = ["ISSUES", "KEYWORDS", "PASSWORD", "USERS", "fill"]

KEYWORDS = ("mobile", "payments", "timetable", "printing", "accounts")

#: Of every user.
PASSWORD = "ferry-bell-27"
#: Login name, name, organisation, phone.
USERS = (
    ("bjorn", "Bjørn Aasen", "Fjordline", "+47 555 0101"),
    ("carla", "Carla Neves", "Fjordline", "+47 555 0102"),
    ("dmitri", "Dmitri Orlov", "Harbour Office", "+47 555 0103"),
    ("elin", "Elin Sund", "Harbour Office", "+47 555 0104"),
)

#: Title, priority, status, assignee, keywords, first message.
ISSUES = (
    ("Typo on the timetable page", "bug", "in-progress", "carla", "timetable", "It says Tursday."),
    ("Booking total ignores the child discount", "critical", "in-progress", "bjorn", "payments", "A child pays full."),
    ("Tickets print without a barcode", "urgent", "chatting", "dmitri", "printing", "On both printers."),
    ("Timetable shows winter times in summer", "urgent", "need-eg", "bjorn", "timetable", "Since April."),
    ("Card payment times out on slow lines", "urgent", "in-progress", "", "payments mobile", "It gives up too soon."),
    ("Log-in page forgets the return address", "bug", "testing", "carla", "accounts", "You land on the start page."),
    ("Add a dark theme", "wish", "deferred", "", "", "Asked for by the night crew."),
    ("Contrast of the buttons is too low", "feature", "in-progress", "elin", "", "Grey on light grey."),
    ("Passenger list is sorted by first name", "bug", "chatting", "dmitri", "printing", "It should be last names."),
    ("Refunds are booked twice", "critical", "testing", "bjorn", "payments", "Only when the page is reloaded."),
    ("Seat map does not fit small screens", "bug", "in-progress", "bjorn", "mobile", "The last two rows are cut off."),
    ("Send a reminder the day before departure", "feature", "deferred", "elin", "", "By mail and by text."),
    ("Old tickets can be used again", "critical", "resolved", "bjorn", "payments", "It ignored the date."),
    ("Gate scanner rejects cracked screens", "urgent", "chatting", "", "mobile", "It can't read them."),
    ("Sailing 14 is missing from the timetable", "urgent", "resolved", "carla", "timetable", "It was filtered out."),
    ("Allow bicycles to be booked separately", "feature", "chatting", "carla", "", "Crews ask for it."),
    ("Receipt has the wrong tax number", "bug", "resolved", "dmitri", "payments printing", "It is an old one."),
    ("Password reset mail is sent in English only", "bug", "need-eg", "elin", "accounts", "The page has four."),
)  # fmt: skip


def fill(db: Any) -> None:
    """Write everything into an open tracker."""
    from roundup.date import Date  # noqa: PLC0415
    from roundup.password import Password  # noqa: PLC0415

    users = {
        login: db.user.create(
            username=login, realname=name, organisation=organisation, phone=phone, roles="User",
            password=Password(PASSWORD, config=db.config), address=f"{login}@fjordline.example",
        )
        for login, name, organisation, phone in USERS
    }  # fmt: skip
    keywords = {name: db.keyword.create(name=name) for name in KEYWORDS}
    for title, priority, status, assignee, named, text in ISSUES:
        message = db.msg.create(author=users["elin"], date=Date("."), content=text)
        db.issue.create(
            title=title, priority=db.priority.lookup(priority), status=db.status.lookup(status), messages=[message],
            assignedto=users.get(assignee), keyword=[keywords[name] for name in named.split()],
        )  # fmt: skip
    db.commit()
