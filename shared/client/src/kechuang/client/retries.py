"""When a call is made again, and how long to wait before it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

import httpx

ATTEMPTS = 5
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_REFUSED = frozenset({429, 503})
_UNKNOWN = frozenset({502, 504})
_LONGEST_WAIT = 30.0
_spread = SystemRandom()


def may_repeat(request: httpx.Request) -> bool:
    """Whether doing it twice is the same as doing it once.

    A write with `If-Match` is not: had the first one succeeded, the second would be answered 412.
    A POST is when it carries an idempotency key, whose answer the server keeps.
    """
    if "If-Match" in request.headers:
        return False
    return request.method in _IDEMPOTENT or "Idempotency-Key" in request.headers


def repeat_after_answer(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether this answer asks for another try.

    429 and 503 say the call was not carried out; 502 and 504 leave that open.
    """
    if response.status_code in _REFUSED:
        return may_repeat(request) or "If-Match" in request.headers
    return response.status_code in _UNKNOWN and may_repeat(request)


def repeat_after_failure(request: httpx.Request, error: httpx.TransportError) -> bool:
    """Whether no answer at all allows another try; a connection that never opened always does."""
    never_sent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return never_sent or may_repeat(request)


def wait_before(attempt: int, response: httpx.Response | None = None) -> float:
    """Seconds before try number `attempt + 1`: what the server says, else doubling with jitter."""
    asked = _retry_after(response) if response is not None else None
    if asked is not None:
        return min(asked, _LONGEST_WAIT)
    return min(0.1 * 2**attempt, 5.0) * _spread.uniform(0.5, 1.0)


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
