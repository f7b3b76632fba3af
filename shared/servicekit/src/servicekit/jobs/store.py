"""SQL of the jobs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import text

from servicekit import context
from servicekit.db import Session
from servicekit.ids import new_id
from servicekit.jobs.job import Job, JobError

CHANNEL = "jobs"
LEASE = timedelta(seconds=20)
"""How long a claim lasts without a sign of life."""
MOST_ATTEMPTS = 5
"""A job that outlived so many workers is what kills them."""

_INSERT = text("""INSERT INTO job (id, kind, state, subject, client_id, unit, roles, scopes,
 language, request_id, correlation_id, parameters, input_sha256, input_name)
 VALUES (:id, :kind, 'queued', :subject, :client_id, :unit, :roles, :scopes, :language,
 :request_id, :correlation_id, cast(:parameters AS jsonb), :input_sha256, :input_name)""")

_CLAIM = text("""UPDATE job SET state = 'running', attempts = attempts + 1,
 lease_until = now() + cast(:lease AS interval), started_at = coalesce(started_at, now()),
 updated_at = now()
 WHERE id = (SELECT id FROM job
   WHERE kind = ANY(:kinds) AND (state = 'queued' OR (state = 'running' AND lease_until < now()))
   ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
 RETURNING *""")

_MINE = "WHERE id = :id AND attempts = :attempt AND state = 'running'"
_BEAT = text(f"""UPDATE job SET lease_until = now() + cast(:lease AS interval)
 {_MINE} RETURNING cancel_requested""")
_ADVANCE = text(f"""UPDATE job SET total = :total, done = :done, refused = :refused,
 errors = :errors, updated_at = now() {_MINE} RETURNING cancel_requested""")
# By the clock: the transaction may have begun minutes ago, with the first row of an import.
_FINISH = text(f"""UPDATE job SET state = :state, failure = cast(:failure AS jsonb),
 result_sha256 = :result_sha256, result_name = :result_name, lease_until = NULL,
 finished_at = clock_timestamp(), updated_at = clock_timestamp() {_MINE} RETURNING true""")
_RELEASE = text(f"UPDATE job SET lease_until = now() {_MINE}")
_ERRORS = text("""INSERT INTO job_error
 (job_id, number, sheet, row_number, head, cell, field, code, message_zh, message_en)
 VALUES (:job_id, :number, :sheet, :row, :head, :cell, :field, :code, :message_zh, :message_en)""")
_FORGET = text("DELETE FROM job_error WHERE job_id = :id")
_READ_ERRORS = """SELECT sheet, row_number AS row, head, cell, field, code, message_zh, message_en
 FROM job_error WHERE job_id = $1 ORDER BY number"""
_CANCEL = text("""UPDATE job SET updated_at = now(), cancel_requested = true,
 state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
 finished_at = CASE state WHEN 'queued' THEN now() END
 WHERE id = :id AND state IN ('queued', 'running') RETURNING state""")
_PRUNE = text("""DELETE FROM job WHERE id IN (SELECT id FROM job
 WHERE finished_at < now() - cast(:keep AS interval) ORDER BY finished_at LIMIT 500)""")


async def enqueue(
    session: Session,
    service: str,
    kind: str,
    parameters: Mapping[str, Any],
    *,
    input_sha256: str | None = None,
    input_name: str | None = None,
) -> str:
    """Store a job for whoever makes this request; answers its id. A worker starts on it as soon as
    the transaction is committed."""
    here, job_id = context.current(), f"{service}-{new_id()}"
    who = here.principal
    values = {
        "id": job_id,
        "kind": kind,
        "subject": who.subject,
        "client_id": who.client_id,
        "unit": who.unit,
        "roles": sorted(who.roles),
        "scopes": sorted(who.scopes),
        "language": here.language,
        "request_id": here.request_id,
        "correlation_id": here.correlation_id,
        "parameters": orjson.dumps(parameters).decode(),
        "input_sha256": input_sha256,
        "input_name": input_name,
    }
    await session.execute(_INSERT, values)
    # With the commit, unlike the relay's bell: jobs are few, and nobody else is waiting there.
    await session.execute(text(f"NOTIFY {CHANNEL}"))
    return job_id


async def claim(session: Session, kinds: Sequence[str]) -> Job | None:
    """The oldest job that nobody has in hand, now ours; none if there is none."""
    row = (await session.execute(_CLAIM, {"kinds": [*kinds], "lease": LEASE})).mappings().first()
    return None if row is None else Job.of(row)  # pyright: ignore[reportArgumentType]


async def beat(session: Session, job: Job) -> bool | None:
    """Say that the worker is alive. Answers whether the job is to be cancelled; none if it is no
    longer ours."""
    return await session.scalar(_BEAT, mine(job) | {"lease": LEASE})


async def advance(session: Session, job: Job, **counts: int | None) -> bool | None:
    """Set the counts; answers as `beat`."""
    return await session.scalar(_ADVANCE, mine(job) | counts)


async def finish(
    session: Session, job: Job, state: str, failure: Mapping[str, str] | None, result: Any
) -> bool:
    """End the job; answers whether it was still ours."""
    values = {
        "state": state,
        "failure": None if failure is None else orjson.dumps(failure).decode(),
        "result_sha256": result[0] if result else None,
        "result_name": result[1] if result else None,
    }
    return bool(await session.scalar(_FINISH, mine(job) | values))


async def release(session: Session, job: Job) -> None:
    """Let another worker have it at once."""
    await session.execute(_RELEASE, mine(job))
    await session.execute(text(f"NOTIFY {CHANNEL}"))


async def add_errors(session: Session, job: Job, first: int, errors: Sequence[JobError]) -> None:
    if errors:
        rows = [
            {"job_id": job.id, "number": first + n}
            | {name: getattr(one, name) for name in one.__slots__}
            for n, one in enumerate(errors)
        ]
        await session.execute(_ERRORS, rows)


async def forget_errors(session: Session, job: Job) -> None:
    await session.execute(_FORGET, {"id": job.id})


async def read_errors(session: Session, job: Job) -> list[JobError]:
    return [JobError(**row) for row in await session.fetch(_READ_ERRORS, job.id)]


async def cancel(session: Session, job_id: str) -> str | None:
    """Ask for the end of a job; answers its state now, or none if it has ended already."""
    return await session.scalar(_CANCEL, {"id": job_id})


async def prune(session: Session, *, keep: timedelta) -> None:
    """Let jobs go that ended so long ago, with their errors; their files follow by themselves."""
    await session.execute(_PRUNE, {"keep": keep})


def mine(job: Job) -> dict[str, Any]:
    return {"id": job.id, "attempt": job.attempt}
