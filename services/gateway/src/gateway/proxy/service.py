"""One request to the service behind, one answer back: streamed, never redirected or decoded."""

import asyncio
import contextlib
import ssl
from collections.abc import Mapping, Sequence
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
"""Tries of a call that found nobody listening, and seconds between them."""


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
        """Whether it has the same effect twice: by its method, or because it carries a key."""
        if isinstance(self.body, Upload):
            return False
        return self.method in IDEMPOTENT or any(n == b"idempotency-key" for n, _ in self.headers)


class Upstream:
    """One service's addresses and the idle connections to them. The addresses differ in nothing
    but host and port; each has its turn, and one that does not answer is passed over."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.base = addresses[0]
        """What the service goes by: its first address."""
        parts = urlsplit(self.base)
        self.host = parts.netloc.encode("idna")
        self.path = parts.path
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        at = [urlsplit(address) for address in addresses]
        self._at = [(one.hostname or "", one.port or (443 if self._tls else 80)) for one in at]
        self._turn = 0
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
        """A new connection, to whose turn it is or to the next who is there.

        Raises:
            OSError, TimeoutError: nobody there.
        """
        first, self._turn = self._turn, (self._turn + 1) % len(self._at)
        *others, last = self._at[first:] + self._at[:first]
        for name, port in others:
            with contextlib.suppress(OSError, TimeoutError):
                return await self._connect(name, port)
        return await self._connect(*last)

    async def _connect(self, name: str, port: int) -> Connection:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_TIMEOUT):
            _, connection = await loop.create_connection(
                lambda: Connection(self._idle), name, port, ssl=self._tls
            )
        return connection

    def close(self) -> None:
        for connection in [*self._idle]:
            connection.fail(BrokenOff("the gateway stops"))


class Upstreams:
    """The services behind the gateway and the connections to them."""

    def __init__(self, addresses: Mapping[str, str], most_waiting: int = 200) -> None:
        """`addresses` as `GatewaySettings.upstreams` has them."""
        self.addresses = dict(addresses)
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
        # Where nobody listened nothing was said: any call but an upload may be tried again.
        tries = 1 if isinstance(call.body, Upload) else TRIES
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

    def base(self, service: str) -> str:
        """The address a service goes by."""
        return self._upstream(self.addresses[service]).base

    def _upstream(self, addresses: str) -> Upstream:
        found = self._at.get(addresses)
        if found is None:
            found = self._at[addresses] = Upstream(several(addresses))
        return found


def several(text: str) -> list[str]:
    """The addresses of one service, separated by spaces. An empty text is an address nobody is
    at."""
    return [address.rstrip("/") for address in text.split()] or [""]


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
