"""One server is away for a while: what still works, what is answered, and what is left behind."""

import asyncio
import shutil
import time
from collections.abc import Iterator

import pytest

from tests.faults.checker.stores import stream_ids, unpublished
from tests.faults.client import Answer, Request
from tests.faults.rig import Rig
from tests.faults.system import TWO_SERVICES
from tests.prepared import Prepared
from tests.table import Tell

SEED = 7
HEALED = 60.0
"""Seconds within which a lost stream is whole again, without an operator."""
AWAY = 3.0
"""Seconds a server stays away."""

ITEM = Request(
    "issue an item",
    "office",
    "POST",
    "/supervision-items",
    {"title": "outage", "description": "trial", "responsible_unit": "trial-unit-0"},
)


@pytest.fixture(scope="module")
def rig(prepared: Prepared) -> Iterator[Rig]:
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared) as rig:
        yield rig


async def test_without_nats_writes_succeed_and_their_events_leave_later(
    rig: Rig, tell: Tell
) -> None:
    before = rig.pids()
    await rig.load(seconds=1.0)
    await asyncio.to_thread(rig.stack.halt, "nats")
    seen = len(rig.history.operations)
    await rig.load(seconds=AWAY)
    answers = [s for o in rig.history.operations[seen:] for s in o.attempts]
    assert answers
    assert set(answers) <= {200, 201}
    assert await unpublished(rig.stack, "supervision") > 0
    rig.stack.resume("nats")
    report = await rig.verdict()
    assert report.clean, str(report)
    assert rig.pids() == before
    tell("without NATS", seed=SEED, writes_meanwhile=len(answers), refused=0, lost=0, doubled=0)


async def test_without_postgres_the_answer_is_503_and_no_restart_is_needed(
    rig: Rig, tell: Tell
) -> None:
    before = rig.pids()
    async with rig.client() as client:
        await client.sign_in(ITEM.role)
        await asyncio.to_thread(rig.stack.halt, "postgres")
        refused: list[Answer] = [await client.call(ITEM, f"down-{n}") for n in range(3)]
        rig.stack.resume("postgres")
        await asyncio.to_thread(rig.stack.wait_ready)
        _, again = await client.until_answered(rig.history, ITEM, "outage")
        assert again.status == 201
    for answer in refused:
        assert answer.status == 503, dict(answer.body)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.body["code"]
    await rig.load(seconds=1.0)
    report = await rig.verdict()
    assert report.clean, str(report)
    assert rig.pids() == before
    tell("without Postgres", seed=SEED, answers=[a.status for a in refused], restarts=0)


async def test_a_wiped_nats_store_is_filled_again_from_the_outboxes(rig: Rig, tell: Tell) -> None:
    await rig.load(seconds=1.0)
    await asyncio.to_thread(rig.stack.halt, "nats")
    await rig.load(seconds=1.0)
    shutil.rmtree(rig.stack.data_dir / "nats" / "store")
    began = time.monotonic()
    rig.stack.resume("nats")
    await rig.load(seconds=1.0)
    report = await rig.verdict()
    healed = time.monotonic() - began
    events = len(await stream_ids(rig.stack, "supervision"))
    assert report.clean, str(report)
    assert healed < HEALED
    tell(
        "NATS store wiped",
        seed=SEED,
        events=events,
        healed_after=f"{healed:.1f} s",
        lost=0,
        doubled=0,
    )
