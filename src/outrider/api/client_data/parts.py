"""What the surface needs from the rest of the server."""

from dataclasses import dataclass

from outrider.interfaces.reports import ReportStore
from outrider.jobs.operations import JobOperations

__all__ = ["ClientData"]


@dataclass(frozen=True, slots=True)
class ClientData:
    """The parts behind the surface."""

    reports: ReportStore
    jobs: JobOperations
