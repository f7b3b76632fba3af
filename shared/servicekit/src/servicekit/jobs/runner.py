"""The loop that does jobs, one at a time; a worker runs as many as it shall do at once."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from servicekit import context
from servicekit.db import Database
from servicekit.http.errors import InternalError
from servicekit.jobs import store
from servicekit.jobs.job import Job, JobState, Kind
from servicekit.jobs.turn import CancelRequested, Turn, TurnLost
from servicekit.messaging import postgres
from servicekit.messaging.errors import is_passing
from servicekit.messaging.tasks import end
from servicekit.problems import Problem

LOOK = 10.0
"""Seconds between two looks for jobs whose worker died; new ones ring a bell."""
BEAT = 4.0
"""Seconds between two signs of life."""

log = structlog.get_logger()


class JobAbandoned(Problem):
    """Every worker that took it has died or lost its database."""

    status = 503
    code = "job_abandoned"
    zh = "任务多次中断（{attempts} 次），已放弃；请重新提交"
    en = "The job broke off {attempts} times and was given up; submit it again"


class JobRunner:
    """Does the jobs of these kinds, whoever asked for them."""

    def __init__(self, database: Database, kinds: Sequence[Kind]) -> None:
        self._database = database
        self._kinds = {kind.name: kind for kind in kinds}

    async def run(self) -> None:
        """Until cancelled. Raises what a lost connection raises, to be started again."""
        bell = asyncio.Event()
        async with postgres.connection(self._database.url, "jobs") as connection:
            await connection.add_listener(store.CHANNEL, lambda *_: bell.set())
            while True:
                bell.clear()
                await self.drain()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await bell.wait()
                await connection.fetchval("SELECT 1", timeout=5)

    async def drain(self) -> None:
        """Do jobs until none is waiting."""
        while job := await self._claim():
            with context.using(job.context):
                await self._take(Turn.at(job, self._database))

    async def _claim(self) -> Job | None:
        async with self._database.session() as session:
            return await store.claim(session, [*self._kinds])

    async def _take(self, turn: Turn) -> None:
        """Do one job; its end is always told, unless another worker has it or shall have it."""
        job = turn.job
        try:
            if job.attempt > store.MOST_ATTEMPTS:
                raise JobAbandoned(attempts=store.MOST_ATTEMPTS)
            await self._work(turn)
        except CancelRequested:
            await self._end(turn, "cancelled", None)
        except TurnLost:
            log.warning("job_taken_over", job=job.id, attempt=job.attempt)
        except asyncio.CancelledError:
            await asyncio.shield(self._release(job))
            raise
        except Problem as problem:
            await self._end(turn, "failed", problem)
        except Exception as error:
            if is_passing(error):
                log.warning("job_broke_off", job=job.id, error=repr(error))
                raise
            log.error("job_failed", job=job.id, kind=job.kind, exc_info=error)
            await self._end(turn, "failed", InternalError())

    async def _work(self, turn: Turn) -> None:
        """The work, as long as it is ours and nobody cancels it."""
        work = asyncio.create_task(self._run(turn), name=turn.job.id)
        watch = asyncio.create_task(self._stay(turn), name=f"{turn.job.id}:watch")
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end([work, watch])
        # A watch that broke tells why, unless the work came to its end all the same.
        (watch if work.cancelled() else work).result()

    async def _run(self, turn: Turn) -> None:
        await self._kinds[turn.job.kind].run(turn)

    async def _stay(self, turn: Turn) -> None:
        """Raises `TurnLost` or `CancelRequested` when the work has to stop."""
        while True:
            await asyncio.sleep(BEAT)
            async with self._database.session() as session:
                turn.heed(await store.beat(session, turn.job))

    async def _end(self, turn: Turn, state: JobState, problem: Problem | None) -> None:
        try:
            async with self._database.session() as session:
                await turn.finish(session, state, problem=problem)
        except TurnLost:
            log.warning("job_taken_over", job=turn.job.id, attempt=turn.job.attempt)

    async def _release(self, job: Job) -> None:
        async with self._database.session() as session:
            await store.release(session, job)
