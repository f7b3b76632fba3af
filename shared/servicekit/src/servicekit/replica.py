"""A standby of the database that answers what may be a little old.

How far it is behind is seen from outside: each second the primary's place in its log is noted, and
the standby is as new as the newest place it has reached. A standby that lags, breaks off or turns
out to be none is not asked; decision 102 says why its own word for its lag is not taken.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable

import structlog
from prometheus_client import Gauge

from servicekit.db import Database

log = structlog.get_logger()

EVERY = 1.0
"""Seconds between two looks."""
PATIENCE = 3.0
"""Seconds a look may take."""

BEHIND = Gauge(
    "kechuang_replica_behind_seconds", "How old the standby's rows may be; +Inf while unknown"
)

_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS place"
_REPLAYED = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint AS place"


class Replica:
    """`database` follows `primary`. It is asked while it is at most `most_behind` seconds old."""

    def __init__(
        self,
        primary: Database,
        database: Database,
        most_behind: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.database = database
        self._primary = primary
        self._most_behind = most_behind
        self._now = now
        self._written: deque[tuple[float, int]] = deque(maxlen=math.ceil(most_behind / EVERY) + 2)
        self._as_of = -math.inf
        self._trouble = ""
        BEHIND.set_function(self.behind)

    def behind(self) -> float:
        """Seconds: whatever was committed before that is in what the standby shows."""
        return self._now() - self._as_of

    def is_fresh(self) -> bool:
        return self.behind() <= self._most_behind

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Note where the primary is, then how much of it the standby has reached. A place that
        cannot be read makes nothing fresher."""
        try:
            async with asyncio.timeout(PATIENCE):
                moment = self._now()
                (row,) = await self._primary.fetch(_WRITTEN, ())
                self._written.append((moment, row["place"]))
                (row,) = await self.database.fetch(_REPLAYED, ())
        except Exception as error:
            self._note(repr(error))
            return
        reached: int | None = row["place"]
        if reached is None:
            self._note("this server is no standby")
            return
        self._note("")
        self._as_of = max([self._as_of, *(at for at, place in self._written if place <= reached)])

    def distrust(self) -> None:
        """It did not answer: ask it again only after the next look."""
        self._as_of = -math.inf

    def _note(self, trouble: str) -> None:
        """Tell a trouble once and not every second."""
        if trouble and trouble != self._trouble:
            log.warning("replica_not_followed", error=trouble)
        self._trouble = trouble
