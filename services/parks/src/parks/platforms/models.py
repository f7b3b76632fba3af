"""Tables of the platforms and the levels they obtained."""

from datetime import date, datetime
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base

_LEVEL = "IN ('municipal', 'provincial', 'national')"


class Platform(Versioned, Base):
    """A platform. `level` is the highest it has obtained; it counts from the day it was
    established to the day before it was closed."""

    __tablename__ = "platform"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('key_laboratory', 'engineering_centre', 'incubator', 'intermediary',"
            " 'association', 'iur_base')",
            name="kind",
        ),
        CheckConstraint(f"level {_LEVEL}", name="level"),
        CheckConstraint("state IN ('active', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed"),
        CheckConstraint("closed_on >= established_on", name="days"),
        UniqueConstraint("kind", "name"),
        Index("ix_platform_park_code", "park_code", postgresql_where=text("park_code IS NOT NULL")),
        Index(
            "ix_platform_enterprise_id",
            "enterprise_id",
            postgresql_where=text("enterprise_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    name: Mapped[str]
    host_name: Mapped[str | None]
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprise.id"))
    park_code: Mapped[str | None] = mapped_column(ForeignKey("park.code"))
    programme: Mapped[str | None]
    level: Mapped[str | None]
    established_on: Mapped[date]
    closed_on: Mapped[date | None]
    close_reason: Mapped[str | None]
    state: Mapped[str]


class PlatformLevel(Base):
    """A level a platform has obtained, with the document that says so. Never changed."""

    __tablename__ = "platform_level"
    __table_args__ = (
        CheckConstraint(f"level {_LEVEL}", name="level"),
        UniqueConstraint("platform_id", "level"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"))
    level: Mapped[str]
    recognised_on: Mapped[date]
    document_no: Mapped[str]
    authority: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)
