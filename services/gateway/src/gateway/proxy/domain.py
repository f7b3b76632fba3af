"""What the proxy accepts, where it goes and which headers travel: rules without input or output.

Everything is decided on the raw path that is forwarded, never on a decoded copy of it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from servicekit.problems import Conflict, NotFound, RequestRefused, TargetTooLong

Headers = list[tuple[bytes, bytes]]
Framing = Mapping[bytes, bytes]
"""`host`, `content-length` and `transfer-encoding` of a message, as far as it has them."""

PREFIX = b"/api/v1/"
LONGEST_TARGET = 8192
"""Bytes of path and query together."""

SEGMENTS: Mapping[str, str] = {
    "targets": "programmes units working-groups indicators assignments key-tasks reporting-periods "
    "progress-reports status-board indicator-board assignment-coverage conflicts templates",
    "funding": "fiscal-years funds budgets appropriations transfers funding-calls applications "
    "reviews awards disbursements refunds journal-entries funding-rules counterpart-reports "
    "subsidies accounts payment-holds",
    "parks": "parks enterprises recognitions platforms operating-returns rd-projects "
    "technology-contracts achievements park-metrics",
    "supervision": "supervision-items inspections inspection-plans meetings meeting-series "
    "meeting-decisions work-reports implementation-plans annual-work-plans plan-requests "
    "checklist-templates bulletins assessments calendar extension-requests reminders "
    "reminder-rules recipient-groups",
}
"""The API's first segments and the service that owns each; a service may add to them."""

OWN = frozenset(
    [
        "overview",
        "events",
        "webhooks",
        "clients",
        "audit-entries",
        "parked-events",
        "jobs",
        "openapi.json",
        "asyncapi.json",
    ]
)
"""The first segments the gateway answers itself."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})

_PATH = re.compile(rb"(?:/[A-Za-z0-9\-._~!$&'()*+,;=:@%]+)+")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_HIDDEN = re.compile(rb"%(?:2[fF]|5[cC]|7[fF]|[01][0-9a-fA-F]|25[0-9a-fA-F]{2})")
_SEGMENT = re.compile(r"[a-z][a-z0-9.\-]*")
_JOB = re.compile(r"([a-z]+)-[0-9A-Za-z-]+")
_HOST = re.compile(rb"[A-Za-z0-9.\-:\[\]_]{1,255}")

_ONE_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"transfer-encoding upgrade".split()
)
_NOT_FROM_OUTSIDE = _ONE_HOP | frozenset(
    b"host content-length expect forwarded x-real-ip x-request-id traceparent "
    b"x-original-url x-rewrite-url x-http-method x-http-method-override x-method-override".split()
)
_NOT_FROM_INSIDE = _ONE_HOP | frozenset((b"server", b"x-request-id", b"traceparent"))


class SegmentTaken(Conflict):
    """Two services claim one resource."""

    code = "segment_taken"
    zh = "资源 {segment} 同时属于 {first} 与 {second}"
    en = "The resource {segment} belongs to both {first} and {second}"


class Route(NamedTuple):
    """`service` owns the resource; `segment` is its first segment."""

    service: str
    segment: str

    @property
    def path(self) -> str:
        """The template under which requests are counted."""
        return f"/api/v1/{self.segment}"


class RouteTable:
    """First segment → service. Unique: claiming a segment twice is an error.

    Raises:
        SegmentTaken: two services claim one segment.
    """

    def __init__(self, services: Iterable[str]) -> None:
        self._owners: dict[str, str] = dict.fromkeys(OWN, "gateway")
        self.services = frozenset(services)
        for service, segments in SEGMENTS.items():
            self.claim(service, segments.split())

    def claim(self, service: str, segments: Iterable[str]) -> None:
        for segment in segments:
            owner = self._owners.setdefault(segment, service)
            if owner != service:
                raise SegmentTaken(segment=segment, first=owner, second=service)

    def route(self, raw_path: bytes) -> Route:
        """Who answers this checked path below `/api/v1/`.

        Raises:
            NotFound: no service has such a resource.
        """
        first, _, rest = raw_path[len(PREFIX) :].decode("ascii").partition("/")
        if first == "jobs":
            job = _JOB.fullmatch(rest.partition("/")[0])
            service = job.group(1) if job else ""
            if service in self.services:
                return Route(service, first)
        owner = self._owners.get(first)
        if owner is None:
            raise NotFound(what=f"/api/v1/{first[:64]}")
        return Route(owner, first)


def first_segments(paths: Iterable[str]) -> set[str]:
    """The first segments of a document's paths, without those every service has."""
    found = {
        path.removeprefix("/api/v1/").partition("/")[0] for path in paths if "/api/v1/" in path
    }
    return {one for one in found if _SEGMENT.fullmatch(one)} - OWN - {"jobs"}


def _refuse(reason: str, reason_zh: str) -> RequestRefused:
    return RequestRefused(reason=reason, reason_zh=reason_zh)


