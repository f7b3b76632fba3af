"""Migrations beside a running system: they wait for their locks without making others wait, and a
schema ahead of the code is left as it is."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from servicekit import migrations
from servicekit.migrations import Migrations
from servicekit.testing.databases import ServiceDatabase
from sqlalchemy.exc import DBAPIError

ENV = """from servicekit.migrations import run_env
from sqlalchemy import MetaData
run_env(MetaData())
"""
STEP = """from alembic import op
revision = "{revision}"
down_revision = {before!r}
def upgrade():
    op.execute("{statement}")
def downgrade():
    pass
"""
MOVE = """from servicekit.platform_history.v4 import downgrade, upgrade
revision = "0002"
down_revision = "0001"
"""
KEPT = """CREATE TABLE relay_position (stream text PRIMARY KEY, generation text NOT NULL,
  stream_seq bigint NOT NULL);
INSERT INTO relay_position VALUES ('targets', 'g', 900), ('targets__parks', 'g', 700),
  ('targets__parks again', 'g', 100), ('targets__parks until', 'g', 300)"""
STEPS = {
    "0001": "CREATE TABLE thing (id int)",
    "0002": "ALTER TABLE thing ADD COLUMN name text",
}


def history(directory: Path, *revisions: str) -> Migrations:
    """The history that these steps are."""
    versions = directory / "versions"
    versions.mkdir(parents=True)
    (directory / "env.py").write_text(ENV)
    for before, revision in zip([None, *revisions], revisions, strict=False):
        step = STEP.format(revision=revision, before=before, statement=STEPS[revision])
        (versions / f"{revision}.py").write_text(step)
    return Migrations(directory)


async def columns(database: ServiceDatabase) -> set[str]:
    connection = await asyncpg.connect(database.superuser_url)
    try:
        found = await connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'thing'"
        )
    finally:
        await connection.close()
    return {row["column_name"] for row in found}


@pytest.fixture
def old(tmp_path: Path) -> Migrations:
    return history(tmp_path / "old", "0001")


@pytest.fixture
def new(tmp_path: Path) -> Migrations:
    return history(tmp_path / "new", "0001", "0002")


@pytest.fixture
def database(empty_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return empty_database("parks")


async def test_a_migration_waits_for_a_long_report_and_lets_others_read(
    old: Migrations, new: Migrations, database: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(migrations, "PAUSE", 0.1)
    await asyncio.to_thread(old.upgrade, database.migrator_url)
    report = await asyncpg.connect(database.superuser_url)
    reader = await asyncpg.connect(database.superuser_url)
    try:
        async with report.transaction():
            await report.fetch("SELECT * FROM thing")
            migrating = asyncio.create_task(asyncio.to_thread(new.upgrade, database.migrator_url))
            for _ in range(10):
                # Behind a statement that waits for its lock without a limit this would hang.
                await reader.fetch("SELECT * FROM thing", timeout=2)
                await asyncio.sleep(0.05)
            assert not migrating.done()
        await asyncio.wait_for(migrating, 20)
    finally:
        await report.close()
        await reader.close()
    assert await columns(database) == {"id", "name"}


async def test_a_lock_that_is_never_free_ends_the_migration_with_a_word(
    old: Migrations, new: Migrations, database: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrations, "PAUSE", 0.01)
    monkeypatch.setattr(migrations, "TRIES", 3)
    await asyncio.to_thread(old.upgrade, database.migrator_url)
    report = await asyncpg.connect(database.superuser_url)
    try:
        async with report.transaction():
            await report.fetch("SELECT * FROM thing")
            with pytest.raises(DBAPIError, match="lock timeout"):
                await asyncio.to_thread(new.upgrade, database.migrator_url)
    finally:
        await report.close()
    assert await columns(database) == {"id"}


async def test_a_schema_ahead_of_the_code_stays_as_it_is(
    old: Migrations, new: Migrations, database: ServiceDatabase
) -> None:
    await asyncio.to_thread(new.upgrade, database.migrator_url)
    await asyncio.to_thread(old.upgrade, database.migrator_url)
    assert await columns(database) == {"id", "name"}
    assert old.is_ahead("0002")
    assert not new.is_ahead("0002")
    assert not new.is_ahead("0000"), "neither known nor above: it is of somebody else"


async def test_how_far_durables_have_read_moves_and_comes_back(
    tmp_path: Path, database: ServiceDatabase
) -> None:
    steps = history(tmp_path, "0001")
    (tmp_path / "versions" / "0002.py").write_text(MOVE)
    connection = await asyncpg.connect(database.migrator_url)
    await connection.execute(KEPT)
    positions = "SELECT * FROM relay_position ORDER BY stream"
    before = await connection.fetch(positions)
    await asyncio.to_thread(steps.upgrade, database.migrator_url)
    (reading,) = await connection.fetch("SELECT * FROM relay_reading")
    assert tuple(reading) == ("targets__parks", "g", 700, 100, 300)
    assert [row["stream"] for row in await connection.fetch(positions)] == ["targets"]
    await asyncio.to_thread(steps.downgrade, database.migrator_url, "0001")
    assert await connection.fetch(positions) == before
    await connection.close()
