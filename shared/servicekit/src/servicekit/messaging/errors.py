"""Which errors are the event's and which are the world's."""

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from servicekit.db import driver_error

_CLASSES = frozenset({"08", "40", "53", "57", "58"})
"""SQLSTATE classes: connection, deadlock or serialisation, resources, operator, system."""

_CODES = frozenset({"25006", "25P03", "55P03"})
"""Read-only server, idle transaction ended, lock not available in time."""

QUERY_CANCELED = "57014"
"""A statement that took too long; it most likely will again."""


def is_passing(error: BaseException) -> bool:
    """Whether the same transaction may succeed later without anybody changing the event.

    Such an error never counts towards parking: a database that is down for an hour must not
    park an hour's events.
    """
    if isinstance(error, PoolTimeout):
        return True
    cause = driver_error(error)
    if isinstance(cause, asyncpg.InterfaceError):
        # The driver uses one class for a closed connection and for values it cannot send.
        return not isinstance(cause, ValueError) and "closed" in str(cause)
    if isinstance(cause, asyncpg.PostgresError):
        state: str = getattr(cause, "sqlstate", None) or ""
        return (state[:2] in _CLASSES or state in _CODES) and state != QUERY_CANCELED
    return isinstance(cause, OSError | asyncpg.InternalClientError)
