"""The demo clients, one a role: who they are, and the file with their secrets."""

from pathlib import Path
from typing import Any

import yaml
from servicekit.new_secrets import client_secret

from local_stack.files import read_json, write_json

Clients = dict[str, dict[str, str]]
"""role → {client_id, client_secret}"""


def make_clients(definition: Path, clients_file: Path) -> Clients:
    """Read the definition, draw the secrets that are missing, write the clients' file."""
    known: Clients = read_json(clients_file)
    clients = {
        role: known.get(role)
        or {"client_id": f"demo-{role.replace('_', '-')}", "client_secret": client_secret()}
        for role in yaml.safe_load(definition.read_text(encoding="utf-8"))
    }
    if clients != known:
        write_json(clients_file, clients)
    return clients


def seeds(definition: Path, clients: Clients) -> list[dict[str, Any]]:
    """What the gateway is told about them."""
    wanted: dict[str, dict[str, Any]] = yaml.safe_load(definition.read_text(encoding="utf-8"))
    return [
        {
            **clients[role],
            "roles": [role],
            "unit": facts.get("unit"),
            "scopes": facts.get("scopes", []),
        }
        for role, facts in wanted.items()
    ]
