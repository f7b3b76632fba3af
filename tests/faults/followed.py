"""The trial's system with a standby of its Postgres, which the services know of."""

from collections.abc import Mapping
from dataclasses import replace

from local_stack.environment import GATEWAY
from local_stack.processes import Process
from servicekit.embedded.child import Command
from servicekit.embedded.postgres import PostgresServer
from servicekit.testing.standby import standby_of

from tests.faults.system import TrialStack

STANDBY = "standby"
MOST_BEHIND = 3.0
"""Seconds."""


class FollowedStack(TrialStack):
    """Its process `standby` follows `postgres`."""

    standby: PostgresServer

    def _start_services(self) -> None:
        logs = self.data_dir / "logs"
        self.standby = standby_of(self.postgres, self.data_dir / STANDBY, logs / f"{STANDBY}.log")
        self.keeper.add(self.standby.command(STANDBY))
        self.keeper.wait(STANDBY, self.standby.ready, timeout=60)
        super()._start_services()

    def _command(self, process: Process, env: Mapping[str, str]) -> Command:
        command = super()._command(process, env)
        if process.service == GATEWAY:
            return command
        password = self._environments.secrets.database(process.service).app
        known = {
            "KECHUANG_REPLICA_DATABASE_URL": self.standby.url(
                process.service, f"{process.service}_app", password
            ),
            "KECHUANG_REPLICA_MOST_BEHIND": str(MOST_BEHIND),
        }
        return replace(command, env={**command.env, **known})

    def is_ready(self, name: str) -> bool:
        if name == STANDBY:
            return self.pid(name) is not None and self.standby.ready()
        return super().is_ready(name)

    def stop(self) -> None:
        super().stop()
        if hasattr(self, "standby"):
            self.standby.forget_socket()
