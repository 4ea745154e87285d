"""The operations that the server's OpenAPI document describes, and requests of Schemathesis's for each.

The requests are made when the test of their operation begins. Schemathesis's own decorator makes them when tests are
collected: each process of a run would make, and keep, those of all tests.
"""

from collections.abc import Callable
from typing import Any, Final

from hypothesis import HealthCheck, settings
from schemathesis.generation.hypothesis import builder
from schemathesis.specs.openapi.schemas import OpenApiSchema

from outrider.api.openapi import openapi_document

__all__ = ["DOCUMENT", "OPERATIONS", "attempt"]

DOCUMENT: Final = openapi_document()
#: Paths by the id of their operation.
OPERATIONS: Final = {
    operation["operationId"]: path for path, methods in DOCUMENT["paths"].items() for operation in methods.values()
}
#: What tells that some of the requests could not be made.
_LEFT_OUT: Final = (
    builder.InvalidHeadersExampleMark,
    builder.InvalidRegexMark,
    builder.MissingPathParameters,
    builder.NonSerializableMark,
    builder.UnsatisfiableExampleMark,
    builder.UnserializablePayloadMark,
)


def attempt(api: OpenApiSchema, operation_id: str, check: Callable[..., None], examples: int, **fixtures: Any) -> None:
    """Check an operation with its examples, the borders of each value, what it refuses, and requests at random."""
    operation = api.find_operation_by_id(operation_id)
    config = builder.HypothesisTestConfig(
        project=api.config,
        modes=list(builder.HypothesisTestMode),
        settings=api.config.get_hypothesis_settings(operation=operation, phase="fuzzing"),
        explicit_settings=settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck)),
    )
    test = builder.create_test(operation=operation, test_func=check, config=config)
    assert not any(mark.is_set(test) for mark in _LEFT_OUT)
    test(**fixtures)
