"""A small service of notes, to try the common room without any business in it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field
from servicekit import audit, types
from servicekit.auth import directory
from servicekit.auth.permissions import ANY, BELOW, OWN, Permission
from servicekit.auth.principal import Principal, Role
from servicekit.clock import now
from servicekit.copying import copy
from servicekit.db import Database, Session, make_metadata, sqlalchemy_url
from servicekit.http.app import create_app, router
from servicekit.http.batch import add_batch
from servicekit.http.etag import check_version, read_if_match, tag
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import Page, PageRequest, fetch_page, given, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.ids import new_id
from servicekit.imports.add import add_import
from servicekit.imports.writing import Write, single, together
from servicekit.jobs.job import Kind
from servicekit.jobs.runner import JobRunner
from servicekit.messaging import outbox
from servicekit.problems import InvalidTransition, NotFound, Problem, attempt
from servicekit.rows import filled
from servicekit.settings import Settings
from servicekit.tables import job_tables, platform_tables
from servicekit.testing.databases import ServiceDatabase
from sqlalchemy import BigInteger, DateTime, Text, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = make_metadata()


class Note(Base):
    __tablename__ = "note"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(Text, unique=True)
    unit: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="draft")
    rank: Mapped[int] = mapped_column(BigInteger, default=0)
    version: Mapped[int] = mapped_column(BigInteger, default=1)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


platform_tables(Base.metadata)
job_tables(Base.metadata)


class NoteSent(BaseModel):
    type: ClassVar[str] = "kechuang.scratch.note.sent.v1"
    note_id: UUID

    @property
    def subject(self) -> str:
        return f"note:{self.note_id}"


class NoteCreate(types.ApiModel):
    title: types.Text = Field(examples=["便条"])
    unit: types.Code = Field(examples=["st-bureau"])
    rank: int = 0


class NoteRead(NoteCreate):
    model_config = ConfigDict(extra="ignore", from_attributes=True)

    id: UUID
    state: str = Field(examples=["draft"])
    version: int = Field(examples=[1])


class NotePage(Page[NoteRead]):
    pass


class TitleTaken(Problem):
    status = 409
    code = "title_taken"
    zh = "标题“{title}”已被使用"
    en = "The title {title} is taken"


READ = Permission("notes.read", {Role.OFFICE: ANY, Role.UNIT_REPORTER: BELOW, Role.SYSTEM: ANY})
WRITE = Permission("notes.write", {Role.OFFICE: ANY, Role.UNIT_REPORTER: OWN, Role.SYSTEM: ANY})
notes = router("notes")
SORTABLE = {"title": Note.title, "rank": Note.rank, "id": Note.id, "updated_at": Note.updated_at}


@notes.post("/notes", status_code=201, response_model=NoteRead)
async def create_note(
    body: NoteCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(WRITE),
) -> Any:
    await directory.require(session, principal, WRITE, body.unit)
    note = Note(**body.model_dump())
    session.add(note)
    await session.flush()
    audit.record(session, "notes.write", "note", note.id, after=body.model_dump())
    response.headers["Location"] = f"/api/v1/notes/{note.id}"
    tag(response, note)
    return note


add_batch(notes, create_note)
LABELS = {"title": "标题", "unit": "单位代码", "rank": "序号"}
note_import = add_import(notes, create_note, labels=LABELS)


@notes.get("/notes", response_model=NotePage)
async def list_notes(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    response: Response,
    state: str | None = None,
    principal: Principal = permitted(READ),
) -> Any:
    units = await directory.visible_units(session, principal, READ)
    query = select(Note).where(*given((units, Note.unit.in_), (state, Note.state.__eq__)))
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-updated_at")


HOT = "SELECT id, title, unit, rank, state, version, updated_at FROM note"


@notes.get("/hot-notes", response_model=NotePage)
async def list_hot_notes(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    state: str | None = None,
    principal: Principal = permitted(READ),
) -> Any:
    where = Conditions()
    units = await directory.visible_units(session, principal, READ)
    where.given(("unit = ANY(?)", units), ("state = ?", state))
    types_of = {"title": str, "rank": int, "id": UUID, "updated_at": datetime}
    return await fetch_hot_page(session, HOT, where, page, sortable=types_of, default="-updated_at")


@notes.post("/hot-notes", status_code=201, response_model=NoteRead)
async def create_hot_note(
    body: NoteCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(WRITE),
) -> Any:
    await directory.require(session, principal, WRITE, body.unit)
    note = Note(**body.model_dump())
    session.insert(note)
    session.refuse("uq_note_title", TitleTaken(title=body.title))
    audit.record(session, "notes.write", "note", note.id, after=body.model_dump())
    outbox.add(session, NoteSent(note_id=note.id))
    response.headers["Location"] = f"/api/v1/notes/{note.id}"
    tag(response, note)
    return note


add_batch(notes, create_hot_note)


@notes.get("/notes/{note_id}", response_model=NoteRead)
async def get_note(
    note_id: UUID, session: SessionDep, response: Response, principal: Principal = permitted(READ)
) -> Any:
    note = await session.get(Note, note_id)
    if note is None:
        raise NotFound(what="note")
    await directory.require(session, principal, READ, note.unit)
    tag(response, note)
    return note


async def create_hot_notes(
    session: Session, principal: Principal, bodies: Sequence[NoteCreate]
) -> dict[int, Problem]:
    """`create_hot_note` for many."""
    reach = await directory.reach(session, principal, WRITE)
    found = await session.fetch("SELECT title FROM note WHERE title = ANY($1)", titles_of(bodies))
    taken = {row["title"] for row in found}

    def one(body: NoteCreate) -> dict[str, Any]:
        reach.require(body.unit)
        if body.title in taken:
            raise TitleTaken(title=body.title)
        taken.add(body.title)
        return filled(Note, dict(body))

    made = [attempt(one, body) for body in bodies]
    rows = [row for row in made if not isinstance(row, Problem)]
    await copy(session, Note, rows)
    after = {row["id"]: {name: row[name] for name in NoteCreate.model_fields} for row in rows}
    audit.record_created(session, "notes.write", "note", after)
    for note_id in after:
        outbox.add(session, NoteSent(note_id=note_id))
    return {n: wrong for n, wrong in enumerate(made) if isinstance(wrong, Problem)}


def titles_of(bodies: Sequence[NoteCreate]) -> list[str]:
    return [body.title for body in bodies]


hot_note_import = add_import(notes, create_hot_note, labels=LABELS, create_many=create_hot_notes)


@notes.post("/notes/{note_id}/send", response_model=NoteRead)
async def send_note(
    note_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Annotated[int | None, Depends(read_if_match)],
    principal: Principal = permitted(WRITE),
) -> Any:
    note = await session.get(Note, note_id, with_for_update=True)
    if note is None:
        raise NotFound(what="note")
    await directory.require(session, principal, WRITE, note.unit)
    check_version(note, expected)
    if note.state != "draft":
        raise InvalidTransition(state=note.state, action="send")
    note.state = "sent"
    note.version += 1
    audit.record(session, "notes.write", "note", note.id)
    outbox.add(session, NoteSent(note_id=note.id))
    tag(response, note)
    return note


@pytest.fixture(scope="module")
def notes_database(empty_database: Callable[..., ServiceDatabase]) -> ServiceDatabase:
    database = empty_database("scratch")

    async def make_tables() -> None:
        engine = create_async_engine(sqlalchemy_url(database.migrator_url))
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()

    asyncio.run(make_tables())
    return database


@pytest.fixture(scope="module")
def notes_app(notes_database: ServiceDatabase, tokens: Any) -> FastAPI:
    settings = Settings(
        service="scratch",
        database_url=notes_database.app_url,
        jwks=tokens.jwks,
        issuer=tokens.issuer,
    )
    return create_app(settings, title="notes", description="Notes.", routers=[notes])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(notes_app: FastAPI, api_client: Any) -> httpx.AsyncClient:
    return await api_client(notes_app, "office", "programme-office")


@pytest.fixture(scope="session")
def kinds() -> list[Kind]:
    """The jobs that the service of notes does."""
    return [note_import, hot_note_import]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jobs(notes_database: ServiceDatabase, kinds: list[Kind]) -> AsyncIterator[JobRunner]:
    """`await jobs.drain()`: what a worker does, until nothing is left to do."""
    async with Database(notes_database.app_url) as database:
        yield JobRunner(database, kinds)


@pytest.fixture(scope="session")
def note_writers() -> tuple[Write, Write]:
    """How many notes are created at once, and one by one."""
    one_by_one = single(create_hot_note, NoteRead)
    return together(create_hot_notes, one_by_one), one_by_one


@pytest.fixture(scope="session")
def note_body() -> type[NoteCreate]:
    return NoteCreate
