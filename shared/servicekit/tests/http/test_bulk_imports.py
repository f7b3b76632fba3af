"""Imports by the use case that creates many at once: the same outcome as one by one, row by row."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from servicekit.auth.principal import Principal, Role
from servicekit.db import Database
from servicekit.imports.writing import Write
from servicekit.jobs.job import Kind
from servicekit.jobs.runner import JobRunner
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.twins import outcome

OFFICE = Principal("office", "office", frozenset({Role.OFFICE}), "programme-office")
REPORTER = Principal("reporter", "reporter", frozenset({Role.UNIT_REPORTER}), "st-bureau")
STORED = (
    "SELECT title, unit, state, rank, version FROM note WHERE title LIKE '双%' ORDER BY title",
    """SELECT a.actor, a.action, a.object_type, a.outcome, a.before_digest, a.after_digest,
     a.detail, a.unit, a.roles, n.title
     FROM audit_entry AS a JOIN note AS n ON n.id::text = a.object_id
     WHERE a.request_id = 'twins' ORDER BY n.title""",
    """SELECT o.type, o.aggregate_version, n.title FROM outbox AS o
     JOIN note AS n ON o.aggregate_id = 'note:' || n.id WHERE n.title LIKE '双%'
     ORDER BY n.title""",
)
TITLES = st.sampled_from(["双甲", "双乙", "双已有", "双\t制表\\N", "双\n换行", "双'{}\",", "双\\."])
UNITS = st.sampled_from(["st-bureau", "other-bureau"])
RIGHT = st.tuples(TITLES, UNITS, st.sampled_from([0, -1, 2**63 - 1]))
# Beyond the column's range: it fits the schema, and the database refuses it.
REFUSED = st.tuples(st.just("双大"), UNITS, st.just(2**63))
BODIES = st.lists(RIGHT | RIGHT | REFUSED, max_size=40)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(notes_database: ServiceDatabase) -> AsyncIterator[Database]:
    async with Database(notes_database.app_url) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sql(notes_database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(notes_database.superuser_url)
    yield connection
    await connection.close()


async def add_note(sql: asyncpg.Connection, title: str) -> None:
    await sql.execute(
        "INSERT INTO note VALUES ($1, $2, 'st-bureau', 'draft', 0, 1, now())", uuid.uuid4(), title
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(sql: asyncpg.Connection) -> None:
    await add_note(sql, "双已有")


@pytest.mark.parametrize("who", [OFFICE, REPORTER])
@settings(max_examples=25, deadline=None)
@given(rows=BODIES)
async def test_many_at_once_come_to_what_each_alone_comes_to(
    database: Database, there: None, note_writers: tuple[Write, Write], note_body: Any,
    who: Principal, rows: list[tuple[str, str, int]],
) -> None:  # fmt: skip
    bodies = [note_body(title=title, unit=unit, rank=rank) for title, unit, rank in rows]
    many, one_by_one = note_writers
    expected = await outcome(database, who, one_by_one, bodies, STORED)
    assert await outcome(database, who, many, bodies, STORED) == expected


async def send(office: httpx.AsyncClient, content: str, **query: str) -> Any:
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "text/csv"}
    answer = await office.post(
        "/api/v1/hot-notes/import", content=content.encode(), headers=headers, params=query
    )
    assert answer.status_code == 202, answer.text
    return answer.json()


def table(begin: str, rows: int) -> str:
    return "\n".join(["title,unit,rank", *(f"{begin}{n:05},st-bureau,{n}" for n in range(rows))])


@pytest.mark.parametrize("mode", ["atomic", "partial"])
async def test_a_row_that_somebody_else_stores_meanwhile_is_that_rows_error(
    office: httpx.AsyncClient, jobs: JobRunner, sql: asyncpg.Connection, mode: str
) -> None:
    begin = {"atomic": "争甲", "partial": "争乙"}[mode]
    other = sql.transaction()
    await other.start()
    await add_note(sql, f"{begin}01234")
    job = await send(office, table(begin, 2000), mode=mode)
    running = asyncio.create_task(jobs.drain())
    await asyncio.sleep(0.1)
    while not await sql.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        assert not running.done(), "it should have met the other's row"
        await asyncio.sleep(0.02)
    await other.commit()
    await running
    job = (await office.get(f"/api/v1/jobs/{job['id']}")).json()
    assert (job["state"], job["done"], job["errors"]) == (
        "failed" if mode == "atomic" else "succeeded", 2000, 1
    )  # fmt: skip
    [error] = (await office.get(f"/api/v1/jobs/{job['id']}/errors")).json()["items"]
    assert (error["row"], error["code"]) == (1236, "title_taken")
    stored = await sql.fetchval("SELECT count(*) FROM note WHERE title LIKE $1", f"{begin}%")
    assert stored == (1 if mode == "atomic" else 2000)


async def test_many_rows_tell_what_many_requests_would_have_told(
    office: httpx.AsyncClient, jobs: JobRunner, sql: asyncpg.Connection
) -> None:
    job = await send(office, table("众", 2500), mode="atomic")
    await jobs.drain()
    job = (await office.get(f"/api/v1/jobs/{job['id']}")).json()
    assert (job["state"], job["total"], job["done"]) == ("succeeded", 2500, 2500)
    counts = """SELECT count(*), count(DISTINCT a.id), count(DISTINCT o.seq)
     FROM note AS n JOIN audit_entry AS a ON a.object_id = n.id::text AND a.action = 'notes.write'
     JOIN outbox AS o ON o.aggregate_id = 'note:' || n.id AND o.aggregate_version = 1
     WHERE n.title LIKE '众%'"""
    assert list(await sql.fetchrow(counts) or ()) == [2500, 2500, 2500]
    times = "SELECT finished_at > started_at FROM job WHERE id = $1"
    assert await sql.fetchval(times, job["id"]), "the end is told by the clock"


async def test_a_dry_run_of_many_stores_nothing(
    office: httpx.AsyncClient, jobs: JobRunner, sql: asyncpg.Connection
) -> None:
    job = await send(office, table("试", 1500) + "\n,st-bureau,1", mode="partial", dry_run="true")
    await jobs.drain()
    job = (await office.get(f"/api/v1/jobs/{job['id']}")).json()
    assert (job["state"], job["done"], job["errors"]) == ("succeeded", 1501, 1)
    assert await sql.fetchval("SELECT count(*) FROM note WHERE title LIKE '试%'") == 0


def test_the_bulk_kind_is_done_by_the_worker(kinds: list[Kind]) -> None:
    assert {kind.name for kind in kinds} == {"notes.import", "hot_notes.import"}
