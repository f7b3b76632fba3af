"""The NATS server's configuration: the same text for the embedded server and for compose.

`sync_interval: always` because JetStream's default acknowledges before the disk has it. One
account, one user for each service, and each may only do what its events need: publish below its
own name, fetch and acknowledge from its own durables, read its own stream and who has read how much
of it.

`max_file_store` is what all streams may have together, and one more: left to itself the server
takes three quarters of what is free when it starts, and one that was started on a full disk would
refuse everything also when there is room.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from servicekit.messaging import names
from servicekit.messaging.bootstrap import MAX_BYTES

BOOTSTRAP = "bootstrap"

_VARIABLE = re.compile(r"\$[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Member:
    """One server of a cluster: its own name, where the others reach it, where it reaches them, and
    the password they know each other by."""

    name: str
    listen: str
    routes: Sequence[str]
    password: str

    def render(self) -> str:
        routes = [f"nats-route://cluster:{self.password}@{route}" for route in self.routes]
        return f"""server_name: {json.dumps(self.name)}
cluster {{
  name: kechuang
  listen: {json.dumps(self.listen)}
  authorization {{ user: cluster, password: {json.dumps(self.password)} }}
  routes: {json.dumps(routes)}
}}
"""


def render(
    users: Mapping[str, str],
    *,
    host: str = "127.0.0.1",
    port: int = 4222,
    monitor_host: str = "127.0.0.1",
    monitor_port: int = 8222,
    store_dir: str = "/data/jetstream",
    member: Member | None = None,
) -> str:
    """The whole file. `users` are passwords by name: one a service, and `bootstrap`, which makes
    the streams and durables. A password may be a bcrypt hash, or `$NAME` for a variable of the
    server's environment."""
    services = [name for name in users if name != BOOTSTRAP]
    accounts = "\n".join(
        _user(name, password, permissions(name, services)) for name, password in users.items()
    )
    return f"""# Made by servicekit.messaging.server_config; every grant is explained there.
listen: {json.dumps(f"{host}:{port}")}
http: {json.dumps(f"{monitor_host}:{monitor_port}")}
max_payload: 1MB
write_deadline: "10s"
ping_interval: "20s"

jetstream {{
  store_dir: {json.dumps(store_dir)}
  sync_interval: always
  max_file_store: {(len(services) + 1) * MAX_BYTES}
}}

accounts {{
  KECHUANG {{
    jetstream: enabled
    users: [
{accounts}
    ]
  }}
  SYS {{}}
}}
system_account: SYS
{member.render() if member else ""}"""


def permissions(user: str, services: Sequence[str]) -> dict[str, list[str]]:
    """What a user may publish and subscribe to; everything else is refused."""
    granted = _bootstrap() if user == BOOTSTRAP else _service(user, services)
    return {"publish": granted, "subscribe": [f"{names.inbox(user)}.>"]}


def _bootstrap() -> list[str]:
    """Makes and reads; it cannot delete or purge, and it cannot publish events."""
    verbs = [
        "INFO",
        "STREAM.CREATE.*",
        "STREAM.UPDATE.*",
        "STREAM.INFO.*",
        "CONSUMER.DURABLE.CREATE.*.*",
        "CONSUMER.CREATE.>",
        "CONSUMER.INFO.*.*",
    ]
    return [f"$JS.API.{verb}" for verb in verbs]


def _service(user: str, services: Sequence[str]) -> list[str]:
    own = names.stream(user)
    granted = [
        names.subjects(user),
        f"$JS.API.DIRECT.GET.{own}",
        f"$JS.API.STREAM.INFO.{own}",
        f"$JS.API.CONSUMER.LIST.{own}",
    ]
    for publisher in services:
        stream, durable = names.stream(publisher), names.durable(user, publisher)
        granted += [
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}",
            f"$JS.API.CONSUMER.INFO.{stream}.{durable}",
            f"$JS.ACK.{stream}.{durable}.>",
            f"$JS.API.STREAM.INFO.{stream}",
        ]
    return list(dict.fromkeys(granted))


def _user(name: str, password: str, granted: Mapping[str, Sequence[str]]) -> str:
    secret = password if _VARIABLE.fullmatch(password) else json.dumps(password)
    return (
        f"      {{ user: {json.dumps(name)}, password: {secret},\n"
        f"        permissions: {json.dumps(granted)} }}"
    )


def for_containers(services: Sequence[str]) -> str:
    """The file of a server in a container: passwords come from `NATS_<USER>_PASSWORD`."""
    users = {name: f"$NATS_{name.upper()}_PASSWORD" for name in [*services, BOOTSTRAP]}
    return render(users, host="0.0.0.0", monitor_host="0.0.0.0")  # noqa: S104 - inside a container


if __name__ == "__main__":
    sys.stdout.write(for_containers(sys.argv[1:]))
