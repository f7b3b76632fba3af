"""One request to the service behind, one answer back: streamed, never redirected or decoded."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog

from gateway.proxy.answer import Answer, BrokenOff
from gateway.proxy.bodies import Upload
from gateway.proxy.circuits import (
    Circuit,
    CircuitOpen,
    UpstreamBusy,
    UpstreamDown,
    UpstreamFailed,
    UpstreamTimeout,
)
from gateway.proxy.connection import Connection
from gateway.proxy.domain import IDEMPOTENT, Headers, head_of

log = structlog.get_logger()

CONNECT_TIMEOUT = 2.0
READ_TIMEOUT = 30.0
UPLOAD_TIMEOUT = 120.0
"""Seconds: to reach the service, to its first byte and between two bytes, and while it is sent
a large body."""
TRIES = 3
PAUSE = 0.15
"""Tries of an idempotent call that found nobody listening, and seconds between them."""


@dataclass(slots=True)
class Call:
    """A request to one service. `target` is the raw path and query, sent byte for byte; `headers`
    say nothing of the body's length, except of an upload's when it is known."""

    service: str
    method: str
    target: str
    headers: Headers
    body: bytes | Upload | None = None

    @property
    def can_be_repeated(self) -> bool:
        return self.method in IDEMPOTENT and not isinstance(self.body, Upload)


class Upstream:
    """One service's address and the idle connections to it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host = parts.netloc.encode("idna")
        self.path = parts.path
        self._name, self._port = parts.hostname or "", parts.port
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._idle: dict[Connection, None] = {}

    def kept(self) -> Connection | None:
        """The connection that was used last, if it can be used again."""
        while self._idle:
            connection, _ = self._idle.popitem()
            if connection.is_usable():
                return connection
            connection.fail(BrokenOff("idle for too long"))
        return None

    async def connect(self) -> Connection:
        """A new connection.

        Raises:
            OSError, TimeoutError: nobody there.
        """
        loop = asyncio.get_running_loop()
        port = self._port or (443 if self._tls else 80)
        async with asyncio.timeout(CONNECT_TIMEOUT):
            _, connection = await loop.create_connection(
                lambda: Connection(self._idle), self._name, port, ssl=self._tls
            )
        return connection

    def close(self) -> None:
        for connection in [*self._idle]:
            connection.fail(BrokenOff("the gateway stops"))


class Upstreams:
    """The services behind the gateway and the connections to them."""

    def __init__(self, addresses: Mapping[str, str], most_waiting: int = 200) -> None:
        self.addresses = {name: address.rstrip("/") for name, address in addresses.items()}
        self.circuits = {name: Circuit(name, most_waiting) for name in self.addresses}
        self._at: dict[str, Upstream] = {}

    def close(self) -> None:
        for upstream in self._at.values():
            upstream.close()

    async def send(self, call: Call) -> Answer:
        """The service's answer, its body not yet read; the caller closes it.

        Raises:
            UpstreamDown: nobody listens there.
            CircuitOpen, UpstreamBusy: it was not asked.
            UpstreamTimeout: no answer in time.
            UpstreamFailed: the connection broke before an answer, or it was none.
            PayloadTooLarge, CallerGone: found while the body was passed on.
        """
        if call.service not in self.addresses:
            raise UpstreamDown(service=call.service)
        circuit = self.circuits[call.service]
        tries = TRIES if call.can_be_repeated else 1
        while True:
            tries -= 1
            try:
                with circuit.call():
                    return await self._send_once(call)
            except (CircuitOpen, UpstreamBusy):
                raise
            except UpstreamDown:
                if tries == 0:
                    raise
                await asyncio.sleep(PAUSE)

    async def _send_once(self, call: Call) -> Answer:
        upstream = self._upstream(self.addresses[call.service])
        try:
            connection = upstream.kept()
            if connection is not None:
                try:
                    return await ask(connection, upstream, call)
                except BrokenOff as error:
                    if not (error.stale and call.can_be_repeated):
                        raise
            return await ask(await connect(upstream, call.service), upstream, call)
        except (TimeoutError, BrokenOff) as error:
            log.warning("upstream_failed", upstream=call.service, error=repr(error))
            kind = UpstreamTimeout if isinstance(error, TimeoutError) else UpstreamFailed
            raise kind(service=call.service) from error

    def _upstream(self, address: str) -> Upstream:
        found = self._at.get(address)
        if found is None:
            found = self._at[address] = Upstream(address)
        return found


async def connect(upstream: Upstream, service: str) -> Connection:
    try:
        return await upstream.connect()
    except (OSError, TimeoutError) as error:
        log.warning("upstream_down", upstream=service, error=repr(error))
        raise UpstreamDown(service=service) from error


async def ask(connection: Connection, upstream: Upstream, call: Call) -> Answer:
    """Send the call. Raises what `Connection.ask` says."""
    target = upstream.path + call.target
    head = head_of(call.method, target, [(b"host", upstream.host), *call.headers, *framing(call)])
    is_head = call.method == "HEAD"
    try:
        if isinstance(call.body, Upload):
            chunked = call.body.length is None
            return await connection.ask(
                head, call.body, chunked=chunked, is_head=is_head, patience=UPLOAD_TIMEOUT
            )
        sent = head + call.body if call.body else head
        return await connection.ask(sent, is_head=is_head, patience=READ_TIMEOUT)
    except BaseException as error:
        # Also when the caller no longer waits: the answer would come to the next one.
        connection.fail(BrokenOff(repr(error)))
        raise


def framing(call: Call) -> Headers:
    """The header that says where the body ends."""
    if isinstance(call.body, Upload):
        length = call.body.length
        if length is None:
            return [(b"transfer-encoding", b"chunked")]
    else:
        length = len(call.body or b"")
        if not length and call.method not in ("POST", "PUT", "PATCH"):
            return []
    return [(b"content-length", b"%d" % length)]
