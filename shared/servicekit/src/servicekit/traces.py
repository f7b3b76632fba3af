"""Traces: one span for a request and one for an event that is applied, sent by OTLP over HTTP.

Only when `KECHUANG_TRACES_URL` names a collector. The trace id comes in with `traceparent`, goes on
to the service behind the gateway and with the event to whoever hears it; each span is the parent of
the next. What cannot be sent is dropped and counted: nobody waits for a collector. Decision 93 says
why this is not the OpenTelemetry SDK.
"""

import asyncio
import contextlib
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import orjson
import structlog
from prometheus_client import Counter

from servicekit.settings import Settings

log = structlog.get_logger()

SERVER, CONSUMER = 2, 5
"""OTLP's kinds of spans."""
ERROR = 2
"""OTLP's status of a span that failed."""
KEPT = 4096
"""Spans that wait for the collector; the oldest go first."""
EVERY = 1.0
BATCH = 512
TIMEOUT = 5.0

DROPPED = Counter("kechuang_spans_dropped_total", "Spans the collector did not get")

_waiting: deque[dict[str, Any]] | None = None
"""None while nobody wants spans."""


def is_on() -> bool:
    return _waiting is not None


def child_of(traceparent: str) -> str:
    """The same trace with a span of our own, while traces are on; else the same."""
    if _waiting is None:
        return traceparent
    return f"{traceparent[:36]}{secrets.token_hex(8)}{traceparent[52:]}"


def record(
    traceparent: str,
    parent: str,
    name: str,
    kind: int,
    began: int,
    *,
    failed: bool = False,
    attributes: Mapping[str, str | int],
) -> None:
    """A span that ends now. `traceparent` is its own, `parent` the one it was called with; `began`
    in nanoseconds since 1970. A trace its caller does not sample is not sent."""
    if _waiting is None or not int(traceparent[53:], 16) & 1:
        return
    if len(_waiting) == KEPT:
        DROPPED.inc()
    span = {
        "traceId": traceparent[3:35],
        "spanId": traceparent[36:52],
        "name": name,
        "kind": kind,
        "startTimeUnixNano": str(began),
        "endTimeUnixNano": str(time.time_ns()),
        "attributes": [{"key": key, "value": _typed(value)} for key, value in attributes.items()],
        "status": {"code": ERROR} if failed else {},
    }
    if parent != traceparent:
        span["parentSpanId"] = parent[36:52]
    _waiting.append(span)


def _typed(value: str | int) -> dict[str, str]:
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


@contextmanager
def applying(traceparent: str | None, name: str, **attributes: str) -> Iterator[str | None]:
    """A span around the applying of an event; gives the trace its effects belong to."""
    if _waiting is None or traceparent is None:
        yield traceparent
        return
    own, began, failed = child_of(traceparent), time.time_ns(), True
    try:
        yield own
        failed = False
    finally:
        record(own, traceparent, name, CONSUMER, began, failed=failed, attributes=attributes)


@asynccontextmanager
async def exporting(settings: Settings) -> AsyncIterator[None]:
    """Send spans while the process serves, and what is left at its end."""
    global _waiting
    if not settings.traces_url:
        yield
        return
    _waiting = deque(maxlen=KEPT)
    sender = Sender(settings, _waiting)
    sending = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        await sender.send()
        _waiting = None


class Sender:
    """Takes spans from `waiting` and posts them, a batch at a time."""

    def __init__(self, settings: Settings, waiting: deque[dict[str, Any]]) -> None:
        self._url, self._waiting = settings.traces_url, waiting
        self._trouble = ""
        about = {"service.name": settings.service, "service.version": settings.version}
        self._resource = {
            "attributes": [{"key": k, "value": {"stringValue": v}} for k, v in about.items()]
        }

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.send()

    async def send(self) -> None:
        """Everything that waits. A collector that does not take a batch loses it."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                try:
                    await self._post(http, batch)
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    DROPPED.inc(len(batch))
                    self._note(str(error) or type(error).__name__)
                    return
                self._note("")

    async def _post(self, http: aiohttp.ClientSession, batch: list[dict[str, Any]]) -> None:
        scope = {"scope": {"name": "servicekit"}, "spans": batch}
        body = {"resourceSpans": [{"resource": self._resource, "scopeSpans": [scope]}]}
        headers = {"Content-Type": "application/json"}
        async with http.post(self._url, data=orjson.dumps(body), headers=headers) as answer:
            answer.raise_for_status()

    def _note(self, trouble: str) -> None:
        """Tell a trouble once and not every second."""
        if trouble and trouble != self._trouble:
            log.warning("spans_not_sent", error=trouble)
        self._trouble = trouble
