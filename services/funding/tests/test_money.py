"""The money's way at random, over HTTP beside a plain model; `make trials` walks it 500 times."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens

from services.funding.tests.money.compare import as_shown, compare
from services.funding.tests.money.figures import Figures
from services.funding.tests.money.machine import YEARS, Walk, trial
from services.funding.tests.money.orders import in_order
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


@pytest.mark.parametrize("is_back_first", [True, False])
def test_what_the_answers_leave_open_the_books_tell(service: Service, is_back_first: bool) -> None:
    """Money comes back while the year it is carried into is closed: both are done in either order,
    and either carries it on, but not through the same year."""
    walk = type("One", (Walk,), {"service": service, "figures": Figures()})()
    for _ in range(3):
        walk.take("go_on", payment=walk.payment)
    walk.end_of_year(YEARS[0])
    close = walk.take("draft", kind="year-close", line=("", YEARS[1], ""))
    steps = [
        walk.step("other_step", walk.draw(payment=walk.payment, word="returned")),
        walk.step("decide", walk.draw(document=close, kind="year-close")),
    ]
    orders = [steps, steps[::-1]]
    ways = [in_order(walk.books, *order) for order in orders]
    assert [answers for _, answers in ways] == [["done", "done"]] * 2
    taken = 0 if is_back_first else 1
    answers = [service.send(step.request) for step in orders[taken]]
    books = as_shown(service, [books for books, _ in ways])
    assert books is ways[taken][0]
    walk.agree(orders[taken], answers, ["done", "done"], books)
    compare(service, walk.books, walk.ids)


def test_of_two_results_at_once_one_is_recorded_and_the_other_hears_it(service: Service) -> None:
    """That it arrived is written in one statement, that it failed in several: they lock alike."""
    for word in ("failed", "returned", "succeeded") * 5:
        walk = type("One", (Walk,), {"service": service, "figures": Figures()})()
        for _ in range(2):
            walk.take("go_on", payment=walk.payment)
        results = ("succeeded", word)
        steps = [walk.step("other_step", walk.draw(payment=walk.payment, word=w)) for w in results]
        answers = service.together(*(step.request for step in steps))
        assert sorted(answer.code for answer in answers) == ["", "stale_version"]
