"""The tables of the supervision service: every model hangs on this metadata."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from servicekit import rows
from servicekit.db import make_metadata
from servicekit.ids import new_id
from servicekit.tables import job_tables, platform_tables
from sqlalchemy import DateTime, Integer, Text, func
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class Base(DeclarativeBase):
    """Base of the mapped tables; relationships are loaded by name, never by surprise."""

    metadata = make_metadata()
    type_annotation_map: ClassVar = {str: Text}


class Stamped:
    """When a row was made and when it last changed, by the database's clock alone.

    `updated_at` also moves in bulk updates made with `sqlalchemy.update`: lists are synchronised
    by it.
    """

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        # An update returns its new `updated_at` at once: no answer shows the old one.
        return {"eager_defaults": True}

    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        server_default=func.clock_timestamp(),
        onupdate=func.clock_timestamp(),
        index=True,
    )


class Keyed(Stamped, rows.Versioned):
    """A row with an ETag, under a key of its own."""

    version: Mapped[int] = mapped_column(Integer, default=1)

    def touch(self) -> None:
        self.version += 1


class Versioned(Keyed):
    """A row with an ETag."""

    id: Mapped[UUID] = mapped_column(PgUuid(as_uuid=True), primary_key=True, default=new_id)


platform_tables(Base.metadata)
job_tables(Base.metadata)
