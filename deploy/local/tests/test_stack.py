"""The stack heals itself, keeps everything and gets out of the way of another."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest
from local_stack.errors import StackFailed
from local_stack.stack import Stack
from servicekit.auth.principal import Role
from servicekit.embedded.http import read_json

MakeStack = Callable[..., Stack]


def token(stack: Stack, role: str = "office") -> httpx.Response:
    fields = {"grant_type": "client_credentials", **stack.clients[role]}
    return httpx.post(f"{stack.url}/oauth/token", data=fields, timeout=10)


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_every_demo_client_gets_a_token(stack: Stack) -> None:
    written = json.loads((stack.data_dir / "clients.json").read_text())
    assert written == stack.clients
    assert written.keys() == set(Role)
    assert {token(stack, role).status_code for role in written} == {200}


def test_secrets_are_private(stack: Stack) -> None:
    private = [stack.data_dir / "clients.json", *(stack.data_dir / "secrets").iterdir()]
    assert {path.stat().st_mode & 0o077 for path in private} == {0}
    assert {path.name for path in private} == {
        "clients.json",
        "secrets.json",
        "signing-key.pem",
        "audit",
    }


@pytest.mark.parametrize("name", ["gateway", "nats", "postgres"])
def test_a_killed_process_comes_back(stack: Stack, told: list[str], name: str) -> None:
    before = stack.pid(name)
    stack.kill(name)
    until(lambda: stack.pid(name) not in {None, before})
    stack.wait_ready()
    assert f"{name} ended (signal 9); starting it again" in told
    assert token(stack).status_code == 200


def test_lost_streams_are_made_again(stack: Stack) -> None:
    monitor = stack.monitor_url
    expected = read_json(f"{monitor}/jsz")
    assert expected is not None
    stack.halt("nats")
    shutil.rmtree(stack.data_dir / "nats" / "store")
    stack.resume("nats")
    until(lambda: (read_json(f"{monitor}/jsz") or {}).get("streams") == expected["streams"])
    stack.wait_ready()


def test_a_directory_serves_one_stack(stack: Stack, make_stack: MakeStack) -> None:
    with pytest.raises(StackFailed, match="in use by the stack with process id"):
        make_stack(stack.data_dir).start()
    assert token(stack).status_code == 200


def test_a_taken_port_is_named(stack: Stack, make_stack: MakeStack, place: Path) -> None:
    port = int(stack.url.rpartition(":")[2])
    with pytest.raises(StackFailed, match=f"{port} is in use"):
        make_stack(place / "other", port).start()


def test_two_stacks_run_side_by_side_and_a_second_start_keeps_everything(
    stack: Stack, make_stack: MakeStack, place: Path
) -> None:
    other = make_stack(place / "other")
    with other:
        clients = other.clients
        assert token(other).status_code == 200
        assert clients["office"]["client_secret"] != stack.clients["office"]["client_secret"]
        pids = [other.pid(name) for name in other.names]
    assert not any(pid is not None and psutil.pid_exists(pid) for pid in pids)
    said: list[str] = []
    with make_stack(place / "other", report=said.append) as again:
        assert again.clients == clients
        assert token(again).status_code == 200
    assert not [line for line in said if "making" in line or "migrating" in line]
