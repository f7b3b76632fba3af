"""Everybody writes for long: no process holds more memory, files, tasks or connections at the end
than when it was warm, callers wait no longer, events do not pile up, and what is old goes.

`TRIAL_SOAK=28800` is the full form: seconds, eight hours. A leak is found when it comes to 12 MiB:
in small some tens of kilobytes a write, in full some hundreds of bytes.
"""

import asyncio
import os
from collections.abc import Sequence

import pytest

from tests.faults.alone import until
from tests.faults.checker.stores import Databases
from tests.faults.rig import Defects, Rig
from tests.faults.soak import GROWTH, MIB, Sample, Soak, slower, waits
from tests.faults.system import TWO_SERVICES
from tests.prepared import Prepared
from tests.table import Caught, Tell

SEED = int(os.environ.get("TRIAL_SEED", "8"))
SOAK = float(os.environ.get("TRIAL_SOAK", "600"))
THINK_LONG, THINK_SHORT = 2.0, 0.02
"""Seconds a caller waits before its next write: long, so that the machine has time for other
trials, and short, where all depends on how much is written."""
SHORT = 12.0
"""Seconds that show a planted leak."""
LOOKS = 60
_OLD = """UPDATE outbox SET published_at = published_at - interval '46 days';
UPDATE inbox SET received_at = received_at - interval '61 days';
UPDATE idempotency_key SET created_at = created_at - interval '8 days'"""
_LEFT = """SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM inbox)
 + (SELECT count(*) FROM idempotency_key)"""


async def soaked(rig: Rig, seconds: float, think: float) -> tuple[Soak, Sequence[float]]:
    """What was seen, and how long callers waited in the later part of it."""
    soak = Soak()
    watch = asyncio.create_task(soak.watch(rig.stack, max(1.0, seconds / LOOKS)))
    await rig.load(seconds=seconds, think=think)
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    warm = rig.history.now() - seconds * 2 / 3
    return soak, waits(rig.history, warm)


async def old_rows(rig: Rig) -> int:
    async with Databases.open(rig.stack) as databases:
        return int(await databases.value("supervision", _LEFT))


async def test_what_runs_for_long_holds_no_more_and_is_no_slower(
    prepared: Prepared, tell: Tell
) -> None:
    defects: Defects = {"supervision-worker": ["pruned_by_the_second"]}
    with Rig.running(TWO_SERVICES, SEED, defects=defects, prepared=prepared) as rig:
        soak, slices = await soaked(rig, SOAK, THINK_LONG)
        report = await rig.verdict()
        rows = await old_rows(rig)
        await asyncio.to_thread(rig.stack.as_superuser, "supervision", _OLD)

        async def all_gone() -> bool:
            return await old_rows(rig) == 0

        await until(all_gone, 30 + rows / 1000)
    assert report.clean, str(report)
    print(f"\ngrowth: {soak.grown('memory')}\np99 by slices: {[round(s, 3) for s in slices]}")
    assert soak.problems() + slower(slices) == []
    grown = soak.grown("memory")
    tasks = max(soak.samples[-1].tasks.values())
    tell(
        "soak", seed=SEED, seconds=f"{SOAK:.0f}", acknowledged=rig.history.outcomes()["ok"],
        most_growth=max((f"{more / MIB:.1f} MiB {name}" for name, more in grown.items()),
                        key=lambda said: float(said.split()[0])),
        most_tasks=tasks, p99=f"{slices[0] * 1000:.0f} → {slices[-1] * 1000:.0f} ms",
        old_rows_gone=rows,
    )  # fmt: skip


async def test_a_leak_is_found(prepared: Prepared, caught: Caught) -> None:
    leak: Defects = {"funding": ["never_forgets"]}
    with Rig.running(TWO_SERVICES, SEED, defects=leak, prepared=prepared) as rig:
        soak, _ = await soaked(rig, SHORT, THINK_SHORT)
    found = [problem for problem in soak.problems() if problem.startswith("funding holds")]
    assert found, soak.grown("memory")
    caught("never_forgets", found[0])


def series(*memory: int) -> Soak:
    return Soak([Sample(n, {"api": m}, {}, {}, {}, {}) for n, m in enumerate(memory)])


def test_warming_up_and_a_peak_are_no_growth_and_growth_is() -> None:
    limit = GROWTH["service"]
    warming = [number * limit for number in range(10)]
    assert series(*warming, *[9 * limit] * 20).problems() == []
    peak = [0] * 20
    peak[-2] = 9 * limit
    assert series(*[0] * 10, *peak).problems() == []
    assert series(*[0] * 10, *[number * limit // 5 for number in range(20)]).problems()


@pytest.mark.parametrize(
    ("slices", "is_slower"),
    [([0.1] * 9, False), ([0.1] * 6 + [0.5] * 3, True), ([0.1, 0.9, 0.1] * 3, False)],
)
def test_callers_who_wait_longer_at_the_end_are_noticed(
    slices: Sequence[float], is_slower: bool
) -> None:
    assert bool(slower(slices)) is is_slower


def test_events_that_pile_up_and_what_is_never_closed_are_noticed() -> None:
    held = [{"api": n} for n in range(90)]
    piled = Soak([Sample(n, {}, one, one, one, {"api": n * 9}) for n, one in enumerate(held)])
    found = [problem.rpartition(" ")[0] for problem in piled.problems()]
    assert found == ["api: 40 files", "api: 40 tasks", "api: 40 connections",
                     "events pile up in the outbox of"]  # fmt: skip
