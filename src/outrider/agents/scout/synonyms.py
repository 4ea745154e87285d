"""What interfaces call the same thing, as data: words, role cues, names of values, nouns of lists.

Nothing here belongs to one site. ``canonical`` brings a text and an element's name to the same words, so that "the
cart" finds "Basket".
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

#: Each row: the word that stands for all of them, then the ways in which interfaces say it.
_SAME: Final = (
    ("login", "log in", "log-in", "sign in", "sign-in", "signin", "log on", "logon"),
    ("logout", "log out", "log-out", "sign out", "sign-out", "signout", "log off"),
    ("register", "sign up", "sign-up", "signup", "create account", "create an account", "create your account",
     "create new account", "registration", "open an account"),
    ("basket", "cart", "bag", "trolley", "shopping cart", "shopping basket", "shopping bag"),
    ("checkout", "check out", "check-out", "proceed to checkout", "go to checkout"),
    ("search", "find", "look up", "lookup", "magnifier"),
    ("next", "continue", "proceed", "go on", "forward"),
    ("back", "previous", "prev", "go back"),
    ("remove", "delete", "discard", "erase"),
    ("trash", "bin", "recycle bin", "deleted items", "wastebasket"),
    ("submit", "send"),
    ("close", "dismiss", "×", "✕", "✖"),
    ("accept", "agree", "allow", "consent", "i agree", "got it"),
    ("reject", "refuse", "decline", "deny", "only necessary"),
    ("edit", "modify", "change", "update"),
    ("save", "apply", "store"),
    ("settings", "preferences", "options", "configuration"),
    ("account", "profile", "my account", "your account"),
    ("help", "support", "faq", "help center", "help centre"),
    ("home", "homepage", "home page", "start page", "main page", "front page"),
    ("contact", "contact us", "get in touch"),
    ("careers", "jobs", "vacancies", "join our team"),
    ("imprint", "legal notice", "legal"),
    ("specifications", "specs", "technical data", "technical details", "tech specs"),
    ("reviews", "opinions", "testimonials", "customer reviews"),
    ("about", "about us", "who we are"),
    ("wishlist", "wish list", "favourites", "favorites", "favourite", "favorite", "bookmark"),
    ("email", "e-mail", "e mail", "mail", "email address", "e-mail address", "mail address"),
    ("phone", "telephone", "mobile", "tel", "phone number", "telephone number", "mobile number"),
    ("postcode", "zip", "zip code", "zipcode", "postal code", "post code"),
    ("firstname", "first name", "given name", "forename", "first_name", "first-name", "given-name"),
    ("lastname", "last name", "surname", "family name", "last_name", "last-name", "family-name"),
    ("username", "user name", "login name", "user id", "userid", "user", "user-name", "user_name"),
    ("password", "passphrase", "pwd", "passcode", "passwort"),
    ("confirm", "confirmation", "repeat", "again", "retype", "re-enter"),
    ("city", "town", "locality"),
    ("state", "province", "county"),
    ("company", "organisation", "organization", "business", "employer", "firm"),
    ("address", "street", "street address", "address line 1", "first line of address", "line1", "line 1"),
    ("message", "comment", "note", "remark", "enquiry", "inquiry", "your message"),
    ("compose", "new message", "write a message", "new mail"),
    ("create", "new", "add new"),
    ("refresh", "reload"),
    ("quantity", "qty", "number of items"),
    ("birthday", "date of birth", "dob", "birth date", "birthdate"),
    ("subject", "topic", "reason"),
    ("terms", "terms and conditions", "terms of service", "terms of use", "conditions", "t&c"),
    ("newsletter", "mailing list", "subscribe", "subscription"),
    ("sort", "sort by", "order by", "sorting", "arrange by", "arrange"),
    ("filter", "refine", "narrow"),
    ("menu", "hamburger", "☰"),
    ("language", "locale"),
    ("photo", "picture", "image"),
    ("title", "headline"),
    ("price", "pricing"),
    ("invoice", "bill", "receipt"),
    ("film", "movie"),
    ("department", "dept", "division"),
    ("colour", "color"),
    ("children", "kids"),
    ("recipient", "payee", "beneficiary"),
    ("amount", "sum"),
    ("number", "num"),
    ("booking", "reservation"),
    ("assignee", "responsible", "assigned to", "person in charge"),
    ("delivery", "shipping", "dispatch"),
)  # fmt: skip

#: Words that carry no description.
STOP_WORDS: Final = frozenset(
    {
        "a", "an", "the", "this", "that", "these", "those", "of", "to", "in", "on", "at", "for", "with", "by", "from",
        "into", "and", "or", "is", "are", "be", "it", "its", "my", "your", "our", "their", "me", "please", "all",
        "which", "as",
    }
)  # fmt: skip

#: Last word of a description -> roles that it asks for.
ROLE_CUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "button": frozenset({"button"}),
        "link": frozenset({"link"}),
        "hyperlink": frozenset({"link"}),
        "tab": frozenset({"tab", "link", "button"}),
        "field": frozenset({"textbox", "searchbox", "spinbutton", "combobox"}),
        "box": frozenset({"textbox", "searchbox", "checkbox", "combobox", "spinbutton"}),
        "input": frozenset({"textbox", "searchbox", "spinbutton"}),
        "textbox": frozenset({"textbox", "searchbox"}),
        "textarea": frozenset({"textbox"}),
        "checkbox": frozenset({"checkbox", "switch"}),
        "tickbox": frozenset({"checkbox", "switch"}),
        "switch": frozenset({"switch", "checkbox", "button"}),
        "toggle": frozenset({"switch", "checkbox", "button"}),
        "radio": frozenset({"radio"}),
        "dropdown": frozenset({"combobox", "listbox"}),
        "select": frozenset({"combobox", "listbox"}),
        "menu": frozenset({"combobox", "listbox", "button", "menuitem", "link"}),
        "list": frozenset({"combobox", "listbox", "link"}),
        "selector": frozenset({"combobox", "listbox"}),
        "option": frozenset({"option", "radio", "menuitem"}),
        "icon": frozenset({"button", "link"}),
        "page": frozenset({"link"}),
        "section": frozenset({"link", "tab", "button"}),
        "category": frozenset({"link"}),
        "department": frozenset({"link"}),
        "slider": frozenset({"slider"}),
    }
)

#: Name of a value -> what tasks, schemas and pages call it. The first name that fits wins.
VALUES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "name": (
            "name", "title", "product name", "product title", "item name", "book title", "product", "item", "names",
        ),
        "price": ("price", "cost", "unit price", "product price", "price incl tax", "price including tax", "amount"),
        "link": ("link", "url", "href", "web address", "product url", "product link", "hyperlink"),
        "rating": ("rating", "star rating", "stars", "score", "average rating"),
        "availability": (
            "availability", "stock", "in stock", "available", "stock status", "is available", "is in stock",
        ),
        "image": ("image", "picture", "photo", "image url", "thumbnail"),
        "description": ("description", "product description", "summary"),
        "details": ("details", "product details", "product information", "information", "specifications", "specs"),
        "reviews": ("number of reviews", "reviews", "review count", "num reviews", "reviews count"),
        "identifier": (
            "upc", "sku", "isbn", "ean", "asin", "product code", "product id", "article number", "item number",
        ),
        "quantity": ("quantity", "qty", "count", "number of items", "units"),
        "total": ("total", "order total", "basket total", "total price", "grand total", "sum", "cart total"),
        "currency": ("currency", "currency code", "currency symbol"),
        "heading": ("heading", "headline", "main heading", "h1", "page heading"),
        "page title": ("page title", "title of the page", "document title", "tab title"),
        "address": ("page url", "page address", "current url", "current address", "page link"),
        "message": (
            "message", "alert", "confirmation", "confirmation message", "notification", "error message", "error",
            "success message", "status message",
        ),
        "text": ("text", "content", "page text", "body text", "contents"),
        "said": ("page message",),
        "first paragraph": ("first paragraph", "paragraph", "intro", "introduction"),
        "author": ("author", "writer", "written by", "by", "posted by"),
        "brand": ("brand", "manufacturer", "maker"),
        "date": (
            "date", "published", "publication date", "release date", "posted", "created", "placed", "date placed",
            "day", "posted on", "published on", "updated", "last updated",
        ),
        "meaning": ("meaning", "definition", "explanation"),
        "size": ("size", "file size", "download size"),
        "site name": (
            "site name", "name of the site", "shop name", "store name", "name of the shop", "name of the store",
            "name of the website", "website name", "company name",
        ),
    }
)  # fmt: skip

#: Nouns that mean "an entry of the list we are looking at".
LIST_NOUNS: Final = frozenset(
    {
        "match", "result", "hit", "product", "item", "one", "entry", "record", "thing", "option", "offer", "article",
        "row", "listing", "choice", "title",
    }
)  # fmt: skip

#: Nouns that introduce where a list is: "the Fiction category".
PLACE_NOUNS: Final = "category|section|department|page|tab|area|collection|menu|list"


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[×✕✖☰]")
Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


def _phrases() -> Phrases:
    """First word of a phrase -> the phrases that begin so, the longest first, with what they mean."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in _SAME:
        for phrase in row:
            words = tuple(_WORD.findall(phrase.replace("_", " ")))
            found.setdefault(words[0], []).append((words, row[0]))
    return MappingProxyType({first: tuple(sorted(some, key=lambda one: -len(one[0]))) for first, some in found.items()})


