"""The process that has imported every service, from which those of a run are forked: to import is
most of a start, and a run starts some thousand."""

import atexit
from functools import cache
from pathlib import Path

from local_stack.environment import inherited
from local_stack.stack import SERVICES, SHARED_LIBRARIES
from servicekit.embedded.warm import Warm

ROOT = Path(__file__).parents[1]


@cache
def every_service() -> Warm:
    """One for the whole run."""
    modules = [f"{service}.{part}" for service in SERVICES for part in ("main", "worker")]
    warm = Warm([*SHARED_LIBRARIES, *modules], {**inherited(), "PYTHONPATH": str(ROOT)})
    atexit.register(warm.close)
    return warm
