"""What waits in an inbox is read by the session's owner, and by nobody who has the database alone."""

from pathlib import Path

from tests.contract.builders import spec

from outrider.identities.sealing import Sealer
from outrider.interfaces.sessions import Change, Entry, MessageType
from outrider.storage import Database, SqlSessionStore

TOKEN = "pt_live_abcdefgh" + "Z" * 32
OTHER_KEY = b"o" * 32


def stored(folder: Path) -> bytes:
    """The database with all files beside it."""
    return b"".join(file.read_bytes() for file in folder.glob("outrider.db*"))


async def test_a_waiting_message_is_sealed(tmp_path: Path) -> None:
    body = {"text": f"Pay with {TOKEN}", "limits": {"steps": 2**70}, "context": "“quoted”"}
    change = Change("message", (Entry(MessageType.USER, "Pay with …"),), ("message", body))
    async with await Database.open(tmp_path / "outrider.db") as database:
        store = SqlSessionStore(database, sealer=Sealer([b"k" * 32]))
        await store.insert(spec())
        await store.apply("s-1", change)
        (command,) = await store.inbox("s-1")
        (unreadable,) = await SqlSessionStore(database, sealer=Sealer([OTHER_KEY])).inbox("s-1")

        assert command.body == body | {"starts_task": True, "message_id": 1}
        assert (unreadable.id, unreadable.kind, unreadable.body) == (command.id, "message", {})
        assert b"Pay with" in stored(tmp_path)  # what is written is written by now
        assert b"pt_live" not in stored(tmp_path)

        await store.apply("s-1", Change(consumes=(unreadable.id,)))
        assert await store.inbox("s-1") == ()
