"""One of two hosts is killed under load, with the event server that was on it: callers go on at the
other, and nothing that was acknowledged is lost or doubled. It comes back and catches up.

`TRIAL_NODE_SECONDS` and `TRIAL_NODE_KILLS` in the environment make it longer.
"""

import asyncio
import os
import signal

from tests.faults.doubled import DoubledStack
from tests.faults.rig import Rig
from tests.faults.schedule import BACK
from tests.faults.system import TWO_SERVICES

SEED = int(os.environ.get("TRIAL_SEED", "20260208"))
SECONDS = float(os.environ.get("TRIAL_NODE_SECONDS", "2.5"))
"""Of load before a host is killed, while it is away, and after it is back."""
KILLS = int(os.environ.get("TRIAL_NODE_KILLS", "1"))


async def test_a_killed_host_loses_nothing_and_stops_nobody() -> None:
    with Rig.running(TWO_SERVICES, SEED, kind=DoubledStack) as rig:
        stack = rig.stack
        assert isinstance(stack, DoubledStack)
        for kill in range(KILLS):
            task = asyncio.create_task(lose_and_return(rig, stack, second=kill % 2 == 1))
            await rig.load(seconds=4 * SECONDS)
            await task
        report = await rig.verdict()
    assert report.clean, str(report)
    assert rig.history.outcomes()["ok"] > 50 * KILLS
    assert not rig.history.outcomes()["unknown"]


async def lose_and_return(rig: Rig, stack: DoubledStack, *, second: bool) -> None:
    """Kill a host in the middle of work, let the other one carry on alone, bring it back."""
    await asyncio.sleep(SECONDS)
    names = await asyncio.to_thread(stack.host, "supervision", second=second)
    assert len(names) == 6
    for name in names:
        if (pid := stack.pid(name)) is not None:
            os.kill(pid, signal.SIGKILL)
    killed = rig.history.answered()
    began = asyncio.get_running_loop().time()
    await asyncio.to_thread(lambda: [stack.halt(name) for name in names])
    while rig.history.answered() == killed:
        await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < BACK, "no writes are answered"
    print(f"first answer {asyncio.get_running_loop().time() - began:.1f} s after {names} died")
    await asyncio.sleep(SECONDS)
    print(f"{rig.history.answered() - killed} writes were answered by the other host alone")
    assert rig.history.answered() - killed > 5
    for name in names:
        stack.resume(name)
    await asyncio.to_thread(stack.wait_ready, BACK)
