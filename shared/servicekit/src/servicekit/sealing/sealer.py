"""The sealer: chains the audit rows that were committed, and signs where the chain stands.

One a service, by a lock in Postgres, and never in a caller's way: it reads rows that are committed
and writes tables nobody else writes. Ids are made before the commit, so a row may appear below
others that are sealed; it is sealed when it appears. So every second it is looked for a minute
back, every half minute `LATE` back, and once an hour the whole trail is walked through.
"""

import asyncio
import time
from pathlib import Path
from uuid import UUID

import structlog

from servicekit.clock import now
from servicekit.db import Database
from servicekit.sealing import export, metrics
from servicekit.sealing.checkpoint import Checkpoint, Signer
from servicekit.sealing.content import (
    COLUMNS,
    HIGHEST,
    LATE_MS,
    LOWEST,
    chained,
    digest,
    genesis,
    id_at,
    moment,
    noted_ms,
)
from servicekit.settings import Settings

BATCH = 2000
"""Rows that are sealed in one transaction."""

POLL = 1.0
"""Seconds between two looks, when a look is cheap; of an expensive one they are twenty times what
it took, so that looking takes a twentieth of one processor at most."""

NEAR_MS = 60_000
"""How far back a look goes as a rule: longer than a transaction may idle."""

FAR = 30.0
"""Seconds between two looks that go `LATE` back."""

SWEEP = 3600.0
"""Seconds between two walks through the whole trail."""

PAGE = 50_000
"""Rows of the trail that one step of such a walk looks at."""

log = structlog.get_logger()

UNSEALED = f"""SELECT {COLUMNS} FROM audit_entry e
 WHERE e.id > $1 AND e.id <= $2 AND NOT EXISTS (
  SELECT FROM audit_seal s WHERE s.entry_id = e.id AND s.entry_id > $1 AND s.entry_id <= $2)
 ORDER BY e.id LIMIT $3"""  # noqa: S608 - joins constants
LAST = "SELECT seq, entry_id::text AS entry_id, chain FROM audit_seal ORDER BY seq DESC LIMIT 1"
_SEAL = """INSERT INTO audit_seal (seq, entry_id, digest, chain, sealed_at)
 SELECT made.*, clock_timestamp()
 FROM unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[]) AS made"""
_PAGE_END = "SELECT id FROM audit_entry WHERE id > $1 ORDER BY id OFFSET $2 LIMIT 1"
_CHAIN_AT = "SELECT chain FROM audit_seal WHERE seq = $1"
_STORED = "SELECT line FROM audit_checkpoint ORDER BY seq DESC LIMIT 1"
_STORE = """INSERT INTO audit_checkpoint (seq, line) VALUES ($1, $2) ON CONFLICT DO NOTHING"""


