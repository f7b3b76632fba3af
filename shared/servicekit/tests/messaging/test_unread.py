"""What left a full stream before it was read goes out again; what was read is not applied twice."""

import asyncio

import asyncpg
import pytest
import pytest_asyncio
from servicekit.messaging import bootstrap, relay, stream, unread
from servicekit.messaging.stream import Progress, StreamState
from servicekit.messaging.unread import Reading, give_out_again
from servicekit.testing.two_sides import Server
from servicekit.worker import Worker

SMALL = 256 * 1024


@pytest.fixture(scope="module")
def server(whole_world):
    server = Server(whole_world)
    yield server
    server.kill()


@pytest_asyncio.fixture(loop_scope="module")
async def small(world, monkeypatch):
    """Streams that hold some 380 events, and are looked at often."""
    monkeypatch.setattr(relay, "CHECK", 0.05)
    monkeypatch.setattr(relay, "POLL", 0.05)
    monkeypatch.setattr(bootstrap, "DUPLICATE_WINDOW", 1)
    world.max_bytes = SMALL
    await world.bootstrap()
    return world


@pytest_asyncio.fixture(loop_scope="module")
async def outbox(world):
    """The publisher's database, as its owner reaches it."""
    owner = await asyncpg.connect(world.parks.migrator_url)
    yield owner
    await owner.close()


async def all_out(world, outbox) -> None:
    async def none_waits() -> bool:
        return not await outbox.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")

    await world.until(none_waits)


async def while_the_reader_is_away(world, outbox, thing: str) -> Worker:
    """50 events are read, and 950 more fill the stream twice over; the worker that publishes."""
    await world.publisher()
    await world.consumer()
    await world.sent(thing, range(50))
    await world.stop_workers()
    publisher = await world.publisher()
    await world.add(thing, range(50, 1000))
    await all_out(world, outbox)
    return publisher


async def until_all_are_applied(world, thing: str, count: int) -> None:
    async def whole() -> bool:
        return await world.effects(thing) == list(range(count))

    await world.until(whole, 60)


def test_what_left_beyond_what_was_read_is_noted() -> None:
    def after(reading: Reading, first: int, read: int) -> Reading:
        return reading.seen(StreamState("g", 100, first, first + 99, 0, 0), Progress("d", read, 0))

    reading = after(Reading(), first=1, read=60)
    assert reading == Reading(read=60)
    assert after(reading, first=61, read=90) == Reading(read=90), "what left was read before"
    left = after(reading, first=81, read=60)
    assert left == Reading(read=80, again=60, until=80)
    assert after(left, first=81, read=180) == Reading(read=180, again=60, until=80)
    assert after(left, first=91, read=60) == Reading(read=90, again=60, until=90), "more has left"
    assert after(reading, first=1, read=40) == Reading(read=40), "an older copy of the store"
    healed = Reading(read=180, again=80, until=80)
    assert after(healed, first=191, read=290) == Reading(read=290, again=180, until=190)


async def test_in_a_new_stream_nothing_had_a_place_before(small, outbox, server) -> None:
    world = small
    await world.publisher()
    await world.add("place", range(20))
    await all_out(world, outbox)
    await world.stop_workers()
    await outbox.execute("UPDATE outbox SET published_at = NULL WHERE aggregate_id = 'place'")
    server.lose_everything()
    await world.bootstrap()
    await world.publisher()
    await world.consumer()

    async def applied() -> bool:
        return await world.effects("place") == list(range(20))

    await world.until(applied, 40)
    assert (await world.account()).outcomes["ignored"] == 0


