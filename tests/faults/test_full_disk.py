"""The disk of NATS is full for a while, then that of Postgres: nothing is acknowledged that is not
kept, a write that cannot be kept is answered with 503 and a reason, and nobody has to help."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from tests.faults.client import Request
from tests.faults.disk import Disk, NoMounts, own_disk
from tests.faults.rig import Rig
from tests.faults.system import TWO_SERVICES
from tests.prepared import Prepared
from tests.table import Tell

SEED = 47
FULL = 12.0
"""Seconds the disk stays full, under load: long enough for NATS to be started again while it is."""
RECOVERED = 90.0
"""Seconds until everything serves again without help, at most; what is measured is printed."""
ITEM = Request(
    "issue an item",
    "office",
    "POST",
    "/supervision-items",
    {"title": "full", "description": "trial" * 100, "responsible_unit": "trial-unit-0"},
)


@pytest.fixture(scope="module")
def rig(prepared: Prepared) -> Iterator[Rig]:
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared) as rig:
        yield rig


async def recovered(rig: Rig) -> float:
    """Seconds until every process is ready and new writes are answered."""
    began = time.monotonic()
    await asyncio.to_thread(rig.stack.wait_ready, RECOVERED)
    await rig.load(seconds=0.5)
    return time.monotonic() - began


async def test_a_full_disk_of_nats_holds_events_back_and_no_write(rig: Rig, tell: Tell) -> None:
    try:
        with own_disk(rig.stack, "nats", rig.stack.data_dir / "nats" / "store") as disk:
            await asyncio.to_thread(rig.stack.wait_ready)
            await rig.load(seconds=1.0)
            disk.fill()
            seen = len(rig.history.operations)
            await rig.load(seconds=FULL)
            answers = [s for o in rig.history.operations[seen:] for s in o.attempts]
            assert rig.stack.nats_cannot_write()
            disk.free()
            seconds = await recovered(rig)
            report = await rig.verdict()
    except NoMounts as error:
        pytest.skip(f"no file system may be mounted here: {error}")
    assert report.clean, str(report)
    assert set(answers) <= {200, 201}
    assert not rig.stack.nats_cannot_write()
    tell(
        "full disk of NATS", seed=SEED, writes_meanwhile=len(answers), refused=0,
        recovered_after=f"{seconds:.1f} s", lost=0, doubled=0,
    )  # fmt: skip


async def fill_and_ask(rig: Rig, disk: Disk) -> set[int]:
    """Write until nothing is taken any more; the statuses of all answers."""
    statuses: set[int] = set()
    async with rig.client() as client:
        await client.sign_in(ITEM.role)
        disk.fill()
        end = time.monotonic() + FULL
        number = 0
        while time.monotonic() < end or 503 not in statuses:
            number += 1
            operation = rig.history.begin(ITEM.kind, f"full-{number}")
            body = {**ITEM.body, "title": operation.key}
            request = Request(ITEM.kind, ITEM.role, ITEM.method, ITEM.path, body)
            answer = await client.call(request, operation.key)
            operation.attempts.append(answer.status)
            statuses.add(answer.status)
            if answer.ok:
                operation.resources.add(str(answer.body["id"]))
                rig.history.end(operation, "ok")
            else:
                # Not acknowledged: it may have been kept, and is asked for again below.
                rig.history.operations.remove(operation)
            if answer.status == 503:
                assert answer.body["code"]
                assert int(answer.headers["Retry-After"]) >= 1
            assert time.monotonic() < end + RECOVERED, statuses
    return statuses


async def test_a_full_disk_of_postgres_is_never_acknowledged_on(rig: Rig, tell: Tell) -> None:
    try:
        with own_disk(rig.stack, "postgres", rig.stack.data_dir / "postgres") as disk:
            await asyncio.to_thread(rig.stack.wait_ready)
            await rig.load(seconds=1.0)
            statuses = await fill_and_ask(rig, disk)
            disk.free()
            seconds = await recovered(rig)
            report = await rig.verdict()
    except NoMounts as error:
        pytest.skip(f"no file system may be mounted here: {error}")
    assert report.clean, str(report)
    assert 500 not in statuses
    tell(
        "full disk of Postgres", seed=SEED, answers=sorted(statuses),
        recovered_after=f"{seconds:.1f} s", lost=0, doubled=0,
    )  # fmt: skip
