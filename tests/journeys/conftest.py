"""The whole system, running, for every journey of this process; journeys share it and keep out
of each other's way by using indicators, enterprises and budget lines of their own."""

import fcntl
import json
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from local_stack.stack import Stack
from servicekit.embedded.paths import workspace_file
from servicekit.new_secrets import client_secret

from tests.journeys.actors import Actors
from tests.journeys.doors import Door

ALONE = "one-for-all-hands"
HANDS = ["office", "finance_maker", "finance_checker", "finance_payer"]


@pytest.fixture(scope="session")
def stack(new_system: Callable[..., Stack]) -> Iterator[Stack]:
    """Everything that `make run` starts, with the programme plan in it."""
    with new_system() as stack:
        yield stack


@pytest.fixture(scope="session")
def actors(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Actors]:
    """The demo clients, and one that holds every role of money and the office's too."""
    alone = {"client_id": ALONE, "client_secret": client_secret()}
    seeds = tmp_path_factory.mktemp("clients") / "seeds.json"
    seeds.write_text(json.dumps([{**alone, "roles": HANDS, "unit": "programme-office"}]))
    command = [sys.executable, "-m", "gateway", "seed-clients", str(seeds)]
    subprocess.run(command, env=stack.environment("gateway"), check=True, capture_output=True)
    actors = Actors(stack.url, {**stack.clients, "alone": alone})
    yield actors
    actors.close()


@pytest.fixture(scope="module")
def office(stack: Stack) -> Iterator[Door]:
    """The office's calls that are to be refused. A module's: its token is good for minutes."""
    door = Door(stack.url, stack.clients["office"])
    yield door
    door.http.close()


@pytest.fixture(scope="session")
def fiscal_year(actors: Actors, year: int) -> int:
    """A fiscal year that keeps its rules; yuan."""
    spent = {
        "budget_expenditure": "5000000000.00",
        "three_st_expenses": "110000000.00",
        "science_operating_expenses": "95000000.00",
    }
    actors("finance_maker").put(f"fiscal-years/{year}", spent)
    return year


@pytest.fixture(scope="session")
def packed_client() -> Path:
    """The TypeScript client as a package; made once, however many processes ask for it."""
    root = workspace_file("Makefile").parent
    (root / "build").mkdir(exist_ok=True)
    with (root / "build/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = subprocess.run(
            ["make", "clients"], cwd=root, capture_output=True, text=True, check=False
        )
    assert made.returncode == 0, made.stdout + made.stderr
    return root / "build/kechuang-client-0.1.0.tgz"


BROKEN = pytest.StashKey[dict[str, str]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember the step a story broke at."""
    report = yield
    if "story" in getattr(item, "fixturenames", ()) and report.failed:
        item.config.stash.setdefault(BROKEN, {}).setdefault(str(item.path), item.name)
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The steps after a broken one would only repeat that it is broken."""
    if broken := item.config.stash.get(BROKEN, {}).get(str(item.path)):
        pytest.skip(f"the story broke at {broken}")


@pytest.fixture(scope="module")
def story() -> Any:
    """What the steps of a story, one test each, leave for the ones after them."""
    return SimpleNamespace()
