"""The cluster from the wheel: made once, started again, with roles that may little."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from servicekit.embedded.account import Account
from servicekit.embedded.child import Child
from servicekit.embedded.postgres import PostgresFailed, PostgresServer
from servicekit.embedded.provision import Passwords, provision
from servicekit.new_secrets import password


@pytest.fixture(scope="module")
def server(new_directory: Callable[[], Path]) -> Iterator[PostgresServer]:
    directory = new_directory() / ("long" * 30)
    server = PostgresServer(directory / "data", directory / "log", password(), durable=False)
    server.prepare()
    child = Child(server.command())
    server.wait()
    yield server
    child.stop()
    server.forget_socket()
    assert child.process.returncode == 0


@pytest.fixture(scope="module")
def passwords(server: PostgresServer) -> Passwords:
    passwords = Passwords.fresh()
    provision(server, "targets", passwords)
    return passwords


def test_a_long_data_directory_still_has_a_short_socket(server: PostgresServer) -> None:
    assert len(str(server.data_dir)) > 107
    assert len(str(server.socket_dir)) < 80
    assert server.socket_dir.stat().st_mode & 0o077 == 0


def test_a_restart_keeps_every_row(new_directory: Callable[[], Path]) -> None:
    place = new_directory()
    server = PostgresServer(place / "data", place / "log", password(), durable=False)
    for statement in ("CREATE TABLE kept AS SELECT 1 AS n", "SELECT n FROM kept"):
        server.prepare()
        child = Child(server.command())
        server.wait()
        rows = server.psql(statement)
        child.stop()
    server.forget_socket()
    assert rows.strip() == "1"


async def test_what_the_migrator_makes_belongs_to_the_owner_and_the_app_may_use_it(
    server: PostgresServer, passwords: Passwords
) -> None:
    migrator = await asyncpg.connect(server.url("targets", "targets_migrator", passwords.migrator))
    await migrator.execute("CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, n int)")
    owner = await migrator.fetchval("SELECT tableowner FROM pg_tables WHERE tablename = 't'")
    await migrator.close()
    app = await asyncpg.connect(server.url("targets", "targets_app", passwords.app))
    await app.execute("INSERT INTO t (n) VALUES (1)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("CREATE TABLE mine (n int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("TRUNCATE t")
    await app.close()
    reader = await asyncpg.connect(server.url("targets", "targets_readonly", passwords.readonly))
    assert await reader.fetchval("SELECT n FROM t") == 1
    with pytest.raises(asyncpg.PostgresError):
        await reader.execute("INSERT INTO t (n) VALUES (2)")
    await reader.close()
    assert owner == "targets_owner"


async def test_no_service_reaches_another_database(
    server: PostgresServer, passwords: Passwords
) -> None:
    provision(server, "parks", Passwords.fresh())
    for database in ("parks", "postgres"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(server.url(database, "targets_app", passwords.app))
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url("targets", "targets_app", "guessed"))


def test_provisioning_again_and_at_once_changes_nothing(
    server: PostgresServer, passwords: Passwords
) -> None:
    failures: list[BaseException] = []

    def repeat(service: str) -> None:
        try:
            provision(server, service, passwords)
        except PostgresFailed as error:
            failures.append(error)

    threads = [threading.Thread(target=repeat, args=(s,)) for s in ["targets", "funding"] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_failing_statement_tells_why(server: PostgresServer) -> None:
    with pytest.raises(PostgresFailed, match="nowhere"):
        server.psql("SELECT * FROM nowhere")


def test_root_hands_postgres_to_an_account_without_login() -> None:
    account = Account.for_postgres()
    assert account.uid != 0
