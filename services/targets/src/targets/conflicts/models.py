"""The table of the conflicts."""

from datetime import datetime
from typing import Any

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base, Named


class PlanConflict(Named, Versioned, Base):
    """A place where the plan contradicts itself or says too little, and the office's ruling."""

    __tablename__ = "plan_conflict"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'ruled')", name="state"),
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
