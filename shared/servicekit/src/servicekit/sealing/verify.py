"""Whether an audit trail is what it was: rows, seals and checkpoints read once, in the order of the
chain, in one snapshot, a page at a time.

The database alone can only tell that its parts agree with each other; whoever owns it can make them
agree. What it cannot change are the checkpoints that were exported, and the keys.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from servicekit.db import driver_url
from servicekit.sealing.checkpoint import Checkpoint
from servicekit.sealing.content import (
    COLUMNS,
    LATE_MS,
    chained,
    digest,
    genesis,
    noted_ms,
    occurred_ms,
)
from servicekit.sealing.findings import Finding, Kind
from servicekit.sealing.ledger import Ledger, Signed

PAGE = 5000
TABLES = ("audit_entry", "audit_seal", "audit_checkpoint")

_SEALS = f"""SELECT s.seq, s.entry_id::text AS sealed, s.digest AS sealed_digest, s.chain, {COLUMNS}
 FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id
 WHERE s.seq > $1 ORDER BY s.seq LIMIT $2"""  # noqa: S608 - joins constants
_UNSEALED = f"""SELECT {COLUMNS} FROM audit_entry e
 WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = e.id) ORDER BY e.id"""  # noqa: S608
_STORED = "SELECT seq, line FROM audit_checkpoint ORDER BY seq"
_PLAIN = """SELECT name FROM unnest($1::text[]) AS name WHERE NOT EXISTS (
 SELECT FROM pg_class c WHERE c.oid = to_regclass('public.' || name) AND c.relkind = 'r'
  AND NOT c.relrowsecurity AND NOT c.relhasrules)"""
_BEFORE_ALL = -(2**63)


@dataclass(slots=True)
class Report:
    """What a look at one service's trail came to."""

    service: str
    rows: int = 0
    seals: int = 0
    checkpoints: int = 0
    waiting: int = 0
    """Rows that are too young to be sealed already."""
    uncovered: int = 0
    """Seals after the last checkpoint: what happens to them now is not found."""
    seconds: float = 0.0
    findings: Counter[Kind] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        return not self.findings

    @property
    def rows_a_second(self) -> float:
        return self.rows / self.seconds if self.seconds else 0.0


async def verify(
    service: str,
    database_url: str,
    exported: Iterable[Checkpoint],
    keys: Sequence[Ed25519PublicKey],
    tell: Callable[[Finding], None],
) -> Report:
    """Look at everything; each finding is told as it is made. `exported` may hold other services'
    checkpoints too.

    Raises:
        OSError, asyncpg.PostgresError: the database does not let itself be read.
    """
    with Look(service, keys, tell) as look:
        # Before the snapshot: what is signed meanwhile would be of rows that are not in it.
        look.take(exported)
        connection = await asyncpg.connect(
            driver_url(database_url),
            timeout=10,
            # What the owner might have set for whoever connects.
            server_settings={"search_path": "pg_catalog, public", "timezone": "UTC"},
        )
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await look.at(connection)
        finally:
            await connection.close()


class Look:
    """One look at a service's trail: first what was exported, then the database."""

    def __init__(
        self, service: str, keys: Sequence[Ed25519PublicKey], tell: Callable[[Finding], None]
    ) -> None:
        self._began = time.monotonic()
        self._report, self._tell = Report(service), tell
        self._ledger = Ledger(service, keys)

    def take(self, exported: Iterable[Checkpoint]) -> None:
        """Checkpoints from outside; those of other services are passed over."""
        for each in exported:
            if each.service == self._report.service:
                self._add(each, exported=True)

    async def at(self, connection: asyncpg.Connection) -> Report:
        """The database, on a connection whose transaction has begun and sees one snapshot."""
        gone = await connection.fetch(_PLAIN, list(TABLES))
        for row in gone:
            self._found(Finding(Kind.NO_TABLE, 0, row["name"]))
        if not gone:
            await self._stored(connection)
            await Trail(self._report, self._ledger, self._found).follow(connection)
        self._report.seconds = time.monotonic() - self._began
        return self._report

    async def _stored(self, connection: asyncpg.Connection) -> None:
        async for row in connection.cursor(_STORED, prefetch=PAGE):
            stored = Checkpoint.of(row["line"] or "")
            if stored is None or stored.seq != row["seq"]:
                self._found(Finding(Kind.BAD_SIGNATURE, row["seq"] or 0, "audit_checkpoint"))
            else:
                self._add(stored, exported=False)
        for missing in self._ledger.missing():
            self._found(missing)

    def _add(self, checkpoint: Checkpoint, *, exported: bool) -> None:
        wrong = self._ledger.add(checkpoint, exported=exported)
        if wrong is not None:
            self._found(wrong)

    def _found(self, finding: Finding) -> None:
        self._report.findings[finding.kind] += 1
        self._tell(finding)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ledger.close()


