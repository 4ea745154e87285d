"""The audit log on a real database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from outrider.interfaces.screening import AuditEntry, AuditFilter, RiskClass, Ruling, Verdict
from outrider.storage import Database, SqlAuditStore

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ASKED = Ruling(Verdict.ASK, "purchase.button", RiskClass.PURCHASE, "It pays.", "button “Pay”")
ENTRY = AuditEntry("o-1", "s-1", 4, ASKED, NOW)


async def test_entries_are_found_by_what_is_asked_for_newest_first(tmp_path: Path) -> None:
    blocked = replace(ASKED, verdict=Verdict.BLOCK, risk=RiskClass.ABUSE)
    async with await Database.open(tmp_path / "a.db") as database:
        store = SqlAuditStore(database)
        await store.add([ENTRY, replace(ENTRY, session_id="s-2"), replace(ENTRY, organisation_id="o-2")])
        await store.add([replace(ENTRY, message_id=None, ruling=blocked)])

        everything = await store.find("o-1", AuditFilter(), 10)
        assert [entry.session_id for entry in everything] == ["s-1", "s-2", "s-1"]
        assert replace(everything[-1], id=0) == ENTRY
        assert everything[0].message_id is None
        assert len(await store.find("o-1", AuditFilter(session_id="s-1"), 10)) == 2
        assert len(await store.find("o-1", AuditFilter(verdict=Verdict.BLOCK), 10)) == 1
        assert len(await store.find("o-1", AuditFilter(risk=RiskClass.PURCHASE), 10)) == 2
        assert await store.find("o-1", AuditFilter(before=everything[0].id), 1) == everything[1:2]
        assert await store.find("o-3", AuditFilter(), 10) == ()


async def test_what_no_database_can_carry_is_replaced(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "a.db") as database:
        store = SqlAuditStore(database)
        await store.add([replace(ENTRY, ruling=replace(ASKED, excerpt="half \ud83d of a pair", reason="\udc00"))])

        (entry,) = await store.find("o-1", AuditFilter(), 10)
        assert (entry.ruling.excerpt, entry.ruling.reason) == ("half � of a pair", "�")


async def test_old_entries_are_purged(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "a.db") as database:
        store = SqlAuditStore(database)
        await store.add([replace(ENTRY, at=NOW - timedelta(days=n)) for n in range(600)])

        assert await store.purge(NOW - timedelta(days=9)) == 590
        assert len(await store.find("o-1", AuditFilter(), 100)) == 10
