"""What calls cost the whole system, in time of a core: gateway, APIs, workers, Postgres and NATS
together, events and their effects included. `docs/sizing.md` counts with it.

The embedded stack with the plan and a year of synthetic data, each process apart. Time of a core
and not of the clock, because the caller's own share of the machine is no part of it.
"""

import asyncio
import contextlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import orjson
import psutil
from local_stack.demo.story import play
from local_stack.environment import GATEWAY
from local_stack.stack import Stack

from tests.bench.event_figures import until
from tests.bench.http_figures import enterprises, posts
from tests.bench.load import drive, request
from tests.bench.sse_figures import token

SECONDS = 6.0
REST = 2.0
"""Seconds after a measurement in which what was announced takes its effect."""
CALLERS = 8
PUBLISHED = "SELECT count(*) = 0 FROM outbox WHERE published_at IS NULL"
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of a core for one call, `whole` and by part of the system."""

    whole: float
    parts: Mapping[str, float]
    failed: int


def part_of(name: str) -> str:
    if name in ("postgres", "nats", GATEWAY):
        return name
    return "workers" if name.endswith("-worker") else "APIs"


def core_seconds(stack: Stack) -> dict[str, float]:
    """What each part has used so far, ended children included."""
    used: dict[str, float] = {}
    for name in stack.names:
        pid = stack.pid(name)
        assert pid is not None
        process = psutil.Process(pid)
        times = process.cpu_times()
        mine = times.user + times.system + times.children_user + times.children_system
        for child in process.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                theirs = child.cpu_times()
                mine += theirs.user + theirs.system
        used[part_of(name)] = used.get(part_of(name), 0.0) + mine
    return used


async def idle_share(stack: Stack) -> dict[str, float]:
    """What each part uses in a second in which nobody calls."""
    before = core_seconds(stack)
    await asyncio.sleep(2 * REST)
    after = core_seconds(stack)
    return {part: (after[part] - before[part]) / (2 * REST) for part in after}


async def cost(stack: Stack, make: Callable[[], bytes], idle: Mapping[str, float]) -> Cost:
    """Of one call among many, until its events have taken effect; without what idling costs."""
    port = int(stack.url.rpartition(":")[2])
    await drive(port, make, seconds=1.0, connections=CALLERS)
    await quiet(stack)
    loop = asyncio.get_running_loop()
    before, began = core_seconds(stack), loop.time()
    seen = await drive(port, make, seconds=SECONDS, connections=CALLERS)
    await quiet(stack)
    after, took = core_seconds(stack), loop.time() - began
    parts = {
        part: max(0.0, after[part] - before[part] - idle[part] * took) / seen.count * 1000
        for part in after
    }
    return Cost(sum(parts.values()), parts, seen.failed)


async def quiet(stack: Stack) -> None:
    for service in stack.services:
        if service != GATEWAY:
            connection = await asyncpg.connect(stack.database_url(service))
            await until(connection, PUBLISHED)
            await connection.close()
    await asyncio.sleep(REST)


async def measure() -> dict[str, Cost]:
    """By what is done: a page of a list, a board, a row that is saved, a step that other services
    hear of."""
    door = {"KECHUANG_RATE_LIMIT": "1000000/second"}
    with TemporaryDirectory() as directory:
        there = Path(directory) / "stack"
        with Stack(there, split=True, door=door) as stack:
            with contextlib.redirect_stdout(io.StringIO()):
                await asyncio.to_thread(play, there)
            bearer = {"Authorization": f"Bearer {await token(stack.url, stack.clients['office'])}"}
            item = {
                "title": "季度未达标", "description": "落后于进度", "due_workdays": 10,
                "responsible_unit": "st-bureau", "holds_payments": True,
            }  # fmt: skip
            items = iter(partial(orjson.dumps, item), None)
            calls = {
                "a page of a list": partial(request, "GET", f"{API}/enterprises?limit=20", bearer),
                "the status board": partial(
                    request, "GET", f"{API}/status-board?limit=200", bearer
                ),
                "a row that is saved": posts(f"{API}/enterprises", bearer, enterprises()),
                "a step others hear of": posts(f"{API}/supervision-items", bearer, items),
            }
            await quiet(stack)
            idle = await idle_share(stack)
            return {name: await cost(stack, make, idle) for name, make in calls.items()}
