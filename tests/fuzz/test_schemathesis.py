"""Input that nobody thought of, a little of it at every run; `make fuzz` tries for longer."""

from collections.abc import Callable, Iterator

import pytest
from local_stack.stack import Stack

from tests.fuzz.trial import DOOR, read, trial

SECONDS = {"office": 18, "finance_maker": 20, "park_admin": 15, "system": 15}
"""The office may do most, so its requests reach furthest."""


@pytest.fixture(scope="module")
def tried(new_system: Callable[..., Stack]) -> Iterator[Stack]:
    """A system of its own: what is tried here is left in it."""
    with new_system(door=DOOR) as stack:
        yield stack


@pytest.mark.parametrize("role", SECONDS)
def test_every_answer_is_one_the_document_promises(tried: Stack, role: str) -> None:
    outcome = trial(tried.url, tried.clients[role], examples=2, seconds=SECONDS[role])
    assert outcome.failures == (), outcome.story
    assert outcome.cases > 10


def test_a_failure_in_the_report_is_seen() -> None:
    report = {
        "failures": [{"title": "Server error", "count": 2, "operations": ["GET /a", "GET /b"]}],
        "errors": [{"operation": "GET /c"}],
        "test_cases": {"generated": 3},
    }
    outcome = read(report, "")
    assert outcome.failures == (
        "Server error (2): GET /a, GET /b",
        'not tried: {"operation": "GET /c"}',
    )