async def test_an_event_whose_id_the_stream_still_knows_waits(small, outbox, monkeypatch) -> None:
    world = small
    monkeypatch.setattr(relay, "CHECK", 1000.0)
    publisher, consumer = await world.publisher(), await world.consumer()
    await world.sent("known", range(50))
    monkeypatch.setattr(bootstrap, "DUPLICATE_WINDOW", 1000)
    await world.stop_workers()
    publisher = await world.publisher()
    await world.add("known", range(50, 1000))
    await all_out(world, outbox)
    consumer = await world.consumer()
    await asyncio.sleep(2)
    assert await give_out_again(outbox, publisher.bus, "parks") == 0
    monkeypatch.setattr(bootstrap, "DUPLICATE_WINDOW", 1)
    assert await give_out_again(outbox, publisher.bus, "parks") > 0
    assert await give_out_again(outbox, publisher.bus, "parks") == 0, "before the first are out"
    monkeypatch.setattr(relay, "CHECK", 0.05)
    await world.stop_workers()
    publisher, consumer = await world.publisher(), await world.consumer()
    await until_all_are_applied(world, "known", 1000)
    await world.settled()
    assert not any([await check() for w in (publisher, consumer) for check in w.checks().values()])


async def test_nothing_goes_out_again_while_it_would_push_out_what_waits(
    small, outbox, monkeypatch
) -> None:
    world = small
    monkeypatch.setattr(relay, "CHECK", 1000.0)
    publisher = await while_the_reader_is_away(world, outbox, "waits")
    await asyncio.sleep(1.5 * bootstrap.DUPLICATE_WINDOW)
    (durable,) = await stream.progress(publisher.bus, "parks")
    assert 0 < durable.waiting < unread.CAUGHT_UP, "few for a large stream, all that this one holds"
    assert await give_out_again(outbox, publisher.bus, "parks") == 0
    monkeypatch.setattr(relay, "CHECK", 0.05)
    await world.stop_workers()
    await world.publisher()
    await world.consumer()
    await until_all_are_applied(world, "waits", 1000)


async def test_what_was_read_after_the_last_look_is_not_applied_twice(small, outbox) -> None:
    world = small
    await world.publisher()
    await world.consumer()
    await world.sent("read", range(100))
    await world.settled()
    for first in range(100, 1000, 100):
        await world.sent("read", range(first, first + 100))
    before = await world.settled()
    await world.stop_workers()
    await outbox.execute("UPDATE relay_reading SET read = 0, again = 0, until = 0")
    await world.publisher()
    await world.consumer()

    async def given_out_again() -> bool:
        noted = await outbox.fetchrow("SELECT again, until FROM relay_reading")
        return 0 < noted["again"] == noted["until"]

    await world.until(given_out_again, 40)
    await all_out(world, outbox)
    account = await world.settled()
    more = account.messages - before.messages
    assert more > 0
    assert account.outcomes["ignored"] - before.outcomes["ignored"] == more
    assert await world.effects("read") == list(range(1000))


async def test_what_leaves_unread_a_second_time_goes_out_a_second_time(
    small, outbox, monkeypatch
) -> None:
    """The last test here: of an event that had two places unread one is not accounted for."""
    world = small
    monkeypatch.setattr(relay, "CHECK", 1000.0)
    publisher = await while_the_reader_is_away(world, outbox, "twice")
    await world.consumer()

    async def nothing_waits() -> bool:
        (durable,) = await stream.progress(publisher.bus, "parks")
        return durable.waiting == 0

    await world.until(nothing_waits)
    await world.stop_workers()
    publisher = await world.publisher()
    await asyncio.sleep(1.5 * bootstrap.DUPLICATE_WINDOW)
    assert await give_out_again(outbox, publisher.bus, "parks") > 0
    await all_out(world, outbox)
    last = await outbox.fetchval("SELECT max(stream_seq) FROM outbox")
    await world.add("twice", range(1000, 2000))
    await all_out(world, outbox)
    assert (await stream.state(publisher.bus, "parks")).first_seq > last, "it has left once more"
    monkeypatch.setattr(relay, "CHECK", 0.05)
    await world.stop_workers()
    await world.publisher()
    await world.consumer()
    await until_all_are_applied(world, "twice", 2000)
