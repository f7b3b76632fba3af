"""The tables of the parks service: every model hangs on this metadata."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from servicekit.clock import now
from servicekit.db import Session, make_metadata
from servicekit.http.etag import check_version
from servicekit.problems import PreconditionFailed
from servicekit.tables import platform_tables
from sqlalchemy import BigInteger, Date, DateTime, Numeric, Text, Uuid, inspect
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

QUANTITY = Numeric(20, 6)
"""One reported quantity, such as a month's sales in 万元."""
TOTAL = Numeric(30, 6)
"""A sum over many quantities, which may be longer than each of them."""
LOCK = {"key_share": True}
"""`FOR NO KEY UPDATE`: rows that refer to the locked one can still be written meanwhile."""


class Base(DeclarativeBase):
    """Base of the mapped tables; relationships are loaded by name, never by surprise."""

    metadata = make_metadata()
    type_annotation_map: ClassVar = {
        str: Text,
        UUID: Uuid,
        date: Date,
        datetime: DateTime(timezone=True),
        Decimal: QUANTITY,
        list[str]: ARRAY(Text),
    }


class Versioned:
    """A row callers may change: its version is the ETag, `updated_at` moves with every change."""

    version: Mapped[int] = mapped_column(BigInteger, default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)

    def change(self, values: Mapping[str, Any]) -> bool:
        """Take over what differs; tells whether anything did. An equal restatement moves nothing,
        so that applying the same plan twice leaves no trace."""
        different = {name: value for name, value in values.items() if getattr(self, name) != value}
        for name, value in different.items():
            setattr(self, name, value)
        if different:
            self.version += 1
            self.updated_at = now()
        return bool(different)

    def snapshot(self) -> dict[str, Any]:
        """The row's columns, for the audit's digests."""
        columns = inspect(type(self)).column_attrs
        return {column.key: getattr(self, column.key) for column in columns}


Row = TypeVar("Row", bound=Versioned)


@dataclass(slots=True)
class Put(Generic[Row]):
    """What a natural-key upsert came to. `before` is none when the row is new."""

    row: Row
    created: bool
    changed: bool
    before: dict[str, Any] | None


def put(
    session: Session, model: type[Row], row: Row | None, expected: int | None, **values: Any
) -> Put[Row]:
    """Make the row or take over what differs; an If-Match is checked when there was one.

    Raises:
        PreconditionFailed: the row is not at the expected version, or not there at all.
    """
    if row is None:
        if expected is not None:
            raise PreconditionFailed
        row = model(**values)
        session.add(row)
        return Put(row, created=True, changed=True, before=None)
    check_version(row, expected, required=False)
    before = row.snapshot()
    return Put(row, created=False, changed=row.change(values), before=before)


platform_tables(Base.metadata)
