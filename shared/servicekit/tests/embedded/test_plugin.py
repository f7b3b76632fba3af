"""The pytest plugin: servers shared by a run, databases of one's own, nothing left behind."""

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import psutil
from fastapi import FastAPI, Request
from servicekit.auth.tokens import Issuer, TokenVerifier
from servicekit.embedded.postgres import PostgresServer
from servicekit.testing.asgi import Clients
from servicekit.testing.bus import RecordingBus
from servicekit.testing.databases import Databases, ServiceDatabase
from servicekit.testing.shared_servers import PREFIX
from servicekit.testing.tokens import Tokens

MakeDatabase = Callable[..., ServiceDatabase]

RUN = """
import os, pytest
from pathlib import Path

@pytest.mark.parametrize("n", range(4))
def test_one(postgres_server, empty_database, n):
    database = empty_database()
    assert postgres_server.server.psql("SELECT 1", database=database.name).strip() == "1"
    with Path({seen!r}).open("a") as file:
        file.write(f"{{postgres_server.server.socket_dir}} {{postgres_server.server.data_dir}}\\n")
    assert n != {fails}
"""


def run_pytest(directory: Path, *options: str, fails: int = -1) -> tuple[int, list[str]]:
    """The exit code and, for each Postgres that was used, its socket's and its data's place."""
    seen = directory / "seen"
    (directory / "test_run.py").write_text(RUN.format(seen=str(seen), fails=fails))
    base = [sys.executable, "-m", "pytest", "-q", "-p", "servicekit.testing.plugin"]
    command = [
        *base,
        "-c",
        os.devnull,
        "--rootdir",
        str(directory),
        *own_temp(directory),
        *options,
        "test_run.py",
    ]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    return done.returncode, sorted(set(seen.read_text().splitlines()))


def own_temp(directory: Path) -> list[str]:
    """Keep the inner run from tidying the temporary directories of this one."""
    return ["--basetemp", str(directory / "temp")]


def left_of(places: str) -> list[str]:
    """Processes and directories of a run that should be gone."""
    socket_dir, data_dir = places.split()
    servers = [str(p.pid) for p in psutil.process_iter() if data_dir in " ".join(cmdline(p))]
    return servers + [path for path in (socket_dir, data_dir) if Path(path).exists()]


def cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_all_workers_share_one_server_and_leave_nothing(tmp_path: Path) -> None:
    code, servers = run_pytest(tmp_path, "-n", "2")
    assert code == 0
    assert len(servers) == 1
    assert left_of(servers[0]) == []


def test_a_failing_run_leaves_nothing_either(tmp_path: Path) -> None:
    code, servers = run_pytest(tmp_path, "-p", "no:xdist", fails=2)
    assert code == 1
    assert left_of(servers[0]) == []


def test_no_server_is_started_that_nobody_asks_for(tmp_path: Path) -> None:
    (tmp_path / "test_run.py").write_text("def test_nothing(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "servicekit.testing.plugin"]
    command += ["-c", os.devnull, "--rootdir", str(tmp_path), *own_temp(tmp_path), "test_run.py"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert list(tmp_path.glob(f"{PREFIX}*")) == []


async def test_two_databases_of_a_service_do_not_see_each_other(
    empty_database: MakeDatabase,
) -> None:
    first, second = empty_database("targets"), empty_database("targets")
    connection = await asyncpg.connect(first.migrator_url)
    await connection.execute("CREATE TABLE mine (n int)")
    await connection.close()
    connection = await asyncpg.connect(second.app_url)
    assert await connection.fetchval("SELECT to_regclass('mine')") is None
    await connection.close()


def test_a_dropped_database_is_gone(postgres_server: Databases) -> None:
    database = postgres_server.empty("scratch")
    postgres_server.drop(database)
    server: PostgresServer = postgres_server.server
    assert database.name not in server.psql("SELECT datname FROM pg_database").split()


async def test_minted_tokens_are_accepted(tokens: Tokens) -> None:
    verifier = TokenVerifier(Issuer(tokens.issuer, tokens.audience, jwks=tokens.jwks))
    header = tokens.bearer("office", unit="programme-office", scope="a b")["Authorization"]
    principal = await verifier.verify(header)
    assert (principal.unit, principal.scopes) == ("programme-office", {"a", "b"})
    assert [role.value for role in principal.roles] == ["office"]


async def test_a_client_starts_the_app_once_and_carries_the_token(
    api_client: Clients,
) -> None:
    started: list[str] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        started.append("up")
        yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/who")
    def who(request: Request) -> dict[str, bool]:
        return {"token": request.headers.get("authorization", "").startswith("Bearer ey")}

    office = await api_client(app, "office", "programme-office")
    nobody = await api_client(app)
    assert (await office.get("/who")).json() == {"token": True}
    assert (await nobody.get("/who")).json() == {"token": False}
    assert started == ["up"]


async def test_the_bus_tells_what_was_published(empty_database: MakeDatabase) -> None:
    database = empty_database()
    connection = await asyncpg.connect(database.migrator_url)
    await connection.execute(
        "CREATE TABLE outbox (seq bigserial, type text, aggregate_id text,"
        " aggregate_version bigint, data json, correlation_id text, causation_id text)"
    )
    insert = "INSERT INTO outbox (type, aggregate_id, aggregate_version, data) VALUES ($1,'a',1,$2)"
    await connection.execute(insert, "kechuang.x.begun.v1", '{"n": 1}')
    bus = RecordingBus(database)
    assert [(e.subject, e.data) for e in await bus.events("begun")] == [("a", {"n": 1})]
    await bus.since_now()
    await connection.execute(insert, "kechuang.x.ended.v1", "{}")
    assert await bus.types() == ["kechuang.x.ended.v1"]
    await connection.close()


def test_leftovers_of_killed_runs_are_swept(tmp_path: Path) -> None:
    from servicekit.testing import shared_servers

    stale = Path(tempfile.gettempdir()) / f"{PREFIX}999999999-x"
    stale.mkdir()
    shared_servers.sweep()
    assert not stale.exists()
