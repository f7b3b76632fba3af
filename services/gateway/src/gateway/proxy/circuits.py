"""A circuit per service: one that fails or hangs is left alone for a while, and cannot take more
than its share of the gateway. Decision 28 tells why it is not a library's."""

import time

import structlog
from prometheus_client import Gauge
from servicekit.problems import Unavailable, UpstreamFailed, UpstreamTimeout

log = structlog.get_logger()

FAILURES = 5
"""Failures in a row that open the circuit."""
OPEN_FOR = 3
"""Seconds it stays open before one call may try again."""

OPEN = Gauge(
    "gateway_circuit_open", "1 while calls to the service are refused at once", ["upstream"]
)
WAITING = Gauge(
    "gateway_upstream_waiting", "Calls that wait for the service's first byte", ["upstream"]
)


class UpstreamDown(Unavailable):
    code = "service_unavailable"
    zh = "服务 {service} 暂时不可用，请稍后重试"
    en = "The service {service} is not available for the moment; try again"


class CircuitOpen(UpstreamDown):
    """The service failed moments ago: it has not been asked again."""

    retry_after = OPEN_FOR


class UpstreamBusy(UpstreamDown):
    """As many calls as one service may hold wait for it already."""

    retry_after = 1


class Circuit:
    """Closed: calls pass. Open: they are refused. After `OPEN_FOR` one call is the probe that
    closes it or opens it again. An answer of any status is a success: the service is there."""

    def __init__(self, service: str, most_waiting: int) -> None:
        self.service = service
        self._most_waiting = most_waiting
        self._waiting = 0
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False
        self._open_gauge = OPEN.labels(service)
        self._open_gauge.set(0)
        WAITING.labels(service).set_function(lambda: self._waiting)

    def call(self) -> "Try":
        """Surrounds one try, up to the head of its answer.

        Raises (on entering):
            CircuitOpen: the service failed moments ago, or a probe is under way.
            UpstreamBusy: too many calls wait for it.
        """
        return Try(self)

    def admit(self) -> bool:
        """Whether this call is the probe."""
        if self._waiting >= self._most_waiting:
            raise UpstreamBusy(service=self.service)
        opened_at = self._opened_at
        if opened_at is not None:
            if self._probing or time.monotonic() - opened_at < OPEN_FOR:
                raise CircuitOpen(service=self.service)
            self._probing = True
        self._waiting += 1
        return opened_at is not None

    def conclude(self, error: BaseException | None, *, is_probe: bool) -> None:
        """How the admitted call ended."""
        self._waiting -= 1
        if error is None:
            self._succeeded()
        elif isinstance(error, UpstreamDown | UpstreamTimeout | UpstreamFailed):
            self._failed(is_probe)
        elif is_probe:
            # The caller's doing, which says nothing about the service.
            self._probing = False

    def _failed(self, probe: bool) -> None:
        self._failures += 1
        if probe or (self._opened_at is None and self._failures >= FAILURES):
            self._probing = False
            self._opened_at = time.monotonic()
            self._open_gauge.set(1)
            log.warning("circuit_opened", upstream=self.service, failures=self._failures)

    def _succeeded(self) -> None:
        self._failures = 0
        if self._opened_at is not None:
            self._opened_at, self._probing = None, False
            self._open_gauge.set(0)
            log.info("circuit_closed", upstream=self.service)


class Try:
    """One call, admitted when the `with` block is entered; written out because a generator would
    cost every request five times as much."""

    __slots__ = ("_circuit", "_is_probe")

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit

    def __enter__(self) -> None:
        self._is_probe = self._circuit.admit()

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self._circuit.conclude(error, is_probe=self._is_probe)
