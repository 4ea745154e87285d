"""Whoosh behind the shop's search, with the last page of a list put right."""

from django.conf import settings
from haystack.backends.whoosh_backend import WhooshEngine, WhooshSearchBackend


class Backend(WhooshSearchBackend):
    """Pages of the shop's own length. As it comes, a last page of 7 after 20 counts as the third page of 7."""

    def calculate_page(self, start_offset: int = 0, end_offset: int | None = None) -> tuple[int, int]:
        length = settings.OSCAR_PRODUCTS_PER_PAGE
        if end_offset is not None and start_offset % length == 0 and 0 < end_offset - start_offset <= length:
            return start_offset // length + 1, length
        return super().calculate_page(start_offset, end_offset)


class Engine(WhooshEngine):
    """What ``HAYSTACK_CONNECTIONS`` names."""

    backend = Backend
