"""Identifiers: UUIDv7, so they sort by the moment they were made."""

from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7

__all__ = ["UUID", "new_id", "new_id_text", "new_traceparent"]


def new_id() -> UUID:
    return uuid7()


def new_id_text() -> str:
    """One as text, without an object in between: every request has one, and every audit entry."""
    return str(uuid_utils.uuid7())


def new_traceparent() -> str:
    """A W3C trace context that begins here."""
    return f"00-{uuid_utils.uuid4().hex}-{uuid_utils.uuid4().hex[16:]}-01"
