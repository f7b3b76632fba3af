"""The checkpoints of one service in the order of the chain, each once.

They lie in a temporary file of SQLite, so that those of years cost no memory.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from servicekit.sealing.checkpoint import Checkpoint, key_id
from servicekit.sealing.findings import Finding, Kind


class Signed(NamedTuple):
    """What a checkpoint vouches for; moments in milliseconds since 1970."""

    seq: int
    chain: str
    through_ms: int
    time_ms: int


class Ledger:
    """Takes checkpoints from both sides and tells those that are genuine."""

    def __init__(self, service: str, keys: Iterable[Ed25519PublicKey]) -> None:
        self.service, self._keys = service, tuple(keys)
        self._known = {key_id(key) for key in self._keys}
        self._file = sqlite3.connect("")
        self._file.execute(
            "CREATE TABLE signed (seq INTEGER, chain TEXT, through_ms INTEGER, time_ms INTEGER,"
            " line TEXT UNIQUE, exported INTEGER, stored INTEGER)"
        )

    def add(self, found: Checkpoint, *, exported: bool) -> Finding | None:
        """Take one; what is wrong with it, if anything."""
        side = "exported" if exported else "stored"
        sql = f"UPDATE signed SET {side} = 1 WHERE line = ?"  # noqa: S608 - one of two words
        if self._file.execute(sql, (found.line,)).rowcount:
            return None
        if found.service != self.service or not found.is_signed_by(self._keys):
            known = found.key in self._known
            return Finding(
                Kind.BAD_SIGNATURE if known else Kind.UNKNOWN_KEY, found.seq, f"key={found.key}"
            )
        row = (found.seq, found.chain, found.through_ms, found.time_ms, found.line)
        marks = (int(exported), int(not exported))
        self._file.execute("INSERT INTO signed VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, *marks))
        return None

    def __iter__(self) -> Iterator[Signed]:
        rows = self._file.execute(
            "SELECT seq, chain, through_ms, time_ms FROM signed ORDER BY seq, time_ms"
        )
        return map(Signed._make, rows)

    def missing(self) -> Iterator[Finding]:
        """Those that were exported and of whose number none is in the database any more."""
        rows = self._file.execute(
            "SELECT DISTINCT seq FROM signed WHERE exported AND seq NOT IN"
            " (SELECT seq FROM signed WHERE stored) ORDER BY seq"
        )
        for (seq,) in rows:
            yield Finding(Kind.CHECKPOINT_REMOVED, seq, "audit_checkpoint")

    def size(self) -> int:
        return self._file.execute("SELECT count(*) FROM signed").fetchone()[0]

    def close(self) -> None:
        self._file.close()
