"""The whole system on one machine: made, started, watched and stopped."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from servicekit.embedded.child import Command, tail
from servicekit.embedded.http import get, read_json, status
from servicekit.embedded.keeper import ChildFailed, Keeper
from servicekit.embedded.nats import NatsFailed, NatsServer
from servicekit.embedded.paths import workspace_file
from servicekit.embedded.ports import LOOPBACK, PortInUse, check_free, free_ports
from servicekit.embedded.postgres import PostgresFailed, PostgresServer
from servicekit.embedded.warm import Warm

from local_stack import streams
from local_stack.address import forget_address, write_address
from local_stack.demo_clients import Clients
from local_stack.environment import GATEWAY, Environments
from local_stack.errors import StackFailed
from local_stack.lock import DirectoryLock
from local_stack.prepare import Preparation
from local_stack.processes import Process, processes
from local_stack.secret_store import SecretStore

SERVICES = ("targets", "funding", "parks", "supervision", GATEWAY)
PLAN = "deploy/plans/innovation-programme.yaml"
ANCHOR_YEAR = 2026
SHARED_LIBRARIES = (
    "servicekit.cli",
    "servicekit.http.app",
    "servicekit.http.batch",
    "servicekit.imports.importing",
    "servicekit.workdays",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "contracts.targets",
    "contracts.parks",
    "contracts.funding",
    "contracts.supervision",
)
READY_TIMEOUT = 120.0
LOOK_EVERY = 2.0
"""Seconds between two looks at whether NATS still holds every stream."""
STUCK = 6.0
"""Seconds after which a NATS server that cannot write is started again."""


def quiet(_: str) -> None:
    """Say nothing."""


class Stack:
    """A running system in `data_dir`.

    `port` is the gateway's, 0 for a free one. With `split` a service's API and worker are two
    processes, `targets` and `targets-worker`. `plan` is applied when it changed; none leaves the
    databases as they are. `door` are settings of the gateway that differ from its own, such as
    `{"KECHUANG_RATE_LIMIT": "500/second"}`. `report` is told what happens, line by line. `warm` is
    somebody else's, which stays: what is started again later is forked from it as well.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int = 0,
        *,
        host: str = LOOPBACK,
        split: bool = False,
        services: Sequence[str] = SERVICES,
        plan: Path | None = None,
        apply_plan: bool = True,
        anchor_year: int = ANCHOR_YEAR,
        door: Mapping[str, str] | None = None,
        report: Callable[[str], None] = quiet,
        warm: Warm | None = None,
    ) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.services = tuple(services)
        self.clients: Clients = {}
        self._plan = (plan or workspace_file(PLAN)).resolve() if apply_plan else None
        self._anchor_year = anchor_year
        self._door = dict(door or {})
        self._report = report
        self._host, self._port = host, port
        self._lock: DirectoryLock | None = None
        self._keeper: Keeper | None = None
        self._warm: Warm | None = None
        self._lent = warm
        self._closing = threading.Event()
        self._guard: threading.Thread | None = None
        self._processes = processes(self.services, split)

    def start(self) -> Self:
        """Bring everything up and return when every process is ready.

        Raises:
            StackFailed: it cannot run; what was started is stopped again.
        """
        try:
            self._start()
        except (ChildFailed, PostgresFailed, NatsFailed, PortInUse, OSError) as error:
            self.stop()
            raise StackFailed(str(error)) from error
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self) -> None:
        self._own_directory()
        if self._port:
            check_free(self._host, self._port)
        self._keeper = Keeper(self._report, notes=self.data_dir / "run")
        self._environments = self._make_environments()
        self._preparation = Preparation(
            self.data_dir, self.services, self._environments, self._report
        )
        self._warm_up()
        self._start_servers()
        self._preparation.databases()
        self._preparation.auditors()
        self._preparation.streams()
        self.clients = self._preparation.clients()
        self._start_services()
        if self._plan is not None:
            self._preparation.plan(self._plan, self._anchor_year)
        self._cool_down()
        write_address(self.data_dir, self.url, self.operators(GATEWAY))
        self._guard = threading.Thread(target=self._guard_streams, name="streams", daemon=True)
        self._guard.start()

    def _own_directory(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.data_dir / "logs").mkdir(exist_ok=True)
        lock = DirectoryLock(self.data_dir)
        lock.acquire()
        self._lock = lock

    def _make_environments(self) -> Environments:
        secrets = SecretStore(self.data_dir)
        names = [process.name for process in self._processes]
        *free, ops_port = free_ports(len(names) + 1)
        ports = dict(zip(names, free, strict=True))
        if self._port:
            ports[GATEWAY] = self._port
        logs = self.data_dir / "logs"
        # Also of services that do not run here: who hears one has its grants by its name.
        users = {name: secrets.get(f"nats_{name}") for name in [*SERVICES, "bootstrap"]}
        return Environments(
            postgres=PostgresServer(
                self.data_dir / "postgres", logs / "postgres.log", secrets.get("database_superuser")
            ),
            nats=NatsServer(self.data_dir / "nats", logs / "nats.log", users),
            secrets=secrets,
            ports=ports,
            host=self._host,
            gateway_ops_port=ops_port,
            audit_dir=self.data_dir / "audit",
            door=self._door,
        )

    def _warm_up(self) -> None:
        """Import what all services share while the servers start, unless that is done."""
        if self._lent is None:
            self._warm = Warm(SHARED_LIBRARIES, self._environments.common())
        self._preparation.warm = self.keeper.warm = self._lent or self._warm

    def _cool_down(self) -> None:
        """What is started from now on, after a crash, is started cold and depends on nothing."""
        if self._warm is not None:
            self._preparation.warm = self.keeper.warm = None
            self._warm.close()
            self._warm = None

    def _start_servers(self) -> None:
        keeper, postgres, nats = self.keeper, self._environments.postgres, self._environments.nats
        self._report("starting Postgres and NATS")
        nats.prepare()
        keeper.add(nats.command())
        postgres.prepare()
        keeper.add(postgres.command())
        keeper.wait("postgres", postgres.ready, timeout=60)
        keeper.wait("nats", nats.ready, timeout=30)

    def _start_services(self) -> None:
        self._report(f"starting {', '.join(process.name for process in self._processes)}")
        for process in self._processes:
            env = self._environments.run(process.service, process.name)
            self.keeper.add(self._command(process, env))
        for process in self._processes:
            self.keeper.wait(process.name, lambda p=process: self._is_ready(p), READY_TIMEOUT)
        if GATEWAY in self.services:
            self.keeper.wait(GATEWAY, self._document_is_whole, READY_TIMEOUT)

    def _command(self, process: Process, env: Mapping[str, str]) -> Command:
        return process.command(env, self.data_dir / "logs")

    def _document_is_whole(self) -> bool:
        """Whether the gateway's document tells of every service that runs here. A service makes
        its part when it is first asked, and a busy machine takes its time."""
        document = read_json(f"{self.url}/api/v1/openapi.json")
        return document is not None and not (
            set(self.services) & set(document.get("x-missing-services", ()))
        )

    def _is_ready(self, process: Process) -> bool:
        return status(self._readiness(process)) == 200

    def _readiness(self, process: Process) -> str:
        return f"{self.operators(process.name)}/readyz"

    def operators(self, name: str) -> str:
        """Where a process of a service answers operators."""
        environments = self._environments
        port = environments.gateway_ops_port if name == GATEWAY else environments.ports[name]
        return f"http://{LOOPBACK}:{port}"

    def _guard_streams(self) -> None:
        """Make the streams again when the NATS store was lost; relays then fill them again."""
        stuck_since = 0.0
        while not self._closing.wait(LOOK_EVERY):
            if not self._environments.nats.cannot_write():
                stuck_since = 0.0
            elif not stuck_since:
                stuck_since = time.monotonic()
            elif time.monotonic() - stuck_since > STUCK and self.pid("nats") is not None:
                # Its disk was full; the server does not find out by itself that it no longer is.
                self._report("NATS cannot write; starting it again")
                self.restart("nats")
                stuck_since = 0.0
            expected = self._preparation.streams_made()
            if streams.missing(self._environments.nats.monitor_url, expected):
                try:
                    self._preparation.streams(lost=True)
                except StackFailed as error:
                    self._report(f"the streams could not be made again: {error}")

    def stop(self) -> None:
        """Stop everything cleanly: the door first, the servers last."""
        self._closing.set()
        if self._guard is not None:
            self._guard.join()
        self._cool_down()
        if self._keeper is not None:
            forget_address(self.data_dir)
            present = set(self._keeper.names())
            services = {process.name for process in self._processes} & present
            for group in ({GATEWAY} & services, services - {GATEWAY}, {"nats"}, {"postgres"}):
                self._keeper.stop(*(group & present))
            self._keeper.close()
            self._environments_forget()
        if self._lock is not None:
            self._lock.release()
        self._keeper, self._lock, self._guard = None, None, None

    def _environments_forget(self) -> None:
        environments = getattr(self, "_environments", None)
        if environments is not None and environments.postgres.socket_dir != Path():
            environments.postgres.forget_socket()

    @property
    def keeper(self) -> Keeper:
        """Raises StackFailed when the stack is not started."""
        if self._keeper is None:
            raise StackFailed("the stack is not started")
        return self._keeper

    @property
    def url(self) -> str:
        """Where the gateway answers."""
        return self._environments.gateway_url

    @property
    def postgres(self) -> PostgresServer:
        """The cluster of all databases."""
        return self._environments.postgres

    @property
    def monitor_url(self) -> str:
        """NATS's monitoring address."""
        return self._environments.nats.monitor_url

    @property
    def names(self) -> list[str]:
        """Every process: `postgres`, `nats` and the services."""
        return self.keeper.names()

    def pid(self, name: str) -> int | None:
        return self.keeper.pid(name)

    def kill(self, name: str) -> None:
        """End a process as a crash would; it comes back by itself."""
        self.keeper.kill(name)

    def restart(self, name: str) -> None:
        """Stop a process cleanly and start it again, without waiting for readiness."""
        self.keeper.stop(name)
        self.keeper.start(name)

    def halt(self, name: str) -> None:
        """Stop a process cleanly; it stays away until `resume`."""
        self.keeper.stop(name)

    def resume(self, name: str) -> None:
        self.keeper.start(name)

    def is_ready(self, name: str) -> bool:
        """Whether a process serves now."""
        if self.pid(name) is None:
            return False
        if name == "postgres":
            return self._environments.postgres.ready()
        if name == "nats":
            return self._environments.nats.ready()
        return self._is_ready(next(p for p in self._processes if p.name == name))

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Wait until every process serves.

        Raises:
            StackFailed: `timeout` seconds were not enough.
        """
        until = time.monotonic() + timeout
        while waiting := [name for name in self.names if not self.is_ready(name)]:
            if time.monotonic() > until:
                reasons = "; ".join(f"{name}: {self._why_not(name)}" for name in waiting)
                raise StackFailed(f"not ready after {timeout:.0f} s: {reasons}")
            time.sleep(0.1)

    def _why_not(self, name: str) -> str:
        """What keeps a process from serving: what it says itself, else its last words."""
        if self.pid(name) is None:
            return f"it does not run; its log ends\n{tail(self.log(name))}"
        for process in self._processes:
            if process.name == name:
                answered, said = get(self._readiness(process), timeout=5.0)
                return said.decode(errors="replace") if answered else "it does not answer"
        return f"it does not answer; its log ends\n{tail(self.log(name))}"

    def database_url(self, service: str) -> str:
        """A service's database for its read-only role, to look behind the API."""
        password = self._environments.secrets.database(service).readonly
        return self._environments.postgres.url(service, f"{service}_readonly", password)

    def environment(self, service: str) -> dict[str, str]:
        """The settings a service is started with, for whoever writes beside it in a trial."""
        return self._environments.run(service)

    def log(self, name: str) -> Path:
        return self.data_dir / "logs" / f"{name}.log"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
