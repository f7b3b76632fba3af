"""The NATS server from the wheel: durable, only for those with a password, found again."""

import json
import urllib.request
from pathlib import Path

import nats
import nats.errors
import pytest
from nats.errors import NoServersError
from servicekit.embedded.child import Child
from servicekit.embedded.nats import NatsServer


def test_it_syncs_before_it_acknowledges(nats_server: NatsServer) -> None:
    with urllib.request.urlopen(f"{nats_server.monitor_url}/varz") as answer:
        config = json.load(answer)["jetstream"]["config"]
    assert config["sync_always"] is True


async def test_nobody_connects_without_a_password(nats_server: NatsServer) -> None:
    for password in ("", "guessed"):
        with pytest.raises((NoServersError, nats.errors.Error)):
            await nats.connect(
                nats_server.url,
                user="bootstrap",
                password=password,
                allow_reconnect=False,
                connect_timeout=1,
            )


def test_the_configuration_is_private(nats_server: NatsServer) -> None:
    assert nats_server.config.stat().st_mode & 0o077 == 0


def test_a_killed_server_comes_back_at_the_same_address(tmp_path: Path) -> None:
    server = NatsServer(tmp_path / "data", tmp_path / "log", {"bootstrap": "secret"})
    server.prepare()
    child = Child(server.command())
    server.wait()
    before = server.url
    child.kill()
    assert not server.ready()
    server.prepare()
    child = Child(server.command())
    server.wait()
    child.stop()
    assert server.url == before
