"""Form automation: long real forms with validation, registrations with log-in."""

import re
from typing import Final

from benchmarks.applications.task import Task

__all__ = ["FORMS"]

FORMS: Final = (
    Task("forms", "tracker", "register at the tracker",
         "Register as a new user: name Ines Holm, login name ines, password 'Tidal-Wave-77', organisation Fjordline, "
         "phone +47 555 0134 and e-mail address ines.holm@fjordline.example.",
         writes=lambda _: (
             "user ines: name = Ines Holm", "user ines: address = ines.holm@fjordline.example",
             "user ines: organisation = Fjordline", "user ines: phone = +47 555 0134", "user ines: roles = User",
             "user ines: time zone = ")),
    Task("forms", "wiki", "register at the wiki and log in",
         "Create an account for Tomas Berg with the e-mail address tomas.berg@post.example and the password "
         "'oar-and-rowlock', then log in with it.",
         writes=lambda _: (
             "user tomas.berg@post.example: name = Tomas Berg", "user tomas.berg@post.example: approved = 1",
             "user tomas.berg@post.example: read = 0", "user tomas.berg@post.example: write = 0",
             "user tomas.berg@post.example: upload = 0", "user tomas.berg@post.example: admin = 0")),
    Task("forms", "shop", "register and add an address",
         "Register at the shop with the e-mail address nora.lind@post.example and the password 'Quiet-Meadow-19'. Then "
         "add an address to the address book: Ms Nora Lind, 14 Mill Lane, York, YO1 7HH, United Kingdom, phone "
         "01904 551088.",
         writes=lambda _: (
             re.compile("customer nora.lind@post.example = *"),
             re.compile(r"address of nora.lind@post.example \d+ = (?:Ms)? Nora Lind, 14 Mill Lane, York, YO1 7HH, GB, "
                        r"\+441904551088"))),
    Task("forms", "shop", "taken address",
         "Register at the shop with the e-mail address reader@shop.example and the password 'Quiet-Meadow-20'. If that "
         "address is already taken, use robin.second@shop.example instead.",
         writes=lambda _: (re.compile("customer robin.second@shop.example = *"),)),
    Task("forms", "shop", "review",
         "Write a review of the 'Wexcombe cherry mantel clock': 5 stars, title 'Keeps perfect time', text 'It has not "
         "lost a minute since May.', my name is Ola Brand and my e-mail address is ola.brand@post.example.",
         writes=lambda _: (
             re.compile(r"review \d+ = Wexcombe cherry mantel clock: 5, Keeps perfect time, It has not lost a minute "
                        r"since May\., Ola Brand, ola\.brand@post\.example"),)),
    Task("forms", "tracker", "report an issue",
         "Log in with the saved log-in bjorn and create a new issue with the title 'Crash when a saved card has "
         "expired', priority critical, status in-progress, assigned to carla, keywords payments and mobile, and the "
         "change note 'Happens with every card of last year.'",
         writes=lambda _: (
             "issue Crash when a saved card has expired: priority = critical",
             "issue Crash when a saved card has expired: status = in-progress",
             "issue Crash when a saved card has expired: assigned to = carla",
             "issue Crash when a saved card has expired: keywords = mobile, payments",
             "issue Crash when a saved card has expired: notes = Happens with every card of last year.")),
    Task("forms", "tracker", "own details",
         "Log in with the saved log-in bjorn, go to my details and change the phone number to +47 555 0199 and the "
         "organisation to Fjordline Digital.",
         writes=lambda _: ("user bjorn: organisation = Fjordline Digital", "user bjorn: phone = +47 555 0199")),
    Task("forms", "shop", "new offer in four steps",
         "Log in with the saved log-in shop-keeper and go to the dashboard. Create a new offer named 'Autumn evening': "
         "a discount of 15 percent on the range Everything, when at least 3 items of the range Everything are in the "
         "basket. Leave the restrictions as they are and save it.",
         writes=lambda _: ("offer Autumn evening = Percentage 15 for Count 3",)),
    Task("forms", "shop", "change the profile",
         "Log in with the saved log-in reader and change my first name to Robyn and my last name to Ridley.",
         writes=lambda _: ("customer reader@shop.example = Robyn Ridley",)),
    Task("forms", "wiki", "add a user",
         "Log in with the saved log-in wiki-admin. In the user management add the user Lena Frost with the e-mail "
         "address lena.frost@saltmarsh.example and the password 'dry-suit-2027'. Tick the boxes Approved, Read and "
         "Write.",
         writes=lambda _: (
             "user lena.frost@saltmarsh.example: name = Lena Frost", "user lena.frost@saltmarsh.example: approved = 1",
             "user lena.frost@saltmarsh.example: read = 1", "user lena.frost@saltmarsh.example: write = 1",
             "user lena.frost@saltmarsh.example: upload = 0", "user lena.frost@saltmarsh.example: admin = 0")),
)  # fmt: skip
