"""The money's way, walked at random beside a plain model, and known mistakes that it must find.

`TRIAL_SEED` and `TRIAL_WALKS` in the environment draw other walks, or more of them: 20,000 is the
full form.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import Phase
from hypothesis.errors import Flaky
from servicekit.testing.databases import Databases
from servicekit.testing.tokens import Tokens

from services.funding.tests.money.figures import Figures
from services.funding.tests.money.machine import trial
from services.funding.tests.money.service import Service, serving
from tests.faults.planted_money import CONSTRAINTS
from tests.faults.system import launched
from tests.table import Caught, Tell
from tests.warm import every_service

SEED = int(os.environ.get("TRIAL_SEED", "58"))
WALKS = int(os.environ.get("TRIAL_WALKS", "500"))
STEPS = 50
RULES = 39
"""What a walk is made of; some are taken in several steps, and some walks break off early."""
SEARCH, SHORT = 500, 25
"""Walks at most, and rules of one, that look for a planted mistake."""
WALKED = {
    "adjustments approve",
    "appropriations",
    "awards",
    "awards cancel",
    "budgets approve",
    "carry-overs approve",
    "disbursements result failed",
    "disbursements result returned",
    "disbursements result succeeded",
    "disbursements retry",
    "refunds approve",
    "transfers approve",
    "year-closes approve",
}
KEPT = {"pair, 2 done", "pair, 1 done", "pair that raced", "twice at once", "repeated later"}
DONE_INSTEAD = r"the service: \[.*'done'.*\], the model: \[.*'409 insufficient_funds'.*\]"
FOUND = {
    "look_then_write": (r"the service: \['done', 'done'\]", DONE_INSTEAD, r"^    at once:$"),
    "transfer_of_everything": (DONE_INSTEAD, r"POST /transfers/\S+/approve .*-> 200"),
    "refund_makes_room": (rf"^award \d|{DONE_INSTEAD}", r"POST /refunds/\S+/approve .*-> 200"),
}
"""What the example has in it that shows this mistake, and not another one."""

Serving = Callable[..., AbstractContextManager[Service]]


@pytest.fixture
def funding(
    postgres_server: Databases, tokens: Tokens, new_directory: Callable[[], Path]
) -> Serving:
    """`with funding(*defects) as service:`: the service with these mistakes, on a database that
    would not catch them either."""

    @contextmanager
    def start(*defects: str) -> Iterator[Service]:
        stored = postgres_server.migrated("funding")
        if defects:
            postgres_server.server.psql(CONSTRAINTS, database=stored.name)
        argv = launched("funding", "api", defects)
        with serving(stored, tokens, new_directory(), argv, every_service()) as service:
            yield service
        postgres_server.drop(stored)

    return start


def test_walks_beside_the_model_find_nothing(funding: Serving, tell: Tell) -> None:
    with funding() as service:
        figures = trial(service, WALKS, RULES, SEED)
    assert figures.runs >= WALKS
    assert figures.steps >= WALKS * STEPS
    assert figures.done.total() > figures.steps / 3, "walks that do nothing prove nothing"
    assert figures.done.keys() >= WALKED, "nothing is left out"
    assert figures.kept.keys() >= KEPT, "nothing is left out"
    tell(
        "money beside its model", seed=SEED, walks=figures.runs, steps=figures.steps,
        done=figures.done.total(), differences=0,
    )  # fmt: skip


@pytest.mark.parametrize("defect", FOUND)
def test_a_planted_mistake_is_found(funding: Serving, defect: str, caught: Caught) -> None:
    with funding(defect) as service:
        example = finding(service)
    print(f"\n{defect}: {example}")
    for sign in FOUND[defect]:
        assert re.search(sign, example, re.MULTILINE), sign
    caught(defect, example)


def finding(service: Service) -> str:
    """What the walks find first, and the steps that led there; to shrink them would take minutes.
    Two at once may meet in another way when they are walked again: they are found all the same."""
    figures = Figures()
    with pytest.raises((AssertionError, Flaky)):
        trial(service, SEARCH, SHORT, SEED, Phase.generate, figures=figures)
    return figures.differences[0]
