"""The table of the applications."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base

STATES = (
    "state IN ('draft', 'submitted', 'returned', 'resubmitted', 'accepted', 'refused',"
    " 'withdrawn', 'awarded', 'declined', 'cancelled')"
)


class Application(Versioned, Base):
    """What a unit asks of a call, yuan. `number` is drawn with the first submission; `eligible`
    is what the last look at the call's rules said; `score`, `rank` and `outcome` come with the
    ranking, `award_id` with the award."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("outcome IN ('selected', 'reserve', 'below', 'struck')", name="outcome"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn', 'cancelled') OR number IS NOT NULL", name="number"
        ),
        CheckConstraint("(state = 'awarded') = (award_id IS NOT NULL)", name="award"),
        CheckConstraint("decided_by <> submitted_by", name="applicant_does_not_decide"),
        UniqueConstraint("call_id", "number"),
        Index("ix_application_unit", "applicant_unit", "call_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("funding_call.id"))
    applicant_unit: Mapped[str]
    number: Mapped[int | None]
    title: Mapped[str]
    summary: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(YUAN)
    contact_name: Mapped[str]
    contact_phone: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    eligible: Mapped[bool | None]
    created_by: Mapped[str]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None]
    score: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    rank: Mapped[int | None]
    outcome: Mapped[str | None]
    award_id: Mapped[UUID | None] = mapped_column(ForeignKey("award.id"), unique=True)
