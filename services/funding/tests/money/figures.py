"""What a trial came to: counted, so that nobody has to believe that it did anything."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.funding.tests.money.service import Answer
from services.funding.tests.money.steps import Step


@dataclass
class Figures:
    """`done` and `refused` count steps by what was answered, `kept` requests and pairs by the
    promise they tried: a key has one effect, two at once are as one of their orders."""

    runs: int = 0
    steps: int = 0
    began: float = field(default_factory=time.monotonic)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list[str])
    """What parted the service from the model, each with the steps that led there."""

    def note(self, step: Step, answer: Answer) -> None:
        self.steps += 1
        if answer.ok:
            self.done[step.name] += 1
        else:
            self.refused[answer.code] += 1

    def note_pair(self, answers: Sequence[Answer], *, is_told_apart: bool) -> None:
        """Two at once; whether their orders differ in what is answered."""
        count = sum(answer.ok for answer in answers)
        self.kept[f"pair, {count} done"] += 1
        self.kept["pair that raced"] += is_told_apart

    def told(self, seed: int, requests: int) -> str:
        seconds = time.monotonic() - self.began
        return (
            f"seed {seed}: {self.runs} runs, {self.steps} steps, {requests} requests,"
            f" {seconds:.0f} s\ndone: {counted(self.done)}\nkept: {counted(self.kept)}"
            f"\nrefused: {counted(self.refused)}"
        )


def counted(what: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in what.most_common())
