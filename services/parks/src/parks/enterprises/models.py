"""The enterprise table."""

from datetime import date
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class Enterprise(Versioned, Base):
    """An enterprise. `enterprise_class` is what it counts in today, recognitions included."""

    __tablename__ = "enterprise"
    __table_args__ = (
        CheckConstraint("uscc ~ '^[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}$'", name="uscc"),
        CheckConstraint("declared_class IN ('science_type', 'ordinary')", name="declared_class"),
        CheckConstraint(
            "enterprise_class IN ('high_tech', 'science_type', 'ordinary')",
            name="enterprise_class",
        ),
        Index(
            "ix_enterprise_unit_code", "unit_code", postgresql_where=text("unit_code IS NOT NULL")
        ),
        Index(
            "ix_enterprise_park_code", "park_code", postgresql_where=text("park_code IS NOT NULL")
        ),
        CheckConstraint(
            "merged_into IS NULL OR (NOT active AND merged_into <> id)", name="merged_into"
        ),
        Index("ix_enterprise_name_id", "name", "id"),
        Index(
            "ix_enterprise_name_keys",
            "name_keys",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        Index(
            "ix_enterprise_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    uscc: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    aliases: Mapped[list[str]]
    unit_code: Mapped[str | None]
    park_code: Mapped[str | None] = mapped_column(ForeignKey("park.code"))
    declared_class: Mapped[str]
    enterprise_class: Mapped[str]
    above_scale: Mapped[bool]
    active: Mapped[bool]
    inactive_from: Mapped[date | None]
    """The first day it counts for nothing; none while it is active, and where it never was."""
    industry: Mapped[str | None]
    name_keys: Mapped[list[str]] = mapped_column(server_default="{}")
    """Its names as they are compared (`domain.name_key`), its own first; empty in what a release
    before them has written."""
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("enterprise.id"))
