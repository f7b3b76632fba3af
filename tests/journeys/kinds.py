"""Kinds of operations, as the cases of the tests that are about all of a kind."""

from collections.abc import Callable

import pytest

from tests.journeys.operations import OPERATIONS, Operation


def of(*kinds: Callable[[Operation], bool]) -> pytest.MarkDecorator:
    """The operations that are of all these kinds, as the cases of a test."""
    chosen = [one for one in OPERATIONS if all(kind(one) for kind in kinds)]
    return pytest.mark.parametrize("operation", chosen, ids=[one.name for one in chosen])


def any_kind(_: Operation) -> bool:
    return True


def is_read(operation: Operation) -> bool:
    return operation.method == "GET"


def has_token(operation: Operation) -> bool:
    return operation.has_token


def is_stream(operation: Operation) -> bool:
    """It goes on as long as the token is valid; what it does is told in docs/events.md."""
    return "text/event-stream" in operation.success().get("content", {})


def takes_json(operation: Operation) -> bool:
    return operation.example is not None


def is_list(operation: Operation) -> bool:
    return operation.is_list


def is_keyed(operation: Operation) -> bool:
    return operation.is_keyed


def is_step(operation: Operation) -> bool:
    return operation.is_step
