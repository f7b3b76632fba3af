"""The audit trail is chained after its rows were committed, signed and told off the machine, and a
look at it tells what does not fit any more."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from servicekit import audit, new_secrets
from servicekit.db import Database, make_metadata
from servicekit.sealing import content, metrics, sealer, verify, watch
from servicekit.sealing.checkpoint import Checkpoint, Signer, public_line, read_exported, read_keys
from servicekit.sealing.content import LATE_MS, id_at, moment, noted_ms, occurred_ms
from servicekit.sealing.findings import TEXTS, Finding, Kind
from servicekit.sealing.sealer import Sealer
from servicekit.settings import Settings
from servicekit.tables import platform_tables
from servicekit.testing.databases import Databases, ServiceDatabase

KEY = new_secrets.audit_key()


@pytest_asyncio.fixture(loop_scope="module")
async def stored(postgres_server: Databases) -> AsyncIterator[ServiceDatabase]:
    database = postgres_server.migrated("targets")
    yield database
    postgres_server.drop(database)


@pytest_asyncio.fixture(loop_scope="module")
async def database(stored: ServiceDatabase) -> AsyncIterator[Database]:
    async with Database(stored.app_url) as database:
        yield database


@pytest.fixture
def sealing(stored: ServiceDatabase, database: Database, tmp_path: Path) -> Callable[..., Sealer]:
    """`sealing()`: another process's sealer of this trail."""

    def make(key: str = KEY, directory: str | None = None) -> Sealer:
        settings = Settings(
            service=stored.service,
            audit_key=key,
            audit_directory=str(tmp_path) if directory is None else directory,
        )
        return Sealer(database, settings)

    return make


async def note(database: Database, count: int) -> None:
    for number in range(count):
        async with database.session() as session:
            audit.record(session, "things.create", "thing", number, after={"n": number})


async def sealed(sealer: Sealer) -> Checkpoint | None:
    """One round of a process that has just begun."""
    await sealer.begin()
    while await sealer.look():
        pass
    return await sealer.sign()


async def look(stored: ServiceDatabase, *places: Path) -> tuple[verify.Report, list[Finding]]:
    found: list[Finding] = []
    exported = read_exported(places)
    report = await verify.verify(
        stored.service, stored.readonly_url, exported, [Signer(KEY).public], found.append
    )
    return report, found


async def by_owner(stored: ServiceDatabase, sql: str, *args: object) -> None:
    owner = await asyncpg.connect(stored.migrator_url)
    await owner.execute(sql, *args)
    await owner.close()


async def test_what_is_noted_is_sealed_signed_and_exported(
    stored: ServiceDatabase, database: Database, sealing: Callable[..., Sealer], tmp_path: Path
) -> None:
    await note(database, 5)
    made = await sealed(sealing())
    assert made is not None
    assert made.seq == 5
    file = tmp_path / f"targets-{made.time[:7]}.jsonl"
    assert json.loads(file.read_text())["chain"] == made.chain
    report, found = await look(stored, tmp_path)
    assert found == []
    assert (report.rows, report.seals, report.checkpoints, report.waiting) == (5, 5, 1, 0)


async def test_another_process_takes_up_where_the_last_one_left_off(
    stored: ServiceDatabase, database: Database, sealing: Callable[..., Sealer], tmp_path: Path
) -> None:
    for size in (3, 4):
        await note(database, size)
        assert await sealed(sealing()) is not None
    assert await sealed(sealing()) is None
    report, found = await look(stored, tmp_path)
    assert found == []
    assert (report.seals, report.checkpoints) == (7, 2)


