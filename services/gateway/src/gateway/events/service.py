"""Following the log: one reader of the database per process, any number of readers of it."""

import asyncio
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter

import asyncpg
import structlog
from servicekit.db import Database
from servicekit.messaging import names, postgres
from servicekit.messaging.envelope import encode

from gateway.events import repository
from gateway.events.domain import Logged, PositionGone, TooManyStreams, frame

log = structlog.get_logger()

RING = 1000
"""Events kept in memory; who is further behind reads the database."""
PAGE = 200
POLL = 1.0
"""Seconds between two looks when no bell is heard."""


class Tail:
    """The end of the log. Readers keep their own position and ask for what is behind it, so
    nothing is queued for anybody: a slow one costs no memory and loses nothing."""

    def __init__(self, database: Database, schemas: str, streams_per_caller: int) -> None:
        self._database, self._schemas = database, schemas
        self._per_caller = streams_per_caller
        self._ring: list[Logged] = []
        self._floor = 0
        self.head = 0
        self.closing = False
        self.listeners: Counter[str] = Counter()
        self._grown: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._started = asyncio.Event()

    async def run(self) -> None:
        """Follow the log until cancelled; a lost connection is made anew."""
        while True:
            try:
                if not self._started.is_set():
                    _, self.head = await repository.ends(self._database)
                    self._floor = self.head
                    self._started.set()
                async with postgres.connection(self._database.url, "gateway-tail") as bell:
                    await self._follow(bell)
            except (*postgres.LOST, TimeoutError) as error:
                log.warning("tail_lost_connection", error=str(error))
            await asyncio.sleep(POLL)

    async def _follow(self, bell: asyncpg.Connection) -> None:
        rung = asyncio.Event()
        await bell.add_listener(repository.CHANNEL, lambda *_: rung.set())
        while not bell.is_closed():
            while found := await self.page(self.head):
                self._take(found)
            try:
                async with asyncio.timeout(POLL):
                    await rung.wait()
            except TimeoutError:
                continue
            finally:
                rung.clear()

    def _take(self, found: list[Logged]) -> None:
        self._ring += found
        surplus = len(self._ring) - RING
        if surplus > 0:
            self._floor = self._ring[surplus - 1].position
            del self._ring[:surplus]
        self.head = found[-1].position
        self.wake()

    def wake(self) -> None:
        """Have every listener look again."""
        grown, self._grown = self._grown, asyncio.get_running_loop().create_future()
        if not grown.done():
            grown.set_result(None)

    def close(self) -> None:
        """Every stream ends now; called before the server waits for open requests."""
        self.closing = True
        self.wake()

    @property
    def grown(self) -> "asyncio.Future[None]":
        """Done as soon as there is more, or the end has come."""
        return self._grown

    async def behind(self, position: int) -> list[Logged]:
        """What comes after a position, at most a page; nothing if that is the end."""
        if position >= self.head:
            return []
        if position >= self._floor:
            start = bisect_right(self._ring, position, key=attrgetter("position"))
            return self._ring[start : start + PAGE]
        return await self.page(position)

    async def page(self, position: int) -> list[Logged]:
        """The same from the database."""
        rows = await repository.after(self._database, position, PAGE)
        return [self._logged(row) for row in rows]

    def _logged(self, row: asyncpg.Record) -> Logged:
        body = encode(dict(row), source=names.source(row["publisher"]), schemas=self._schemas)
        return Logged(
            row["position"],
            row["type"],
            row["aggregate_id"],
            row["permission"],
            row["units"],
            frame(row["position"], row["type"], body),
        )

    async def start_of(self, position: int | None) -> int:
        """Where a reader starts: behind `position`, or at the end. 0 is the beginning.

        Raises:
            PositionGone: the log no longer has what follows, or never had this position.
        """
        await self._started.wait()
        if position is None:
            return self.head
        oldest, newest = await repository.ends(self._database)
        if position > newest or 0 < position < oldest:
            raise PositionGone(position=position)
        return position

    @contextmanager
    def listening(self, caller: str) -> Iterator[None]:
        """Count a stream of this caller while it is open.

        Raises:
            TooManyStreams: it has as many open as it may.
        """
        self.check_room(caller)
        self.listeners[caller] += 1
        try:
            yield
        finally:
            self.listeners[caller] -= 1
            if not self.listeners[caller]:
                del self.listeners[caller]

    def check_room(self, caller: str) -> None:
        """Raises `TooManyStreams` when the caller may not open another stream."""
        if self.listeners[caller] >= self._per_caller:
            raise TooManyStreams(limit=self._per_caller)
