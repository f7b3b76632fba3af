"""Keeping the merged document: from committed snapshots or from the services themselves."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import structlog
from servicekit.problems import Problem

from gateway.document.domain import Document, merge
from gateway.proxy.answer import BrokenOff
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
    _known: dict[str, bytes] = field(default_factory=dict)
    _merged: dict[str, bytes] = field(default_factory=dict)
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
                published = await self._build()
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
        self._known |= {
            service: body for service, body in zip(services, found, strict=True) if body is not None
        }
        if self._published is None or self._known != self._merged:
            known = dict(self._known)
            self._published = await asyncio.to_thread(self._merge, services, known)
            self._merged = known
        return self._published

    def _merge(self, services: Sequence[str], known: Mapping[str, bytes]) -> Published:
        documents: dict[str, Document] = {one: orjson.loads(body) for one, body in known.items()}
        for service, document in documents.items():
            self._claim(service, document)
        missing = tuple(service for service in services if service not in documents)
        merged = merge({"gateway": self.own(), **documents}, self.version)
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

    async def _load(self, service: str) -> bytes | None:
        if self.snapshots is not None:
            path = self.snapshots / service / "openapi.json"
            if path.is_file():
                return path.read_bytes()
        return await self._fetch(service)

    async def _fetch(self, service: str) -> bytes | None:
        """What the service answers now, or none; an earlier answer is kept then."""
        headers = [(b"accept", b"application/json"), (b"accept-encoding", b"identity")]
        call = Call(service, "GET", "/api/v1/openapi.json", headers)
        try:
            async with asyncio.timeout(FETCH_TIMEOUT):
                with await self.upstreams.send(call) as answer:
                    if answer.status != 200:
                        raise ValueError(f"answered {answer.status}")
                    body = await answer.read()
                    if body != self._known.get(service):
                        orjson.loads(body)
                    return body
        except (Problem, BrokenOff, TimeoutError, ValueError) as error:
            log.warning("document_not_fetched", upstream=service, error=str(error))
            return None


def read_snapshots(directory: Path) -> dict[str, Document]:
    """The committed documents below `directory`, by service."""
    return {
        path.parent.name: orjson.loads(path.read_bytes())
        for path in sorted(directory.glob("*/openapi.json"))
    }
