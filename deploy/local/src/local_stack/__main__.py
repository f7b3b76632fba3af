"""`python -m local_stack run`: the whole system on this machine, until it is told to stop;
`python -m local_stack demo`: a year of synthetic data played against it."""

import argparse
import io
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from kechuang.client import ApiError, CredentialsError, Unreachable
from servicekit.embedded.ports import LOOPBACK

from local_stack.demo.story import play
from local_stack.errors import StackFailed
from local_stack.stack import ANCHOR_YEAR, Stack


class Told(Exception):
    """A signal asked us to stop."""


class Signals:
    """SIGINT and SIGTERM: the first one stops, further ones are heard but change nothing."""

    def __init__(self) -> None:
        self._heard = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if not self._heard:
            self._heard = True
            raise Told

    def ignore(self) -> None:
        """From now on only stop."""
        self._heard = True


class Progress:
    """Lines with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def __call__(self, line: str) -> None:
        sys.stdout.write(f"[{self.seconds:6.1f} s] {line}\n")
        sys.stdout.flush()


def run(options: argparse.Namespace) -> int:
    """Start, wait for a signal, stop. 0 after a stop that was asked for."""
    progress = Progress()
    signals = Signals()
    stack = Stack(
        options.data_dir,
        options.port,
        host=options.host,
        split=options.split,
        anchor_year=options.anchor_year,
        apply_plan=not options.no_plan,
        report=progress,
    )
    try:
        stack.start()
        announce(stack, progress)
        threading.Event().wait()
    except Told:
        progress("stopping")
    except StackFailed as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    finally:
        signals.ignore()
        stack.stop()
    progress("stopped; everything is kept in " + str(stack.data_dir))
    return 0


def announce(stack: Stack, progress: Progress) -> None:
    progress(f"API      {stack.url}/api/v1   (document: {stack.url}/docs)")
    progress(f"clients  {stack.data_dir / 'clients.json'}")
    progress(f"logs     {stack.data_dir / 'logs'}")
    progress(f"ready after {progress.seconds:.1f} s; Ctrl-C stops it")


def demo(options: argparse.Namespace) -> int:
    """Play the demo. 1 with a reason when it could not be played to its end."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese still tells the rest
    try:
        play(options.data_dir.resolve())
    except (StackFailed, ApiError, CredentialsError, Unreachable) as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    return 0


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local_stack", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    running = verbs.add_parser("run", help="start everything and stay")
    running.add_argument("--data-dir", type=Path, default=Path(".local"))
    running.add_argument("--host", default=LOOPBACK, help="address of the gateway")
    running.add_argument("--port", type=int, default=8000, help="port of the gateway; 0: any")
    running.add_argument("--split", action="store_true", help="API and worker in two processes")
    running.add_argument("--no-plan", action="store_true", help="leave the programme plan alone")
    running.add_argument("--anchor-year", type=int, default=ANCHOR_YEAR, help="the plan's Y1")
    running.set_defaults(act=run)
    playing = verbs.add_parser("demo", help="a year of synthetic data, against the running system")
    playing.add_argument("--data-dir", type=Path, default=Path(".local"))
    playing.set_defaults(act=demo)
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> int:
    """Do what the verb says; the status for the shell."""
    return options.act(options)


if __name__ == "__main__":
    sys.exit(main(parse()))
