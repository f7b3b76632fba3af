"""Twenty processes are killed under load; nothing that was acknowledged is lost or doubled, and the
audit trails are whole.

`TRIAL_SEED` and `TRIAL_KILLS` in the environment draw other faults, or more of them.
"""

import os

from tests.faults.rig import Rig
from tests.faults.schedule import draw
from tests.faults.table import Tell
from tests.faults.trail import accusations

SEED = int(os.environ.get("TRIAL_SEED", "20260101"))
KILLS = int(os.environ.get("TRIAL_KILLS", "20"))
SERVICES = ("targets", "funding", "parks", "supervision")


async def test_twenty_kills_lose_nothing_and_double_nothing(tell: Tell) -> None:
    with Rig.running(SERVICES, SEED) as rig:
        await rig.load(draw(SEED, rig.stack.names, KILLS))
        report = await rig.verdict()
        accused = await accusations(rig.stack)
    assert report.clean, str(report)
    assert accused == []
    assert len(rig.recoveries) == KILLS
    assert rig.history.outcomes()["ok"] > 10 * KILLS
    tell(
        "kill", seed=SEED, kills=KILLS, acknowledged=rig.history.outcomes()["ok"],
        slowest_recovery=report.figures["slowest recovery, seconds"], lost=0, doubled=0,
        trails_accused=0,
    )  # fmt: skip
