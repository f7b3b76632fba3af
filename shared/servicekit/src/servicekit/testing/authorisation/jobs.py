"""Jobs in the matrix: every service has them, so no service has to tell how one is made."""

from collections.abc import Sequence

from fastapi import FastAPI
from sqlalchemy import text

from servicekit.db import Database
from servicekit.ids import new_id
from servicekit.jobs.job import STATES, Kind
from servicekit.jobs.runner import JobRunner
from servicekit.testing.authorisation.declared import Resource, Row

FILE = "0" * 64
_FILE = text("""INSERT INTO stored_file (sha256, size, media_type) VALUES (:file, 0, 'text/csv')
 ON CONFLICT DO NOTHING""")
_DROP = text("UPDATE job SET state = 'cancelled' WHERE state = 'queued'")
_JOB = text("""INSERT INTO job (id, kind, state, subject, client_id, unit, roles, scopes, language,
 request_id, correlation_id, parameters, result_sha256, result_name)
 VALUES (:id, 'things.import', :state, 'maker', 'elsewhere', :unit, '{}', '{}', 'zh', 'r', 'c',
 '{}', :file, 'result.csv')""")


def jobs_of(app: FastAPI) -> Resource:
    """Jobs that somebody of the unit asked for, with a file as their result."""

    async def a_job(state: str, unit: str | None) -> Row:
        database: Database = app.state.database
        job_id = f"scratch-{new_id()}"
        async with database.session() as session:
            await session.execute(_FILE, {"file": FILE})
            values = {"id": job_id, "state": state, "unit": unit, "file": FILE}
            await session.execute(_JOB, values)
        return {"id": job_id, "state": state}

    return Resource("/jobs", one="/jobs/{job_id}", make=a_job, unitless=True, states=STATES)


async def do_jobs(app: FastAPI, kinds: Sequence[Kind]) -> None:
    """What the service's worker does."""
    await JobRunner(app.state.database, kinds).drain()


async def drop_jobs(app: FastAPI) -> None:
    """Let nobody do the jobs that wait: that they were taken is all that was to be shown."""
    database: Database = app.state.database
    async with database.session() as session:
        await session.execute(_DROP)
