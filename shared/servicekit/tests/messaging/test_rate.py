"""How fast events travel here; printed, because a timed test would only measure the machine."""

import asyncio
import statistics
import time

BACKLOG = 4000
PACED = 200


async def test_a_backlog_drains_in_batches(world) -> None:
    for start in range(0, BACKLOG, 500):
        for lane in range(5):
            numbers = range(start + lane * 100, start + lane * 100 + 100)
            await world.add(f"lane{lane}", numbers)
    began = time.perf_counter()
    await world.publisher()

    async def published() -> bool:
        async with world.source.session() as session:
            row = await session.fetch_row("SELECT count(*) FROM outbox WHERE published_at IS NULL")
        return row is not None and row[0] == 0

    await world.until(published, 60)
    relayed = time.perf_counter()
    await world.consumer()
    account = await world.settled()
    drained = time.perf_counter()
    assert account.outcomes["applied"] == BACKLOG
    print(f"\nrelay {BACKLOG / (relayed - began):,.0f} events/s", end="")
    print(f", consumer {BACKLOG / (drained - relayed):,.0f} events/s")


async def test_a_steady_trickle_arrives_within_milliseconds(world) -> None:
    await world.publisher()
    await world.consumer()
    await world.add("warm", [0])
    await world.settled()
    sent: dict[int, float] = {}
    for number in range(PACED):
        await world.add("trickle", [number])
        sent[number] = time.time()
        await asyncio.sleep(0.005)

    async def arrived() -> bool:
        return len(await world.effects("trickle")) == PACED

    await world.until(arrived)
    async with world.sink.session() as session:
        rows = await session.fetch(
            "SELECT number, extract(epoch FROM applied_at)::float8 AS at FROM effect"
            " WHERE thing = 'trickle'"
        )
    delays = sorted((row["at"] - sent[row["number"]]) * 1000 for row in rows)
    p99 = delays[int(PACED * 0.99)]
    print(f"\ncommit to effect p50 {statistics.median(delays):.1f} ms, p99 {p99:.1f} ms")
