"""The SDK: the sessions API from Python, asynchronous, with failures as ``OutriderError``.

``OutriderClient`` has one method per endpoint and returns the wire's JSON objects; ``ServerError`` is a failure that
the server reported. Knows the wire formats and the catalogue, nothing else of the server.
"""

from outrider.client.client import OutriderClient
from outrider.client.errors import ServerError
from outrider.client.events import Event
from outrider.client.retrying import Retries

__all__ = ["Event", "OutriderClient", "Retries", "ServerError"]
