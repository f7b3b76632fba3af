"""Identifiers: UUIDv7, so they sort by the moment they were made."""

from uuid import UUID

from uuid_utils.compat import uuid7

__all__ = ["UUID", "new_id"]


def new_id() -> UUID:
    return uuid7()
