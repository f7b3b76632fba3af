"""`python -m local_stack.streams SERVICE…`: make every stream and durable in one process.

The same as each service's own `bootstrap`, without importing the shared libraries five times. With
`--table` it only prints who publishes and who hears whom: deploy/nats/streams.json.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Sequence

from servicekit.embedded.http import read_json
from servicekit.messaging.bootstrap import ensure_streams_and_durables
from servicekit.settings import Settings


def consumed_by(services: Sequence[str]) -> dict[str, list[str]]:
    """The publishers each service hears, as its worker declares them."""
    return {name: list(importlib.import_module(f"{name}.worker").CONSUMES) for name in services}


def missing(monitor_url: str, expected: dict[str, int]) -> bool:
    """Whether the server holds fewer streams or durables than were made. An unreachable server
    misses nothing: it will be asked again."""
    found = read_json(f"{monitor_url}/jsz")
    return found is not None and any(found.get(kind, 0) < n for kind, n in expected.items())


def table(services: Sequence[str]) -> str:
    """What the keeper of the containers' streams reads."""
    wanted = {"publishers": list(services), "consumers": consumed_by(services)}
    return json.dumps(wanted, indent=2) + "\n"


def make(services: Sequence[str]) -> None:
    settings = Settings.load()
    heard = consumed_by(services)
    asyncio.run(
        ensure_streams_and_durables(
            settings.nats_url,
            settings.nats_bootstrap_user,
            settings.nats_bootstrap_password,
            publishers=services,
            consumers=heard,
            replicas=settings.nats_replicas,
        )
    )
    streams = {*services}.union(*heard.values())
    made = {"streams": len(streams), "consumers": sum(map(len, heard.values()))}
    sys.stdout.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "--table":
        sys.stdout.write(table(sys.argv[2:]))
    else:
        make(sys.argv[1:])
