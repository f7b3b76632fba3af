"""How old a standby is, seen on a real one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from servicekit.db import Database
from servicekit.embedded.child import Child
from servicekit.embedded.postgres import PostgresServer
from servicekit.replica import Replica
from servicekit.testing.standby import standby_of

MOST = 5.0
"""Seconds."""


@dataclass
class Pair:
    primary: PostgresServer
    standby: PostgresServer
    child: Child
    """The standby's process."""

    def start_standby(self) -> None:
        self.child = Child(self.standby.command())
        self.standby.wait()


@pytest.fixture(scope="module")
def pair(new_directory: Callable[[], Path]) -> Iterator[Pair]:
    there = new_directory()
    with ExitStack() as stack:
        primary = PostgresServer(there / "primary", there / "primary.log", "secret", durable=False)
        primary.prepare()
        stack.callback(primary.forget_socket)
        first = Child(primary.command())
        stack.callback(first.stop)
        primary.wait()
        primary.psql("CREATE TABLE note (id int)")
        standby = standby_of(primary, there / "standby", there / "standby.log")
        stack.callback(standby.forget_socket)
        made = Pair(primary, standby, Child(standby.command()))
        stack.callback(lambda: made.child.stop())
        standby.wait()
        yield made


class Time:
    """A clock that only goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Watched:
    replica: Replica
    time: Time

    async def after(self, seconds: float) -> float:
        """Look that much later; how far it is behind then."""
        self.time.seconds += seconds
        await self.replica.look()
        return self.replica.behind()

    async def caught_up(self) -> None:
        for _ in range(400):
            if await self.after(0.0) == 0.0:
                return
            await asyncio.sleep(0.05)
        pytest.fail("the standby does not catch up")


@pytest_asyncio.fixture
async def watched(pair: Pair) -> AsyncIterator[Watched]:
    time = Time()
    async with (
        Database(pair.primary.url("postgres")) as primary,
        Database(pair.standby.url("postgres")) as following,
    ):
        yield Watched(Replica(primary, following, MOST, now=time), time)


async def test_before_the_first_look_it_is_not_asked(watched: Watched) -> None:
    assert not watched.replica.is_fresh()


async def test_an_idle_primary_makes_nothing_old(watched: Watched) -> None:
    await watched.caught_up()
    assert await watched.after(3600) == 0
    assert watched.replica.is_fresh()


async def test_what_it_has_not_reached_is_what_it_is_behind(pair: Pair, watched: Watched) -> None:
    await watched.caught_up()
    pair.standby.psql("SELECT pg_wal_replay_pause()")
    try:
        pair.primary.psql("INSERT INTO note VALUES (1)")
        assert await watched.after(2) == 2
        assert watched.replica.is_fresh()
        assert await watched.after(2) == 4
        assert await watched.after(2) == 6
        assert not watched.replica.is_fresh()
    finally:
        pair.standby.psql("SELECT pg_wal_replay_resume()")
    await watched.caught_up()
    assert watched.replica.is_fresh()
    (row,) = await watched.replica.database.fetch("SELECT count(*) AS notes FROM note", ())
    assert row["notes"] >= 1


async def test_one_that_is_away_grows_old_and_comes_back(pair: Pair, watched: Watched) -> None:
    await watched.caught_up()
    pair.child.stop()
    assert await watched.after(2) == 2
    assert await watched.after(4) == 6
    assert not watched.replica.is_fresh()
    pair.start_standby()
    await watched.caught_up()
    assert watched.replica.is_fresh()


async def test_one_that_broke_off_is_not_asked_until_the_next_look(watched: Watched) -> None:
    await watched.caught_up()
    watched.replica.distrust()
    assert not watched.replica.is_fresh()
    await watched.caught_up()
    assert watched.replica.is_fresh()


async def test_a_server_that_is_no_standby_is_never_asked(pair: Pair) -> None:
    async with (
        Database(pair.primary.url("postgres")) as primary,
        Database(pair.primary.url("postgres")) as same,
    ):
        replica = Replica(primary, same, MOST)
        await replica.look()
        assert not replica.is_fresh()
