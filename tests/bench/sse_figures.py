"""A thousand listeners on one gateway: what they cost in memory, and how soon all have an event.

Real processes on the embedded stack; the listeners are plain sockets in this process. A second
gateway, API and worker in one, serves them, so that its memory can be told from the stack's own.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
from contracts.targets import UnitChanged
from local_stack.stack import Stack
from servicekit.db import Database
from servicekit.embedded.ports import free_ports
from servicekit.messaging import outbox
from servicekit.messaging.nudge import Nudger

LISTENERS = 1000
EVENTS = 20
PAUSE = 0.25
"""Seconds between two events."""


@dataclass(frozen=True, slots=True)
class SseFigures:
    """`resident` in MB with all listeners, `each` in KB for one; `p99` in ms from the commit in
    the publishing service until a listener has the event; `lost` counts missing deliveries."""

    resident: float
    each: float
    p99: float
    lost: int


@contextmanager
def gateway(stack: Stack) -> Iterator[tuple[str, int, int]]:
    """Its host, port and process id."""
    [port] = free_ports(1)
    environment = stack.environment("gateway") | {
        "KECHUANG_PORT": str(port),
        "KECHUANG_OPS_PORT": "0",
        "KECHUANG_STREAMS_PER_CLIENT": str(LISTENERS),
        "KECHUANG_RATE_LIMIT": "100000/second",
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "gateway", "all"],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield "127.0.0.1", port, running.pid
    finally:
        running.terminate()
        running.wait()


async def ready(base: str) -> None:
    """Wait for the gateway and for the rules by which it decides who sees what."""
    async with asyncio.timeout(60), httpx.AsyncClient(base_url=base, trust_env=False) as client:
        while True:
            try:
                if (await client.get("/readyz")).status_code == 200:
                    document = (await client.get("/api/v1/openapi.json")).json()
                    if "x-missing-services" not in document:
                        return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


async def token(base: str, client: dict[str, str]) -> str:
    async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
        form = {"grant_type": "client_credentials", **client}
        return (await http.post("/oauth/token", data=form)).json()["access_token"]


async def listen(
    host: str, port: int, bearer: str, ready: asyncio.Semaphore, seen: dict[str, list[float]]
) -> None:
    """Note when each event comes; runs until cancelled."""
    reader, writer = await asyncio.open_connection(host, port)
    head = f"GET /api/v1/events/stream HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {bearer}"
    writer.write(f"{head}\r\n\r\n".encode())
    try:
        async for line in reader:
            if line.startswith(b"retry:"):
                ready.release()
            elif line.startswith(b"data:"):
                _, _, rest = line.partition(b'"subject":"unit:sse-')
                if rest:
                    seen.setdefault(rest.partition(b'"')[0].decode(), []).append(
                        time.perf_counter()
                    )
    finally:
        writer.close()


async def measure() -> SseFigures:
    with (
        TemporaryDirectory() as directory,
        Stack(Path(directory) / "stack", apply_plan=False) as stack,
        gateway(stack) as (host, port, pid),
    ):
        base = f"http://{host}:{port}"
        await ready(base)
        process = psutil.Process(pid)
        before = process.memory_full_info().pss
        bearer = await token(base, stack.clients["office"])
        seen: dict[str, list[float]] = {}
        open_streams = asyncio.Semaphore(0)
        tasks = [
            asyncio.create_task(listen(host, port, bearer, open_streams, seen))
            for _ in range(LISTENERS)
        ]
        for _ in range(LISTENERS):
            await asyncio.wait_for(open_streams.acquire(), 60)
        committed = await publish(stack)
        resident = process.memory_full_info().pss
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    waits = [moment - committed[code] for code, found in seen.items() for moment in found]
    return SseFigures(
        resident=resident / 1e6,
        each=(resident - before) / LISTENERS / 1e3,
        p99=statistics.quantiles(waits, n=100)[98] * 1000,
        lost=LISTENERS * EVENTS - len(waits),
    )


async def publish(stack: Stack) -> dict[str, float]:
    """Commit units, one by one; when each was committed."""
    committed: dict[str, float] = {}
    async with Database(stack.environment("targets")["KECHUANG_DATABASE_URL"]) as source:
        bell = Nudger(source)
        await bell.start()
        source.on_commit = bell.poke
        for number in range(EVENTS):
            async with source.session() as session:
                unit = UnitChanged(unit_code=f"sse-{number}", name="sse", kind="bureau")
                outbox.add(session, unit)
            committed[str(number)] = time.perf_counter()
            await asyncio.sleep(PAUSE)
        await bell.close()
    await asyncio.sleep(3)
    return committed
