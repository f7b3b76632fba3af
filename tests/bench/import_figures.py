"""Imports of 100,000 rows: the time against reading and copying the same rows, and the memory.

A worker in a process of its own takes the job as it would in production: it opens the file in its
child, checks every cell and every rule, and stores the rows with what the audit keeps of them. The
floor reads the same workbook with calamine and copies its rows into the same table, with the
same constraints and indexes, and does nothing else. Both in turn, in one run.
"""

import asyncio
import importlib
import io
import itertools
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import Any

import asyncpg
import psutil
import python_calamine
import xlsxwriter
from servicekit import context
from servicekit.auth.principal import Principal, Role
from servicekit.db import Database
from servicekit.files import store as files
from servicekit.files.kinds import XLSX
from servicekit.files.store import StoredFile
from servicekit.ids import new_id
from servicekit.jobs import store as jobs
from servicekit.jobs.runner import JobRunner
from servicekit.testing.databases import Databases, ServiceDatabase
from servicekit.testing.shared_servers import SharedServers, ask_for_postgres
from stdnum.cn import uscc

from tests.bench import board_figures

ROWS, ROUNDS = 100_000, 3
ENTERPRISES = 5000
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
LOOK = 0.02
"""Seconds between two looks at the memory."""
OFFICE = Principal("office", "office", frozenset({Role.OFFICE}), "programme-office", frozenset())
HEADS = ["统一社会信用代码", "报告期", "销售收入（万元）", "高新技术产业增加值（万元）",
         "高新技术产品产值（万元）", "自主知识产权产品产值（万元）", "科技投入（万元）",
         "利税（万元）", "从业人员（人）"]  # fmt: skip
REPORT_HEADS = ["indicator_code", "unit_code", "period", "value", "explanation"]
INDICATORS, PERIODS = board_figures.INDICATORS, ["2026-01", "2026-02", "2026-03"]
COLUMNS = ["enterprise_id", "period", "sales_revenue", "high_tech_value_added", "high_tech_output",
           "own_ip_output", "rd_spend", "profit_and_tax", "employees", "id", "state", "filed_by",
           "version", "created_at", "updated_at"]  # fmt: skip
_ENTERPRISES = """INSERT INTO enterprise (id, uscc, name, aliases, declared_class, enterprise_class,
 above_scale, active, version, created_at, updated_at)
 SELECT id, uscc, uscc, '{}', 'ordinary', 'ordinary', false, true, 1, now(), now()
 FROM unnest($1::uuid[], $2::text[]) AS made (id, uscc)"""
_PERIODS = """INSERT INTO reporting_period (period, kind, starts_on, ends_on, due_on, state,
 version, created_at, updated_at)
 SELECT to_char(m, 'YYYY-MM'), 'month', m, m + interval '1 month' - interval '1 day',
  m + interval '2 months', 'open', 1, now(), now()
 FROM generate_series('2026-01-01'::timestamp, '2026-03-01', interval '1 month') m"""
AUDITED = """SELECT count(*) FROM operating_return AS made
 JOIN audit_entry ON object_type = 'operating_return' AND object_id = made.id::text"""
_LISTENS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
_PROGRESS = """SELECT done, failure, extract(epoch FROM finished_at - started_at) AS seconds
 FROM job WHERE id = $1"""
_ALL_REPORT = "UPDATE indicator SET supporting_units = ARRAY(SELECT code FROM unit)"


@dataclass(frozen=True, slots=True)
class Import:
    """`seconds` from the claim to the end of the job; `megabytes` at the worst moment above the
    idle worker, its child process counted; `looks` at which its progress had moved."""

    seconds: float
    megabytes: float
    looks: int


@dataclass(frozen=True, slots=True)
class ImportFigures:
    """Seconds at the median, megabytes at the worst."""

    ratio: float
    seconds: float
    floor: float
    megabytes: float
    looks: int


