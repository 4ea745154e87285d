"""Scopes as endpoints ask for them, and as keys can have them."""

from fastapi.routing import APIRoute

from outrider.api.app import with_surfaces
from outrider.api.gate import GuardedRoute
from outrider.interfaces.identities import AREAS, OPERATOR_AREA, OPERATOR_SCOPES, Principal


def guarded() -> list[GuardedRoute]:
    return [route for route in _routes(with_surfaces().routes) if isinstance(route, GuardedRoute)]


def _routes(routes: object) -> list[APIRoute]:
    found: list[APIRoute] = []
    for route in routes if isinstance(routes, list) else []:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        found += _routes(inner) if inner is not None else [route] if isinstance(route, APIRoute) else []
    return found


def test_every_scope_that_is_asked_for_can_be_had() -> None:
    asked = {route.scope for route in guarded()}
    assert {"sessions:read", "keys:manage", "organisations:write"} <= asked
    assert {scope.partition(":")[0] for scope in asked} <= set(AREAS)


def test_everything_is_everything_but_the_operators_area() -> None:
    operator = Principal("o", "k", "12345", OPERATOR_SCOPES)
    owner = Principal("o", "k", "12345", frozenset({"*:manage"}))
    for scope in {route.scope for route in guarded()}:
        assert operator.allows(scope)
        assert owner.allows(scope) is not scope.startswith(f"{OPERATOR_AREA}:")


def test_a_verb_includes_the_ones_before_it() -> None:
    for verb, allowed in (("read", 1), ("write", 2), ("manage", 3)):
        key = Principal("o", "k", "12345", frozenset({f"vault:{verb}"}))
        assert [key.allows(f"vault:{one}") for one in ("read", "write", "manage")].count(True) == allowed
        assert not key.allows("sessions:read")
