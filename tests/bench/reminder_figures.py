"""A tick of the schedule over 10,000 open items, each with the whole ladder before or behind it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import asyncpg
from servicekit.clock import china_date
from servicekit.context import Context, using
from servicekit.db import Database, Session
from servicekit.testing.databases import Databases, ServiceDatabase
from servicekit.testing.shared_servers import SharedServers, ask_for_postgres
from sqlalchemy import event
from supervision import models
from supervision.reminders import service

METADATA = models.metadata  # every table is mapped before the first query
ITEMS, FRACTION = 10_000, 40
"""Items, and over how many days their deadlines lie; a fifth of them is with a step to take."""
_ITEMS = """INSERT INTO supervision_item (id, number, title, description, origin, responsible_unit,
 issued_on, due_on, due_provisional, due_set_on, remind_on, holds_payments, status, return_count,
 correlation_id, version)
SELECT uuidv7(), 'i-' || n, 't', 'd', 'manual', 'unit-' || n % 200, $1::date - 60,
 $1::date + 8 - n % $2, false, $1::date - 60, $1::date, false, 'issued', 0, 'c', 1
FROM generate_series(1, $3) AS n"""
_DAY = """INSERT INTO calendar_day (day, workday, source, provisional, version)
 VALUES ($1, true, 'office', false, 1) ON CONFLICT (day) DO UPDATE SET workday = true"""
_DUE = "SELECT count(*) FROM supervision_item WHERE remind_on <= $1"


@dataclass(frozen=True, slots=True)
class ReminderFigures:
    """Seconds of the longest and the median tick that had work, and of one that had none; the
    most statements of a tick; seconds until all was told, and how many reminders that were."""

    longest: float
    usual: float
    idle: float
    statements: int
    whole: float
    reminders: int


class Counted:
    """Counts the statements of a database, those of SQLAlchemy and those of the driver."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._note)
        rows: Any = Session
        run = rows._run

        async def noted(session: Session, *args: Any) -> Any:
            self.count += 1
            return await run(session, *args)

        rows._run = noted

    def _note(self, *_: Any) -> None:
        self.count += 1


@contextmanager
def fresh() -> Iterator[ServiceDatabase]:
    with ExitStack() as stack:
        postgres = SharedServers()
        stack.callback(postgres.close)
        yield Databases(ask_for_postgres(postgres.address)).migrated("supervision")


async def measure() -> ReminderFigures:
    with fresh() as place:
        behind = await asyncpg.connect(place.superuser_url)
        await behind.execute(_DAY, china_date())
        await behind.execute(_ITEMS, china_date(), FRACTION, ITEMS)
        await behind.execute("VACUUM ANALYZE")
        async with Database(place.app_url) as database:
            figures = await tick_by_tick(database, behind)
        await behind.close()
    return figures


async def tick_by_tick(database: Database, behind: asyncpg.Connection) -> ReminderFigures:
    counted = Counted(database)
    ticks: list[float] = []
    statements = 0
    while await behind.fetchval(_DUE, china_date()):
        counted.count = 0
        ticks.append(await tick(database))
        statements = max(statements, counted.count)
    idle = median([await tick(database) for _ in range(10)])
    told = int(await behind.fetchval("SELECT count(*) FROM reminder") or 0)
    return ReminderFigures(max(ticks), median(ticks), idle, statements, sum(ticks), told)


async def tick(database: Database) -> float:
    """Seconds of one run of the schedule, its commit included."""
    begun = time.perf_counter()
    with using(Context()):
        async with database.session() as session:
            await service.send_reminders(session)
    return time.perf_counter() - begun
