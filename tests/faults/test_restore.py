"""A host is lost with everything on it, twice: at rest every table comes back as it was, under load
nothing that was acknowledged is missing. Its event streams are made again from the outboxes."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.faults.disaster import (
    Backup,
    bring_back,
    digests,
    lose_everything,
    restore_database,
    start_the_rest,
    stop_the_rest,
)
from tests.faults.quiet import settle
from tests.faults.rig import Rig
from tests.faults.system import TWO_SERVICES
from tests.prepared import Prepared
from tests.table import Tell

SEED = 11
BROUGHT_BACK = 120.0
"""Seconds; what is measured is printed."""


@pytest.fixture
def rig(prepared: Prepared) -> Iterator[Rig]:
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared) as rig:
        yield rig


@pytest.fixture
def backup(rig: Rig, new_directory) -> Iterator[Backup]:
    backup = Backup(rig.stack, new_directory())
    yield backup
    backup.stop()


async def test_a_lost_host_comes_back_with_every_acknowledged_write(
    rig: Rig, backup: Backup, tell: Tell
) -> None:
    await asyncio.to_thread(backup.follow)
    together = asyncio.create_task(asyncio.to_thread(backup.copy))
    await rig.load(seconds=3.0)
    print(await together)
    await at_rest(rig, backup)
    seconds = await under_load(rig, backup)
    report = await rig.verdict()
    assert report.clean, str(report)
    tell(
        "host lost, from the backup", seed=SEED, acknowledged=rig.history.outcomes()["ok"],
        back_after=f"{seconds:.0f} s", lost=0, doubled=0,
    )  # fmt: skip


ITEMS = "supervision.supervision_item"


async def test_a_moment_is_restored_from_the_last_copy_before_it(rig: Rig, backup: Backup) -> None:
    await asyncio.to_thread(backup.follow)
    await asyncio.to_thread(backup.copy)
    await rig.load(seconds=2.0)
    before = await asyncio.to_thread(digests, rig.stack, backup.postgres)
    moment = backup.postgres.psql("SELECT clock_timestamp()").strip()
    await asyncio.sleep(1.1)
    await rig.load(seconds=1.0)
    await asyncio.to_thread(backup.copy)
    after = await asyncio.to_thread(digests, rig.stack, backup.postgres)
    await asyncio.to_thread(lose_everything, rig.stack, backup)
    await asyncio.to_thread(restore_database, rig.stack, backup, moment)
    restored = await asyncio.to_thread(digests, rig.stack, backup.postgres)
    assert restored[ITEMS] == before[ITEMS] != after[ITEMS]


async def at_rest(rig: Rig, backup: Backup) -> None:
    """Every table is as it was, the log since the copy included."""
    await settle(rig.stack)
    # Who only looks after its work notes now and then how far everybody has come.
    await asyncio.to_thread(stop_the_rest, rig.stack)
    before = await asyncio.to_thread(digests, rig.stack, backup.postgres)
    assert sum(not found.startswith("0 ") for found in before.values()) > 20
    await asyncio.to_thread(lose_everything, rig.stack, backup)
    await asyncio.to_thread(restore_database, rig.stack, backup)
    assert await asyncio.to_thread(digests, rig.stack, backup.postgres) == before
    await asyncio.to_thread(start_the_rest, rig.stack)


async def under_load(rig: Rig, backup: Backup) -> float:
    """In the middle of writes: the callers try again until they are answered. Answers the seconds
    until everything served again."""
    print(await asyncio.to_thread(backup.copy))

    async def disaster() -> float:
        await asyncio.sleep(2.0)
        await asyncio.to_thread(lose_everything, rig.stack, backup)
        return await asyncio.to_thread(bring_back, rig.stack, backup)

    lost = asyncio.create_task(disaster())
    await rig.load(seconds=4.0)
    seconds = await lost
    assert seconds < BROUGHT_BACK
    return seconds
