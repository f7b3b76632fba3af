"""The money's way at random, over HTTP beside a plain model; `make trials` walks it 500 times."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens

from services.funding.tests.money.machine import trial
from services.funding.tests.money.service import Service, serving

RUNS, RULES, SEED = 12, 50, 58


@pytest.fixture(scope="module")
def service(
    service_database: Callable[[str], ServiceDatabase],
    tokens: Tokens,
    new_directory: Callable[[], Path],
) -> Iterator[Service]:
    with serving(service_database("funding"), tokens, new_directory()) as service:
        yield service


def test_the_service_answers_every_step_as_the_model_does(service: Service) -> None:
    figures = trial(service, RUNS, RULES, SEED)
    assert figures.done.total() > RUNS * RULES / 4, "walks that do nothing prove nothing"
