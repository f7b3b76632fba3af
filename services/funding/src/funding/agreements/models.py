"""Tables of the agreements."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base


class Agreement(Versioned, Base):
    """What office and payee agree on for one award, yuan."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'offered', 'signed')", name="state"),
        CheckConstraint(
            "(state = 'draft') = (offered_by IS NULL) AND (state = 'signed') ="
            " (signed_by IS NOT NULL) AND (state = 'draft' OR document_no IS NOT NULL)",
            name="signatures",
        ),
        CheckConstraint("signed_by <> offered_by", name="two_sides"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), unique=True)
    payee_unit: Mapped[str] = mapped_column(index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    state: Mapped[str] = mapped_column(default="draft")
    document_no: Mapped[str | None]
    made_by: Mapped[str]
    offered_by: Mapped[str | None]
    offered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    signed_by: Mapped[str | None]
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None]


class Tranche(Versioned, Base):
    """A part of the award, yuan, that is due with a milestone. `drawn` is what payments have asked
    for or paid; it moves by conditional updates only."""

    __tablename__ = "tranche"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'reported', 'accepted')", name="state"),
        CheckConstraint("amount > 0 AND drawn >= 0 AND drawn <= amount", name="amounts"),
        CheckConstraint("drawn = 0 OR state = 'accepted'", name="drawn_is_accepted"),
        CheckConstraint("(state = 'accepted') = (accepted_by IS NOT NULL)", name="accepted"),
        CheckConstraint("accepted_by <> reported_by", name="reporter_does_not_accept"),
        UniqueConstraint("agreement_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(YUAN)
    drawn: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    milestone: Mapped[str]
    deliverable: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    report: Mapped[str | None]
    reported_by: Mapped[str | None]
    reported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    accepted_by: Mapped[str | None]
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None]
