"""Chat completions by the OpenAI library, without what it does to all requests alike.

It goes through each for fields to be renamed, of which these have none, and writes JSON in Python: together that takes
as long as all the rest of a request.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from openai import AsyncOpenAI, AsyncStream, NotGiven, Omit, RequestOptions
from openai.resources.chat.completions import AsyncCompletions
from openai.types.chat import ChatCompletion, ChatCompletionChunk

__all__ = ["use_plain_completions"]


class _PlainCompletions(AsyncCompletions):
    """Sends what it is given, as it is: ``pydantic_ai`` gives the fields of the API by their own names."""

    async def create(  # type: ignore[override]  # the library has an overload for each way to call it
        self, *, extra_headers: Mapping[str, str] | None = None, extra_body: Any = None, timeout: Any, **fields: Any
    ) -> ChatCompletion | AsyncStream[ChatCompletionChunk]:
        body = {name: value for name, value in fields.items() if not isinstance(value, Omit | NotGiven)}
        options: RequestOptions = {"headers": extra_headers or {}}
        if not isinstance(timeout, NotGiven):
            options["timeout"] = timeout
        return await self._client.post(
            "/chat/completions",
            content=orjson.dumps(body | (extra_body or {})),
            options=options,
            cast_to=ChatCompletion,
            stream=bool(body.get("stream")),
            stream_cls=AsyncStream[ChatCompletionChunk],
        )


def use_plain_completions(client: AsyncOpenAI, retries: int) -> None:
    """Have a client send its completions this way. Its retries are set here: given with a request, they copy it."""
    client.max_retries = retries
    client.chat.completions = _PlainCompletions(client)  # type: ignore[misc]  # read-only only as it is declared