_PHRASES: Final = _phrases()


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The word without possessive and plural ending."""
    word = re.sub(r"['’]s?$", "", word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and re.search(r"(?:ss|(?<![ao])us|x|zz|ch|sh)es$", word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=65536)
def plain_words(text: str) -> tuple[str, ...]:
    """Lower-case words of a text; camelCase and snake_case are taken apart."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return tuple(_WORD.findall(spaced.lower().replace("_", " ")))


@lru_cache(maxsize=65536)
def canonical(text: str) -> tuple[str, ...]:
    """The words of a text as the tables know them: lower case, synonyms unified, stemmed, stop words left out.

    A text of nothing but stop words keeps them.
    """
    said = plain_words(text)
    words: list[str] = []
    at = 0
    while at < len(said):
        meaning, length = _meaning(said, at)
        words.append(meaning)
        at += length
    return tuple(word for word in words if word not in STOP_WORDS) or tuple(words)


def _meaning(said: tuple[str, ...], at: int) -> tuple[str, int]:
    """What the words from a place on mean, and how many of them do: the longest phrase of the table, else one word."""
    one = stem(said[at])
    for phrase, meaning in _PHRASES.get(said[at]) or _PHRASES.get(one) or ():
        here = said[at : at + len(phrase)]
        if len(phrase) == 1 or (here[:-1] == phrase[:-1] and phrase[-1] in (here[-1], stem(here[-1]))):
            return stem(meaning), len(phrase)
    return one, 1


@lru_cache(maxsize=2048)
def value_kind(name: str) -> str:
    """The name in ``VALUES`` that a field, column or property is called by, or "" when it is none of them."""
    words = " ".join(stem(word) for word in plain_words(name) if word not in ("the", "its", "their", "a", "an"))
    for kind, names in VALUES.items():
        if any(words == " ".join(stem(word) for word in plain_words(one)) for one in names):
            return kind
    return ""
