"""The table of what the looks at the rules came to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class EligibilityResult(Base):
    """What one look at one rule came to; only added to."""

    __tablename__ = "eligibility_result"
    __table_args__ = (
        CheckConstraint("stage IN ('submission', 'award')", name="stage"),
        Index("ix_eligibility_result_application", "application_id", "checked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    stage: Mapped[str]
    rule: Mapped[str]
    values: Mapped[list[str]] = mapped_column(JSONB)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    passed: Mapped[bool]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    checked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
