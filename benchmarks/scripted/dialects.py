"""The same answer in the words of three providers' APIs, told apart by the path that is asked."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

__all__ = ["rendered"]

Body = Mapping[str, Any]
_CHARACTERS_OF_A_TOKEN: Final = 4


def usage_of(body: Body, message: Body) -> tuple[int, int]:
    """Tokens read and written, estimated, as there is no tokenizer."""
    read, written = (len(json.dumps(what)) // _CHARACTERS_OF_A_TOKEN for what in (body, message))
    return read, written


def rendered(path: str, body: Body, message: Body, reason: str) -> dict[str, Any]:
    """The whole answer; ``message`` and ``reason`` are those of ``replies``, which are OpenAI's."""
    dialect = next((dialect for part, dialect in _DIALECTS.items() if part in path), _openai)
    return dialect(body, message, reason)


def _openai(body: Body, message: Body, reason: str) -> dict[str, Any]:
    read, written = usage_of(body, message)
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    choice = {"index": 0, "message": message, "finish_reason": reason}
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": int(time.time()), "model": body.get("model")}
    return head | {"choices": [choice], "usage": usage}


def _anthropic(body: Body, message: Body, reason: str) -> dict[str, Any]:
    read, written = usage_of(body, message)
    content: list[dict[str, Any]] = [{"type": "text", "text": message["content"]}] if message["content"] else []
    content += [{"type": "tool_use", "id": "toolu_1", "name": name, "input": given} for name, given in _calls(message)]
    reasons = {"tool_calls": "tool_use", "length": "max_tokens", "content_filter": "refusal"}
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body.get("model"),
        "content": content,
        "stop_reason": reasons.get(reason, "end_turn"),
        "stop_sequence": None,
        "usage": {"input_tokens": read, "output_tokens": written},
    }


def _google(body: Body, message: Body, reason: str) -> dict[str, Any]:
    read, written = usage_of(body, message)
    parts: list[dict[str, Any]] = [{"text": message["content"]}] if message["content"] else []
    parts += [{"functionCall": {"name": name, "args": given}} for name, given in _calls(message)]
    reasons = {"length": "MAX_TOKENS", "content_filter": "SAFETY"}
    candidate = {
        "content": {"role": "model", "parts": parts},
        "finishReason": reasons.get(reason, "STOP"),
        "index": 0,
    }
    usage = {"promptTokenCount": read, "candidatesTokenCount": written, "totalTokenCount": read + written}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "scripted"}


def _calls(message: Body) -> list[tuple[str, Any]]:
    return [
        (call["function"]["name"], json.loads(call["function"]["arguments"])) for call in message.get("tool_calls", ())
    ]


_DIALECTS: Final[Mapping[str, Callable[[Body, Body, str], dict[str, Any]]]] = {
    "/messages": _anthropic,
    ":generateContent": _google,
}
