"""The job of an import: read, check and store the rows, and give back what is wrong."""

import asyncio
import hashlib
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from servicekit.ahead import ahead
from servicekit.auth.permissions import NONE, Permission
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files import store as files
from servicekit.files.store import StoredFile
from servicekit.http.exports.stamp import Stamp
from servicekit.imports import problems
from servicekit.imports.heads import match_heads
from servicekit.imports.places import ERRORS_HEAD, column_of
from servicekit.imports.plain import Plain
from servicekit.imports.problems import MOST_ERRORS
from servicekit.imports.rows import Chunk, Reader, Translate, as_it_is
from servicekit.imports.sheet import annotated, opened
from servicekit.imports.writing import Writer, tried
from servicekit.jobs import store as jobs
from servicekit.jobs.job import JobError
from servicekit.jobs.turn import Turn
from servicekit.problems import Forbidden, Problem

SHOWN_EVERY = 1.0
"""Seconds between two looks at the progress of what is not committed yet."""


CheckForm = Callable[[Session, Principal, Mapping[str, str]], Awaitable[None]]
"""`await check(session, principal, marks)`: raises what is wrong with a form of these marks."""


Words = Callable[[Session], Awaitable[Translate]]
"""`await words(session)`: how words that people write for a value are read."""


@dataclass(frozen=True, slots=True)
class Import:
    """The import of one resource. `labels` are the Chinese names of its fields; `check_form` judges
    the forms that are handed out for it, where there are any; `words` reads words for values;
    `plain` stores rows that are plainly right."""

    permission: Permission
    model: type[BaseModel]
    writer: Writer
    labels: Mapping[str, str]
    check_form: CheckForm | None = None
    words: Words | None = None
    plain: Plain | None = None

    async def run(self, turn: Turn) -> None:
        """Raises `FileRefused`, or what `check_form` does: with that the job fails."""
        if self.permission.relations(turn.job.principal) == NONE:
            raise Forbidden(permission=self.permission.name)
        with tempfile.TemporaryDirectory(prefix="import-") as directory:
            work = Path(directory)
            file = await fetch_input(turn, work / "input")
            async with opened(work / "input", file.media_type) as sheet:
                await self.judge_form(turn, sheet.stamp)
                turn.total = sheet.total
                heads = match_heads(self.model, self.labels, sheet)
                reader = Reader(self.model, sheet, heads, await self.learn(turn))
                if heads.errors:
                    await start_over(turn, heads.errors)
                elif not is_atomic(turn) and not is_dry(turn):
                    await self.in_parts(turn, reader)
                elif await self.as_one(turn, reader):
                    return
            outcome = problems.HeadsRefused() if heads.errors else verdict(turn)
            await conclude(turn, file, work, outcome)

    async def judge_form(self, turn: Turn, stamp: Stamp | None) -> None:
        """A workbook without a stamp is a table as good as any."""
        if stamp is None:
            return
        if self.check_form is None:
            raise problems.ForeignForm
        async with turn.database.session() as session:
            await self.check_form(session, turn.job.principal, stamp.marks)

    async def learn(self, turn: Turn) -> Translate:
        if self.words is None:
            return as_it_is
        async with turn.database.session() as session:
            return await self.words(session)

    async def as_one(self, turn: Turn, reader: Reader[Any]) -> bool:
        """All rows in one transaction, with the end of the job. Answers false, and has stored
        nothing but the errors, if there are any or it was only to be tried."""
        await start_over(turn)
        errors: list[JobError] = []
        shown = time.monotonic()
        async with turn.database.session() as session:
            async with ahead(self.chunks(reader)) as chunks:
                async for chunk in chunks:
                    errors += await self.store(session, turn, reader, chunk)
                    if len(errors) >= MOST_ERRORS:
                        break
                    if time.monotonic() - shown > SHOWN_EVERY:
                        await turn.show()
                        shown = time.monotonic()
            if not errors and not is_dry(turn):
                turn.total = turn.done
                await turn.advance(session)
                await turn.finish(session, "succeeded")
                return True
            await session.rollback()
            session.forget_pending()
        async with turn.database.session() as session:
            await turn.advance(session, errors[:MOST_ERRORS])
        return False

    async def in_parts(self, turn: Turn, reader: Reader[Any]) -> None:
        """Some rows at a time, each time with the job's counts in one transaction: whoever takes
        the job over goes on behind them."""
        async with ahead(self.chunks(reader, turn.done)) as chunks:
            async for chunk in chunks:
                async with turn.database.session() as session:
                    errors = await self.store(session, turn, reader, chunk)
                    await turn.advance(session, errors[: MOST_ERRORS - turn.errors])
                if turn.errors >= MOST_ERRORS:
                    return

    def chunks(self, reader: Reader[Any], skip: int = 0) -> AsyncGenerator[Chunk[Any]]:
        return reader.chunks(self.writer.at_once, skip, self.plain)

    async def store(
        self, session: Session, turn: Turn, reader: Reader[Any], chunk: Chunk[Any]
    ) -> list[JobError]:
        """Write the good rows of a chunk and count; answers what is wrong with the others."""
        if self.plain is None or chunk.plain is None:
            return await self.store_bodies(session, turn, reader, chunk)
        if await tried(session, self.plain.write, turn.job.principal, chunk.plain):
            turn.done += len(chunk.rows)
            return []
        errors: list[JobError] = []
        for part in reader.parts(chunk.rows, self.writer.at_once):
            errors += await self.store_bodies(session, turn, reader, part)
        return errors

    async def store_bodies(
        self, session: Session, turn: Turn, reader: Reader[Any], chunk: Chunk[Any]
    ) -> list[JobError]:
        refused = await self.writer.write(session, turn.job.principal, chunk.bodies)
        await session.flush_deferred()
        session.expunge_all()
        errors = [*chunk.errors]
        for index, problem in refused.items():
            errors += reader.refuse(chunk.numbers[index], problem)
        turn.done += len(chunk.rows)
        turn.refused += chunk.refused + len(refused)
        return sorted(errors, key=lambda one: one.row or 0)


