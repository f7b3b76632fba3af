"""Waiting until everything that was to happen has happened."""

import asyncio
import time

import asyncpg

from tests.faults.checker.stores import UNPUBLISHED, Databases, backlogs
from tests.faults.system import TrialStack

STUCK = 17.0
"""Seconds without any change after which nothing more is expected: longer than the server waits
for an acknowledgement (15 s) before it delivers again."""

_SETTLED = "SELECT count(*) FROM inbox"
_UNSIGNED = """SELECT (SELECT count(*) FROM audit_entry)
 - (SELECT coalesce(max(seq), 0) FROM audit_checkpoint)"""


async def settle(stack: TrialStack, patience: float = 90.0) -> float:
    """Wait until no event is under way and no audit row without a signature, or nothing moves any
    more; answers the seconds.

    Which of the two it was, the checker will tell.
    """
    began = changed = time.monotonic()
    await asyncio.to_thread(stack.wait_ready, patience)
    before: tuple[int, ...] = ()
    async with Databases.open(stack) as databases:
        while time.monotonic() - began < patience and time.monotonic() - changed < STUCK:
            state = await _under_way(stack, databases)
            if state is not None and not any(state[:4]):
                break
            if state is not None and state != before:
                before, changed = state, time.monotonic()
            await asyncio.sleep(0.25)
    return time.monotonic() - began


async def _under_way(stack: TrialStack, databases: Databases) -> tuple[int, ...] | None:
    """Unpublished, undelivered and unacknowledged events, unsigned audit rows, and how many events
    were received."""
    found = await asyncio.to_thread(backlogs, stack)
    if found is None or len(found) < len(list(stack.topology.pairs())):
        return None
    try:
        waiting = [int(await databases.value(s, UNPUBLISHED)) for s in stack.topology.services]
        unsigned = [int(await databases.value(s, _UNSIGNED)) for s in stack.topology.services]
        received = [int(await databases.value(s, _SETTLED)) for s in stack.topology.services]
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return None
    return (
        sum(waiting),
        sum(backlog.pending for backlog in found.values()),
        sum(backlog.unacknowledged for backlog in found.values()),
        sum(unsigned),
        *received,
    )
