"""Whether every message of a stream is accounted for: applied + ignored + parked + pending."""

import asyncio

from servicekit.messaging import stream
from servicekit.testing.two_sides import World


async def tally(world: World, generation: str) -> int:
    async with world.sink.session() as session:
        row = await session.fetch_row(
            "SELECT coalesce(sum(events), 0) FROM inbox_tally WHERE generation = $1", generation
        )
    return int(row[0]) if row else 0


async def off_balance(world: World) -> int:
    """Messages that are neither accounted for nor pending, or are accounted for before they were
    given out; a message between its commit and its acknowledgement is both, and rightly so."""
    bus = world._running[-1].bus
    before = await stream.state(bus, "parks")
    counted = await tally(world, before.generation)
    info = await bus.api("CONSUMER.INFO.PARKS.targets__parks")
    after = await stream.state(bus, "parks")
    skipped = before.counted - info["num_pending"] - info["num_ack_pending"]
    skipped -= await tally(world, before.generation)
    too_early = counted - (after.counted - info["num_pending"])
    return max(skipped, 0) + max(too_early, 0)


async def balances(world: World, until: asyncio.Event, every: float = 1.0) -> list[int]:
    """One of every second, or as often as is asked, as long as things go on."""
    found: list[int] = []
    while not until.is_set():
        found.append(await off_balance(world))
        await asyncio.sleep(every)
    return found
