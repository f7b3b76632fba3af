"""The table of applications."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class GradeApplication(Versioned, Base):
    """An application of a park for a grade. `steps` and the gap are what the register counted of
    each criterion when it was handed in."""

    __tablename__ = "grade_application"
    __table_args__ = (
        CheckConstraint("grade IN ('municipal', 'provincial', 'national')", name="grade"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'under_review', 'returned', 'granted', 'refused',"
            " 'withdrawn')",
            name="state",
        ),
        CheckConstraint("(state = 'granted') = (grade_id IS NOT NULL)", name="granted"),
        CheckConstraint("NOT (decided_by = ANY (filed_by))", name="separation_of_duties"),
        Index(
            "uq_grade_application_open",
            "park_code",
            "grade",
            unique=True,
            postgresql_where=text("state NOT IN ('granted', 'refused', 'withdrawn')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    park_code: Mapped[str] = mapped_column(ForeignKey("park.code"), index=True)
    grade: Mapped[str]
    state: Mapped[str]
    statement: Mapped[str | None]
    explanation: Mapped[str | None]
    filed_by: Mapped[list[str]]
    submitted_at: Mapped[datetime | None]
    as_of: Mapped[date | None]
    is_ready: Mapped[bool | None]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    gap_zh: Mapped[str | None]
    gap_en: Mapped[str | None]
    review_started_on: Mapped[date | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    document_no: Mapped[str | None]
    grade_id: Mapped[UUID | None] = mapped_column(ForeignKey("park_grade.id"))
