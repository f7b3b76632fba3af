"""Jobs: what becomes of them when workers die, and who may see and end them."""

import asyncio
import signal
import sys
import uuid
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from servicekit.db import Database
from servicekit.jobs import runner, store
from servicekit.jobs.runner import JobRunner
from servicekit.testing.databases import ServiceDatabase

ROWS = 400
MANY = 20_000
"""Of a resource that is stored a thousand at a time."""
PATIENCE = 240
"""Seconds; a machine that is busy with other things starts a process slowly."""
WORKER = Path(__file__).with_name("job_process.py")
Send = Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sql(notes_database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(notes_database.superuser_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
def send(office: httpx.AsyncClient) -> Send:
    """`await send("甲", mode="partial")`: the job of an import of notes whose titles begin so."""

    async def post(
        begin: str, rows: int = ROWS, by: Any = None, of: str = "notes", **query: str
    ) -> Any:
        lines = [f"{begin}{n:05},st-bureau,{n}" for n in range(rows)]
        content = "\n".join(["title,unit,rank", *lines, ""]).encode()
        headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "text/csv"}
        answer = await (by or office).post(
            f"/api/v1/{of}/import", content=content, headers=headers, params=query
        )
        assert answer.status_code == 202, answer.text
        return answer.json()

    return post


@asynccontextmanager
async def worker(database: ServiceDatabase) -> AsyncIterator[Process]:
    """A worker in a process of its own; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(sys.executable, str(WORKER), database.app_url)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until(sql: asyncpg.Connection, condition: str, job: Any) -> None:
    """Until the job's row meets the condition; some minutes at most."""
    await until_true(sql, f"SELECT {condition} FROM job WHERE id = $1", job["id"])


async def until_true(sql: asyncpg.Connection, query: str, *args: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await sql.fetchval(query, *args):  # noqa: ASYNC110, another process sets it
            await asyncio.sleep(0.02)


async def stored(sql: asyncpg.Connection, begin: str) -> int:
    return await sql.fetchval("SELECT count(*) FROM note WHERE title LIKE $1", f"{begin}%") or 0


async def lease_runs_out(sql: asyncpg.Connection, job: Any) -> None:
    await sql.execute("UPDATE job SET lease_until = now() WHERE id = $1", job["id"])


@pytest.mark.parametrize(
    ("begin", "of", "rows"), [("甲", "notes", ROWS), ("子", "hot-notes", MANY)]
)
async def test_a_partial_import_goes_on_behind_what_a_killed_worker_stored(
    send: Send, jobs: JobRunner, sql: asyncpg.Connection, notes_database: ServiceDatabase,
    begin: str, of: str, rows: int,
) -> None:  # fmt: skip
    job = await send(begin, rows, of=of, mode="partial")
    async with worker(notes_database) as process:
        await until(sql, "done >= 100", job)
        process.kill()
        await process.wait()
    before = await stored(sql, begin)
    assert 0 < before < rows
    await jobs.drain()
    assert await stored(sql, begin) == before, "its lease still runs"
    await lease_runs_out(sql, job)
    await jobs.drain()
    assert await stored(sql, begin) == rows
    row = await sql.fetchrow("SELECT state, done, attempts FROM job WHERE id = $1", job["id"])
    assert row is not None
    assert tuple(row) == ("succeeded", rows, 2)
    audited = """SELECT count(*) FROM audit_entry JOIN job USING (request_id)
     WHERE action = 'notes.write' AND job.id = $1"""
    assert await sql.fetchval(audited, job["id"]) == rows


@pytest.mark.parametrize(
    ("begin", "of", "rows"), [("乙", "notes", ROWS), ("丑", "hot-notes", MANY)]
)
async def test_an_atomic_import_leaves_nothing_of_a_killed_worker(
    send: Send, jobs: JobRunner, sql: asyncpg.Connection, notes_database: ServiceDatabase,
    begin: str, of: str, rows: int,
) -> None:  # fmt: skip
    job = await send(begin, rows, of=of, mode="atomic")
    async with worker(notes_database) as process:
        await until(sql, "total IS NOT NULL", job)
        process.kill()
        await process.wait()
    assert await stored(sql, begin) == 0
    await lease_runs_out(sql, job)
    await jobs.drain()
    assert await stored(sql, begin) == rows


async def test_a_worker_that_was_believed_dead_can_store_nothing_any_more(
    send: Send, jobs: JobRunner, sql: asyncpg.Connection, notes_database: ServiceDatabase
) -> None:
    job = await send("丙", mode="partial")
    async with worker(notes_database) as process:
        await until(sql, "done >= 100", job)
        process.send_signal(signal.SIGSTOP)
        await sql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
        await lease_runs_out(sql, job)
        await jobs.drain()
        assert await stored(sql, "丙") == ROWS
        process.send_signal(signal.SIGCONT)
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    assert await stored(sql, "丙") == ROWS
    assert await sql.fetchval("SELECT state FROM job WHERE id = $1", job["id"]) == "succeeded"


async def test_a_job_that_outlives_every_worker_is_given_up(
    send: Send, jobs: JobRunner, office: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    job = await send("丁", rows=1)
    await sql.execute("UPDATE job SET attempts = $2 WHERE id = $1", job["id"], store.MOST_ATTEMPTS)
    await jobs.drain()
    job = (await office.get(f"/api/v1/jobs/{job['id']}")).json()
    assert (job["state"], job["failure"]["code"]) == ("failed", "job_abandoned")


async def cancel(by: httpx.AsyncClient, job: Any) -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    return await by.post(f"/api/v1/jobs/{job['id']}/cancel", headers=headers)


async def test_a_waiting_job_is_cancelled_at_once_and_never_done(
    send: Send, jobs: JobRunner, office: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    job = await send("戊", rows=1)
    answer = await cancel(office, job)
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    await jobs.drain()
    assert await stored(sql, "戊") == 0
    again = await cancel(office, job)
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


async def test_a_running_job_ends_soon_after_it_is_cancelled(
    send: Send,
    jobs: JobRunner,
    office: httpx.AsyncClient,
    sql: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "BEAT", 0.05)
    job = await send("己", rows=3000, mode="atomic")
    running = asyncio.create_task(jobs.drain())
    await until(sql, "total IS NOT NULL", job)
    assert (await cancel(office, job)).status_code == 200
    async with asyncio.timeout(PATIENCE):
        await running
    assert await sql.fetchval("SELECT state FROM job WHERE id = $1", job["id"]) == "cancelled"
    assert await stored(sql, "己") == 0


async def test_a_bell_wakes_the_worker(
    send: Send, jobs: JobRunner, sql: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LOOK", 600.0)
    loop = asyncio.create_task(jobs.run())
    listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    await until_true(sql, listening)
    job = await send("庚", rows=1)
    await until(sql, "state = 'succeeded'", job)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


async def test_who_asked_and_their_unit_see_a_job_and_others_do_not(
    send: Send, notes_app: Any, api_client: Any
) -> None:
    async def reporter(unit: str, name: str) -> httpx.AsyncClient:
        return await api_client(notes_app, "unit_reporter", unit, sub=name)

    asked = await reporter("st-bureau", "asked")
    colleague = await reporter("st-bureau", "colleague")
    stranger = await reporter("other-bureau", "stranger")
    job = await send("辛", rows=1, by=asked)
    for who, status, listed in ((asked, 200, 1), (colleague, 200, 1), (stranger, 403, 0)):
        assert (await who.get(f"/api/v1/jobs/{job['id']}")).status_code == status
        found = (await who.get("/api/v1/jobs", params={"kind": "notes.import"})).json()["items"]
        assert len([one for one in found if one["id"] == job["id"]]) == listed
    assert (await cancel(stranger, job)).status_code == 403
    moved = await reporter("other-bureau", "asked")
    assert (await moved.get(f"/api/v1/jobs/{job['id']}")).status_code == 200


async def test_old_jobs_go_with_their_errors(
    send: Send, jobs: JobRunner, sql: asyncpg.Connection, notes_database: ServiceDatabase
) -> None:
    old, recent = await send("壬", rows=1), await send("癸", rows=1)
    await jobs.drain()
    await sql.execute(
        "UPDATE job SET finished_at = now() - interval '31 days' WHERE id = $1", old["id"]
    )
    async with Database(notes_database.app_url) as pool, pool.session() as session:
        await store.prune(session, keep=timedelta(days=30))
    left = {row["id"] for row in await sql.fetch("SELECT id FROM job")}
    assert (old["id"] in left, recent["id"] in left) == (False, True)
