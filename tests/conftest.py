"""The order of a whole run, systems that nobody has used yet, and the table of the trials.

What takes longest begins first, and what mostly waits runs beside what mostly computes.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from local_stack.stack import Stack

from tests.prepared import Prepared
from tests.table import TOLD, Tell, tables
from tests.warm import every_service

FIRST = (
    "tests/faults/test_soak.py",
    "tests/faults/test_money.py",
    "tests/faults/test_kill.py",
    "tests/faults/test_clocks.py",
    "tests/faults/test_linearizable.py",
    "tests/faults/test_upgrade.py",
    "tests/faults/test_keys.py",
    "tests/faults/test_wires.py",
    "tests/faults/test_full_disk.py",
    "tests/faults/test_order.py",
    "tests/faults/test_store_damage.py",
    "tests/faults/test_planted.py",
    "tests/faults/test_outage.py",
    "services/funding/tests/test_authorisation.py",
    "tests/journeys/test_every_operation.py",
    "tests/journeys/test_commands.py",
    "tests/journeys/test_every_success.py",
    "tests/journeys/test_funding_year.py",
    "tests/journeys/test_award_journey.py",
    "tests/journeys/test_bad_input.py",
)
# Returns are filed for months that have begun; four of the anchor year are enough for any journey.
YEAR = (datetime.now(UTC) - timedelta(days=110)).year


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {file: number for number, file in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(FIRST)))


@pytest.fixture(scope="session")
def year() -> int:
    """The programme's first year, which has begun some months ago."""
    return YEAR


@pytest.fixture(scope="session")
def new_system(new_directory: Callable[[], Path], year: int) -> Callable[..., Stack]:
    """Call it for a system nobody has used yet, with nothing in it but the programme plan."""

    def make(anchor_year: int = year, **options: Any) -> Stack:
        data_dir = new_directory() / "data"
        common = data_dir.parents[1] / f"plan-of-{anchor_year}"
        warm: Any = {"anchor_year": anchor_year, "warm": every_service()}
        prepared = Prepared(common, lambda there: Stack(there, **warm))
        return Stack(prepared.copy_to(data_dir), **warm, **options)

    return make


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """`tell("order", seed=7, events=20_000)`: a line of the table."""

    def say(trial: str, **figures: object) -> None:
        shown = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        line = f"{trial}: {shown}"
        print(f"\n{line}")
        request.node.user_properties.append((TOLD, line))

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for title, lines in tables(terminalreporter.getreports("passed")).items():
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
