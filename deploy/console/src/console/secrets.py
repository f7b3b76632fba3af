"""The secrets of one installation, as the files that compose mounts.

What is drawn stands in `drawn.json`; every other file is written from it, so that a service that
comes later gets its own and nothing else changes. The directory is its owner's alone; the files in
it can be read by all, because compose mounts them as they are and the services are not root.
"""

import json
from collections.abc import Callable
from pathlib import Path

from servicekit import new_secrets
from servicekit.sealing.checkpoint import public_line

SERVICES = ("targets", "funding", "parks", "supervision", "gateway")
LOGINS = ("migrator", "app", "readonly")
CLIENTS = {"ops": None, "office": "programme-office"}
"""Role → unit of the clients an installation begins with; they register the others."""


class Drawn:
    """Values by name, drawn at first use."""

    def __init__(self, known: dict[str, str]) -> None:
        self.values = known
        self.fresh = 0

    def __call__(self, name: str, draw: Callable[[], str] = new_secrets.password) -> str:
        if name not in self.values:
            self.values[name] = draw()
            self.fresh += 1
        return self.values[name]


def write_secrets(directory: Path) -> str:
    """Draw what is missing and write every file; how many were drawn, in words."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    kept = directory / "drawn.json"
    drawn = Drawn(json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {})
    found = {**databases(drawn), **messages(drawn), **door(drawn), **audit(drawn)}
    # First what cannot be drawn again; a file that is missing is written at the next run.
    replace(kept, json.dumps(drawn.values, indent=2) + "\n", 0o600)
    for name, text in found.items():
        replace(directory / name, text, 0o444)
    return f"{drawn.fresh} new, {len(found)} files"


def databases(drawn: Drawn) -> dict[str, str]:
    """The passwords of the cluster itself and of every login, and the addresses with them."""
    files = {name: drawn(name) for name in ("postgres_superuser", "postgres_backup")}
    logins = []
    for service in SERVICES:
        for login in LOGINS:
            password = drawn(f"{service}_{login}")
            logins.append(f"{service}_{login}={password}\n")
            files[f"{service}_{login}_url"] = (
                f"postgresql://{service}_{login}:{password}@postgres:5432/{service}"
            )
    return files | {"postgres_logins": "".join(logins)}


def messages(drawn: Drawn) -> dict[str, str]:
    """The password of every user of the event server, each alone and all for the server."""
    users = {user: drawn(f"nats_{user}") for user in (*SERVICES, "bootstrap")}
    lines = [f"NATS_{user.upper()}_PASSWORD={password}\n" for user, password in users.items()]
    return {f"nats_{user}": password for user, password in users.items()} | {
        "nats_users": "".join(lines)
    }


def door(drawn: Drawn) -> dict[str, str]:
    """The gateway's keys, the first clients as it and as the console read them, the operators'
    board."""
    clients = {
        role: {
            "client_id": f"kechuang-{role}",
            "client_secret": drawn(f"client_{role}", new_secrets.client_secret),
        }
        for role in CLIENTS
    }
    seeds = [
        {**clients[role], "roles": [role], "unit": unit, "scopes": []}
        for role, unit in CLIENTS.items()
    ]
    return {
        "grafana_admin": drawn("grafana_admin"),
        "signing_key": drawn("signing_key", new_secrets.signing_key),
        "webhook_key": drawn("webhook_key", new_secrets.webhook_key),
        "client_seeds": json.dumps(seeds, indent=2) + "\n",
        "clients": json.dumps(clients, indent=2) + "\n",
    }


def audit(drawn: Drawn) -> dict[str, str]:
    """The keys that sign checkpoints of the audit trails, each for its service alone, and the
    public ones, with which anybody may verify. A key that was changed stays among those by hand."""
    keys = {s: drawn(f"{s}_audit_key", new_secrets.audit_key) for s in SERVICES}
    public = "".join(public_line(service, key) for service, key in keys.items())
    return {f"{service}_audit_key": key for service, key in keys.items()} | {
        "audit_public_keys": public + drawn.values.get("former_audit_keys", "")
    }


def replace(path: Path, text: str, mode: int) -> None:
    """Write a file whole or not at all; a running container keeps the one it has."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.write_text(text, encoding="utf-8")
    draft.chmod(mode)
    draft.replace(path)
