"""Schedules run once a period over all workers; old rows leave; nothing fails silently."""

import time
from datetime import timedelta

import asyncpg
from prometheus_client import REGISTRY
from servicekit.db import Session
from servicekit.messaging.prune import prune
from servicekit.messaging.schedules import Schedule, Timekeeper
from servicekit.worker import Everything, Worker
from sqlalchemy import text


async def test_a_schedule_runs_once_a_period_whoever_looks(world) -> None:
    async def run(session: Session) -> None:
        await session.execute(text("INSERT INTO effect (thing, number) VALUES ('tick', 1)"))

    schedule = Schedule("tick", timedelta(hours=1), run)
    keepers = [Timekeeper(world.sink, schedule) for _ in range(3)]
    assert [await keeper.once() for keeper in keepers] == [True, False, False]
    assert await world.effects("tick") == [1]


async def test_a_clock_that_was_put_back_delays_nothing(world) -> None:
    """Postgres's was ten minutes ahead when it ran the last time, and is right again."""

    async def run(session: Session) -> None:
        await session.execute(text("INSERT INTO effect (thing, number) VALUES ('again', 1)"))

    keeper = Timekeeper(world.sink, Schedule("again", timedelta(minutes=1), run))
    ahead = "UPDATE schedule_run SET last_run_at = last_run_at + interval '10 minutes'"
    assert await keeper.once()
    async with world.sink.session() as session:
        await session.execute(text(f"{ahead} WHERE name = 'again'"))
    assert [await keeper.once() for _ in range(2)] == [True, False]
    assert await world.effects("again") == [1, 1]


async def test_a_failing_schedule_is_counted_and_tried_again(world) -> None:
    tries = 0

    async def run(session: Session) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("not today")

    name = {"name": "fails"}
    before = REGISTRY.get_sample_value("kechuang_schedule_failures_total", name) or 0
    schedule = Schedule("fails", timedelta(seconds=0.4), run)
    await world.run(Worker(world.settings("targets"), schedules=[schedule], publishes=False))

    async def twice() -> bool:
        return tries >= 2

    await world.until(twice)
    assert REGISTRY.get_sample_value("kechuang_schedule_failures_total", name) == before + 1


async def test_old_published_rows_leave_and_unpublished_ones_stay(world) -> None:
    await world.add("old", range(3))
    owner = await asyncpg.connect(world.parks.migrator_url)
    await owner.execute(
        "UPDATE outbox SET published_at = now() - interval '46 days'"
        " WHERE aggregate_id = 'old' AND aggregate_version < 3"
    )
    async with world.source.session() as session:
        await prune(session)
    rows = await owner.fetch("SELECT aggregate_version FROM outbox WHERE aggregate_id = 'old'")
    await owner.close()
    assert [row["aggregate_version"] for row in rows] == [3]


async def test_answers_to_repeats_are_kept_for_a_week(world) -> None:
    insert = text(
        "INSERT INTO idempotency_key"
        " (principal, key, operation, fingerprint, status, headers, body, created_at)"
        " VALUES ('p', :key, 'POST /x', 'f', 201, '{}', '', now() - cast(:age AS interval))"
    )
    async with world.source.session() as session:
        for key, age in (("old", timedelta(days=8)), ("new", timedelta(days=6))):
            await session.execute(insert, {"key": key, "age": age})
        await prune(session)
        kept = await session.scalars(text("SELECT key FROM idempotency_key"))
    assert list(kept) == ["new"]


async def test_one_handler_can_hear_everything_of_a_publisher(world) -> None:
    heard: list[tuple[str, object]] = []

    async def note(session: Session, event) -> None:
        heard.append((event.type, event.data["number"]))

    await world.publisher()
    subscriptions = [Everything("parks", note)]
    await world.run(Worker(world.settings("targets"), subscriptions=subscriptions, publishes=False))
    await world.add("all", [7])
    await world.add("all", [8], heard=False)

    async def both() -> bool:
        return [number for _, number in heard if number in (7, 8)] == [7, 8]

    await world.until(both)


async def test_prometheus_is_told_when_a_schedule_ran_whoever_ran_it(world) -> None:
    async def run(_: Session) -> None: ...

    schedule = Schedule("told", timedelta(hours=2), run)
    await Timekeeper(world.sink, schedule).once()
    name = {"name": "told"}
    assert REGISTRY.get_sample_value("kechuang_schedule_period_seconds", name) == 7200
    await world.run(Worker(world.settings("targets"), schedules=[schedule], publishes=False))

    async def told() -> bool:
        found = REGISTRY.get_sample_value("kechuang_schedule_last_run_timestamp_seconds", name)
        return found is not None and abs(found - time.time()) < 60

    await world.until(told)
