"""`make fuzz`: the full form. A fresh system, a year of demo data, then each role in turn."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from local_stack.demo.story import play
from local_stack.stack import Stack

from tests.fuzz.trial import DOOR, LONGEST, trial


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--role", action="append", help="may be repeated; every role if not given")
    parser.add_argument("--examples", type=int, default=50, help="an operation and phase")
    parser.add_argument("--seconds", type=int, default=LONGEST, help="a role")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    broken = 0
    with TemporaryDirectory() as directory, Stack(Path(directory) / "data", door=DOOR) as stack:
        play(stack.data_dir)
        for role in options.role or stack.clients:
            outcome = trial(
                stack.url,
                stack.clients[role],
                examples=options.examples,
                seconds=options.seconds,
                seed=options.seed,
            )
            sys.stdout.write(f"{role:16} {outcome.cases:7} requests  ")
            sys.stdout.write(f"{len(outcome.failures) or 'no'} kinds of failure\n")
            sys.stdout.flush()
            if outcome.failures:
                broken += 1
                sys.stdout.write(outcome.story)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
