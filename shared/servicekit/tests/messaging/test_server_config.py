"""The committed file is the one the code makes, and a real server accepts it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from servicekit.embedded.child import Child
from servicekit.embedded.http import get
from servicekit.embedded.nats import NatsServer, program
from servicekit.messaging.server_config import for_containers, permissions
from servicekit.messaging.sync import check_sync

FILE = Path(__file__).parents[4] / "deploy" / "nats" / "nats-server.conf"
SERVICES = ["targets", "funding", "parks", "supervision", "gateway"]


def test_the_container_configuration_is_current_and_valid(tmp_path: Path) -> None:
    assert FILE.read_text() == for_containers(SERVICES)
    passwords = {f"NATS_{name.upper()}_PASSWORD": "s3" for name in [*SERVICES, "bootstrap"]}
    copy = tmp_path / "nats-server.conf"
    copy.write_text(FILE.read_text().replace("/data/jetstream", str(tmp_path / "store")))
    checked = subprocess.run(
        [program(), "-t", "--config", str(copy)], env=passwords, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


def test_no_service_is_granted_a_wildcard_over_the_api() -> None:
    for subject in permissions("funding", SERVICES)["publish"]:
        assert not subject.startswith("$JS.API") or "*" not in subject
        assert not subject.startswith("kechuang.") or subject == "kechuang.funding.>"


async def test_a_server_that_is_away_is_not_durable(world) -> None:
    assert await check_sync(world.nats.monitor_url) is None
    assert "does not answer" in (await check_sync("http://127.0.0.1:9") or "")
    assert "not set" in (await check_sync("") or "")


async def test_who_asks_while_the_server_starts_does_not_make_it_undurable(
    new_directory: Callable[[], Path],
) -> None:
    """`/varz` shows for good what it was asked first: in one start of four no JetStream."""
    there = new_directory()
    users = dict.fromkeys([*SERVICES, "bootstrap"], "secret")
    server = NatsServer(there / "nats", there / "nats.log", users)
    server.prepare()
    for _ in range(10):
        child = Child(server.command())
        try:
            while not get(f"{server.monitor_url}/varz", timeout=1.0)[0]:
                pass
            server.wait()
            assert await check_sync(server.monitor_url) is None
        finally:
            child.stop()