class Trail:
    """One service's chain, followed from its first seal to its last."""

    def __init__(self, report: Report, ledger: Ledger, found: Callable[[Finding], None]) -> None:
        self._report, self._ledger, self._found = report, ledger, found
        self._seq, self._chain = 0, genesis(report.service)
        self._ahead: Iterator[Signed] = iter(ledger)
        self._next: Signed | None = next(self._ahead, None)
        self._through = 0
        self._misfits = False
        self._first_uncovered: str | None = None

    async def follow(self, connection: asyncpg.Connection) -> None:
        """Everything that is to be said of it."""
        self._report.checkpoints = self._ledger.size()
        async for row in seals(connection):
            self._seal(row)
        self._end()
        async for row in connection.cursor(_UNSEALED, prefetch=PAGE):
            self._report.rows += 1
            self._unsealed(row)

    def _seal(self, row: asyncpg.Record) -> None:
        seq, content = row["seq"], row["sealed_digest"] or b""
        if seq != self._seq + 1:
            self._found(Finding(Kind.SEAL_GAP, seq, f"after seq={self._seq}"))
        elif row["chain"] != chained(self._chain, content):
            self._found(Finding(Kind.SEAL_EDITED, seq, f"row={row['sealed']}"))
        self._pass(seq)
        if row["id"] is None:
            self._found(Finding(Kind.REMOVED, seq, f"row={row['sealed']}"))
        else:
            self._report.rows += 1
            self._row(seq, row, content)
        self._report.seals += 1
        self._seq, self._chain = seq, row["chain"] or b""
        self._compare()

    def _row(self, seq: int, row: asyncpg.Record, content: bytes) -> None:
        """The row under a seal: its content, and the time it tells beside those of the checkpoints
        before and after it. Before the first one nothing is known."""
        if digest(row) != content:
            self._found(Finding(Kind.EDITED, seq, f"row={row['id']}"))
            return
        noted, occurred = noted_ms(row["id"]), occurred_ms(row["occurred_at"])
        if min(noted, occurred) < self._through - LATE_MS:
            self._found(Finding(Kind.BACKDATED, seq, f"row={row['id']}"))
        if self._next is not None and max(noted, occurred) > self._next.time_ms + LATE_MS:
            self._found(Finding(Kind.AHEAD, seq, f"row={row['id']}"))
        if self._next is None and self._first_uncovered is None:
            self._first_uncovered = row["id"]

    def _pass(self, seq: int) -> None:
        """Checkpoints of seals that are not there."""
        while self._next is not None and self._next.seq < seq:
            self._misfit(self._next)
            self._advance()

    def _compare(self) -> None:
        """The checkpoints of the seal that was looked at last."""
        if self._next is None:
            self._report.uncovered += 1
        while self._next is not None and self._next.seq == self._seq:
            if self._next.chain == self._chain.hex():
                self._misfits = False
            else:
                self._misfit(self._next)
            self._through = max(self._through, self._next.through_ms)
            self._advance()

    def _misfit(self, signed: Signed) -> None:
        """Told once of several in a row: all of them do not fit for one reason."""
        if not self._misfits:
            self._found(Finding(Kind.REWRITTEN, signed.seq, f"signed={signed.chain[:16]}"))
        self._misfits = True

    def _advance(self) -> None:
        self._next = next(self._ahead, None)

    def _end(self) -> None:
        """What was signed of seals after the last one; seals that nobody signed in time."""
        if self._next is not None:
            last = max((one.seq for one in self._ahead), default=self._next.seq)
            self._found(Finding(Kind.CUT_TAIL, last, f"the last seal is seq={self._seq}"))
        if self._first_uncovered is not None and is_old(noted_ms(self._first_uncovered)):
            self._found(Finding(Kind.UNCOVERED, self._seq, f"from row={self._first_uncovered} on"))

    def _unsealed(self, row: asyncpg.Record) -> None:
        """A row without a seal: a young one has it soon."""
        noted, occurred = noted_ms(row["id"]), occurred_ms(row["occurred_at"])
        if is_old(min(noted, occurred)) or is_ahead(max(noted, occurred)):
            self._found(Finding(Kind.UNSEALED, 0, f"row={row['id']}"))
        else:
            self._report.waiting += 1


def is_old(milliseconds: int) -> bool:
    """Whether what was noted then should have been sealed and signed by now."""
    return milliseconds < time.time() * 1000 - LATE_MS


def is_ahead(milliseconds: int) -> bool:
    return milliseconds > time.time() * 1000 + LATE_MS


async def seals(connection: asyncpg.Connection) -> AsyncIterator[asyncpg.Record]:
    """All of them with their rows, in the order of their numbers."""
    after = _BEFORE_ALL
    while page := await connection.fetch(_SEALS, after, PAGE):
        for row in page:
            yield row
        after = page[-1]["seq"]
