"""Starting a task that does a script again."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from outrider.interfaces.identities import Principal
from outrider.interfaces.sessions import Message
from outrider.protocol.scripts import Script, filled_in
from outrider.sessions.operations import SessionOperations
from outrider.sessions.scripts import check_variables, filled_steps, parse_script

__all__ = ["ReplayOrder", "replay"]


@dataclass(frozen=True, slots=True)
class ReplayOrder:
    """A script with a value for each of its variables."""

    script: Script
    values: Mapping[str, str]
    #: What is not found may be asked of the session's model, step by step.
    ask_model: bool

    @property
    def secrets(self) -> Mapping[str, str]:
        """The values that nobody may see, by the names of their variables."""
        return {name: value for name, value in self.values.items() if self.script.variables[name].secret}

    @property
    def task(self) -> str:
        """What is done, in the words of the recorded task."""
        shown = {name: value for name, value in self.values.items() if not self.script.variables[name].secret}
        return filled_in(self.script.task, shown).strip() or "Replay"

    @classmethod
    async def of_body(cls, body: Mapping[str, Any]) -> Self | None:
        """The order in the body of a message's command; None when the message has none."""
        given = body.get("replay")
        if given is None:
            return None
        return cls(await asyncio.to_thread(parse_script, given["script"]), given["values"], given["ask_model"])


async def replay(
    operations: SessionOperations,
    principal: Principal,
    session_id: str,
    script: str,
    *,
    variables: Mapping[str, str],
    ask_model: bool = True,
    config_updates: Mapping[str, Any] | None = None,
) -> Message:
    """Start a task that does a script again.

    Raises what ``parse_script``, ``check_variables``, ``filled_steps`` and ``send_message`` do, and INVALID_STATE while
    a task is under way.
    """
    await operations.get(principal, session_id)
    parsed = await asyncio.to_thread(parse_script, script)
    order = ReplayOrder(parsed, check_variables(parsed, variables), ask_model)
    filled_steps(parsed, order.values)
    return await operations.send_message(
        principal,
        session_id,
        order.task,
        output_schema=parsed.output_schema,
        config_updates=config_updates,
        replay={"script": script, "values": order.values, "ask_model": ask_model},
    )
