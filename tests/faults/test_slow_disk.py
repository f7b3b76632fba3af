"""A disk is slow for a while: every sync of NATS, or of Postgres, takes half a second longer. Calls
wait or are answered with 503 and a reason, nobody is started again, nothing is lost or doubled, and
all are as quick as before when the disk is.

Needs strace, which holds the calls up.
"""

import asyncio
from collections.abc import Sequence
from statistics import median

import psutil
import pytest
from gateway.proxy.service import READ_TIMEOUT

from tests.faults.checker.stores import unpublished
from tests.faults.history import History, Operation, p99
from tests.faults.rig import Rig
from tests.faults.system import TWO_SERVICES
from tests.faults.tracing import may_trace, traced
from tests.prepared import Prepared
from tests.table import Tell

SEED = 53
SYNC = 0.5
"""Seconds that a sync takes longer."""
LASTING = 8.0
AFTER = 4.0
"""Seconds of load before the disk is slow, and when it no longer is."""
CATCH_UP = 2.0
"""Seconds until nobody waits for what was held up."""
PATIENT = READ_TIMEOUT + 5.0
"""Seconds the callers wait for an answer: longer than the gateway does, so every call has one."""
QUICK = 2 * SYNC
"""What 99 calls in a hundred do not exceed afterwards, on a machine that has other work."""
SLOW = ("-e", "trace=fsync,fdatasync", "-e", f"inject=fsync,fdatasync:delay_enter={SYNC * 1e6:.0f}")

pytestmark = pytest.mark.skipif(not may_trace(), reason="strace is not there, or may not trace")


def family(pid: int | None) -> list[int]:
    """A server and the processes it has made."""
    assert pid is not None
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


def waited(history: History, since: float, until: float) -> list[float]:
    """Seconds that each call took which began in this part of the history."""
    return [each.ended - each.invoked for each in begun(history, since, until) if each.ended]


def begun(history: History, since: float, until: float) -> Sequence[Operation]:
    return [each for each in history.operations if since <= each.invoked < until]


@pytest.mark.parametrize("server", ["nats", "postgres"])
async def test_a_slow_disk_makes_calls_wait_and_loses_nothing(
    prepared: Prepared, tell: Tell, server: str
) -> None:
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared) as rig:
        history, before = rig.history, rig.pids()
        moments: list[float] = []
        waiting = 0

        async def slow_for_a_while() -> None:
            nonlocal waiting
            await asyncio.sleep(AFTER)
            async with traced(family(rig.stack.pid(server)), *SLOW):
                moments.append(history.now())
                await asyncio.sleep(LASTING)
                waiting = await unpublished(rig.stack, "supervision")
                moments.append(history.now())
            await asyncio.sleep(CATCH_UP)
            moments.append(history.now())
            await asyncio.sleep(AFTER)

        await rig.load(answer_within=PATIENT, until=asyncio.create_task(slow_for_a_while()))
        report = await rig.verdict()
        slow, quick, caught_up = moments
        slowly, afterwards = waited(history, slow, quick), waited(history, caught_up, history.now())
        statuses = {status for each in begun(history, slow, quick) for status in each.attempts}
        assert rig.pids() == before, "nobody was started again"
    assert report.clean, str(report)
    assert statuses <= {200, 201, 503}
    assert p99(afterwards) < QUICK
    # Who waits shows that it was slow: callers for Postgres, events for NATS.
    assert median(slowly) > SYNC if server == "postgres" else waiting > 0
    tell(
        f"slow disk of {server}", seed=SEED, sync=f"{SYNC:.1f} s longer for {LASTING:.0f} s",
        acknowledged=history.outcomes()["ok"], events_waiting=waiting,
        median=f"{median(slowly):.2f} → {median(afterwards):.2f} s", longest=f"{max(slowly):.1f} s",
        answers=sorted(statuses), lost=0, doubled=0,
    )  # fmt: skip
