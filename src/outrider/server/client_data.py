"""The parts behind client data, and the jobs that clients have the engine do."""

from outrider.api.client_data.parts import ClientData
from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.identities.sealing import Sealer
from outrider.interfaces.sessions import SessionStore
from outrider.jobs.admission import RunAdmission
from outrider.jobs.operations import JobOperations
from outrider.jobs.runs import BEGIN_RUNS, SETTLE_RUNS, START_RUN, Runs
from outrider.limits.admission import Admission
from outrider.screening.content import Screener
from outrider.server.retention import PURGE_RUNS, Retention
from outrider.sessions.operations import SessionOperations
from outrider.storage import Database, SqlKeyStore, SqlReportStore, SqlScheduleStore

__all__ = ["open_client_data"]


def open_client_data(
    database: Database,
    sealer: Sealer,
    engine: EmbeddedEngine,
    sessions: SessionStore,
    operations: SessionOperations,
    screener: Screener,
    admission: Admission,
    settings: Settings,
) -> ClientData:
    """On an open database. To be called before the engine is entered: it is told what it will have to do."""
    store = SqlScheduleStore(database, sealer)
    gate = RunAdmission(SqlKeyStore(database), admission, operations.agents, operations.prices)
    runs = Runs(store, engine, sessions, operations, gate)
    engine.handle(BEGIN_RUNS, runs.begin)
    engine.handle(START_RUN, runs.start)
    engine.handle(SETTLE_RUNS, runs.settle)
    engine.handle(PURGE_RUNS, Retention(engine, PURGE_RUNS, store.purge_runs, days=settings.retention_days).purge)
    jobs = JobOperations(store, runs, operations.agents, screener.admit)
    return ClientData(SqlReportStore(database, sealer), jobs)
