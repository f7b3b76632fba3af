"""What the load clients did and heard: the witness for the side of the callers."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

Outcome = Literal["ok", "fail", "unknown"]
NO_ANSWER = 0
"""The status of an attempt that was not answered: what it did is unknown."""


@dataclass(slots=True)
class Operation:
    """One write, tried with the same key until it was answered. Times in seconds since the
    history began; `attempts` holds the status of each, in the order of their ends."""

    kind: str
    key: str
    invoked: float
    outcome: Outcome = "unknown"
    ended: float | None = None
    attempts: list[int] = field(default_factory=list)
    replayed: int = 0
    """How many answers said that they repeat an earlier one."""
    resources: set[str] = field(default_factory=set)
    """The ids its answers named: more than one is one too many."""
    problem: str = ""
    """The code of a refusal."""


class History:
    """Every operation of a run."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._began = time.monotonic()
        self._answered = 0

    def now(self) -> float:
        return time.monotonic() - self._began

    def begin(self, kind: str, key: str) -> Operation:
        operation = Operation(kind, key, self.now())
        self.operations.append(operation)
        return operation

    def end(self, operation: Operation, outcome: Outcome) -> None:
        operation.outcome, operation.ended = outcome, self.now()
        self._answered += 1

    def answered(self) -> int:
        """How many operations have come to an end."""
        return self._answered

    def keys(self, kind: str, *outcomes: Outcome) -> set[str]:
        return {o.key for o in self.operations if o.kind == kind and o.outcome in outcomes}

    def outcomes(self) -> Counter[str]:
        return Counter(operation.outcome for operation in self.operations)

    def statuses(self) -> Counter[int]:
        return Counter(status for o in self.operations for status in o.attempts)

    def write(self, path: Path) -> None:
        """One JSON object a line."""
        with path.open("w", encoding="utf-8") as file:
            for operation in self.operations:
                row = asdict(operation) | {"resources": sorted(operation.resources)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def p99(values: Sequence[float]) -> float:
    """What 99 in a hundred do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]
