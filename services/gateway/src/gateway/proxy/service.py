"""One request to the service behind, one answer back: streamed, never redirected or decoded."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import structlog
from yarl import URL

from gateway.proxy.bodies import Upload
from gateway.proxy.circuits import (
    Circuit,
    CircuitOpen,
    UpstreamBusy,
    UpstreamDown,
    UpstreamFailed,
    UpstreamTimeout,
)
from gateway.proxy.domain import IDEMPOTENT

log = structlog.get_logger()

CONNECT_TIMEOUT = 2.0
READ_TIMEOUT = 30.0
UPLOAD_TIMEOUT = 120.0
"""Seconds: to reach the service, to its first byte and between two bytes, and while it is sent
a large body."""
KEEP_ALIVE = 4.0
"""Seconds an idle connection is kept; less than the services keep it, so that no request is sent
into a closing one."""
TRIES = 3
PAUSE = 0.15
"""Tries of an idempotent call that found nobody listening, and seconds between them."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to one service. `target` is the raw path and query, sent byte for byte."""

    service: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes | Upload | None = None

    @property
    def can_be_repeated(self) -> bool:
        return self.method in IDEMPOTENT and not isinstance(self.body, Upload)


class Upstreams:
    """The services behind the gateway and the connections to them."""

    def __init__(self, addresses: Mapping[str, str], most_waiting: int = 200) -> None:
        self.addresses = {name: address.rstrip("/") for name, address in addresses.items()}
        self.circuits = {name: Circuit(name, most_waiting) for name in self.addresses}
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Made at the first use, because it belongs to the running event loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=10
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT_TIMEOUT, sock_read=READ_TIMEOUT
                ),
                max_line_size=16 * 1024,
                max_field_size=16 * 1024,
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, call: Call) -> aiohttp.ClientResponse:
        """The service's answer, its body not yet read; the caller closes it.

        Raises:
            UpstreamDown: nobody listens there.
            CircuitOpen, UpstreamBusy: it was not asked.
            UpstreamTimeout: no answer in time.
            UpstreamFailed: the connection broke before an answer.
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

    async def _send_once(self, call: Call) -> aiohttp.ClientResponse:
        # aiohttp repeats an idempotent call by itself when a kept connection turns out closed.
        streamed = isinstance(call.body, Upload)
        try:
            return await self.session.request(
                call.method,
                URL(self.addresses[call.service] + call.target, encoded=True),
                headers=call.headers,
                data=call.body,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    sock_connect=CONNECT_TIMEOUT,
                    sock_read=UPLOAD_TIMEOUT if streamed else READ_TIMEOUT,
                ),
            )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            log.warning("upstream_down", upstream=call.service, error=str(error))
            raise UpstreamDown(service=call.service) from error
        except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
            if isinstance(call.body, Upload) and call.body.error is not None:
                raise call.body.error from error
            log.warning("upstream_failed", upstream=call.service, error=repr(error))
            kind = UpstreamTimeout if isinstance(error, TimeoutError) else UpstreamFailed
            raise kind(service=call.service) from error
