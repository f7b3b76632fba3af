"""The table at the end of a run: what every trial did, and which mistake was caught by which."""

from collections.abc import Sequence
from typing import Protocol

import pytest

TOLD, CAUGHT = "trial", "caught"


class Tell(Protocol):
    def __call__(self, trial: str, **figures: object) -> None: ...


class Caught(Protocol):
    def __call__(self, defect: str, sign: object) -> None: ...


def tables(reports: Sequence[pytest.TestReport]) -> dict[str, list[str]]:
    """The lines of both tables, by their titles; of tests that passed."""
    found: dict[str, list[str]] = {TOLD: [], CAUGHT: []}
    for report in reports:
        for kind, line in report.user_properties if report.when == "call" else ():
            found[kind].append(str(line))
    mistakes = len({line.split(" ")[0] for line in found[CAUGHT]})
    titles = {TOLD: "trials", CAUGHT: f"planted mistakes caught: {mistakes}"}
    return {titles[kind]: sorted(lines) for kind, lines in found.items() if lines}
