"""Input that nobody thought of, for every operation; `make fuzz` tries more of it, as each role.

Each operation is asked by one role that may call it, in every phase. `TRIAL_SEED` draws other input
and roles, `TRIAL_EXAMPLES` more of it.
"""

import os
import time
from collections.abc import Callable, Iterator

import pytest
from local_stack.stack import Stack
from schemathesis.engine import events
from schemathesis.engine.run import PhaseName

from tests.fuzz.roles import NOBODY, allowed, by, by_one_each, part
from tests.fuzz.trial import DOOR, Size, document, told, trial
from tests.table import Tell

SIZE = Size(
    examples=int(os.environ.get("TRIAL_EXAMPLES", "50")),
    sequences=12,
    every=10,
    seed=int(os.environ.get("TRIAL_SEED", "1")),
)
PARTS = 4
"""Of the operations; two processes are given the first two and the last two."""
NOT_ASKED = ("/import", "/events/stream")
"""What schemathesis.toml leaves to other tests."""
DOCUMENT = {
    "x-permissions": {"a.read": {"office": ["own"], "expert": ["own"]}, "a.create": {"office": []}},
    "paths": {
        "/a": {"get": {"x-permission": "a.read"}, "post": {"x-permission": "a.create"}},
        "/token": {"post": {}},
    },
}


@pytest.fixture(scope="module")
def system(new_system: Callable[..., Stack]) -> Iterator[Stack]:
    """A system of its own: what is tried here is left in it."""
    with new_system(door=DOOR) as stack:
        yield stack


@pytest.mark.parametrize("number", range(1, PARTS + 1))
def test_every_answer_is_one_the_document_promises(system: Stack, number: int, tell: Tell) -> None:
    described = document(system.url)
    roles = by_one_each(described, SIZE.seed)
    asked = {operation: roles[operation] for operation in part(described, number, PARTS)}
    began = time.monotonic()
    outcome = trial(system.url, described, system.clients, asked, SIZE)
    tried, drawn = outcome.operations(), outcome.operations("fuzzing")
    assert not outcome.failures, outcome.story
    assert set(tried) == {name for name in asked if not name.endswith(NOT_ASKED)}
    assert set(outcome.phases) == {"examples", "coverage", "fuzzing", "stateful"}
    assert set(drawn) == set(tried)
    tell(
        f"fuzz {number}/{PARTS}", seed=SIZE.seed, operations=len(tried),
        requests=outcome.requests, drawn=f"{sum(drawn.values())}, at most {SIZE.examples} of each",
        seconds=f"{time.monotonic() - began:.0f}",
    )  # fmt: skip


def test_a_role_that_may_call_it_is_found_for_every_operation() -> None:
    assert allowed(DOCUMENT) == {
        "GET /a": ["expert", "office"],
        "POST /a": ["office"],
        "POST /token": [NOBODY],
    }
    seeds = [by_one_each(DOCUMENT, seed) for seed in (1, 2)]
    assert {asked["GET /a"] for asked in seeds} == {"expert", "office"}
    assert {asked["POST /a"] for asked in seeds} == {"office"}


def test_what_a_role_may_not_call_is_told_from_what_it_may() -> None:
    every = allowed(DOCUMENT)
    assert by("expert", every, DOCUMENT) == (
        {"GET /a": "expert", "POST /token": "expert"},
        {"POST /a": "expert"},
    )
    assert by(NOBODY, every, DOCUMENT)[0] == {"POST /token": NOBODY}


def test_a_tenth_of_little_is_not_nothing() -> None:
    assert Size(500, 200, seed=3).tenth() == Size(50, 20, every=10, seed=3)
    assert Size(5, 1).tenth() == Size(1, 1, every=10)


def test_the_parts_are_everything_and_nothing_twice() -> None:
    assert [*part(DOCUMENT, 1, 2), *part(DOCUMENT, 2, 2)] == list(allowed(DOCUMENT))


def test_what_could_not_be_tried_is_a_failure() -> None:
    error = events.NonFatalError(
        error=ValueError("no"), phase=PhaseName.FUZZING, label="GET /c", related_to_operation=True
    )
    assert dict(told([error]).failures) == {"not tried: GET /c": 1}


def test_another_seed_takes_other_requests_and_all_are_taken() -> None:
    sizes = [Size(1, 1, every=3, seed=seed) for seed in range(3)]
    taken = [place for size in sizes for place in range(9) if size.suggests(place)]
    assert sorted(taken) == list(range(9))
