"""Payments against awards."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base

STATES = (
    "state IN ('requested', 'checked', 'paying', 'succeeded', 'failed', 'returned', 'rejected')"
)


class Disbursement(Versioned, Base):
    """A payment, yuan. Maker, checker and payer are three people: the database insists.

    `held_by` is the supervision item that stops it now, if any; `batch_id` the batch it is in. One
    that failed or came back is tried again once, by another payment that is its `retry_of`.
    """

    __tablename__ = "disbursement"
    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "refunded >= 0 AND refunded <= amount AND (refunded = 0 OR state = 'succeeded')",
            name="refunded",
        ),
        CheckConstraint("checked_by <> made_by", name="maker_is_not_checker"),
        CheckConstraint("paid_by <> made_by AND paid_by <> checked_by", name="payer_is_a_third"),
        CheckConstraint(
            "state IN ('requested', 'rejected') OR checked_by IS NOT NULL", name="checked"
        ),
        CheckConstraint(
            "state IN ('requested', 'rejected', 'checked') OR paid_by IS NOT NULL", name="paid"
        ),
        CheckConstraint("state <> 'succeeded' OR paid_on IS NOT NULL", name="paid_on"),
        CheckConstraint("batch_id IS NULL OR state NOT IN ('requested', 'rejected')", name="batch"),
        CheckConstraint("(attempt = 1) = (retry_of IS NULL) AND attempt >= 1", name="attempt"),
        Index(
            "uq_disbursement_retry_of",
            "retry_of",
            unique=True,
            postgresql_where=text("state <> 'rejected'"),
        ),
        Index(
            "ix_disbursement_stoppable",
            "payee_unit",
            postgresql_where=text("state IN ('requested', 'checked')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), index=True)
    tranche_id: Mapped[UUID | None] = mapped_column(ForeignKey("tranche.id"), index=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    payee_unit: Mapped[str] = mapped_column(index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    refunded: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    purpose: Mapped[str | None]
    retry_of: Mapped[UUID | None] = mapped_column(ForeignKey("disbursement.id"))
    attempt: Mapped[int] = mapped_column(default=1)
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_batch.id"), index=True)
    state: Mapped[str] = mapped_column(default="requested")
    held_by: Mapped[UUID | None] = mapped_column(ForeignKey("payment_hold.item_id"))
    made_by: Mapped[str]
    checked_by: Mapped[str | None]
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paid_by: Mapped[str | None]
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paid_on: Mapped[date | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reference: Mapped[str | None]
    reason: Mapped[str | None]

    @property
    def held(self) -> bool:
        return self.held_by is not None
