"""The database: one engine a process, one transaction a unit of work.

`Session` is SQLAlchemy's `AsyncSession` with two additions. `fetch` reads at driver level: on the
session's connection when it has one, else straight from the driver's own pool (hot reads: a third
of the cost). `defer` keeps rows that are to be written together with everything else: audit, outbox
and idempotency record leave in one statement right before the commit, and when nothing else was
written that statement *is* the transaction.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg
import orjson
from sqlalchemy import MetaData, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    create_async_engine,
)

from servicekit.deferred import Deferred, compose, insertion
from servicekit.messaging import outbox
from servicekit.problems import Problem

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

LOST_CONNECTION = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # The server's last words had arrived on an idle connection: "cannot switch to state 12".
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    OSError,
)
"""What the driver raises when the server is gone, going or not yet there."""


REST = 30.0
"""Seconds without use after which a pooled connection is closed: each is a process of the server
with some megabytes of its own, and a peak is no reason to keep them."""

RESTING = "resting"
"""Where a pooled connection notes what will close it."""


def make_metadata() -> MetaData:
    return MetaData(naming_convention=NAMING)


class Session(AsyncSession):
    """One unit of work. Nobody but the room that opened it commits."""

    def __init__(self, *args: Any, database: "Database", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.database = database
        self.deferred: list[Deferred] = []
        self.events: list[outbox.Pending] = []
        self.has_stored_events = False
        self.refusals: dict[str, Problem] = {}
        self.is_discarded = False

    async def driver(self) -> asyncpg.Connection:
        """The asyncpg connection under the session."""
        connection = await (await self.connection()).get_raw_connection()
        driver = connection.driver_connection
        assert isinstance(driver, asyncpg.Connection)
        return driver

    async def fetch(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        """Rows of a SELECT at driver level (`$1` parameters), inside the open transaction if any.

        Raises:
            ValueError: the statement writes or locks; that belongs to SQLAlchemy or to `defer`.
        """
        words = sql.upper()
        if not words.lstrip().startswith(("SELECT", "WITH")) or "FOR UPDATE" in words:
            raise ValueError("fetch only reads")
        return await self._run(sql, args)

    async def fetch_row(self, sql: str, *args: Any) -> asyncpg.Record | None:
        """The first row of `fetch`, or none."""
        rows = await self.fetch(sql, *args)
        return rows[0] if rows else None

    def defer(self, deferred: Deferred) -> None:
        self.deferred.append(deferred)

    async def write(self, pieces: Sequence[Deferred]) -> None:
        """Write these as one statement now, in the transaction; it begins if it has not."""
        if not self.in_transaction():
            await self.connection()
        await self.flush()
        sql, args = compose(pieces)
        await self._run(sql, args)

    def insert(self, row: Any) -> None:
        """Write a new mapped row with the deferred ones; it cannot be read back before the commit.

        Defaults of the mapping are filled in at once, so the row can be answered and announced.
        """
        self.defer(insertion(row))

    def refuse(self, constraint: str, problem: Problem) -> None:
        """Tell a violation of this constraint as `problem`. With `insert` this replaces the
        question whether such a row exists, which two callers could both hear denied."""
        self.refusals[constraint] = problem

    def forget_pending(self) -> None:
        """Drop what waits for the commit, and the refusals: a savepoint does not undo these."""
        self.deferred.clear()
        self.events.clear()
        self.refusals.clear()

    def discard(self) -> None:
        """Have the room roll back in the end although nothing fails: the request only tried."""
        self.is_discarded = True

    async def flush_deferred(self) -> None:
        """Write everything deferred in one statement; atomic also without an open transaction."""
        if self.new or self.dirty or self.deleted:
            await self.flush()
        pieces = list(self.deferred)
        if self.events:
            pieces.extend(outbox.statement(self.events, pieces))
        if pieces:
            sql, args = compose(pieces)
            await self._run(sql, args)
            self.has_stored_events = self.has_stored_events or bool(self.events)
            self.deferred.clear()
            self.events.clear()

    async def _run(self, sql: str, args: Sequence[Any]) -> list[asyncpg.Record]:
        if not self.in_transaction():
            return await self.database.fetch(sql, args)
        try:
            return await (await self.driver()).fetch(sql, *args)
        except LOST_CONNECTION as error:
            if is_lost_connection(error):
                await self.invalidate()
            raise


class Database:
    """The pool of one database. `on_commit` is called after a commit that stored events."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 8,
        rest: float = REST,
        application_name: str = "",
    ) -> None:
        self.url = url
        self.on_commit: Callable[[], None] | None = None
        self._connect: dict[str, Any] = {
            "timeout": 5,
            "command_timeout": 30,
            "server_settings": {
                "application_name": application_name,
                "timezone": "UTC",
                "statement_timeout": "30000",
                "lock_timeout": "5000",
                "idle_in_transaction_session_timeout": "60000",
            },
        }
        self._pool_size, self._rest = pool_size, rest
        self._pool: asyncpg.Pool | None = None
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,  # an overflow connection is opened and closed for each use
            pool_timeout=5,
            pool_use_lifo=True,  # so that those beyond the usual need do rest
            connect_args=self._connect,
        )
        event.listen(self.engine.sync_engine, "checkin", self._lay_down)
        event.listen(self.engine.sync_engine, "checkout", _take_up)

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[asyncpg.Record]:
        """Run one statement that is a transaction of its own, at driver level."""
        pool = self._pool or await self._open_pool()
        async with pool.acquire(timeout=5) as connection:
            return await connection.fetch(sql, *args)

    async def _open_pool(self) -> asyncpg.Pool:
        """The driver's own pool; it connects when it is first used."""
        pool = await asyncpg.create_pool(
            driver_url(self.url),
            min_size=0,
            max_size=self._pool_size,
            max_inactive_connection_lifetime=self._rest,
            init=_speak_json,
            reset=_nothing_to_reset,
            **self._connect,
        )
        if self._pool is None:
            self._pool = pool
        return self._pool

    def new_session(self) -> Session:
        """A session whose owner calls `commit` and `close`; prefer `session`."""
        return Session(self.engine, expire_on_commit=False, database=self)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """One transaction: committed at the end, rolled back on any error."""
        async with self.new_session() as session:
            try:
                yield session
                await self.commit(session)
            except BaseException as error:
                await self.give_up(session, error)
                raise

    async def commit(self, session: Session) -> None:
        """Write what was deferred, commit, and tell the relay if there are events."""
        await session.flush_deferred()
        if session.in_transaction():
            await session.commit()
        if session.has_stored_events and self.on_commit is not None:
            self.on_commit()

    async def give_up(self, session: Session, error: BaseException) -> None:
        """Roll back; after a lost connection drop the pool, whose others are dead as well."""
        session.deferred.clear()
        session.events.clear()
        if is_lost_connection(error):
            await session.invalidate()
            await self.engine.dispose()
            if self._pool is not None:
                await self._pool.expire_connections()
        elif session.in_transaction():
            await session.rollback()

    def _lay_down(self, connection: Any, pooled: Any) -> None:
        """Close the connection if nobody takes it up again; its place in the pool stays."""
        if connection is not None:
            loop = asyncio.get_running_loop()
            pooled.record_info[RESTING] = loop.call_later(self._rest, pooled.invalidate)

    async def close(self) -> None:
        await self.engine.dispose()
        if self._pool is not None:
            self._pool.terminate()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def driver_error(error: BaseException) -> BaseException:
    """The asyncpg error under SQLAlchemy's wrappers."""
    seen: BaseException = error
    while True:
        inner = getattr(seen, "orig", None) or getattr(seen, "__cause__", None)
        if isinstance(seen, asyncpg.PostgresError | asyncpg.InterfaceError | OSError) or not inner:
            return seen
        seen = inner


