"""`PUT /x/{code}`: a row is made or restated under its key."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import pytest
import pytest_asyncio
from servicekit.db import Database, make_metadata, sqlalchemy_url
from servicekit.problems import PreconditionFailed
from servicekit.rows import Put, Versioned, put_by_key
from servicekit.testing.databases import ServiceDatabase
from sqlalchemy import DateTime, func, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

AT_ONCE = 6


class Base(DeclarativeBase):
    metadata = make_metadata()


class Shelf(Versioned, Base):
    __tablename__ = "shelf"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    placed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


@pytest_asyncio.fixture
async def database(empty_database: Callable[..., ServiceDatabase]) -> AsyncIterator[Database]:
    made = empty_database("scratch")
    engine = create_async_engine(sqlalchemy_url(made.migrator_url))
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    async with Database(made.app_url) as database:
        yield database


async def put(database: Database, name: str, expected: int | None = None) -> Put[Shelf]:
    async with database.session() as session:
        return await put_by_key(session, Shelf, {"code": "a"}, {"name": name}, expected)


async def test_a_row_is_made_changed_and_left_alone(database: Database) -> None:
    made = await put(database, "第一")
    assert (made.created, made.before, made.row.version) == (True, None, 1)
    assert made.row.placed_at, "the database's own defaults are there at once"
    same = await put(database, "第一", expected=1)
    assert (same.created, same.changed, same.row.version) == (False, False, 1)
    changed = await put(database, "第二", expected=1)
    assert (changed.created, changed.changed, changed.row.version) == (False, True, 2)
    assert changed.before is not None
    assert (changed.before["name"], changed.row.name) == ("第一", "第二")
    with pytest.raises(PreconditionFailed):
        await put(database, "第三", expected=1)


async def test_a_version_of_what_is_not_there_makes_nothing(database: Database) -> None:
    with pytest.raises(PreconditionFailed):
        await put(database, "第一", expected=1)
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Shelf)) == 0


async def test_many_at_once_make_one_row(database: Database) -> None:
    done = await asyncio.gather(*(put(database, "第一") for _ in range(AT_ONCE)))
    assert sorted(one.created for one in done) == [False] * (AT_ONCE - 1) + [True]
    assert {(one.row.name, one.row.version) for one in done} == {("第一", 1)}
    assert sum(one.changed for one in done) == 1


async def test_what_was_read_before_is_read_again_under_the_lock(database: Database) -> None:
    await put(database, "第一")
    async with database.session() as session:
        row = await session.get(Shelf, "a")
        await put(database, "第二")
        done = await put_by_key(session, Shelf, {"code": "a"}, {"name": "第一"}, None)
        assert done.row is row
        assert (done.changed, done.row.version) == (True, 3)
