"""What the gate adds to a request: the key, its scope, its windows, and credits held for it."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle
from typing import Final

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.plan import Plan, figures
from outrider.config import Settings
from outrider.identities.keys import issue_key
from outrider.interfaces.identities import Organisation
from outrider.limits.admission import Admission, Demand
from outrider.screening.content import Screener
from outrider.screening.egress import Egress
from outrider.server.identities import open_identities
from outrider.server.limits import open_limits
from outrider.storage import Database, SqlAuditStore, SqlKeyStore

__all__ = ["run"]

#: Keys and organisations of the two houses that are compared.
_FEW: Final = (1, 1)
_MANY: Final = (5_000, 200)
#: Requests in one sample, one after another, each with another key.
_REQUESTS: Final = 50
#: Nobody runs out of them.
_CREDITS: Final = 10**9


@dataclass(frozen=True, slots=True)
class _House:
    """An open gate, and the headers of all keys."""

    admission: Admission
    headers: Sequence[dict[str, str]]


async def run(plan: Plan) -> list[Figure]:
    """The median of the requests in a sample, in process: the rest of a request is the same with a gate and without.

    ``rights and windows`` is the gate without credits; ``all`` also holds credits for the request, which is when it may
    go on; ``hold is durable`` waits for the disk, as what costs does before it begins. The writing, which goes on
    beside the request, is in that figure only.
    """
    async with _open(plan, *_FEW) as few, _open(plan, *_MANY) as many:
        candidates: dict[str, Sample] = {}
        for name, house in (("1 key", few), ("5,000 keys", many)):
            candidates |= {
                f"rights and windows, {name}": _sample(house, credit=False, durable=False),
                f"all, {name}": _sample(house, credit=True, durable=False),
                f"hold is durable, {name}": _sample(house, credit=True, durable=True),
            }
        return figures("gate", "", await interleave(candidates, rounds=plan.rounds(60, 15), warmup=3))


@asynccontextmanager
async def _open(plan: Plan, keys: int, organisations: int) -> AsyncIterator[_House]:
    settings = Settings(data_dir=plan.folder("gate"))
    policy = Egress.of(settings, "http://127.0.0.1").policy
    async with await Database.open(settings.database_path) as database:
        store = SqlKeyStore(database)
        async with (
            open_limits(database, settings) as limits,
            open_identities(database, settings, policy, _nothing_runs) as identities,
        ):
            for number in range(organisations):
                name = f"org-{number}"
                await store.add_organisation(Organisation(id=name, short_name=name))
                await limits.credits.grant(name, _CREDITS, "benchmark", "")
            issued = [issue_key(f"org-{number % organisations}") for number in range(keys)]
            await asyncio.gather(*(store.add_key(record) for _, record in issued))
            screener = Screener.of(settings, SqlAuditStore(database))
            admission = limits.admission(identities.authentication, screener)
            house = _House(admission, [{"authorization": f"Bearer {text}"} for text, _ in issued])
            for headers in house.headers:  # keys that are in use are remembered
                await admission.admit(await admission.authenticate(headers), Demand("sessions:read"))
            yield house


async def _nothing_runs() -> None:
    """No organisation is closed here."""


def _sample(house: _House, *, credit: bool, durable: bool) -> Sample:
    headers, references = cycle(house.headers), count()
    started = datetime.now(UTC).isoformat()

    async def request() -> float:
        reference = f"{started} {durable} {next(references)}"
        demand = Demand("sessions:read", cost=3 if credit else 0, reference=reference)
        with stopwatch() as took:
            principal = await house.admission.authenticate(next(headers))
            admitted = await house.admission.admit(principal, demand)
            if durable and admitted.credits is not None:
                await admitted.credits.placed()
        if admitted.credits is not None:
            await admitted.credits.placed()
        return took.milliseconds

    async def sample() -> float:
        return statistics.median([await request() for _ in range(_REQUESTS)])

    return sample
