"""What surrounds every request: its id, its trace, its size limit, its metrics and one log line."""

import logging
import re
import time
from dataclasses import dataclass
from functools import cache

import structlog
from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit import logs, traces
from servicekit.http.errors import language_of, render, to_problem
from servicekit.ids import new_id_text, new_traceparent

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
_QUIET = ("/livez", "/readyz", "/readyz/calls", "/metrics", "/version")


@dataclass(slots=True)
class BodyLimit:
    """How many bytes the body of one request may have."""

    bytes: int


def raise_limit(scope: Scope, limit: int) -> None:
    """Let the body of this request have `limit` bytes: it is a file."""
    allowed: BodyLimit | None = scope.get("body_limit")
    if allowed is not None:
        allowed.bytes = max(allowed.bytes, limit)


class Envelope:
    """ASGI middleware: takes over a valid `X-Request-Id` and `traceparent` or makes new ones.

    `max_body` is in bytes; the framework's own limit answers in plain text, so it is not used.
    """

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self.app = app
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id, parent = identify(scope)
        traceparent = scope["traceparent"].encode()
        began = time.time_ns()
        started = time.perf_counter()
        status: int | None = None
        received = 0
        limit = scope["body_limit"] = BodyLimit(self.max_body)

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit.bytes:
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
        except Exception as error:
            # The framework answers for itself; this is for what stands before it.
            if status is None:
                await answer_unexpected(error, scope, receive, send_marked)
            raise
        finally:
            note(scope, status or 500, time.perf_counter() - started)
            if traces.is_on():
                trace(scope, parent, began, status or 500)


def identify(scope: Scope) -> tuple[bytes, str]:
    """The request's id and trace, kept in the scope, and the trace as it came; foreign values only
    in the right form."""
    given = dict(scope["headers"])
    request_id = given.get(b"x-request-id", b"")
    if not _REQUEST_ID.fullmatch(request_id):
        request_id = new_id_text().encode()
    traceparent = given.get(b"traceparent", b"")
    if _TRACEPARENT.fullmatch(traceparent):
        parent = traceparent.decode()
        scope["traceparent"] = traces.child_of(parent)
    else:
        parent = scope["traceparent"] = new_traceparent()
    scope["request_id"] = request_id.decode()
    return request_id, parent


def trace(scope: Scope, parent: str, began: int, status: int) -> None:
    """The span of one answered request."""
    route = getattr(scope.get("route"), "path", "unmatched")
    if route in _QUIET:
        return
    traces.record(
        scope["traceparent"],
        parent,
        f"{scope['method']} {route}",
        traces.SERVER,
        began,
        failed=status >= 500,
        attributes={
            "http.request.method": scope["method"],
            "http.route": route,
            "http.response.status_code": status,
            "kechuang.request_id": scope["request_id"],
        },
    )


async def answer_unexpected(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    answer = render(to_problem(error), language_of(Request(scope)), scope["request_id"])
    await answer(scope, receive, send)


@cache
def meters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The labels' own meters; looking them up costs more than counting."""
    return REQUESTS.labels(method, route, status), LATENCY.labels(route)


def note(scope: Scope, status: int, seconds: float) -> None:
    """Count and log one answered request. The route's template keeps the labels few."""
    route = getattr(scope.get("route"), "path", "unmatched")
    count, latency = meters(scope["method"], route, status)
    count.inc()
    latency.observe(seconds)
    if logs.shows(logging.INFO) and route not in _QUIET:
        log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            ms=round(seconds * 1000, 2),
            request_id=scope["request_id"],
            correlation_id=scope["request_id"],
            trace_id=scope["traceparent"][3:35],
        )
