"""`make fuzz`: the full form. A fresh system, a year of demo data, then each role in turn: every
operation in every phase; a tenth of it where the role may not call one, which is refused before its
input is looked at."""

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from local_stack.demo.story import play
from local_stack.stack import Stack

from tests.fuzz.roles import NOBODY, Asked, by, part
from tests.fuzz.trial import DOOR, Outcome, Size, document, trial

PARTS = 8
"""What a run remembers of its operations is forgotten after each of so many."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--role", action="append", help="may be repeated; every role if not given")
    parser.add_argument("--examples", type=int, default=50, help="drawn for each operation")
    parser.add_argument("--part", type=int, action="append", help=f"of {PARTS} of the operations")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    size = Size(options.examples, sequences=options.examples, seed=options.seed)
    numbers = options.part or range(1, PARTS + 1)
    broken = False
    with TemporaryDirectory() as directory, Stack(Path(directory) / "data", door=DOOR) as stack:
        play(stack.data_dir)
        for role, number in product(options.role or [*stack.clients, NOBODY], numbers):
            described = document(stack.url)
            may, may_not = by(role, part(described, number, PARTS), described)
            for name, asked, its_size in ("may", may, size), ("may not", may_not, size.tenth()):
                if not asked:
                    continue
                began = time.monotonic()
                outcome = trial(stack.url, described, stack.clients, asked, its_size)
                told = "\n".join(lines(asked, outcome, its_size, time.monotonic() - began))
                sys.stdout.write(f"{role:15} {number}/{PARTS} {name:7} {told}\n")
                sys.stdout.flush()
                broken |= bool(outcome.failures)
    return 1 if broken else 0


def lines(asked: Asked, outcome: Outcome, size: Size, seconds: float) -> Iterator[str]:
    """What was tried and what was found. An operation that had fewer examples than were asked for
    is named with their number: of one that takes little there are no more."""
    tried, drawn = outcome.operations(), outcome.operations("fuzzing")
    fewer = [f"{name} {drawn.get(name, 0)}" for name in tried if drawn.get(name, 0) < size.examples]
    by_phase = ", ".join(
        f"{phase} {sum(outcome.operations(phase).values())}" for phase in outcome.phases
    )
    yield (
        f"{len(tried)} of {len(asked)} operations, {outcome.requests} requests ({by_phase}), "
        f"{seconds:.0f} s, {len(outcome.failures) or 'no'} kinds of failure, "
        f"{size.examples} examples of each of {len(tried) - len(fewer)}"
    )
    if fewer:
        yield f"    fewer: {', '.join(fewer)}"
    if untried := [name for name in asked if name not in tried]:
        yield f"    none: {', '.join(untried)}"
    for kind, count in outcome.failures.items():
        yield f"    {count} × {kind}"
    if outcome.story:
        yield outcome.story


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
