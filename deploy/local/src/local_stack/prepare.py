"""What is made before the services start. A step whose input is the same as last time is left
out: that is why a second start takes seconds. State is only a memory of work done; without it
every step is done again and changes nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicekit.embedded.child import Command
from servicekit.embedded.paths import workspace_file
from servicekit.embedded.postgres import PostgresFailed
from servicekit.embedded.provision import SERVICE_SQL, provision
from servicekit.embedded.warm import Warm, python

from local_stack import demo_clients
from local_stack.demo_clients import Clients
from local_stack.environment import GATEWAY, Environments
from local_stack.errors import StackFailed
from local_stack.files import digest, read_json, write_json
from local_stack.steps import history, package, run_step

VERSION_SQL = "SELECT version_num FROM alembic_version"
DEMO_CLIENTS = "deploy/local/demo-clients.yaml"


@dataclass(slots=True)
class Preparation:
    """The steps, for `services`, on one data directory."""

    data_dir: Path
    services: Sequence[str]
    environments: Environments
    report: Callable[[str], None]
    warm: Warm | None = None

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    def databases(self) -> None:
        """Databases, roles and passwords; then every history to its head."""
        sql = digest([workspace_file(SERVICE_SQL)])
        # Written once, by initdb: another cluster has another time.
        cluster = (self.data_dir / "postgres" / "PG_VERSION").stat().st_mtime_ns
        for service in self.services:
            if self._changed(f"provision {service}", f"{cluster} {sql}"):
                self.report(f"making the database of {service}")
                passwords = self.environments.secrets.database(service)
                provision(self.environments.postgres, service, passwords)
                self._done(f"provision {service}", f"{cluster} {sql}")
        behind = [s for s in self.services if self._changed(f"migrate {s}", self._schema(s))]
        if behind:
            self.report(f"migrating {', '.join(behind)}")
        with ThreadPoolExecutor(max_workers=3) as pool:
            for _ in pool.map(self._migrate, behind):
                pass
        for service in behind:
            self._done(f"migrate {service}", self._schema(service))

    def auditors(self) -> None:
        """What it takes to verify the audit trails. The addresses are new at each start."""
        self.environments.audit_dir.mkdir(mode=0o700, exist_ok=True)
        found = self.environments.for_auditors(self.services)
        self.environments.secrets.write_for_auditors(found)

    def _schema(self, service: str) -> str:
        """The history in the code and the version in the database, which may be a restored one."""
        try:
            version = self.environments.postgres.psql(VERSION_SQL, database=service).strip()
        except PostgresFailed:
            version = ""
        return f"{digest(history(service))} {version}"

    def _migrate(self, service: str) -> None:
        env = self.environments.migrate(service)
        self._run(f"{service}-migrate", python(service, "migrate"), env)

    def streams(self, *, lost: bool = False) -> None:
        """Streams and durables; again when the code asks for others or the store was `lost`."""
        found = digest(package(service) / "worker.py" for service in self.services)
        if lost or self._changed("streams", found):
            self.report("making the event streams")
            command = python("local_stack.streams", *self.services)
            made = self._run("streams", command, self.environments.bootstrap())
            self._done("streams made", json.loads(made.splitlines()[-1]))
            self._done("streams", found)

    def streams_made(self) -> dict[str, int]:
        """How many streams and durables there should be."""
        return self._state().get("streams made", {})

    def clients(self) -> Clients:
        """The demo clients, known to the gateway and written to `clients.json`."""
        definition = workspace_file(DEMO_CLIENTS)
        file = self.data_dir / "clients.json"
        clients = demo_clients.make_clients(definition, file)
        found = digest([definition, file])
        if GATEWAY in self.services and self._changed("clients", found):
            self.report("making the demo clients")
            seed = self.data_dir / "secrets" / "seed.json"
            write_json(seed, demo_clients.seeds(definition, clients))
            env = self.environments.run(GATEWAY)
            self._run("seed-clients", python(GATEWAY, "seed-clients", str(seed)), env)
            seed.unlink()
            self._done("clients", found)
        return clients

    def plan(self, plan: Path, anchor_year: int) -> None:
        """Apply the programme plan through the gateway, as the programme office would. A changed
        plan that is refused leaves the system running on the one it has.

        Raises:
            StackFailed: the first plan was refused.
        """
        found = f"{anchor_year} {digest([plan])}"
        if not self._changed("plan", found):
            return
        self.report(f"applying the plan {plan.name} from {anchor_year}")
        arguments = ["plan", "apply", str(plan), "--anchor-year", str(anchor_year)]
        arguments += ["--url", self.environments.gateway_url, "--role", "office"]
        arguments += ["--clients", str(self.data_dir / "clients.json")]
        try:
            said = self._run("plan", python("kechuang.cli", *arguments), self.environments.common())
        except StackFailed as error:
            if "plan" not in self._state():
                raise
            self.report(f"the changed plan was not applied: {error}")
            return
        self.report(f"plan: {said.strip().splitlines()[-1]}")
        self._done("plan", found)

    def _run(self, name: str, argv: list[str], env: Mapping[str, str]) -> str:
        return run_step(Command(name, argv, self.logs / f"{name}.log", env), self.warm)

    def _state(self) -> dict[str, Any]:
        return read_json(self.data_dir / "state.json")

    def _changed(self, step: str, found: str) -> bool:
        return self._state().get(step) != found

    def _done(self, step: str, found: object) -> None:
        write_json(self.data_dir / "state.json", {**self._state(), step: found})