def is_dry(turn: Turn) -> bool:
    return bool(turn.job.parameters["dry_run"])


def is_atomic(turn: Turn) -> bool:
    return turn.job.parameters["mode"] == "atomic"


def verdict(turn: Turn) -> Problem | None:
    """With what the job fails, for the errors in its rows."""
    if turn.errors >= MOST_ERRORS:
        return problems.TooManyErrors(most=MOST_ERRORS)
    return problems.ImportRefused() if turn.errors and is_atomic(turn) else None


async def start_over(turn: Turn, errors: Sequence[JobError] = ()) -> None:
    """Nothing was kept of an earlier turn but what it told of the file."""
    turn.done = turn.refused = turn.errors = 0
    async with turn.database.session() as session:
        await jobs.forget_errors(session, turn.job)
        await turn.advance(session, errors)


async def fetch_input(turn: Turn, target: Path) -> StoredFile:
    """The file of the job, on this machine's disk for as long as it is worked on."""
    assert turn.job.input_sha256 is not None
    async with turn.database.session() as session:
        file = await files.find(session, turn.job.input_sha256)
    with await asyncio.to_thread(target.open, "wb") as opened_file:
        async for piece in files.pieces_of(turn.database, file):
            opened_file.write(piece)
    return file


async def conclude(turn: Turn, file: StoredFile, work: Path, outcome: Problem | None) -> None:
    """End the job; with the file that names what is wrong, if anything is."""
    async with turn.database.session() as session:
        errors = await jobs.read_errors(session, turn.job)
    if errors:
        language = turn.job.context.language
        wrong = [[one.row, column_of(one.cell), one.text(language)] for one in errors]
        await asyncio.to_thread((work / "errors").write_bytes, orjson.dumps(wrong))
        await annotated(work / "input", file.media_type, work / "errors", work / "result", language)
    turn.total = turn.total if outcome else turn.done
    async with turn.database.session() as session:
        result = await keep_result(session, turn, file, work / "result") if errors else None
        await turn.advance(session)
        await turn.finish(
            session, "failed" if outcome else "succeeded", problem=outcome, result=result
        )


async def keep_result(
    session: Session, turn: Turn, file: StoredFile, result: Path
) -> tuple[str, str]:
    with await asyncio.to_thread(result.open, "rb") as content:
        digest = await asyncio.to_thread(hashlib.file_digest, content, "sha256")
        size = content.tell()
        stored = StoredFile(digest.hexdigest(), size, file.media_type)
        sha256 = await files.keep_file(session, content, stored)
    stem, _, suffix = (turn.job.input_name or "file").rpartition(".")
    return sha256, f"{stem}-{ERRORS_HEAD[turn.job.context.language]}.{suffix}"
