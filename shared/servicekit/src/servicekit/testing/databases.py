"""A database of its own for every test module, copied from one that was migrated once a run."""

import fcntl
import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from servicekit.embedded.postgres import PostgresServer
from servicekit.embedded.provision import Passwords, provision
from servicekit.testing.shared_servers import PostgresAddress


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """One database and the addresses of everybody who may use it."""

    name: str
    service: str
    app_url: str
    migrator_url: str
    readonly_url: str
    superuser_url: str


class Databases:
    """Makes databases on the run's Postgres."""

    def __init__(self, address: PostgresAddress) -> None:
        self.server = PostgresServer(
            data_dir=Path(address.data_dir),
            log=Path(address.log),
            password=address.password,
            durable=False,
            socket_dir=Path(address.socket_dir),
        )
        self.run_dir = Path(address.run_dir)

    def migrated(self, service: str) -> ServiceDatabase:
        """A fresh copy of the service's database with its whole migration history applied.

        Raises:
            RuntimeError: the migrations failed; the text holds their output.
        """
        template = f"{service}_template"
        with self._once(service) as ready:
            if not ready.exists():
                self._migrate(service, template)
                self.server.psql(f'ALTER DATABASE "{template}" ALLOW_CONNECTIONS false')
                ready.touch()
        name = new_name(service)
        self.server.psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._finish(service, name)

    def empty(self, service: str) -> ServiceDatabase:
        """A fresh database with the service's roles and rights and no table."""
        return self._finish(service, new_name(service))

    def drop(self, database: ServiceDatabase) -> None:
        self.server.psql(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')

    def _finish(self, service: str, name: str) -> ServiceDatabase:
        provision(self.server, service, self._passwords(service), database=name)
        return self._addresses(service, name)

    def _migrate(self, service: str, template: str) -> None:
        provision(self.server, service, self._passwords(service), database=template)
        url = self._addresses(service, template).migrator_url
        done = subprocess.run(
            [sys.executable, "-m", service, "migrate"],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "KECHUANG_MIGRATOR_DATABASE_URL": url},
        )
        if done.returncode != 0:
            raise RuntimeError(f"{service} does not migrate:\n{done.stdout}{done.stderr}")

    def _addresses(self, service: str, name: str) -> ServiceDatabase:
        passwords = self._passwords(service)
        return ServiceDatabase(
            name=name,
            service=service,
            app_url=self.server.url(name, f"{service}_app", passwords.app),
            migrator_url=self.server.url(name, f"{service}_migrator", passwords.migrator),
            readonly_url=self.server.url(name, f"{service}_readonly", passwords.readonly),
            superuser_url=self.server.url(name),
        )

    def _passwords(self, service: str) -> Passwords:
        """The service's passwords in this run: roles are common to all its databases."""
        file = self.run_dir / f"{service}.passwords.json"
        with locked(file.with_suffix(".lock")):
            if not file.exists():
                file.write_text(json.dumps(asdict(Passwords.fresh())))
            return Passwords(**json.loads(file.read_text()))

    @contextmanager
    def _once(self, service: str) -> Iterator[Path]:
        with locked(self.run_dir / f"{service}.template.lock"):
            yield self.run_dir / f"{service}.template.ready"


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock among all processes of the run."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def new_name(service: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", service):
        raise ValueError(f"{service!r} is no name of a service")
    return f"{service}_test_{secrets.token_hex(6)}"
