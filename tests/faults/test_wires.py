"""Every wire of a system is cut, pulled, slowed or loses its answers under load: what was
acknowledged is there once, and who was not answered asks again. `TRIAL_TROUBLES`, `TRIAL_SEED`."""

import asyncio
import os

from tests.faults.rig import Rig
from tests.faults.system import TWO_SERVICES
from tests.faults.wired import WiredStack
from tests.faults.wires import disturb
from tests.prepared import Prepared
from tests.table import Tell

SEED = int(os.environ.get("TRIAL_SEED", "37"))
TROUBLES = int(os.environ.get("TRIAL_TROUBLES", "8"))


async def test_wires_in_trouble_lose_nothing_and_double_nothing(
    prepared: Prepared, tell: Tell
) -> None:
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared, kind=WiredStack) as rig:
        assert isinstance(rig.stack, WiredStack)
        wires = rig.stack.wires
        await rig.load(seconds=0.5)
        troubled = asyncio.create_task(disturb(wires, SEED, TROUBLES))
        while not troubled.done():
            await rig.load(seconds=1.0)
        report = await rig.verdict()
        carried = wires.carried()
    assert report.clean, str(report)
    assert all(carried[name] for name in wires.names), "a wire nobody uses proves nothing"
    assert rig.history.statuses().total() > len(rig.history.operations), "nothing was asked again"
    tell(
        "wires", seed=SEED, troubles=dict(troubled.result()),
        operations=dict(rig.history.outcomes()), attempts=dict(rig.history.statuses()),
        lost=0, doubled=0,
    )  # fmt: skip
