"""Tables of the conflicts and of what is argued in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base, Named


class PlanConflict(Named, Versioned, Base):
    """A place where the plan contradicts itself or says too little, or a number on which sources
    differ, and the office's ruling with what followed from it."""

    __tablename__ = "plan_conflict"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'argued', 'ruled')", name="state"),
        CheckConstraint("(state = 'ruled') = (document_no IS NOT NULL)", name="ruling"),
    )

    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"))
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_code: Mapped[str | None]
    positions: Mapped[list[dict[str, Any]]]
    working_reading_zh: Mapped[str]
    working_reading_en: Mapped[str]
    state: Mapped[str] = mapped_column(default="open", index=True)
    ruled_position: Mapped[str | None]
    ruling: Mapped[str | None]
    document_no: Mapped[str | None]
    ruled_by: Mapped[str | None]
    ruled_at: Mapped[datetime | None]
    consequences: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class ConflictArgument(Base):
    """What a unit has to say for one of the positions; only added to."""

    __tablename__ = "conflict_argument"
    __table_args__ = (Index("ix_conflict_argument_order", "conflict_code", "argued_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conflict_code: Mapped[str] = mapped_column(ForeignKey("plan_conflict.code"))
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    position: Mapped[str]
    reason: Mapped[str]
    evidence: Mapped[str | None]
    argued_by: Mapped[str]
    argued_at: Mapped[datetime] = mapped_column(default=now)
