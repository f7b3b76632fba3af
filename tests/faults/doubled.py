"""Everything twice, as on several hosts: two gateways, two APIs and two workers a service, and
three event servers of one cluster. Process `x-2` is the double of `x`."""

import itertools
import json
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from local_stack.environment import GATEWAY, Environments
from local_stack.processes import Process
from servicekit.embedded.child import Command
from servicekit.embedded.http import read_json, status
from servicekit.embedded.nats import NatsServer
from servicekit.embedded.ports import LOOPBACK
from servicekit.messaging import names

from tests.faults.system import TrialProcess, TrialStack

LOOK_EVERY = 0.1
"""Seconds between two looks of the balancer."""
DRAIN = 4.0
"""Seconds a stopping gateway or API goes on answering, as in the containers: one was not enough for
a balancer that a busy machine lets look once a second."""


class Balancer:
    """What stands before the gateways: gives the address of one that is ready, each in its turn."""

    def __init__(self, gateways: Mapping[str, str]) -> None:
        """`gateways` are their addresses and where each says whether it is ready."""
        self._gateways = gateways
        self._ready = list(gateways)
        self._turn = itertools.count()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._look, name="balancer", daemon=True)
        self._thread.start()

    def address(self) -> str:
        ready = self._ready or list(self._gateways)
        return ready[next(self._turn) % len(ready)]

    def _look(self) -> None:
        while not self._closing.wait(LOOK_EVERY):
            self._ready = [at for at, asked in self._gateways.items() if status(asked) == 200]

    def close(self) -> None:
        self._closing.set()
        self._thread.join()


class DoubledStack(TrialStack):
    """The trial's system on three event servers, every process of a service twice."""

    _balancer: Balancer | None = None

    def _doubles(self) -> None:
        for process in list(self._processes):
            assert isinstance(process, TrialProcess)
            self._processes.append(replace(process, name=f"{process.name}-2"))

    def _make_environments(self) -> Environments:
        self._doubles()
        made = super()._make_environments()
        nats, logs = made.nats, self.data_dir / "logs"
        routes = made.secrets.get("nats_cluster")
        servers = [nats]
        for name in ("nats-2", "nats-3"):
            server = NatsServer(self.data_dir / name, logs / f"{name}.log", nats.users, name=name)
            servers.append(server)
        for server in servers:
            server.choose_ports()
            server.route_password = routes
            server.peers = [peer for peer in servers if peer is not server]
        self._servers = servers
        upstreams = {
            name: f"http://{LOOPBACK}:{made.ports[name]} http://{LOOPBACK}:{made.ports[f'{name}-2']}"
            for name in made.ports
            if name != GATEWAY and not name.endswith(("-worker", "-2"))
        }
        door = {"KECHUANG_UPSTREAMS": json.dumps(upstreams), "KECHUANG_RATE_LIMIT": "10000/second"}
        return replace(made, door={**made.door, **door})

    @property
    def event_servers(self) -> list[NatsServer]:
        return self._servers

    def _start_servers(self) -> None:
        for server in self._servers[1:]:
            server.prepare()
            self.keeper.add(server.command())
        super()._start_servers()
        for server in self._servers:
            self.keeper.wait(server.name, server.ready, timeout=30)

    def _start_services(self) -> None:
        super()._start_services()
        first, second = self.gateways()
        operators = self.operators(GATEWAY)
        self._balancer = Balancer(
            {
                first: f"{operators}/readyz/calls",
                second: f"{second}/readyz/calls",
            }
        )

    def _command(self, process: Process, env: Mapping[str, str]) -> Command:
        command = super()._command(process, env)
        changes = {
            "KECHUANG_DRAIN_SECONDS": "0" if "worker" in process.name else str(DRAIN),
            "KECHUANG_JWKS_URL": " ".join(f"{at}/.well-known/jwks.json" for at in self.gateways()),
        }
        return replace(command, env={**command.env, **changes})

    def gateways(self) -> list[str]:
        """The addresses of both."""
        port = self._environments.ports[f"{GATEWAY}-2"]
        return [self.url, f"http://{LOOPBACK}:{port}"]

    def is_ready(self, name: str) -> bool:
        for server in self._servers:
            if server.name == name:
                return self.pid(name) is not None and server.ready()
        return super().is_ready(name)

    def address(self) -> str:
        assert self._balancer is not None
        return self._balancer.address()

    def host(self, publisher: str, *, second: bool) -> list[str]:
        """Everything of one host: each process or its double, and the event server that leads the
        stream of `publisher`."""
        half = [p.name for p in self._processes if p.name.endswith("-2") == second]
        return [*half, self._leader(publisher)]

    def _leader(self, publisher: str) -> str:
        found = read_json(f"{self.monitor_url}/jsz?accounts=true&streams=true")
        assert found is not None
        (leader,) = (
            kept["cluster"]["leader"]
            for account in found["account_details"]
            for kept in account.get("stream_detail") or ()
            if kept["name"] == names.stream(publisher)
        )
        return leader

    def roll(self, name: str, changes: Mapping[str, str]) -> None:
        """Stop one process cleanly and start it with other settings; returns when it serves."""
        process = next(process for process in self._processes if process.name == name)
        env = self._environments.run(process.service, process.name)
        self.halt(name)
        self.keeper.replace(self._command(process, {**env, **changes}))
        self.resume(name)
        self.keeper.wait(name, lambda: self.is_ready(name), 60)

    def migration_environment(self, service: str) -> dict[str, str]:
        """The settings its `migrate` is started with."""
        return self._environments.migrate(service)

    def operator_ports(self, services: Collection[str]) -> list[int]:
        """Where each process of these services says what it is."""
        here = [p for p in self._processes if p.service in services]
        ports = {p.name: self._environments.ports[p.name] for p in here}
        return [*({**ports, GATEWAY: self._environments.gateway_ops_port}.values())]

    def each(self, kinds: Iterable[str], services: Collection[str]) -> list[str]:
        """The processes of these kinds, `worker`, `api` or `all`, in that order."""
        here = [p for p in self._processes if p.service in services]
        return [p.name for kind in kinds for p in here if p.verb == kind]

    def stop(self) -> None:
        if self._balancer is not None:
            self._balancer.close()
            self._balancer = None
        super().stop()
