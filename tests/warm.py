"""The process that has imported every service, from which those of a run are forked: to import is
most of a start, and a run starts some thousand."""

import atexit
import os
from functools import cache
from pathlib import Path

from local_stack.stack import SERVICES, SHARED_LIBRARIES
from servicekit.embedded.warm import Warm

ROOT = Path(__file__).parents[1]


@cache
def every_service() -> Warm:
    """One for the whole run."""
    modules = [f"{service}.{part}" for service in SERVICES for part in ("main", "worker")]
    env = {name: value for name, value in os.environ.items() if name[:9] != "KECHUANG_"}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    warm = Warm([*SHARED_LIBRARIES, *modules], {**env, "MALLOC_ARENA_MAX": "2"})
    atexit.register(warm.close)
    return warm