async def test_more_than_a_batch_is_sealed_in_the_order_of_its_time(
    stored: ServiceDatabase,
    database: Database,
    sealing: Callable[..., Sealer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealer, "BATCH", 4)
    monkeypatch.setattr(verify, "PAGE", 3)
    await note(database, 10)
    assert await sealed(sealing()) is not None
    sql = "SELECT array_agg(entry_id ORDER BY seq) = array_agg(entry_id ORDER BY entry_id) AS same"
    assert (await database.fetch(f"{sql} FROM audit_seal", ()))[0]["same"]
    report, found = await look(stored, tmp_path)
    assert (found, report.seals) == ([], 10)


async def old_row(stored: ServiceDatabase, milliseconds: int) -> None:
    """One that tells an earlier time, put in by the owner."""
    values = "($1, $2::text::timestamptz, 'a', 'c', '{}', 'x', 't', 'o', 'ok', 'r', 'r')"
    columns = "id, occurred_at, actor, client_id, roles, action, object_type, object_id, outcome,"
    sql = f"INSERT INTO audit_entry ({columns} request_id, correlation_id) VALUES {values}"
    await by_owner(stored, sql, id_at(milliseconds), moment(milliseconds))


async def test_a_trail_that_was_there_before_the_sealer_is_taken_as_it_is(
    stored: ServiceDatabase, sealing: Callable[..., Sealer], tmp_path: Path
) -> None:
    for days in (400, 30, 1):
        await old_row(stored, noted_now() - days * 86_400_000)
    assert await sealed(sealing()) is not None
    report, found = await look(stored, tmp_path)
    assert (found, report.seals) == ([], 3)


async def test_a_row_far_below_what_is_sealed_is_found_by_the_walk_and_told(
    stored: ServiceDatabase,
    database: Database,
    sealing: Callable[..., Sealer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealer, "PAGE", 2)
    await note(database, 5)
    here = sealing()
    assert await sealed(here) is not None
    await old_row(stored, noted_now() - 2 * LATE_MS)
    assert not await here.look()
    _, found = await look(stored, tmp_path)
    assert [finding.kind for finding in found] == [Kind.UNSEALED]
    here._walked = sealer.LOWEST
    while here._walked is not None:
        await here.walk()
    assert await here.sign() is not None
    report, found = await look(stored, tmp_path)
    assert [finding.kind for finding in found] == [Kind.BACKDATED]
    assert report.seals == 6


def noted_now() -> int:
    return sealer._now_ms()


async def test_a_chain_that_was_changed_is_not_signed(
    stored: ServiceDatabase, database: Database, sealing: Callable[..., Sealer], tmp_path: Path
) -> None:
    await note(database, 4)
    here = sealing()
    assert await sealed(here) is not None
    last = "(SELECT entry_id FROM audit_seal WHERE seq = 4)"
    await by_owner(stored, f"DELETE FROM audit_entry WHERE id = {last}")
    await by_owner(stored, "DELETE FROM audit_seal WHERE seq = 4; DELETE FROM audit_checkpoint")
    await note(database, 3)
    await here.look()
    for process in (here, sealing()):
        await process.begin()
        assert await process.sign() is None
        assert metrics.MISFIT._value.get() == 1
    _, found = await look(stored, tmp_path)
    assert {finding.kind for finding in found} >= {Kind.REWRITTEN, Kind.CHECKPOINT_REMOVED}


async def test_what_no_checkpoint_covers_can_be_cut_unseen_and_is_counted(
    stored: ServiceDatabase, database: Database, sealing: Callable[..., Sealer], tmp_path: Path
) -> None:
    await note(database, 3)
    here = sealing()
    assert await sealed(here) is not None
    await note(database, 2)
    await here.look()
    await note(database, 1)
    report, found = await look(stored, tmp_path)
    assert (found, report.uncovered, report.waiting) == ([], 2, 1)
    await watch.count(database)
    assert metrics.UNCOVERED._value.get() == 3
    assert 0 <= metrics.UNCOVERED_AGE._value.get() < 60
    await here.look()
    assert await here.sign() is not None
    await watch.count(database)
    assert metrics.UNCOVERED._value.get() == metrics.UNCOVERED_AGE._value.get() == 0


async def test_without_a_key_rows_are_sealed_and_counted_as_uncovered(
    database: Database, sealing: Callable[..., Sealer]
) -> None:
    await note(database, 3)
    assert await sealed(sealing(key="", directory="")) is None
    assert (await database.fetch("SELECT count(*) AS n FROM audit_seal", ()))[0]["n"] == 3
    await watch.count(database)
    assert metrics.UNCOVERED._value.get() == 3


async def test_a_directory_that_is_away_delays_the_export_and_not_the_sealing(
    stored: ServiceDatabase, database: Database, sealing: Callable[..., Sealer], tmp_path: Path
) -> None:
    away = tmp_path / "mounted-later"
    here = sealing(directory=str(away))
    failures = metrics.EXPORT_FAILURES._value.get()
    await note(database, 2)
    assert await sealed(here) is not None
    assert metrics.EXPORT_FAILURES._value.get() == failures + 1
    away.mkdir()
    assert await here.sign() is not None
    report, found = await look(stored, away)
    assert (found, report.uncovered) == ([], 0)


async def test_two_sealers_at_once_make_one_chain(
    stored: ServiceDatabase, database: Database, sealing: Callable[..., Sealer], tmp_path: Path
) -> None:
    await note(database, 30)
    here, there = sealing(), sealing()
    done = await asyncio.gather(sealed(here), sealed(there), return_exceptions=True)
    allowed = (asyncpg.UniqueViolationError, Checkpoint, type(None))
    assert all(isinstance(one, allowed) for one in done), done
    await sealed(sealing())
    report, found = await look(stored, tmp_path)
    assert (found, report.seals) == ([], 30)


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "audit_checkpoint"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
async def test_the_service_can_only_add_to_its_trail(
    stored: ServiceDatabase, table: str, verb: str
) -> None:
    connection = await asyncpg.connect(stored.app_url)
    column = "id" if table == "audit_entry" else "seq"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(verb.format(table, column))
    await connection.close()


async def test_a_look_passes_over_what_is_no_checkpoint_and_reads_those_of_logs(
    stored: ServiceDatabase, database: Database, sealing: Callable[..., Sealer], tmp_path: Path
) -> None:
    await note(database, 2)
    made = await sealed(sealing(directory=""))
    assert made is not None
    log = tmp_path / "worker.log"
    entry = json.dumps({"event": "audit_checkpoint", "checkpoint": json.loads(made.line)})
    other = Signer(KEY).sign("parks", 9, "00", made.through, made.time).line
    log.write_text(f'no json\n{{"event": "x"}}\n[1]\ntargets-worker-1  | {entry}\n{other}\n')
    await by_owner(stored, "TRUNCATE audit_entry, audit_seal, audit_checkpoint")
    _, found = await look(stored, log)
    assert {finding.kind for finding in found} == {Kind.CUT_TAIL, Kind.CHECKPOINT_REMOVED}


def test_a_line_that_a_full_disk_cut_off_stays_a_line_of_its_own(tmp_path: Path) -> None:
    made = Signer(KEY).sign("targets", 1, "aa", moment(0), moment(0))
    (tmp_path / "targets-1970-01.jsonl").write_text('{"chain": "ab')
    sealer.export.append(tmp_path, made)
    assert [*read_exported([tmp_path])] == [made]
    assert sealer.export.newest(tmp_path, "targets") == made
    assert sealer.export.newest(tmp_path, "parks") is None


def test_keys_are_read_from_lines_and_a_former_one_stays_valid(tmp_path: Path) -> None:
    former = new_secrets.audit_key()
    file = tmp_path / "keys"
    file.write_text(public_line("targets", KEY) + public_line("targets", former))
    keys = read_keys(file)["targets"]
    made = Signer(former).sign("targets", 1, "aa", moment(0), moment(0))
    assert made.is_signed_by(keys)
    assert not made.is_signed_by(keys[:1])
    with pytest.raises(ValueError, match="not of Ed25519"):
        Signer(new_secrets.signing_key())


def test_every_column_of_the_trail_is_sealed() -> None:
    """A new column needs a new form of the digest (`content`), or it could be changed unseen."""
    metadata = make_metadata()
    platform_tables(metadata)
    assert set(metadata.tables["audit_entry"].columns.keys()) == set(content.NAMES)


def test_moments_are_read_as_they_are_written() -> None:
    assert noted_ms("00000000-0001-7000-8000-000000000000") == 1
    assert occurred_ms("1970-01-01T00:00:01.500000 AD") == 1500
    assert occurred_ms("1970-01-01T00:00:01.500000 BC") == occurred_ms("infinity") == -1
    assert str(id_at(1))[:13] == "00000000-0001"


def test_every_finding_is_told_in_both_languages() -> None:
    assert TEXTS.keys() == set(Kind)
    line = Finding(Kind.EDITED, 7, "row=x")
    assert line.text("zh").startswith("edited seq=7 row=x: 记录")
    assert line.text("en") == "edited seq=7 row=x: the row is not what was sealed"
