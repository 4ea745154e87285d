import asyncio

import orjson
import pytest
from tests.unit.browsers.test_cdp import Wire

from outrider.browsers.cdp import Connection, Session
from outrider.browsers.prelude import Prelude

ADD = "Page.addScriptToEvaluateOnNewDocument"
REMOVE = "Page.removeScriptToEvaluateOnNewDocument"


async def test_a_script_is_removed_even_when_nobody_waited_until_it_was_there() -> None:
    wire, connection = Wire(), Connection()
    connection.use(wire)
    prelude = Prelude("void 0")
    adding = prelude.add(Session(connection, "s"))
    adding.cancel()
    prelude.remove()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert [message["method"] for message in wire.sent] == [ADD]
    connection.receive(orjson.dumps({"id": wire.sent[0]["id"], "result": {"identifier": "7"}}))
    await asyncio.sleep(0)
    assert (wire.sent[-1]["method"], wire.sent[-1]["params"]) == (REMOVE, {"identifier": "7"})