def check_target(raw_path: bytes, query: bytes) -> None:
    """Refuse a path that two readers could understand in two ways.

    Raises:
        RequestRefused: `.` or `..` segments, empty segments, encoded slashes, backslashes or
            control characters, double encoding, a broken escape, anything but RFC 3986 characters.
        TargetTooLong: more than `LONGEST_TARGET` bytes.
    """
    if len(raw_path) + len(query) > LONGEST_TARGET:
        raise TargetTooLong
    if not _PATH.fullmatch(raw_path):
        raise _refuse(
            "the path has an empty segment or a forbidden character", "路径含空段或非法字符"
        )
    if b"%" in raw_path:
        if _BROKEN_ESCAPE.search(raw_path):
            raise _refuse("the path has a broken percent escape", "路径中的百分号编码有误")
        if _HIDDEN.search(raw_path):
            raise _refuse(
                "the path hides a separator or control character", "路径含编码后的分隔符或控制字符"
            )
    if b"." in raw_path or b"%" in raw_path:
        for segment in raw_path.split(b"/"):
            if unquote_to_bytes(segment).partition(b";")[0] in (b".", b".."):
                raise _refuse("the path has a dot segment", "路径含“.”或“..”段")


def check_version(version: str) -> None:
    """Refuse a request line without a version, which HTTP/0.9 servers read in another way.

    Raises:
        RequestRefused: neither HTTP/1.0 nor HTTP/1.1.
    """
    if version not in ("1.0", "1.1"):
        raise _refuse("only HTTP/1.0 and HTTP/1.1 are understood", "只支持 HTTP/1.0 与 HTTP/1.1")


def framing_of(headers: Headers) -> Framing:
    """Whom a message is for and where it ends, when no two readers can see that in two places
    (RFC 9112 section 6.3).

    Raises:
        RequestRefused: both Content-Length and Transfer-Encoding, either more than once, a
            transfer coding other than chunked, a length that is no number, two Host headers.
    """
    seen: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in (b"content-length", b"transfer-encoding", b"host"):
            if name in seen:
                raise _refuse(f"{name.decode()} is given twice", f"{name.decode()} 重复")
            seen[name] = value
    length, coding = seen.get(b"content-length"), seen.get(b"transfer-encoding")
    if length is not None and coding is not None:
        raise _refuse(
            "both Content-Length and Transfer-Encoding are given",
            "同时给出 Content-Length 与 Transfer-Encoding",
        )
    if length is not None and not (length.isdigit() and len(length) <= 18):
        raise _refuse("Content-Length is not a number", "Content-Length 不是数字")
    if coding is not None and coding.strip().lower() != b"chunked":
        raise _refuse("the transfer coding is not chunked", "Transfer-Encoding 只支持 chunked")
    return seen


def quote_query(query: bytes) -> str:
    """The query as it is; bytes past ASCII, which sloppy clients send raw, percent-encoded."""
    if query.isascii():
        return query.decode("ascii")
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in query)


def _dropped(headers: Headers, always: frozenset[bytes]) -> frozenset[bytes]:
    """The names that do not travel: these, and those the `Connection` headers name."""
    named = [value for name, value in headers if name == b"connection"]
    if not named:
        return always
    return always.union(part.strip().lower() for value in named for part in value.split(b","))


def host_of(framing: Framing) -> bytes:
    """The Host header, empty if it is not a plausible one."""
    host = framing.get(b"host", b"")
    return host if _HOST.fullmatch(host) else b""


def inward(headers: Headers) -> Headers:
    """The caller's headers that the service gets.

    Names with an underscore are dropped: some readers take `x_forwarded_for` for `x-forwarded-for`.

    Raises:
        RequestRefused: a value that is neither ASCII nor UTF-8.
    """
    dropped = _dropped(headers, _NOT_FROM_OUTSIDE)
    kept: Headers = []
    for pair in headers:
        name, value = pair
        if name in dropped or b"_" in name or name.startswith(b"x-forwarded-"):
            continue
        if not value.isascii():
            try:
                value.decode("utf-8")
            except UnicodeDecodeError as error:
                raise _refuse("a header is not UTF-8", "请求头不是 UTF-8 编码") from error
        kept.append(pair)
    return kept


def authorized(headers: Headers, line: str) -> Headers:
    """The headers with this `Authorization` instead of the caller's."""
    kept = [pair for pair in headers if pair[0] != b"authorization"]
    return [*kept, (b"authorization", line.encode("ascii"))]


def head_of(method: str, target: str, headers: Headers) -> bytes:
    """A request's first line and headers as they are sent.

    Raises:
        RequestRefused: a header would end its line. The parser lets none such in; this is the
            last place where it can be seen.
    """
    parts = [f"{method} {target} HTTP/1.1\r\n".encode("ascii")]
    for name, value in headers:
        parts += (name, b": ", value, b"\r\n")
    parts.append(b"\r\n")
    head = b"".join(parts)
    lines = len(headers) + 2
    if head.count(b"\r") != lines or head.count(b"\n") != lines or b"\0" in head:
        raise _refuse("a header has a line break", "请求头含换行")
    return head


def outward(headers: Headers, upstream: str, status: int) -> Headers:
    """The service's headers, their names in lower case, that the caller gets; a `Location` inside
    stays relative. Without a body there is no length of it to tell (RFC 9110 section 8.6)."""
    dropped = _dropped(headers, _NOT_FROM_INSIDE)
    if status in (204, 304):
        dropped |= {b"content-length"}
    base = upstream.encode("ascii")
    return [
        (name, value.removeprefix(base) if name == b"location" else value)
        for name, value in headers
        if name not in dropped
    ]