class Sealer:
    """Seals one service's trail; run it in one process at a time. Without a key nothing is signed,
    which the metrics tell."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._service = database, settings.service
        self._signer = Signer(settings.audit_key) if settings.audit_key else None
        self._directory = Path(settings.audit_directory) if settings.audit_directory else None
        self._every = settings.audit_checkpoint_seconds
        self._floor = LOWEST
        self._far_at = 0.0
        self._through = 0
        self._signed: Checkpoint | None = None
        self._walked: UUID | None = None

    async def run(self) -> None:
        """Until it is cancelled; whoever runs it starts it again when it breaks."""
        await self.begin()
        sweep_at, sign_at = time.monotonic() + 60, 0.0
        while True:
            began = time.monotonic()
            more = await self.look()
            if began > sweep_at and self._walked is None:
                self._walked, sweep_at = LOWEST, began + SWEEP
            if self._walked is not None:
                await self.walk()
            if began >= sign_at:
                await self.sign()
                sign_at = began + self._every
            if not more:
                await asyncio.sleep(max(POLL, 20 * (time.monotonic() - began)))

    async def begin(self) -> None:
        """Take up where the last one left off."""
        rows = await self._database.fetch(LAST, ())
        if rows:
            sealed = min(noted_ms(rows[0]["entry_id"]), _now_ms())
            self._floor = id_at(sealed - LATE_MS)
        self._signed = await self._newest()
        if self._signer is None:
            log.warning("audit_key_missing")

    async def _newest(self) -> Checkpoint | None:
        """What was signed last: by what was exported, which nobody in the database can change."""
        if self._directory is not None:
            try:
                found = await asyncio.to_thread(export.newest, self._directory, self._service)
            except OSError as error:
                log.error("audit_export_unreadable", error=str(error))
                found = None
            if found is not None:
                return found
        rows = await self._database.fetch(_STORED, ())
        return Checkpoint.of(rows[0]["line"]) if rows else None

    async def look(self) -> bool:
        """Seal what was noted lately; answers whether there is more at once."""
        looked_at = _now_ms()
        last = await self.seal(self._floor, HIGHEST)
        if last is not None:
            # All that is below is sealed: the next look begins where this one ended.
            self._floor, self._through = last, max(self._through, _at_most(last, looked_at))
            return True
        self._floor, self._through = id_at(looked_at - self._reach()), looked_at
        return False

    def _reach(self) -> int:
        """How far back the next look goes, in milliseconds."""
        if time.monotonic() < self._far_at:
            return NEAR_MS
        self._far_at = time.monotonic() + FAR
        return LATE_MS

    async def walk(self) -> None:
        """One step of the walk through the whole trail."""
        assert self._walked is not None, "a walk has begun"
        ends = await self._database.fetch(_PAGE_END, (self._walked, PAGE))
        upto = ends[0]["id"] if ends else HIGHEST
        last = await self.seal(self._walked, upto)
        if last is not None:
            self._walked = last
        else:
            self._walked = upto if ends else None

    async def seal(self, above: UUID, upto: UUID) -> UUID | None:
        """Seal what is not, of the rows between these ids; the last one's id when there may be
        more, else none.

        Raises:
            asyncpg.UniqueViolationError: another process seals as well; nothing was written.
        """
        rows = await self._database.fetch(UNSEALED, (above, upto, BATCH))
        if not rows:
            return None
        last = await self._database.fetch(LAST, ())
        seq = last[0]["seq"] if last else 0
        chain = last[0]["chain"] if last else genesis(self._service)
        digests = [digest(row) for row in rows]
        chains: list[bytes] = []
        for content in digests:
            chain = chained(chain, content)
            chains.append(chain)
        ids = [UUID(row["id"]) for row in rows]
        numbers = list(range(seq + 1, seq + 1 + len(rows)))
        await self._database.fetch(_SEAL, (numbers, ids, digests, chains))
        metrics.SEALED.inc(len(rows))
        return ids[-1] if len(rows) == BATCH else None

    async def sign(self) -> Checkpoint | None:
        """Sign where the chain stands, unless it is signed already or is not what it was: on a
        chain that was changed nothing is put by us. The checkpoint when one was made."""
        if not await self._fits() or self._signer is None:
            return None
        rows = await self._database.fetch(LAST, ())
        if not rows or (self._signed is not None and self._signed.seq == rows[0]["seq"]):
            return None
        made = self._signer.sign(
            self._service,
            rows[0]["seq"],
            rows[0]["chain"].hex(),
            moment(self._through),
            moment(_now_ms()),
        )
        await self._database.fetch(_STORE, (made.seq, made.line))
        if await self._export(made):
            self._signed = made
        return made

    async def _fits(self) -> bool:
        """Whether the chain still is what was signed last."""
        fits = True
        if self._signed is not None:
            rows = await self._database.fetch(_CHAIN_AT, (self._signed.seq,))
            fits = bool(rows) and rows[0]["chain"].hex() == self._signed.chain
        if not fits:
            log.error("audit_chain_does_not_fit", checkpoint_seq=self._signed and self._signed.seq)
        metrics.MISFIT.set(not fits)
        return fits

    async def _export(self, made: Checkpoint) -> bool:
        """Tell the checkpoint where the database cannot reach: in the log, which is collected
        elsewhere, and in the directory. Answers whether that is done."""
        log.info("audit_checkpoint", checkpoint=made)
        if self._directory is None:
            return True
        try:
            await asyncio.to_thread(export.append, self._directory, made)
        except OSError as error:
            metrics.EXPORT_FAILURES.inc()
            log.error("audit_checkpoint_not_exported", error=str(error))
            return False
        return True


def _now_ms() -> int:
    return int(now().timestamp() * 1000)


def _at_most(entry_id: UUID, milliseconds: int) -> int:
    """When an id was made; one that says later than now was made now."""
    return min(noted_ms(str(entry_id)), milliseconds)
