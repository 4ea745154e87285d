"""A language model whose answers are written beforehand, behind an OpenAI-compatible server of its own."""

from benchmarks.scripted.replies import Call, Raw, Reply, Text, act, ask, click, done, element, fill, select
from benchmarks.scripted.server import Exchange, ScriptedServer

__all__ = [
    "Call",
    "Exchange",
    "Raw",
    "Reply",
    "ScriptedServer",
    "Text",
    "act",
    "ask",
    "click",
    "done",
    "element",
    "fill",
    "select",
]
