"""The table of reviews."""

from datetime import date, datetime
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class ParkGradeReview(Base):
    """A review of a grade, with its document. Never changed."""

    __tablename__ = "park_grade_review"
    __table_args__ = (
        CheckConstraint("outcome IN ('renewed', 'revoked')", name="outcome"),
        CheckConstraint("outcome = 'renewed' OR valid_to IS NULL", name="valid_to"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    grade_id: Mapped[UUID] = mapped_column(ForeignKey("park_grade.id"), index=True)
    outcome: Mapped[str]
    reviewed_on: Mapped[date]
    valid_to: Mapped[date | None]
    document_no: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)
