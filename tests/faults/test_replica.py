"""A standby answers what may be a little old, and only that: it lags, dies and comes back, and no
caller is refused or shown something older than is allowed."""

import asyncio
import json
import os
import time
from typing import Any

from local_stack.environment import GATEWAY
from local_stack.stack import SERVICES

from tests.faults.client import Answer, Client, Request
from tests.faults.followed import MOST_BEHIND, STANDBY, FollowedStack
from tests.faults.rig import Rig
from tests.faults.schedule import BACK
from tests.faults.system import ROOT, TWO_SERVICES
from tests.prepared import Prepared
from tests.table import Tell

SEED = int(os.environ.get("TRIAL_SEED", "20260218"))
SECONDS = 3.0
"""Of load while the standby is away."""
PUBLISHED = json.loads((ROOT / "docs/api/openapi.json").read_text())["paths"]
DECLARED = sorted(
    path.removeprefix("/api/v1")
    for path, operations in PUBLISHED.items()
    if "x-may-be-stale" in operations.get("get", {})
)
BOARDS = ("/supervision-board", "/execution-board", "/leverage")
ITEMS = "/supervision-items?limit=1&include_total=true"
LAGS, FOLLOWS = "SELECT pg_wal_replay_pause()", "SELECT pg_wal_replay_resume()"


async def read(client: Client, path: str, **headers: str) -> Answer:
    answer = await client.call(Request("read", "office", "GET", path, {}, headers))
    assert answer.status == 200, (path, answer.status, answer.body)
    return answer


async def answered_by(client: Client, path: str, *, standby: bool, within: float = BACK) -> Answer:
    """The first answer of the one that is waited for."""
    until = time.monotonic() + within
    while True:
        answer = await read(client, path)
        age = answer.headers.get("Age")
        assert age is None or int(age) <= MOST_BEHIND
        if (age is not None) is standby:
            return answer
        assert time.monotonic() < until, f"{path}: only ever {dict(answer.headers)}"
        await asyncio.sleep(0.1)


def on_board(answer: Answer) -> int:
    """Open items of the trial's unit."""
    return sum(int(row["open"]) for row in answer.body["items"])


async def issue(client: Client, title: str) -> None:
    body: dict[str, Any] = {
        "title": title,
        "description": "trial",
        "responsible_unit": "trial-unit-0",
        "due_workdays": 10,
    }
    answer = await client.call(
        Request("issue", "office", "POST", "/supervision-items", body), title
    )
    assert answer.ok, answer.body


async def test_what_may_be_stale_is_and_nothing_else(tell: Tell) -> None:
    services = [name for name in SERVICES if name != GATEWAY]
    board = "/supervision-board"
    with Rig.running(services, SEED, kind=FollowedStack) as rig:
        assert isinstance(rig.stack, FollowedStack)
        standby = rig.stack.standby
        async with rig.client() as client:
            assert set(BOARDS) < set(DECLARED)
            for path in DECLARED:
                await answered_by(client, path, standby=True)
            assert "Age" not in (await read(client, ITEMS)).headers
            changed = await read(client, f"{board}?updated_since=2026-01-01T00:00:00Z")
            assert "Age" not in changed.headers

            standby.psql(LAGS)
            await issue(client, "lagging")
            assert on_board(await answered_by(client, board, standby=True)) == 0
            newest = {"Cache-Control": "no-cache"}
            assert on_board(await read(client, board, **newest)) == 1
            assert (await read(client, ITEMS)).body["total"] == 1

            late = MOST_BEHIND + 5
            assert on_board(await answered_by(client, board, standby=False, within=late)) == 1
            standby.psql(FOLLOWS)
            assert on_board(await answered_by(client, board, standby=True)) == 1
    tell("replica", seed=SEED, reads=len(DECLARED), stale_for_at_most=f"{MOST_BEHIND:.0f} s")


async def test_a_standby_that_dies_under_load_refuses_nobody(
    prepared: Prepared, tell: Tell
) -> None:
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared, kind=FollowedStack) as rig:
        reads = await load_while_it_dies(rig)
        report = await rig.verdict()
    assert report.clean, str(report)
    by_it = sum(by_standby for _, by_standby in reads)
    assert by_it > 0
    tell("replica killed", seed=SEED, reads=len(reads), by_it=by_it, refused=0)


async def load_while_it_dies(rig: Rig) -> list[tuple[float, bool]]:
    """When each read began, and whether the standby answered it."""
    reads: list[tuple[float, bool]] = []

    async def keep_reading(client: Client, stop: asyncio.Event) -> None:
        while not stop.is_set():
            for board in BOARDS:
                began = time.monotonic()
                reads.append((began, "Age" in (await read(client, board)).headers))

    async def without_it(since: float) -> None:
        """Who reads is answered all the same; a busy machine may take its time."""
        await asyncio.sleep(SECONDS)
        while not (begun := [by_standby for began, by_standby in reads if began > since]):
            assert time.monotonic() < since + BACK, f"no answer after {len(reads)} reads"
            await asyncio.sleep(0.1)
        assert not any(begun)

    async def die_and_return() -> None:
        stack = rig.stack
        async with rig.client() as client:
            await answered_by(client, BOARDS[0], standby=True)
            stop = asyncio.Event()
            reading = asyncio.create_task(keep_reading(client, stop))
            await asyncio.sleep(SECONDS / 3)
            stack.kill(STANDBY)
            await asyncio.to_thread(stack.halt, STANDBY)
            await without_it(since=time.monotonic())
            stack.resume(STANDBY)
            await asyncio.to_thread(stack.wait_ready, BACK)
            await answered_by(client, BOARDS[0], standby=True)
            stop.set()
            await reading

    await rig.load(until=asyncio.create_task(die_and_return()))
    return reads
