"""Twenty processes are killed under load; nothing that was acknowledged is lost or doubled."""

from tests.faults.rig import Rig
from tests.faults.schedule import draw

SEED = 20_260_101
KILLS = 20
SERVICES = ("targets", "funding", "parks", "supervision")


async def test_twenty_kills_lose_nothing_and_double_nothing() -> None:
    with Rig.running(SERVICES, SEED) as rig:
        await rig.load(draw(SEED, rig.stack.names, KILLS))
        report = await rig.verdict()
    assert report.clean, str(report)
    assert len(rig.recoveries) == KILLS
    assert rig.history.outcomes()["ok"] > 10 * KILLS
