"""Processes are killed under load, also two at once and after a while in which they did not move;
nothing that was acknowledged is lost or doubled, the audit trails are whole, and all serve again
within seconds.

`TRIAL_KILLS=1000 TRIAL_WRITES=200000` is the full form: so many kills, and acknowledged writes at
least; `TRIAL_SEED` draws others.
"""

import asyncio
import os
from statistics import median

from servicekit.embedded.keeper import LASTED

from tests.faults.history import p99
from tests.faults.rig import CALLERS, Rig
from tests.faults.schedule import draw, repeat
from tests.faults.system import TWO_SERVICES
from tests.faults.trail import accusations
from tests.prepared import Prepared
from tests.table import Tell

SEED = int(os.environ.get("TRIAL_SEED", "20260101"))
KILLS = int(os.environ.get("TRIAL_KILLS", "100"))
WRITES = int(os.environ.get("TRIAL_WRITES", str(10 * KILLS)))
"""Acknowledged writes, at least."""
AGAIN = max(5, KILLS // 20)
ENOUGH = 50
"""Kills from which on a p99 is one."""
WITHIN = {"nats": 3.0, "postgres": 5.0}
"""Seconds from the kill of a server until everybody serves again: of 99 in a hundred."""
SERVICES = ("targets", "funding", "parks", "supervision")


async def test_kills_lose_nothing_and_double_nothing(tell: Tell) -> None:
    with Rig.running(SERVICES, SEED) as rig:
        faults = draw(SEED, rig.stack.names, KILLS, max(12, WRITES // KILLS))
        enough = asyncio.create_task(written(rig))
        await rig.load(faults, until=enough)
        report = await rig.verdict()
        accused = await accusations(rig.stack)
    assert report.clean, str(report)
    assert accused == []
    assert len(rig.recoveries) == KILLS
    assert rig.history.outcomes()["ok"] >= WRITES
    tell(
        "kill", seed=SEED, kills=KILLS, two_at_once=sum(len(each.names) > 1 for each in faults),
        acknowledged=rig.history.outcomes()["ok"],
        slowest_recovery=report.figures["slowest recovery, seconds"], lost=0, doubled=0,
        trails_accused=0,
    )  # fmt: skip


async def written(rig: Rig) -> None:
    """Until enough writes are answered."""
    while rig.history.answered() < WRITES + CALLERS:  # noqa: ASYNC110 - the callers decide
        await asyncio.sleep(0.1)


async def test_everybody_serves_again_within_seconds_of_a_killed_server(
    prepared: Prepared, tell: Tell
) -> None:
    """Under load, and each time when all serve: nothing else is starting on this machine then."""
    # In turn, so that each has lasted: who ends soon after its start is kept waiting, by design.
    both = [one for server in WITHIN for one in repeat(server, 1, every=LASTED / 2)]
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared) as rig:
        await rig.load(both * AGAIN)
        report = await rig.verdict()
    assert report.clean, str(report)
    took = {
        server: [one.seconds for one in rig.recoveries if one.name == server] for server in WITHIN
    }
    # Of a few kills the p99 is the slowest one, which is the machine's as often as ours.
    judged = p99 if AGAIN >= ENOUGH else median
    recovered = {server: judged(seconds) for server, seconds in took.items()}
    assert all(recovered[server] <= most for server, most in WITHIN.items()), took
    tell(
        "recovery", seed=SEED, kills_of_each=AGAIN, acknowledged=rig.history.outcomes()["ok"],
        p99=", ".join(f"{server} {p99(seconds):.1f} s" for server, seconds in took.items()),
    )  # fmt: skip


def test_what_is_drawn_kills_so_often_and_everybody_before_anybody_again() -> None:
    names = [f"process-{number}" for number in range(10)]
    faults = draw(SEED, names, 100, writes=200)
    killed = [name for fault in faults for name in fault.names]
    assert all(sorted(killed[n : n + 10]) == sorted(names) for n in range(0, 100, 10))
    assert 5 < sum(len(fault.names) == 2 for fault in faults) < 30
    assert sum(fault.writes for fault in faults) > 150 * len(faults)
