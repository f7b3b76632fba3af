"""Twenty processes are killed under load; nothing that was acknowledged is lost or doubled."""

from tests.faults.conftest import MakeRig
from tests.faults.schedule import draw

SEED = 20_260_101
KILLS = 20


async def test_twenty_kills_lose_nothing_and_double_nothing(make_rig: MakeRig) -> None:
    rig = make_rig(("targets", "funding", "parks", "supervision"), SEED)
    faults = draw(SEED, rig.stack.names, KILLS)
    await rig.load(faults)
    report = await rig.verdict()
    assert len(rig.recoveries) == KILLS
    assert report.clean, str(report)
    assert rig.history.outcomes()["ok"] > 300
