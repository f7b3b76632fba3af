"""`kechuang clients`, `events` and `audit`, as an operator types them at a running system."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from kechuang.client import ApiError, Client, Credentials
from local_stack.stack import Stack

KECHUANG = Path(sys.executable).parent / "kechuang"

PARK = """INSERT INTO parked_event (event_id, publisher, subject, reason, error, attempts, envelope,
 stream_seq, parked_at) VALUES ($1, 'targets', 's', 'failed', 'e', 3, 'no json', 1, now())"""


class Terminal:
    """An operator's, with the credentials of `ops` in its environment."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def __call__(
        self, *words: str, client: str = "ops", status: int = 0
    ) -> "subprocess.CompletedProcess[str]":
        credentials = self.stack.clients[client]
        environment = {
            **os.environ,
            "KECHUANG_URL": self.stack.url,
            "KECHUANG_CLIENT_ID": credentials["client_id"],
            "KECHUANG_CLIENT_SECRET": credentials["client_secret"],
            "KECHUANG_LANG": "en",
        }
        done = subprocess.run(
            [KECHUANG, *words], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    def rows(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*words).stdout.splitlines()]


@pytest.fixture(scope="module")
def terminal(stack: Stack) -> Terminal:
    return Terminal(stack)


def can_log_in(stack: Stack, client_id: str, secret: str) -> bool:
    with Client(stack.url, Credentials(client_id, secret)) as client:
        try:
            client.get("overview")
        except ApiError as error:
            if error.status != 401:
                raise
            return False
        return True


def test_a_client_is_made_changes_its_secret_and_is_locked_out(
    stack: Stack, terminal: Terminal
) -> None:
    name = f"ledger-{uuid4().hex[:8]}"
    options = ("--name", "账务", "--grant", "system", "--scope", "*.read", "--unit", "st-bureau")
    [made] = terminal.rows("clients", "create", name, *options, "--network", "127.0.0.0/8")
    assert (made["client_id"], made["roles"], made["unit"]) == (name, ["system"], "st-bureau")
    first = made["client_secret"]
    assert can_log_in(stack, name, first)

    rotated = terminal("clients", "rotate", name)
    second = json.loads(rotated.stdout)["client_secret"]
    old = made["secrets"][0]["secret_id"]
    assert f"kechuang clients retire {name} {old}" in rotated.stderr
    assert can_log_in(stack, name, first)
    assert can_log_in(stack, name, second)
    refused = terminal("clients", "rotate", name, status=2)
    assert "two_secrets_live" in refused.stderr
    terminal("clients", "retire", name, old)
    assert not can_log_in(stack, name, first)
    assert can_log_in(stack, name, second)

    [locked] = terminal.rows("clients", "disable", name)
    assert locked["disabled"] is True
    assert not can_log_in(stack, name, second)
    assert "invalid_transition" in terminal("clients", "disable", name, status=2).stderr
    assert name in [row["client_id"] for row in terminal.rows("clients", "list", "--disabled")]
    assert name not in [row["client_id"] for row in terminal.rows("clients", "list", "--enabled")]
    terminal("clients", "enable", name)
    deadline = time.monotonic() + 30
    while not can_log_in(stack, name, second):
        assert time.monotonic() < deadline, "the door looks at its clients every five seconds"
        time.sleep(1.0)

    listed = terminal("clients", "list").stdout
    assert not any(secret in listed for secret in (first, second))


@pytest.mark.parametrize(
    ("words", "client", "told"),
    [
        (("create", "demo-office", "--name", "x", "--grant", "office"), "ops", "already_exists"),
        (("create", "Not Code", "--name", "x", "--grant", "office"), "ops", "validation_failed"),
        (("create", "x-1", "--name", "x", "--grant", "emperor"), "ops", "validation_failed"),
        (
            ("create", "x-2", "--name", "x", "--grant", "office", "--unit", "nowhere"),
            "ops",
            "unknown_reference",
        ),
        (("create", "x-3", "--name", "x", "--grant", "ops"), "office", "forbidden"),
        (("rotate", "nobody/../office"), "ops", "request_refused"),
        (("disable", "nobody"), "ops", "not_found"),
        (("retire", "demo-office", "0"), "ops", "not_found"),
    ],
)
def test_what_is_refused_is_told_in_words(
    words: tuple[str, ...], client: str, told: str, terminal: Terminal
) -> None:
    assert told in terminal("clients", *words, client=client, status=2).stderr


