"""The settings each service is started with."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from servicekit.embedded.nats import NatsServer
from servicekit.embedded.ports import LOOPBACK
from servicekit.embedded.postgres import PostgresServer
from servicekit.sealing.checkpoint import public_line

from local_stack.secret_store import SecretStore

GATEWAY = "gateway"
AT_ITS_START = {
    "PYTHONUTF8": "1",
    "PYTHONUNBUFFERED": "1",
    # Threads of one process share two heaps: a fifth less resident memory.
    "MALLOC_ARENA_MAX": "2",
    # What was freed goes back, also after large documents: set, this is not raised by them.
    "MALLOC_TRIM_THRESHOLD_": "131072",
}
"""What a process of ours reads at its own start and never again."""


def inherited() -> dict[str, str]:
    """The caller's environment without its own settings of ours, for a process of ours."""
    plain = {name: value for name, value in os.environ.items() if name[:9] != "KECHUANG_"}
    return {**plain, **AT_ITS_START}


@dataclass(frozen=True, slots=True)
class Environments:
    """Makes them from the servers' addresses and the ports that were chosen."""

    postgres: PostgresServer
    nats: NatsServer
    secrets: SecretStore
    ports: Mapping[str, int]
    host: str
    gateway_ops_port: int
    """Where the gateway answers its operators; the public port does not."""
    audit_dir: Path
    """Where signed checkpoints of the audit trails are written."""
    door: Mapping[str, str] = field(default_factory=dict)
    """Settings of the gateway that differ from its own."""

    def common(self) -> dict[str, str]:
        """What every service is started with."""
        return {
            **inherited(),
            "KECHUANG_NATS_URL": self.nats.url,
            "KECHUANG_NATS_MONITOR_URL": self.nats.monitor_urls,
            "KECHUANG_NATS_REPLICAS": str(1 + len(self.nats.peers)),
            "KECHUANG_JWKS_URL": f"{self.gateway_url}/.well-known/jwks.json",
        }

    def migrate(self, service: str) -> dict[str, str]:
        password = self.secrets.database(service).migrator
        url = self.postgres.url(service, f"{service}_migrator", password)
        return {**self.common(), "KECHUANG_MIGRATOR_DATABASE_URL": url}

    def bootstrap(self) -> dict[str, str]:
        password = self.secrets.get("nats_bootstrap")
        return {**self.common(), "KECHUANG_NATS_BOOTSTRAP_PASSWORD": password}

    def run(self, service: str, port_name: str = "") -> dict[str, str]:
        """For the process itself; `port_name` differs from the service for a lone worker."""
        password = self.secrets.database(service).app
        environment = {
            **self.common(),
            "KECHUANG_DATABASE_URL": self.postgres.url(service, f"{service}_app", password),
            "KECHUANG_NATS_USER": service,
            "KECHUANG_NATS_PASSWORD": self.secrets.get(f"nats_{service}"),
            "KECHUANG_HOST": self.host if service == GATEWAY else LOOPBACK,
            "KECHUANG_PORT": str(self.ports[port_name or service]),
            "KECHUANG_AUDIT_KEY": self.secrets.audit_key(service),
            "KECHUANG_AUDIT_DIRECTORY": str(self.audit_dir),
        }
        if service != GATEWAY:
            return environment
        door = self._door()
        if port_name not in ("", GATEWAY):
            # A lone worker has no public port: its operator routes are on its own.
            del door["KECHUANG_OPS_PORT"]
        return environment | door

    def for_auditors(self, services: Iterable[str]) -> dict[str, str]:
        """What `kechuang audit verify` needs: how each database is read, and the public keys."""
        found = {"audit_public_keys": ""}
        for service in services:
            password = self.secrets.database(service).readonly
            url = self.postgres.url(service, f"{service}_readonly", password)
            found[f"{service}_readonly_url"] = url
            found["audit_public_keys"] += public_line(service, self.secrets.audit_key(service))
        return found

    def upstream_ports(self) -> dict[str, int]:
        """Where the gateway finds each service's API."""
        return {
            name: port
            for name, port in self.ports.items()
            if name != GATEWAY and not name.endswith("-worker")
        }

    def _door(self) -> dict[str, str]:
        upstreams = {
            name: f"http://{LOOPBACK}:{port}" for name, port in self.upstream_ports().items()
        }
        return {
            "KECHUANG_UPSTREAMS": json.dumps(upstreams),
            "KECHUANG_OPS_PORT": str(self.gateway_ops_port),
            "KECHUANG_SIGNING_KEY_FILE": str(self.secrets.signing_key()),
            "KECHUANG_WEBHOOK_KEY": self.secrets.webhook_key(),
            # Only this machine: who tries it out can receive, and nothing leaves by mistake.
            "KECHUANG_WEBHOOK_ALLOWLIST": LOOPBACK,
            **self.door,
        }

    @property
    def gateway_url(self) -> str:
        host = LOOPBACK if self.host in {"", "0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{host}:{self.ports[GATEWAY]}"
