"""Tables of the divided targets."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class Assignment(Versioned, Base):
    """A unit's part of an indicator's target for a year: of the milestone, or of another unit's
    part (`parent_id`)."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("state IN ('in_force', 'withdrawn')", name="state"),
        CheckConstraint("parent_id <> id", name="not_own_part"),
        Index(
            "uq_assignment_in_force",
            "indicator_code",
            "year",
            "unit_code",
            unique=True,
            postgresql_where=text("state = 'in_force'"),
        ),
        Index("ix_assignment_unit", "unit_code", "year"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"))
    year: Mapped[int]
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    value: Mapped[Decimal]
    document_no: Mapped[str]
    reason: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="in_force")
    assigned_by: Mapped[str]


class AssignmentRevision(Base):
    """A part as it was made, changed or withdrawn; only ever added to."""

    __tablename__ = "assignment_revision"
    __table_args__ = (Index("ix_assignment_revision_order", "assignment_id", "revised_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    old_value: Mapped[Decimal | None]
    new_value: Mapped[Decimal | None]
    document_no: Mapped[str]
    reason: Mapped[str | None]
    revised_by: Mapped[str]
    revised_at: Mapped[datetime] = mapped_column(default=now)
