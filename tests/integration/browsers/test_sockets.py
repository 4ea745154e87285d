"""Pages that say over a WebSocket what was done to them, and show what comes back."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.integration.browsers.conftest import Finder, Open
from websockets.asyncio.server import ServerConnection, serve

from outrider.interfaces.actions import Click

pytestmark = pytest.mark.browser

PAGE = """
  document.body.innerHTML = '<button>Order</button><button>Note</button><p id=o>empty</p>';
  const socket = new WebSocket('%s');
  const shown = document.getElementById('o');
  socket.onmessage = ({ data }) => { shown.textContent = data; };
  for (const button of document.querySelectorAll('button')) button.onclick = () => socket.send(button.textContent);
  socket.onopen = () => socket.send('Hello');
"""


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async def answer(socket: ServerConnection) -> None:
        async for message in socket:
            if message != "Note":
                await asyncio.sleep(0.1)  # as long as a server takes
                await socket.send(f"{message!s} received")

    async with serve(answer, "localhost", 0) as server:
        yield f"ws://localhost:{next(iter(server.sockets)).getsockname()[1]}/"


async def test_an_answer_belongs_to_the_action(goto: Open, find: Finder, address: str) -> None:
    page = await goto(f"script?run={PAGE % address}")
    assert "Hello received" in [text.text for text in (await page.observe()).texts]
    assert (await page.act(Click((await find("Order")).index))).changed
    assert "Order received" in [text.text for text in (await page.observe()).texts]


async def test_without_an_answer_the_action_ends(goto: Open, find: Finder, address: str) -> None:
    page = await goto(f"script?run={PAGE % address}")
    assert not (await page.act(Click((await find("Note")).index))).changed


async def test_a_request_beside_an_unanswered_word_is_waited_for_each_time(
    goto: Open, find: Finder, address: str
) -> None:
    fetching = """
      const waits = [300, 0]; // the first while the socket is waited for
      for (const button of document.querySelectorAll('button')) button.addEventListener('click', () => setTimeout(
        async () => { shown.textContent += (await fetch('/delayed?seconds=0.6')).status; }, waits.shift()));
    """
    page = await goto(f"script?run={PAGE % address + fetching}")
    for times in (1, 2):
        await page.act(Click((await find("Note")).index))
        assert f"Hello received{'200' * times}" in [text.text for text in (await page.observe()).texts]
