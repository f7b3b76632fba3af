"""The database and the roles of one service, by the same SQL wherever Postgres runs."""

from dataclasses import dataclass

from servicekit.embedded.paths import workspace_file
from servicekit.embedded.postgres import PostgresServer
from servicekit.new_secrets import password

SERVICE_SQL = "deploy/postgres/service.sql"


@dataclass(frozen=True, slots=True)
class Passwords:
    """Of the three roles of a service that log in."""

    migrator: str
    app: str
    readonly: str

    @classmethod
    def fresh(cls) -> "Passwords":
        return cls(password(), password(), password())


def provision(
    server: PostgresServer, service: str, passwords: Passwords, *, database: str | None = None
) -> None:
    """Make or repair database, roles and rights; set the passwords. Repeating it changes nothing.

    Raises:
        PostgresFailed: a statement failed.
    """
    env = {
        "SERVICE": service,
        "DATABASE": database or service,
        "MIGRATOR_PASSWORD": passwords.migrator,
        "APP_PASSWORD": passwords.app,
        "READONLY_PASSWORD": passwords.readonly,
    }
    server.psql(workspace_file(SERVICE_SQL), env=env)
