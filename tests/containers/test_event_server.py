"""The event server is away, then its disk is full: callers notice nothing, events come later, and
nobody has to help.

NATS 2.12 writes again when there is room; later versions (2.15) do not before they are started
again, which its health check has done. `NATS_IMAGE` has the tests run with another one.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.containers.conftest import PROJECT, Compose, run
from tests.containers.load import Load
from tests.faults.disk import NoMounts, own_disk

AWAY, FULL = 10.0, 40.0
"""Seconds."""
PATIENCE = 120.0
"""Seconds until nobody is asked for help any more, at most; what is measured is printed."""


@dataclass(frozen=True, slots=True)
class Servers:
    """How `own_disk` stops one and lets it go on."""

    compose: Compose

    def halt(self, name: str, /) -> None:
        self.compose("stop", name)

    def resume(self, name: str, /) -> None:
        self.compose("start", name)
        healthy(self.compose, name)


def healthy(compose: Compose, service: str) -> None:
    compose.wait(service, lambda now: now["State"]["Health"]["Status"] == "healthy", PATIENCE)


def seconds_until(holds: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.5)
    return time.monotonic() - began


def unpublished(compose: Compose) -> int:
    """Events of supervision that wait in their outbox."""
    sql = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
    ask = (
        "PGPASSWORD=$(cat /run/secrets/postgres_superuser) "
        f'psql -h 127.0.0.1 -U postgres -d supervision -At -c "{sql}"'
    )
    return int(compose("exec", "-T", "postgres", "sh", "-c", ask))


def store() -> Path:
    (volume,) = json.loads(run("docker", "volume", "inspect", f"{PROJECT}_nats"))
    return Path(volume["Mountpoint"]) / "jetstream"


def test_without_the_event_server_callers_are_served(compose: Compose) -> None:
    with Load(compose) as load:
        compose("stop", "nats")
        time.sleep(AWAY)
        waiting = unpublished(compose)
        compose("start", "nats")
        seconds = seconds_until(lambda: unpublished(compose) < waiting / 10)
    print(f"{dict(load.answers)} without it, {waiting} events left {seconds:.0f} s later")
    assert waiting > 10
    assert set(load.answers) == {"200", "201"}
    healthy(compose, "gateway")


def test_a_full_disk_holds_events_back_and_nothing_else(compose: Compose) -> None:
    try:
        with own_disk(Servers(compose), "nats", store()) as disk, Load(compose) as load:
            time.sleep(2)
            disk.fill()
            time.sleep(FULL)
            waiting = unpublished(compose)
            disk.free()
            seconds = seconds_until(lambda: unpublished(compose) < waiting / 10)
            again = compose.inspect("nats")["RestartCount"]
    except NoMounts as error:
        pytest.skip(f"no file system may be mounted here: {error}")
    print(f"{dict(load.answers)} while it was full; {waiting} events left {seconds:.0f} s after it")
    print(f"had room, the event server was started again {again} times")
    assert waiting > 10
    assert set(load.answers) == {"200", "201"}
    healthy(compose, "gateway")