def workbook(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate((heads, *rows)):
            page.write_row(number, 0, row)
    return file.getvalue()


@contextmanager
def a_database(service: str) -> Iterator[ServiceDatabase]:
    postgres = SharedServers()
    try:
        yield Databases(ask_for_postgres(postgres.address)).migrated(service)
    finally:
        postgres.close()


@asynccontextmanager
async def a_worker(service: str, database: ServiceDatabase) -> AsyncIterator[psutil.Process]:
    """What does the service's jobs, in a process of its own that waits for them."""
    connection = await asyncpg.connect(database.superuser_url)
    command = [sys.executable, "-m", "tests.bench.import_figures", service, database.app_url]
    started = await asyncio.create_subprocess_exec(*command)
    try:
        while not await connection.fetchval(_LISTENS):  # noqa: ASYNC110, another process does
            await asyncio.sleep(LOOK)
        yield psutil.Process(started.pid)
    finally:
        started.terminate()
        await started.wait()
        await connection.close()


async def work(service: str, url: str) -> None:
    """The worker's process: its jobs and nothing else."""
    kinds = importlib.import_module(f"{service}.worker").JOBS
    async with Database(url) as database:
        await JobRunner(database, kinds).run()


async def imported(database: ServiceDatabase, service: str, kind: str, file: bytes) -> Import:
    """Have a worker import the file, and watch it.

    Raises:
        RuntimeError: the job failed.
    """
    watcher = await asyncpg.connect(database.superuser_url)
    async with a_worker(service, database) as worker:
        idle = worst = memory(worker)
        job, seen, row = await ask(database, kind, file), set[int](), None
        for look in itertools.count():
            await asyncio.sleep(LOOK)
            worst = max(worst, memory(worker))
            if look % 10 == 0:
                row = await watcher.fetchrow(_PROGRESS, job)
                assert row is not None
                seen.add(row["done"])
                if row["seconds"] is not None:
                    break
    await watcher.close()
    assert row is not None
    if row["failure"] is not None:
        raise RuntimeError(row["failure"])
    return Import(float(row["seconds"]), (worst - idle) / 1e6, len(seen))


def memory(worker: psutil.Process) -> int:
    """Bytes in memory, with those of the child process that reads the file."""
    total = worker.memory_info().rss
    for child in worker.children():
        try:
            total += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


async def ask(database: ServiceDatabase, kind: str, content: bytes) -> str:
    """Store the file and the job, as the request does."""
    stored = StoredFile(sha256(content).hexdigest(), len(content), XLSX)
    parameters = {"mode": "atomic", "dry_run": False}
    with context.using(context.Context(principal=OFFICE)):
        async with Database(database.app_url) as own, own.session() as session:
            await files.keep_file(session, io.BytesIO(content), stored)
            return await jobs.enqueue(
                session,
                "bench",
                kind,
                parameters,
                input_sha256=stored.sha256,
                input_name="rows.xlsx",
            )


def code(number: int) -> str:
    stem = f"91410184MA{number:07d}"
    return stem + uscc.calc_check_digit(stem + "0")


def returns(rows: int) -> Iterator[list[Any]]:
    """Months of returns, one enterprise after the other."""
    for place in range(rows):
        enterprise, month = code(place // len(MONTHS)), MONTHS[place % len(MONTHS)]
        sales = 1000 + place % 977
        parts = (sales + 0.5, sales // 8, sales // 3, sales // 9, sales / 25, sales // 10 - 50)
        yield [enterprise, month, *parts, 100 + place % 900]


def reports(rows: int) -> Iterator[list[Any]]:
    for place in range(rows):
        number, period = divmod(place, len(PERIODS))
        firm, indicator = divmod(number, INDICATORS)
        values = [1 + place % 100, "企业直报，已与台账核对"]
        yield [f"indicator-{indicator + 1}", f"firm-{firm + 1}", PERIODS[period], *values]


async def floor(connection: asyncpg.Connection, file: bytes, ids: dict[str, Any]) -> float:
    """Seconds to read the workbook with calamine and copy its rows."""
    begun = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file))
    rows: Iterator[list[Any]] = book.get_sheet_by_index(0).iter_rows()
    next(rows)
    rest = "draft\t{office}\t1\tnow\tnow"
    lines = [
        "\t".join((str(ids[row[0]]), *map(str, row[1:-1]), str(int(row[-1])), str(new_id()), rest))
        for row in rows
    ]

    async def content() -> Any:
        yield ("\n".join(lines) + "\n").encode()

    await connection.copy_to_table("operating_return", source=content(), columns=COLUMNS)
    return time.perf_counter() - begun


async def of_returns(
    database: ServiceDatabase, rows: int = ROWS, rounds: int = ROUNDS
) -> ImportFigures:
    """The import of returns, and its floor, in turn."""
    seen, floors = list[Import](), list[float]()
    file = workbook(HEADS, returns(rows))
    connection = await asyncpg.connect(database.superuser_url)
    ids = await enterprises(connection, -(-rows // len(MONTHS)))
    for _ in range(rounds):
        floors.append(await floor(connection, file, ids))
        await connection.execute("TRUNCATE operating_return CASCADE")
        seen.append(await imported(database, "parks", "operating_returns.import", file))
        assert await connection.fetchval(AUDITED) == rows
        await connection.execute("TRUNCATE operating_return CASCADE")
    await connection.close()
    return figures(seen, floors)


async def of_reports(database: ServiceDatabase, rows: int = ROWS) -> Import:
    """The import of progress reports, for the memory it takes."""
    file = workbook(REPORT_HEADS, reports(rows))
    connection = await asyncpg.connect(database.superuser_url)
    await board_figures.plan(connection, -(-rows // (INDICATORS * len(PERIODS))))
    await connection.execute(_PERIODS)
    await connection.execute(_ALL_REPORT)
    seen = await imported(database, "targets", "progress_reports.import", file)
    assert await connection.fetchval("SELECT count(*) FROM report_action") == rows
    await connection.close()
    return seen


def measure() -> tuple[ImportFigures, Import]:
    """The imports of returns and of reports, each into a database of its own."""
    with a_database("parks") as parks:
        of_parks = asyncio.run(of_returns(parks))
    with a_database("targets") as targets:
        return of_parks, asyncio.run(of_reports(targets))


async def enterprises(connection: asyncpg.Connection, number: int) -> dict[str, Any]:
    """So many enterprises, registered: their ids by their codes."""
    ids = {code(n): new_id() for n in range(number)}
    await connection.execute(_ENTERPRISES, list(ids.values()), list(ids))
    return ids


def figures(seen: Sequence[Import], floors: Sequence[float]) -> ImportFigures:
    seconds, least = median(one.seconds for one in seen), median(floors)
    return ImportFigures(
        seconds / least,
        seconds,
        least,
        max(one.megabytes for one in seen),
        min(one.looks for one in seen),
    )


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
