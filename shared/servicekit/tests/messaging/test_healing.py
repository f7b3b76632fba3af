"""A NATS store that is lost, cut or old is filled again from the outboxes, by itself."""

import asyncio
import shutil

import asyncpg
import pytest
from servicekit.messaging import stream
from servicekit.testing.two_sides import Server


@pytest.fixture(scope="module")
def server(whole_world):
    server = Server(whole_world)
    yield server
    server.kill()


async def in_stream(world, worker) -> int:
    return (await stream.state(worker.bus, "parks")).messages


async def test_a_wiped_store_is_rebuilt_and_nothing_is_applied_twice(world, server) -> None:
    publisher = await world.publisher()
    await world.consumer()
    kept = world.keeper()
    await world.sent("wipe", range(300))
    server.kill()
    shutil.rmtree(server.store)
    await world.add("wipe", range(300, 310))
    server.start()

    async def rebuilt() -> bool:
        return await world.effects("wipe") == list(range(310))

    await world.until(rebuilt, 40)
    account = await world.settled()
    assert account.messages == await in_stream(world, publisher) == 310
    assert await world.effects("wipe") == list(range(310))
    kept.cancel()


async def test_an_old_copy_of_the_store_is_brought_up_to_date(world, server, tmp_path) -> None:
    await world.publisher()
    await world.consumer()
    await world.sent("old", range(50))
    await world.settled()
    server.kill()
    shutil.copytree(server.store, tmp_path / "copy")
    server.start()
    await world.sent("old", range(50, 120))
    server.kill()
    shutil.rmtree(server.store)
    shutil.copytree(tmp_path / "copy", server.store)
    server.start()
    await world.sent("old", range(120, 130))
    assert await world.effects("old") == list(range(130))
    account = await world.settled()
    async with world.source.session() as session:
        row = await session.fetch_row("SELECT count(*) FROM outbox")
    assert row is not None
    assert account.messages == row[0]


async def test_a_copy_from_before_another_stream_is_counted_as_it_is(
    world, server, tmp_path
) -> None:
    await world.publisher()
    await world.consumer()
    kept = world.keeper()
    await world.sent("before", range(30))
    await world.settled()
    server.kill()
    shutil.copytree(server.store, tmp_path / "copy")
    server.start()
    await world.sent("before", range(30, 60))
    server.kill()
    shutil.rmtree(server.store)
    server.start()
    await world.sent("before", range(60, 70))
    await world.settled()
    server.kill()
    shutil.rmtree(server.store)
    shutil.copytree(tmp_path / "copy", server.store)
    server.start()
    await world.sent("before", range(70, 80))

    async def everything_is_there() -> bool:
        return (await world.settled()).messages >= await world.stored()

    await world.until(everything_is_there, 40)
    assert await world.effects("before") == list(range(80))
    kept.cancel()


@pytest.mark.parametrize("damage", ["flip", "truncate"])
async def test_a_damaged_block_is_healed(world, server, damage: str) -> None:
    await world.publisher()
    await world.consumer()
    await world.sent(damage, range(100))
    await world.settled()
    server.kill()
    block = server.block("parks")
    size = block.stat().st_size
    with block.open("r+b") as file:
        if damage == "truncate":
            file.truncate(size // 2)
        else:
            file.seek(size // 2)
            byte = file.read(1)
            file.seek(size // 2)
            file.write(bytes([byte[0] ^ 1]))
    server.forget_index("parks")
    server.start()
    await world.add(damage, range(100, 110))

    async def whole() -> bool:
        return await world.effects(damage) == list(range(110))

    await world.until(whole, 40)
    async with world.source.session() as session:
        row = await session.fetch_row("SELECT count(*) FROM outbox")
    assert row is not None

    async def everything_is_there() -> bool:
        return (await world.settled()).messages >= row[0]

    await world.until(everything_is_there, 40)


async def test_events_stored_while_nats_is_away_leave_later(world, server) -> None:
    await world.publisher()
    await world.consumer()
    await world.sent("off", range(5))
    server.kill()
    for number in range(5, 15):
        await world.add("off", [number])
    await asyncio.sleep(1)
    server.start()

    async def caught_up() -> bool:
        return await world.effects("off") == list(range(15))

    await world.until(caught_up, 40)


async def test_what_was_sent_but_not_marked_is_not_sent_twice(world, server) -> None:
    worker = await world.publisher()
    await world.consumer()
    await world.sent("crash", range(20))
    await world.settled()
    before = await in_stream(world, worker)
    await world.stop_workers()
    owner = await asyncpg.connect(world.parks.migrator_url)
    await owner.execute(
        "UPDATE outbox SET published_at = NULL, stream_seq = NULL WHERE aggregate_id = 'crash'"
    )
    await owner.execute("UPDATE relay_position SET stream_seq = stream_seq - 20")
    await owner.close()
    worker = await world.publisher()
    await world.consumer()
    await world.sent("crash", range(20, 21))
    await world.settled()
    assert await in_stream(world, worker) == before + 1


async def test_a_missing_durable_is_an_alarm_until_bootstrap_makes_it(world, server) -> None:
    await world.publisher()
    worker = await world.consumer()
    await world.sent("alarm", range(5))
    server.kill()
    shutil.rmtree(server.store)
    server.start()

    async def alarmed() -> bool:
        return "missing" in (await worker.checks()["events"]() or "")

    await world.until(alarmed)
    await world.add("alarm", range(5, 8))
    await world.bootstrap()

    async def well() -> bool:
        quiet = not any([await check() for check in worker.checks().values()])
        return quiet and await world.effects("alarm") == list(range(8))

    await world.until(well)
    await world.settled()
