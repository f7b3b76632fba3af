"""The tables of the funding service: every model hangs on this metadata."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from servicekit.clock import now
from servicekit.db import make_metadata
from servicekit.tables import platform_tables
from sqlalchemy import DateTime, Numeric, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

YUAN = Numeric(20, 2)
"""One amount of money. Up to 18 digits before the point."""
YUAN_TOTAL = Numeric(26, 2)
"""A sum over many amounts, which may be longer than each of them."""


class Base(DeclarativeBase):
    """Base of the mapped tables; relationships are loaded by name, never by surprise."""

    metadata = make_metadata()


class Versioned:
    """A row others synchronise on: its version is the ETag, `updated_at` moves with it."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, index=True)

    def touch(self) -> None:
        """Note that the row is changed by this transaction."""
        self.version += 1
        self.updated_at = now()

    def differs(self, values: Mapping[str, Any]) -> bool:
        """Whether any of `values` is not what the row holds."""
        return any(getattr(self, name) != value for name, value in values.items())

    def replace(self, values: Mapping[str, Any]) -> None:
        """Take over `values` as a new version."""
        for name, value in values.items():
            setattr(self, name, value)
        self.touch()

    def snapshot(self) -> dict[str, Any]:
        """The row's columns, for the audit's digests."""
        columns = inspect(type(self)).column_attrs
        return {column.key: getattr(self, column.key) for column in columns}


platform_tables(Base.metadata)
