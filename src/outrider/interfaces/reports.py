"""What clients read of what the server has recorded for them: lists with filters, by offset and count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Record", "RecordPage", "ReportStore"]

#: Fields of a record by name; ``oid`` is unique within its resource. Times are aware UTC. Of what clients can change,
#: ``version`` is the tag that the change is compared with.
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A part of a list."""

    #: Of the whole list.
    total: int
    records: tuple[Record, ...]


class ReportStore(Protocol):
    """The record, seen as lists. Every method reads one state of the database. Raises STORAGE_FAILED.

    Lists have the oldest first, so that reading on by ``offset`` meets everything once while more is added. Which
    resources there are, and which filters each has, is said where the resources are.
    """

    async def page(
        self, resource: str, organisation_id: str, filters: Mapping[str, Any], offset: int, count: int
    ) -> RecordPage:
        """Records of an organisation that fit all filters; None for a filter is any."""
        ...

    async def get(self, resource: str, organisation_id: str, oid: str) -> Record:
        """One record. Raises RECORD_NOT_FOUND, and CLIENT_FORBIDDEN for one of another organisation."""
        ...
