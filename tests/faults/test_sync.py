"""Durable before acknowledged: by the order of system calls, NATS and Postgres sync a write before
they say that it is done. A killed process proves nothing here, the operating system keeps what it
wrote; only a machine that loses its power would, and the order tells what that one would lose.

Needs strace; `TRIAL_SYNCS=5000` is the full form.
"""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest
from servicekit.embedded.child import Child
from servicekit.embedded.nats import NatsServer
from servicekit.embedded.postgres import PostgresServer
from servicekit.messaging.bootstrap import ensure_streams_and_durables
from servicekit.messaging.bus import Bus

from tests.faults import planted
from tests.faults.tracing import may_trace, traced
from tests.table import Caught, Tell

WRITES = int(os.environ.get("TRIAL_SYNCS", "5000"))
FEW = 20
"""Writes that show a planted mistake."""
CALLS = "read,recvfrom,write,writev,sendto,pwrite64,pwritev,fsync,fdatasync"
_UNFINISHED = re.compile(r"<unfinished \.\.\.>$")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>")


pytestmark = pytest.mark.skipif(not may_trace(), reason="strace is not there, or may not trace")


@dataclass
class Order:
    """Reads a trace: `written` tells the numbers that a line writes to the file, `said` the number
    it acknowledges; `file` is part of the file's name."""

    file: str
    written: Callable[[str], Iterable[int]]
    said: Callable[[str], int | None]
    acknowledged: set[int] = field(default_factory=set)
    too_early: list[int] = field(default_factory=list)
    _written: set[int] = field(default_factory=set)
    _synced: set[int] = field(default_factory=set)
    _syncing: dict[str, set[int]] = field(default_factory=dict)

    def read(self, lines: Iterable[str]) -> None:
        for line in lines:
            pid, _, call = line.partition(" ")
            self._line(pid, call.strip())

    def _line(self, pid: str, call: str) -> None:
        resumed = _RESUMED.match(call)
        name = resumed[1] if resumed else call.partition("(")[0]
        if name in ("fsync", "fdatasync"):
            if resumed is None and self.file in call:
                self._syncing[pid] = {*self._written}
            if not _UNFINISHED.search(call) and call.endswith("= 0"):
                self._synced |= self._syncing.pop(pid, set())
        elif name.startswith("pwrite") and self.file in call:
            self._written.update(self.written(call))
        elif (number := self.said(call)) is not None and number not in self.acknowledged:
            self.acknowledged.add(number)
            if number not in self._synced:
                self.too_early.append(number)


def into(file: Path) -> list[str]:
    """What is asked of the system with its files' names, written down in `file`."""
    return ["-y", "-s", "160", "-e", f"trace={CALLS}", "-o", str(file)]


def numbers(pattern: str, text: str) -> list[int]:
    return [int(found) for found in re.findall(pattern, text)]


def first(pattern: str, text: str) -> int | None:
    return next(iter(numbers(pattern, text)), None)


async def order_of_nats(directory: Path, writes: int) -> Order:
    """Publish one after the other; each waits for its acknowledgement."""
    users = {"parks": "parks-password", "bootstrap": "bootstrap-password"}
    server = NatsServer(directory / "nats", directory / "nats.log", users)
    server.prepare()
    child = Child(server.command())
    bus = Bus(server.url, "parks", users["parks"])
    trace = directory / "trace"
    try:
        server.wait()
        await ensure_streams_and_durables(
            server.url, "bootstrap", users["bootstrap"], publishers=["parks"], consumers={}
        )
        await bus.start()
        await bus.wait_connected()
        async with traced([child.pid], *into(trace)):
            for number in range(1, writes + 1):
                body = b"write-%d." % number
                await bus.client.request("kechuang.parks.thing.counted.v1", body, timeout=10)
    finally:
        await bus.stop()
        child.stop()
    order = Order(
        ".blk",
        written=lambda call: numbers(r"write-(\d+)\.", call),
        said=lambda call: first(r'\\"seq\\":(\d+)\}', call),
    )
    order.read(trace.read_text(errors="replace").splitlines())
    return order


async def order_of_postgres(directory: Path, writes: int, *, durable: bool) -> Order:
    """Insert one after the other, each its own transaction."""
    server = PostgresServer(directory / "postgres", directory / "pg.log", "secret", durable=durable)
    server.prepare()
    child = Child(server.command())
    trace = directory / "trace"
    try:
        server.wait()
        connection = await asyncpg.connect(server.url("postgres"))
        await connection.execute("CREATE TABLE written (n bigint)")
        writer = await connection.fetchval(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'"
        )
        backend = await connection.fetchval("SELECT pg_backend_pid()")
        async with traced([backend, writer], *into(trace)):
            for number in range(1, writes + 1):
                await connection.execute(f"INSERT INTO written VALUES ({number})")
        await connection.close()
    finally:
        child.stop()
        server.forget_socket()
    return postgres_order(trace.read_text(errors="replace").splitlines())


def postgres_order(lines: Sequence[str]) -> Order:
    """What a line of the log of writes holds cannot be read from it; but as one insert follows the
    other, it is the one that was asked for last."""
    asked = 0
    said = 0

    def written(_: str) -> Iterable[int]:
        return (asked,)

    def acknowledged(call: str) -> int | None:
        nonlocal asked, said
        if call.startswith("recvfrom("):
            asked = max(asked, first(r"VALUES \((\d+)\)", call) or 0)
        if call.startswith("sendto(") and "INSERT 0 1" in call:
            said += 1
            return said
        return None

    order = Order("pg_wal", written, acknowledged)
    order.read(lines)
    return order


async def test_nats_syncs_before_it_acknowledges(
    new_directory: Callable[[], Path],
    monkeypatch: pytest.MonkeyPatch,
    tell: Tell,
    caught: Caught,
) -> None:
    order = await order_of_nats(new_directory(), WRITES)
    assert order.acknowledged == {*range(1, WRITES + 1)}
    assert order.too_early == []
    tell("sync before acknowledgement, NATS", writes=WRITES, too_early=0)
    planted.DEFECTS["sync_off"](monkeypatch.setattr)
    lazy = await order_of_nats(new_directory(), FEW)
    assert len(lazy.too_early) > FEW / 2
    caught("sync_off", f"{len(lazy.too_early)} of {FEW} acknowledged before they were synced")


async def test_postgres_syncs_before_it_acknowledges(
    new_directory: Callable[[], Path], tell: Tell, caught: Caught
) -> None:
    order = await order_of_postgres(new_directory(), WRITES, durable=True)
    assert order.acknowledged == {*range(1, WRITES + 1)}
    assert order.too_early == []
    tell("sync before acknowledgement, Postgres", writes=WRITES, too_early=0)
    lazy = await order_of_postgres(new_directory(), FEW, durable=False)
    assert len(lazy.too_early) > FEW / 2
    caught("fsync_off", f"{len(lazy.too_early)} of {FEW} acknowledged before they were synced")
