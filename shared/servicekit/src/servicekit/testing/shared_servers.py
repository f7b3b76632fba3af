"""One Postgres for a whole test run, started when the first test asks for it.

The process that leads the run answers on a Unix socket; its test workers ask there. One thread
answers one question after the other, so two workers cannot both start a server, and the servers
are children of the process that outlives all the others.
"""

import contextlib
import json
import os
import shutil
import socket
import socketserver
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

PREFIX = "servicekit-test-"


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """What a worker needs to use the run's Postgres. `run_dir` is the run's common directory."""

    data_dir: str
    socket_dir: str
    log: str
    password: str
    run_dir: str


class SharedServers:
    """Owned by the leading process; `close` stops what was started and removes its files."""

    def __init__(self) -> None:
        sweep()
        self.run_dir = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.address = str(self.run_dir / "ask")
        self._postgres: PostgresAddress | None = None
        self._stop = contextlib.ExitStack()
        self._server = socketserver.UnixStreamServer(self.address, self._handler())
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.rfile.readline()
                try:
                    answer = asdict(owner.postgres())
                except Exception as error:
                    answer = {"error": str(error)}
                self.wfile.write(json.dumps(answer).encode() + b"\n")

        return Handler

    def postgres(self) -> PostgresAddress:
        """The address of Postgres, started now if it was not yet. Only for the answering thread,
        which lives as long as the servers must."""
        if self._postgres is None:
            self._postgres = self._start_postgres()
        return self._postgres

    def _start_postgres(self) -> PostgresAddress:
        from servicekit.embedded.child import Child
        from servicekit.embedded.postgres import PostgresServer
        from servicekit.new_secrets import password

        log = self.run_dir / "postgres.log"
        server = PostgresServer(self.run_dir / "postgres", log, password(), durable=False)
        if len(str(self.run_dir)) < 60:
            # Here it is swept away with the rest when a run was killed.
            server.socket_dir = self.run_dir / "socket"
        server.prepare()
        child = Child(server.command())
        self._stop.callback(server.forget_socket)
        self._stop.callback(child.stop)
        server.wait()
        return PostgresAddress(
            data_dir=str(server.data_dir),
            socket_dir=str(server.socket_dir),
            log=str(log),
            password=server.password,
            run_dir=str(self.run_dir),
        )

    def close(self) -> None:
        self._stop.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        shutil.rmtree(self.run_dir, ignore_errors=True)


def ask_for_postgres(address: str) -> PostgresAddress:
    """Ask the leading process for the run's Postgres.

    Raises:
        RuntimeError: it could not be started.
    """
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(120)
        asking.connect(address)
        asking.sendall(b"postgres\n")
        with asking.makefile() as answers:
            answer = json.loads(answers.readline())
    if "error" in answer:
        raise RuntimeError(f"no Postgres for the tests: {answer['error']}")
    return PostgresAddress(**answer)


def sweep() -> None:
    """Remove what runs that were killed left in the temporary directory."""
    for directory in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = directory.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not is_running(int(pid)):
            shutil.rmtree(directory, ignore_errors=True)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
