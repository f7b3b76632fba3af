"""Events arrive once and in order, whatever the commits do."""

import asyncio
import random

from servicekit.deferred import Deferred
from servicekit.messaging import outbox
from sqlalchemy import text


async def test_an_event_is_applied_once_with_its_case(world) -> None:
    await world.publisher()
    await world.consumer()
    await world.add("a", [1, 2, 3])
    account = await world.settled()
    await world.until(lambda: world.effects("a"))
    account = await world.settled()
    assert await world.effects("a") == [1, 2, 3]
    assert account.outcomes["applied"] == 3


async def test_an_event_is_stored_with_its_effect_or_not_at_all(world) -> None:
    try:
        async with world.source.session() as session:
            outbox.add(session, world.counted(thing="never", number=1))
            raise KeyError
    except KeyError:
        pass
    async with world.source.session() as session:
        rows = await session.fetch("SELECT FROM outbox WHERE aggregate_id = 'never'")
        kept = await session.fetch("SELECT FROM aggregate_version WHERE aggregate_id = 'never'")
    assert rows == kept == []


async def test_versions_are_contiguous_and_in_order_of_the_call(world) -> None:
    async with world.source.session() as session:
        for number, thing in enumerate(["x", "y", "x", "x", "y"]):
            outbox.add(session, world.counted(thing=thing, number=number))
    await world.add("x", [9])
    async with world.source.session() as session:
        rows = await session.fetch(
            "SELECT aggregate_id, aggregate_version, data FROM outbox"
            " WHERE aggregate_id IN ('x', 'y') ORDER BY seq"
        )
    assert [(r["aggregate_id"], r["aggregate_version"]) for r in rows] == [
        ("x", 1), ("y", 1), ("x", 2), ("x", 3), ("y", 2), ("x", 4),
    ]  # fmt: skip


async def test_an_aggregate_is_locked_after_the_row_that_changes_with_it(world) -> None:
    """In one statement as in several: two that change a row and tell of it do not wait for each
    other."""
    more = "UPDATE effect SET number = number + 1 WHERE thing = 'row'"
    async with world.source.session() as session:
        await session.execute(text("INSERT INTO effect (thing, number) VALUES ('row', 0)"))

    async def in_one_statement() -> None:
        async with world.source.session() as session:
            session.defer(Deferred(f"{more} RETURNING n", name="step"))
            outbox.add(session, world.counted(thing="row", number=2))

    async def waits() -> bool:
        async with world.source.session() as session:
            return await session.fetch_row("SELECT FROM pg_locks WHERE NOT granted") is not None

    async with world.source.session() as session:
        await session.execute(text(more))
        second = asyncio.create_task(in_one_statement())
        await world.until(waits)
        outbox.add(session, world.counted(thing="row", number=1))
    await second
    async with world.source.session() as session:
        rows = await session.fetch(
            "SELECT data ->> 'number' AS number FROM outbox WHERE aggregate_id = 'row' ORDER BY seq"
        )
    assert [row["number"] for row in rows] == ["1", "2"]


async def test_sixteen_writers_with_late_commits_keep_every_aggregate_in_order(world) -> None:
    await world.publisher()
    await world.consumer()
    dice = random.Random(7)

    async def write(writer: int) -> None:
        for number in range(40):
            async with world.source.session() as session:
                outbox.add(
                    session, world.counted(thing=f"shared{dice.randrange(5)}", number=number)
                )
                outbox.add(session, world.counted(thing=f"own{writer}", number=number))
                # Opens the transaction, so that the rows are written well before their commit.
                await session.execute(text("SELECT 1"))
                await session.flush_deferred()
                await asyncio.sleep(dice.random() * 0.01)

    await asyncio.gather(*(write(writer) for writer in range(16)))

    async def all_there() -> bool:
        return all([len(await world.effects(f"own{w}")) == 40 for w in range(16)])

    await world.until(all_there)
    account = await world.settled()
    for writer in range(16):
        assert await world.effects(f"own{writer}") == list(range(40))
    async with world.sink.session() as session:
        received = await session.fetch(
            "SELECT aggregate_id, count(*) AS events, max(aggregate_version) AS version FROM inbox"
            " WHERE aggregate_id LIKE 'shared%' GROUP BY 1"
        )
        parked = await session.fetch("SELECT FROM parked_event")
    assert all(row["events"] == row["version"] for row in received)
    assert sum(row["events"] for row in received) == 16 * 40
    assert parked == []
    assert account.outcomes["parked"] == 0


async def test_what_nobody_hears_is_ignored_and_keeps_the_order_going(world) -> None:
    await world.publisher()
    await world.consumer()
    before = (await world.settled()).outcomes["ignored"]
    await world.add("mixed", [1])
    await world.add("mixed", [2], heard=False)
    await world.add("mixed", [3])

    async def both() -> bool:
        return await world.effects("mixed") == [1, 3]

    await world.until(both)
    assert (await world.settled()).outcomes["ignored"] == before + 1


async def test_a_second_worker_takes_over_and_each_event_is_applied_once(world) -> None:
    await world.publisher()
    first = await world.consumer()
    await world.consumer()
    for start in range(0, 600, 20):
        await world.add(f"pair{start % 7}", range(start, start + 20))
        if start == 200:
            await first.stop()

    async def all_there() -> bool:
        return sum([len(await world.effects(f"pair{n}")) for n in range(7)]) >= 600

    await world.until(all_there)
    account = await world.settled()
    assert account.outcomes["parked"] == 0
    for n in range(7):
        effects = await world.effects(f"pair{n}")
        assert effects == sorted(set(effects))


async def test_readiness_is_good_and_names_what_is_wrong(world) -> None:
    worker = await world.publisher()

    async def ready() -> bool:
        return not any([await check() for check in worker.checks().values()])

    await world.until(ready)
    worker._settings.nats_monitor_url = ""
    assert "sync_interval" in (await worker.checks()["nats_sync"]() or "")
