"""Keeping the merged document: from committed snapshots or from the services themselves."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import orjson
import structlog
from servicekit.problems import Problem

from gateway.document.domain import Document, merge
from gateway.proxy.domain import RouteTable, SegmentTaken, first_segments
from gateway.proxy.service import Call, Upstreams

log = structlog.get_logger()

FETCH_TIMEOUT = 3.0
FRESH_FOR = 60.0
TRY_AGAIN_AFTER = 2.0
"""Seconds: to fetch one document, a complete document is kept, an incomplete one is kept."""


@dataclass(frozen=True, slots=True)
class Published:
    """The merged document as it is sent. `missing` names services that did not answer;
    `permissions` are the rules of those that did."""

    body: bytes
    etag: str
    missing: tuple[str, ...]
    permissions: Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(slots=True)
class Documents:
    """The merged document. `own` gives the gateway's part; what the services document beyond the
    known resources is claimed in the route table."""

    own: Callable[[], Document]
    version: str
    upstreams: Upstreams
    table: RouteTable
    snapshots: Path | None = None
    _known: dict[str, Document] = field(default_factory=dict)
    _published: Published | None = None
    _tried_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def current(self) -> Published:
        """The merged document, fetched again when it has become old.

        Raises:
            DocumentClash: the services' documents contradict each other.
        """
        async with self._lock:
            published = self._published
            patience = TRY_AGAIN_AFTER if published is None or published.missing else FRESH_FOR
            if published is None or time.monotonic() - self._tried_at > patience:
                self._tried_at = time.monotonic()
                published = self._published = await self._build()
            return published

    async def complete(self) -> None:
        """Try until every service has told its document; run beside the gateway at its start."""
        while True:
            try:
                if not (await self.current()).missing:
                    return
            except Problem as problem:
                log.error("document_clash", reason=str(problem))
            await asyncio.sleep(TRY_AGAIN_AFTER)

    async def _build(self) -> Published:
        services = sorted(self.upstreams.addresses)
        found = await asyncio.gather(*(self._load(service) for service in services))
        for service, document in zip(services, found, strict=True):
            if document is not None:
                self._known[service] = document
                self._claim(service, document)
        missing = tuple(service for service in services if service not in self._known)
        merged = merge({"gateway": self.own(), **self._known}, self.version)
        if missing:
            merged["x-missing-services"] = list(missing)
        body = orjson.dumps(merged)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return Published(body, etag, missing, merged["x-permissions"])

    def _claim(self, service: str, document: Document) -> None:
        try:
            self.table.claim(service, first_segments(document.get("paths", {})))
        except SegmentTaken as error:
            log.error("segment_taken", reason=str(error))

    async def _load(self, service: str) -> Document | None:
        if self.snapshots is not None:
            path = self.snapshots / service / "openapi.json"
            if path.is_file():
                return orjson.loads(path.read_bytes())
        return await self._fetch(service)

    async def _fetch(self, service: str) -> Document | None:
        """What the service answers now, or none; an earlier answer is kept then."""
        headers = [("accept", "application/json"), ("accept-encoding", "identity")]
        call = Call(service, "GET", "/api/v1/openapi.json", headers)
        try:
            async with asyncio.timeout(FETCH_TIMEOUT), await self.upstreams.send(call) as answer:
                if answer.status != 200:
                    raise ValueError(f"answered {answer.status}")
                return orjson.loads(await answer.read())
        except (Problem, aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("document_not_fetched", upstream=service, error=str(error))
            return None


def read_snapshots(directory: Path) -> dict[str, Document]:
    """The committed documents below `directory`, by service."""
    return {
        path.parent.name: orjson.loads(path.read_bytes())
        for path in sorted(directory.glob("*/openapi.json"))
    }