def constraint_name(error: BaseException) -> str:
    """The constraint a database error names, or nothing."""
    return str(getattr(error, "constraint_name", None) or "")


def is_lost_connection(error: BaseException) -> bool:
    return isinstance(driver_error(error), LOST_CONNECTION) and not is_bad_value(error)


def is_bad_value(error: BaseException) -> bool:
    """Whether the driver itself refused a parameter, such as 2^63 for a bigint: it tells that as
    an interface error that is a ValueError too."""
    cause = driver_error(error)
    return isinstance(cause, asyncpg.InterfaceError) and isinstance(cause, ValueError)


def _take_up(_: Any, pooled: Any, *__: Any) -> None:
    """A connection whose end the driver has already seen is replaced before it is used: after an
    outage the first caller must not pay for it, and asking costs no round trip.

    Raises:
        DisconnectionError: the pool then opens another one.
    """
    if resting := pooled.record_info.pop(RESTING, None):
        resting.cancel()
    if pooled.driver_connection.is_closed():
        raise DisconnectionError


async def _speak_json(connection: asyncpg.Connection) -> None:
    """JSON goes in as text and comes out as objects, as on SQLAlchemy's connections."""
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=str, decoder=orjson.loads, format="text"
        )


async def _nothing_to_reset(_: asyncpg.Connection) -> None:
    """Single statements leave nothing behind; the usual reset would be a round trip."""


def driver_url(url: str) -> str:
    """`postgresql://…` as asyncpg itself takes it."""
    return re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql://", url)


def sqlalchemy_url(url: str) -> str:
    """`postgresql://…` for the asyncpg dialect."""
    return re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql+asyncpg://", url)