@pytest.fixture
def parked(stack: Stack) -> Iterator[UUID]:
    """An event that `parks` could not apply, put where its worker puts them."""
    event = uuid4()
    asyncio.run(execute(stack, PARK, event))
    yield event
    asyncio.run(execute(stack, "DELETE FROM parked_event WHERE event_id = $1", event))


async def execute(stack: Stack, statement: str, event: UUID) -> None:
    database = await asyncpg.connect(stack.environment("parks")["KECHUANG_DATABASE_URL"])
    try:
        await database.execute(statement, event)
    finally:
        await database.close()


def test_parked_events_are_shown_and_replayed(parked: UUID, terminal: Terminal) -> None:
    shown = [row for row in terminal.rows("events", "parked") if row["event_id"] == str(parked)]
    assert [(row["service"], row["publisher"]) for row in shown] == [("parks", "targets")]
    other = terminal.rows("events", "parked", "--publisher", "funding")
    assert str(parked) not in [row["event_id"] for row in other]
    asked = terminal("events", "replay", "parks", "--event", str(parked))
    assert asked.stdout.strip() == "replay asked for 1 events of parks"
    none = terminal("events", "replay", "parks", "--event", str(uuid4()))
    assert none.stdout.strip() == "replay asked for 0 events of parks"
    assert "forbidden" in terminal("events", "parked", client="leader", status=2).stderr
    assert terminal("events", "replay", "nowhere", status=2).stderr


def verified(stack: Stack, terminal: Terminal, status: int) -> dict[str, str]:
    """What `kechuang audit verify` says, by service."""
    places = ("--secrets", str(stack.data_dir / "secrets/audit"))
    places += ("--checkpoints", str(stack.data_dir / "audit"))
    said = terminal("audit", "verify", *places, status=status).stdout
    return {line.partition(": ")[0]: line for line in said.splitlines()}


def test_audit_trails_are_verified_and_a_changed_row_is_named(
    stack: Stack, terminal: Terminal
) -> None:
    [made] = terminal.rows(
        "clients", "create", f"seen-{uuid4().hex[:8]}", "--name", "x", "--grant", "ops"
    )
    deadline = time.monotonic() + 60
    while ", 0 not yet covered, 0 findings" not in verified(stack, terminal, 0)["gateway"]:
        assert time.monotonic() < deadline, "every row is signed within seconds"
        time.sleep(1.0)
    assert verified(stack, terminal, 0).keys() == set(stack.services)
    change = "UPDATE audit_entry SET actor = '{}' || right(actor, -1) WHERE object_id = '{}'"
    first = "SELECT left(actor, 1) FROM audit_entry WHERE object_id = '{}' LIMIT 1"
    was = stack.postgres.psql(first.format(made["client_id"]), database="gateway").strip()
    stack.postgres.psql(change.format("#", made["client_id"]), database="gateway")
    try:
        said = verified(stack, terminal, 1)
    finally:
        stack.postgres.psql(change.format(was, made["client_id"]), database="gateway")
    (found,) = [name for name in said if name.startswith("gateway edited seq=")]
    assert "the row is not what was sealed" in said[found]
    assert verified(stack, terminal, 0).keys() == set(stack.services)


def test_trails_that_cannot_be_looked_at_are_not_called_clean(
    stack: Stack, terminal: Terminal, tmp_path: Path
) -> None:
    here = ("--secrets", str(stack.data_dir / "secrets/audit"))
    words = ("audit", "verify", *here, "--checkpoints")
    assert "error" in terminal(*words, str(tmp_path / "nowhere"), status=2).stderr
    where = str(stack.data_dir / "audit")
    assert "nobody" in terminal(*words, where, "--service", "nobody", status=2).stderr
    assert "checkpoint_removed" not in terminal(*words, where, "--service", "parks").stdout
