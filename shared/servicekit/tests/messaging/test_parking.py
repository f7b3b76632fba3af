"""What cannot be applied is put aside in the open, and comes back by one call."""

import asyncio

import asyncpg
import nats
import orjson
from servicekit.messaging import parked
from servicekit.testing.two_sides import envelope
from sqlalchemy import text


async def parked_reasons(world, thing: str) -> dict[int, str]:
    async with world.sink.session() as session:
        rows = await session.fetch(
            "SELECT aggregate_version, reason FROM parked_event"
            " WHERE aggregate_id = $1 AND resolved_at IS NULL",
            thing,
        )
    return {row["aggregate_version"]: row["reason"] for row in rows}


async def send(world, body: bytes, subject: str = "kechuang.parks.thing.counted.v1") -> None:
    client = await nats.connect(
        world.nats.url, user="parks", password="parks-password", inbox_prefix=b"_INBOX_parks"
    )
    await client.request(subject, body, timeout=2)
    await client.close()


async def test_a_failing_event_is_parked_with_those_behind_it_and_the_others_go_on(world) -> None:
    world.broken.add(2)
    await world.publisher()
    await world.consumer()
    await world.add("sick", [1, 2, 3, 4])
    await world.add("well", [1, 3, 4])

    async def both_behind() -> bool:
        return await parked_reasons(world, "sick") == {2: "failed", 3: "behind", 4: "behind"}

    await world.until(both_behind)
    assert await world.effects("sick") == [1]
    assert await world.effects("well") == [1, 3, 4]
    account = await world.settled()
    assert account.outcomes["parked"] == 3


async def test_one_call_replays_everything_in_order(world) -> None:
    world.broken.add(12)
    await world.publisher()
    await world.consumer()
    await world.add("again", [11, 12, 13])

    async def parked_two() -> bool:
        return len(await parked_reasons(world, "again")) == 2

    await world.until(parked_two)
    async with world.sink.session() as session:
        shown = [e for e in await parked.list_parked(session) if e.aggregate_id == "again"]
    assert next((e.reason, e.attempts, e.data) for e in shown) == (
        "failed",
        3,
        {"thing": "again", "number": 12},
    )
    assert "12 is broken" in shown[0].error
    world.broken.clear()
    async with world.sink.session() as session:
        assert await parked.request_replay(session) >= 2

    async def all_applied() -> bool:
        return await world.effects("again") == [11, 12, 13]

    await world.until(all_applied)
    await world.add("again", [14])

    async def the_next_too() -> bool:
        return await world.effects("again") == [11, 12, 13, 14]

    await world.until(the_next_too)
    assert (await world.settled()).outcomes["parked"] == await open_parked(world)


async def open_parked(world) -> int:
    async with world.sink.session() as session:
        return await parked.count_parked(session)


async def test_a_replay_that_fails_parks_the_event_again(world) -> None:
    world.broken.add(21)
    await world.publisher()
    await world.consumer()
    await world.add("still", [21, 22])

    async def parked_two() -> bool:
        return len(await parked_reasons(world, "still")) == 2

    await world.until(parked_two)
    async with world.sink.session() as session:
        await parked.request_replay(session)

    async def tried() -> bool:
        async with world.sink.session() as session:
            return bool(
                await session.fetch(
                    "SELECT FROM parked_event WHERE aggregate_id = 'still'"
                    " AND aggregate_version = 1 AND attempts = 4 AND replay_requested_at IS NULL"
                )
            )

    await world.until(tried)
    assert await parked_reasons(world, "still") == {1: "failed", 2: "behind"}
    assert await world.effects("still") == []


async def test_a_gap_is_waited_for_then_parked_and_healed_by_the_missing_event(world) -> None:
    await world.consumer()
    await send(world, envelope("gap", 2))

    async def parked_gap() -> bool:
        return await parked_reasons(world, "gap") == {2: "gap"}

    await world.until(parked_gap)
    assert await world.effects("gap") == []
    await send(world, envelope("gap", 1))

    async def healed() -> bool:
        return await world.effects("gap") == [1, 2]

    await world.until(healed)
    assert await parked_reasons(world, "gap") == {}
    await world.settled()


async def test_an_early_event_is_applied_as_soon_as_the_one_before_it_came(world) -> None:
    await world.consumer()
    await send(world, envelope("early", 2))
    await asyncio.sleep(0.3)
    await send(world, envelope("early", 1))

    async def in_order() -> bool:
        return await world.effects("early") == [1, 2]

    await world.until(in_order)
    async with world.sink.session() as session:
        assert not await session.fetch("SELECT FROM parked_event WHERE aggregate_id = 'early'")


async def test_poison_is_parked_at_once_and_nothing_waits_for_it(world) -> None:
    await world.consumer()
    before = await open_parked(world)
    poisons = [
        b"",
        b"\x00\xff not json",
        b"[]",
        orjson.dumps({"specversion": "1.0"}),
        envelope("poison", 1, aggregateversion=0),
        envelope("poison", 1, aggregateversion="1"),
        envelope("poison", 1, id="not-a-uuid"),
        envelope("poison", 1, subject="a\x00b"),
        envelope("poison", 1, data=[1]),
        envelope("poison", 1, type="kechuang.parks.other.v1"),
        envelope("poison2", 1, data={"thing": "poison2", "number": "many"}),
    ]
    for body in poisons:
        await send(world, body)
    await send(world, envelope("healthy", 1))

    async def all_parked() -> bool:
        return await open_parked(world) == before + len(poisons)

    async def healthy() -> bool:
        return await world.effects("healthy") == [1]

    await world.until(all_parked)
    await world.until(healthy)
    await world.settled()


async def test_a_value_the_database_cannot_hold_is_a_failure_and_not_an_outage(world) -> None:
    await world.consumer()
    await send(world, envelope("huge", 1, data={"thing": "huge", "number": 2**63}))

    async def parked_it() -> bool:
        return await parked_reasons(world, "huge") == {1: "failed"}

    await world.until(parked_it)


async def test_an_accepted_gap_is_passed_by_a_replay(world) -> None:
    await world.consumer()
    await send(world, envelope("hole", 5))

    async def parked_gap() -> bool:
        return await parked_reasons(world, "hole") == {5: "gap"}

    await world.until(parked_gap)
    async with world.sink.session() as session:
        await parked.request_replay(session)

    async def applied() -> bool:
        return await world.effects("hole") == [5]

    await world.until(applied)


async def test_a_database_that_is_away_parks_nothing(world) -> None:
    await world.publisher()
    await world.consumer()
    await world.add("away", range(5))

    async def first() -> bool:
        return len(await world.effects("away")) == 5

    await world.until(first)
    before = await open_parked(world)
    name = world.targets.name
    async with world.sink.session() as session:
        await session.execute(text("SELECT 1"))
    await deny(world, name, deny=True)
    await world.add("away", range(5, 20))
    await asyncio.sleep(2.5)
    await deny(world, name, deny=False)

    async def everything() -> bool:
        return await world.effects("away") == list(range(20))

    await world.until(everything)
    await world.settled()
    assert await open_parked(world) == before


async def deny(world, name: str, *, deny: bool) -> None:
    """Throw everybody out of a database, or let them in again."""
    admin = await asyncpg.connect(world.targets.superuser_url.replace(name, "postgres"))
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
    await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {not deny}')
    if deny:
        await admin.execute(ended, name)
    await admin.close()
