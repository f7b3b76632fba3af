"""The tables of the targets service: every model hangs on this metadata."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from servicekit.clock import now
from servicekit.db import Session, make_metadata
from servicekit.http.etag import check_version
from servicekit.problems import PreconditionFailed
from servicekit.tables import platform_tables
from sqlalchemy import BigInteger, DateTime, Numeric, Text, Uuid, inspect
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of the mapped tables; relationships are loaded by name, never by surprise."""

    metadata = make_metadata()
    type_annotation_map: ClassVar = {
        str: Text,
        UUID: Uuid,
        datetime: DateTime(timezone=True),
        Decimal: Numeric(20, 6),
        list[str]: ARRAY(Text),
        list[dict[str, Any]]: JSONB,
    }


class Versioned:
    """A row callers may change: its version is the ETag, `updated_at` moves with every change."""

    version: Mapped[int] = mapped_column(BigInteger, default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)

    def change(self, values: Mapping[str, Any]) -> bool:
        """Take over what differs; tells whether anything did. An equal restatement moves nothing,
        so that applying the same plan twice leaves no trace."""
        different = {name: v for name, v in values.items() if getattr(self, name) != v}
        for name, value in different.items():
            setattr(self, name, value)
        if different:
            self.touch()
        return bool(different)

    def touch(self) -> None:
        """Count a change, also one of the rows that belong to this one."""
        self.version += 1
        self.updated_at = now()

    def snapshot(self) -> dict[str, Any]:
        """The row's own columns, as the audit digests them."""
        columns = inspect(type(self)).column_attrs
        return {column.key: getattr(self, column.key) for column in columns}


class Named:
    """What everything born of a plan has: a stable code, two names, its place in the plan."""

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    source_ref: Mapped[str | None]


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
