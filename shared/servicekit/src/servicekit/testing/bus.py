"""What a service published, as its outbox holds it: no NATS needed to test a use case."""

import json
from dataclasses import dataclass
from typing import Any

import asyncpg

from servicekit.testing.databases import ServiceDatabase


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event in the order it was stored. `subject` is the aggregate's id."""

    type: str
    subject: str
    aggregate_version: int
    data: dict[str, Any]
    correlation_id: str | None
    causation_id: str | None


class RecordingBus:
    """Reads the outbox of one database. `since_now` forgets what is already there."""

    def __init__(self, database: ServiceDatabase) -> None:
        self._url = database.readonly_url
        self._after = 0

    async def events(self, kind: str = "", subject: str | None = None) -> list[Recorded]:
        """The events stored since, of a type that contains `kind` and of one aggregate if given."""
        rows = await self._rows(
            "SELECT type, aggregate_id, aggregate_version, data, correlation_id, causation_id"
            " FROM outbox WHERE seq > $1 AND strpos(type, $2) > 0"
            " AND ($3::text IS NULL OR aggregate_id = $3) ORDER BY seq",
            self._after,
            kind,
            subject,
        )
        return [
            Recorded(
                type=row["type"],
                subject=row["aggregate_id"],
                aggregate_version=row["aggregate_version"],
                data=json.loads(row["data"]),
                correlation_id=row["correlation_id"],
                causation_id=row["causation_id"],
            )
            for row in rows
        ]

    async def types(self) -> list[str]:
        """Only the types, in order."""
        return [event.type for event in await self.events()]

    async def since_now(self) -> None:
        rows = await self._rows("SELECT coalesce(max(seq), 0) AS last FROM outbox")
        self._after = rows[0]["last"]

    async def _rows(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self._url)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()
