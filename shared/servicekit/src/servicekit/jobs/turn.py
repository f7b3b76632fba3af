"""One worker's turn at a job: all that a running job says about itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from servicekit import audit
from servicekit.db import Database, Session
from servicekit.jobs import store
from servicekit.jobs.job import Job, JobError, JobState
from servicekit.problems import Problem


class TurnLost(Exception):
    """Another worker has the job: whatever this one wrote must be rolled back."""


class CancelRequested(Exception):
    """Somebody wants the job to end."""


@dataclass
class Turn:
    """The counts are those of the job so far. `total` is none until it is known."""

    job: Job
    database: Database
    total: int | None = None
    done: int = 0
    refused: int = 0
    errors: int = 0

    @classmethod
    def at(cls, job: Job, database: Database) -> "Turn":
        return cls(job, database, done=job.done, refused=job.refused, errors=job.errors)

    async def advance(self, session: Session, errors: Sequence[JobError] = ()) -> None:
        """Store the counts and further errors with this transaction's effect, so that whoever
        takes the job over goes on from here.

        Raises:
            TurnLost, CancelRequested.
        """
        await store.add_errors(session, self.job, self.errors, errors)
        self.errors += len(errors)
        self.heed(
            await store.advance(
                session,
                self.job,
                total=self.total,
                done=self.done,
                refused=self.refused,
                errors=self.errors,
            )
        )

    async def show(self) -> None:
        """Let the counts be seen while their effect is not committed yet. Raises as `advance`."""
        async with self.database.session() as session:
            await self.advance(session)

    async def finish(
        self,
        session: Session,
        state: JobState,
        *,
        problem: Problem | None = None,
        result: tuple[str, str] | None = None,
    ) -> None:
        """End the job with this transaction. `result` is the file's SHA-256 and name.

        Raises:
            TurnLost: another worker has it; nothing of this transaction may stay.
        """
        failure = problem and {
            "code": problem.code,
            "message_zh": problem.text("zh"),
            "message_en": problem.text("en"),
        }
        if not await store.finish(session, self.job, state, failure, result):
            raise TurnLost
        detail = {"kind": self.job.kind, "failure": problem.code if problem else None}
        audit.record(session, f"jobs.{state}", "job", self.job.id, **detail)

    def heed(self, cancel_requested: bool | None) -> None:
        """Raises `TurnLost` or `CancelRequested`, as the database says."""
        if cancel_requested is None:
            raise TurnLost
        if cancel_requested:
            raise CancelRequested
