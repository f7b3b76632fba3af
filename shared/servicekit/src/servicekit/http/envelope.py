"""What surrounds every request: its id, its trace, its size limit, its metrics and one log line."""

import os
import re
import time

import structlog
from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.ids import new_id

log = structlog.get_logger()

REQUESTS = Counter("http_requests_total", "Requests answered", ["method", "route", "status"])
LATENCY = Histogram(
    "http_request_seconds",
    "Seconds from the first byte in to the last byte out",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_QUIET = ("/livez", "/readyz", "/metrics", "/version")


class Envelope:
    """ASGI middleware: takes over a valid `X-Request-Id` and `traceparent` or makes new ones.

    `max_body` is in bytes; the framework's own limit answers in plain text, so it is not used.
    """

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self.app = app
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, traceparent = identify(scope)
        started = time.perf_counter()
        status = 500
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_body:
                raise HTTPException(413)
            return message

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers.append((b"x-request-id", request_id))
                headers.append((b"traceparent", traceparent))
            await send(message)

        try:
            await self.app(scope, receive_limited, send_marked)
        finally:
            note(scope, status, time.perf_counter() - started, request_id.decode())


def identify(scope: Scope) -> tuple[bytes, bytes]:
    """The request's id and trace, kept in the scope; foreign values only in the right form."""
    given = dict(scope["headers"])
    request_id = given.get(b"x-request-id", b"")
    if not _REQUEST_ID.fullmatch(request_id):
        request_id = str(new_id()).encode()
    traceparent = given.get(b"traceparent", b"")
    if not _TRACEPARENT.fullmatch(traceparent):
        random = os.urandom(24).hex()
        traceparent = f"00-{random[:32]}-{random[32:]}-01".encode()
    scope["request_id"] = request_id.decode()
    scope["traceparent"] = traceparent.decode()
    return request_id, traceparent


def note(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    """Count and log one answered request. The route's template keeps the labels few."""
    route = getattr(scope.get("route"), "path", "unmatched")
    REQUESTS.labels(scope["method"], route, status).inc()
    LATENCY.labels(route).observe(seconds)
    if route not in _QUIET:
        log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            ms=round(seconds * 1000, 2),
            request_id=request_id,
            correlation_id=request_id,
            trace_id=scope["traceparent"][3:35],
        )
