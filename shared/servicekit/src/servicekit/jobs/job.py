"""What a job is, and what a kind of job has to bring."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import asyncpg

from servicekit.auth.principal import Principal, Role
from servicekit.context import Context

if TYPE_CHECKING:
    from servicekit.jobs.turn import Turn

JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
STATES: tuple[JobState, ...] = ("queued", "running", "succeeded", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job, as it was when it was claimed. `attempt` is the number of the claim."""

    id: str
    kind: str
    parameters: Mapping[str, Any]
    context: Context
    input_sha256: str | None
    input_name: str | None
    done: int
    refused: int
    errors: int
    attempt: int

    @property
    def principal(self) -> Principal:
        """Who asked: the job may do exactly what they may."""
        return self.context.principal

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Job":
        principal = Principal(
            subject=row["subject"],
            client_id=row["client_id"],
            roles=frozenset(map(Role, row["roles"])),
            unit=row["unit"],
            scopes=frozenset(row["scopes"]),
        )
        return cls(
            id=row["id"],
            kind=row["kind"],
            parameters=row["parameters"],
            context=Context(
                principal=principal,
                request_id=row["request_id"],
                correlation_id=row["correlation_id"],
                language=row["language"],
            ),
            input_sha256=row["input_sha256"],
            input_name=row["input_name"],
            done=row["done"],
            refused=row["refused"],
            errors=row["errors"],
            attempt=row["attempts"],
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job, `<resource>.<verb>`. `run` ends with `turn.finish`, in the transaction of its
    effect; a `Problem` it raises is what the job failed with. It may be run again from the
    beginning, or from what it told `turn.advance`, after a worker has died."""

    name: str
    run: Callable[["Turn"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class JobError:
    """One wrong place in a job's file. `cell` is as a spreadsheet names it, such as `C17`; `field`
    is the field of the body that a single request would have, such as `measures.rd_spend`."""

    code: str
    message_zh: str
    message_en: str
    sheet: str | None = None
    row: int | None = None
    head: str | None = None
    cell: str | None = None
    field: str | None = None

    def text(self, language: str) -> str:
        return self.message_zh if language == "zh" else self.message_en
