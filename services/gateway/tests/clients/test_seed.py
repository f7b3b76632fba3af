"""`python -m gateway seed-clients FILE`, as the local stack calls it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from gateway.clients.domain import digest, new_secret
from servicekit.testing.databases import ServiceDatabase


@pytest.fixture
def run(
    service_database: Callable[[str], ServiceDatabase], tmp_path: Path
) -> Callable[[Any], subprocess.CompletedProcess[str]]:
    database = service_database("gateway")

    def command(content: Any) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "clients.json"
        file.write_text(json.dumps(content))
        return subprocess.run(
            [sys.executable, "-m", "gateway", "seed-clients", str(file)],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "KECHUANG_DATABASE_URL": database.app_url},
        )

    return command


async def rows(database: ServiceDatabase, sql: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.app_url)
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def test_seeding_twice_changes_nothing_and_a_new_secret_leaves_the_old_one_alive(
    run: Any, service_database: Callable[[str], ServiceDatabase]
) -> None:
    first, second, third = new_secret(), new_secret(), new_secret()
    client = {"client_id": "demo-office", "roles": ["office"], "unit": "programme-office"}
    done = run([{**client, "client_secret": first}])
    assert (done.returncode, done.stdout) == (0, "clients 1, new secrets 1\n"), done.stderr
    assert run([{**client, "client_secret": first}]).stdout == "clients 1, new secrets 0\n"
    run([{**client, "client_secret": second, "roles": ["leader"]}])
    database = service_database("gateway")
    [stored] = await rows(database, "SELECT * FROM api_client")
    assert stored["roles"] == ["leader"]
    live = await rows(database, "SELECT digest FROM client_secret")
    assert {row["digest"] for row in live} == {digest(first), digest(second)}
    run([{**client, "client_secret": third}])
    live = await rows(database, "SELECT digest FROM client_secret")
    assert {row["digest"] for row in live} == {digest(second), digest(third)}


@pytest.mark.parametrize(
    "content",
    [
        {"client_id": "x"},
        [{"client_id": "x", "client_secret": "short", "roles": ["office"]}],
        [{"client_id": "x", "client_secret": "a" * 64, "roles": ["emperor"]}],
        [{"client_id": "X Y", "client_secret": "a" * 64, "roles": ["office"]}],
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_reason(run: Any, content: Any) -> None:
    done = run(content)
    assert done.returncode == 1
    assert "clients.json" in done.stderr
    assert "Traceback" not in done.stderr
