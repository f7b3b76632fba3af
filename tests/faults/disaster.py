"""The loss of a whole host, and its return from the backup, by the scripts of deploy/backup."""

import os
import shutil
import signal
import time
from pathlib import Path

from servicekit.embedded.account import Account
from servicekit.embedded.child import Child, Command, tail
from servicekit.embedded.postgres import SUPERUSER, PostgresServer, installation, run

from tests.faults.system import ROOT, TrialStack

SYNCHRONOUS = "ALTER SYSTEM SET synchronous_standby_names = 'backup'; SELECT pg_reload_conf()"
FOLLOWED = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
EVERY_TABLE = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1
"""


class Backup:
    """Copies and the log of one stack's cluster, in a directory of their own."""

    def __init__(self, stack: TrialStack, directory: Path) -> None:
        self._stack = stack
        self.postgres: PostgresServer = stack.postgres
        self._account = Account.for_postgres()
        self._account.own(directory)
        self._scripts = directory / "scripts"
        shutil.copytree(ROOT / "deploy/backup", self._scripts)
        self._account.let_read(self._scripts)
        self._copies = directory / "copies"
        self._account.own(self._copies)
        self._log = directory / "wal.log"
        self._receiver: Child | None = None

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{installation() / 'bin'}:{os.environ['PATH']}",
            "LC_ALL": "C",
            "PGHOST": str(self.postgres.socket_dir),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": self.postgres.password,
            "PGDATA": str(self.postgres.data_dir),
            "BACKUPS": str(self._copies),
        }

    def follow(self) -> None:
        """Follow the log; from now on nothing is acknowledged that is not here too.

        Raises:
            AssertionError: it is not followed after half a minute.
        """
        command = Command(
            "wal", [str(self._scripts / "wal.sh")], self._log, self._environment, self._account
        )
        self._receiver = Child(command)
        self.postgres.psql(SYNCHRONOUS.replace(";", ";\n"))
        deadline = time.monotonic() + 30
        while self.postgres.psql(FOLLOWED).strip() != "1":
            assert time.monotonic() < deadline, tail(self._log)
            time.sleep(0.1)

    def copy(self) -> str:
        """One whole copy; what the script said of it."""
        return self._run("base.sh")

    def restore(self, to: str = "") -> str:
        """The cluster from the backup, where there is none, as it was last or at a moment."""
        self._account.own(self.postgres.data_dir)
        return self._run("restore.sh", RESTORE_TO=to)

    def stop(self) -> None:
        if self._receiver is not None:
            self._receiver.kill()
            self._receiver = None

    def _run(self, script: str, **more: str) -> str:
        program = str(self._scripts / script)
        return run([program], account=self._account, env={**self._environment, **more})


def lose_everything(stack: TrialStack, backup: Backup) -> None:
    """Every process is killed at once and both stores are gone."""
    for name in stack.names:
        if (pid := stack.pid(name)) is not None:
            os.kill(pid, signal.SIGKILL)
    for name in stack.names:
        stack.halt(name)
    backup.stop()
    shutil.rmtree(stack.data_dir / "postgres")
    shutil.rmtree(stack.data_dir / "nats" / "store")


def bring_back(stack: TrialStack, backup: Backup) -> float:
    """Restore and start everything again; seconds until all of it serves."""
    began = time.monotonic()
    restore_database(stack, backup)
    start_the_rest(stack)
    return time.monotonic() - began


def restore_database(stack: TrialStack, backup: Backup, to: str = "") -> None:
    """The database alone, replayed, writable and followed again."""
    backup.restore(to)
    stack.resume("postgres")
    backup.postgres.wait()
    deadline = time.monotonic() + 60
    while backup.postgres.psql("SELECT pg_is_in_recovery()").strip() != "f":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    backup.follow()


def stop_the_rest(stack: TrialStack) -> None:
    """Whatever is not the database."""
    for name in _the_rest(stack):
        stack.halt(name)


def start_the_rest(stack: TrialStack) -> None:
    for name in _the_rest(stack):
        stack.resume(name)
    stack.wait_ready(120)


def _the_rest(stack: TrialStack) -> list[str]:
    return [name for name in stack.names if name != "postgres"]


def digests(stack: TrialStack, postgres: PostgresServer) -> dict[str, str]:
    """`<service>.<table>` → how many rows and a digest of all of them."""
    found: dict[str, str] = {}
    for service in stack.services:
        for table in postgres.psql(EVERY_TABLE, database=service).split():
            sql = f"""SELECT count(*) || ' ' || coalesce(md5(string_agg(row, '' ORDER BY row)), '')
                      FROM (SELECT md5(t::text) AS row FROM "{table}" t) rows"""
            found[f"{service}.{table}"] = postgres.psql(sql, database=service).strip()
    return found
