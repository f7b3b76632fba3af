"""Budget lines with the totals that no concurrency may overdraw."""

from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base


class Budget(Versioned, Base):
    """A line of a fund in a fiscal year, yuan.

    The totals only move by conditional updates; the constraints refuse whatever would slip past
    them. `refunded` is of what this line disbursed, `recovered` of what lines before it did whose
    years are closed. `carried_in` is the part of the amount that came from the year before,
    `carried_over` went into the next one, `lapsed` was given back at the close.
    """

    __tablename__ = "budget"
    __table_args__ = (
        UniqueConstraint("fund_code", "fiscal_year", "line"),
        CheckConstraint("state IN ('draft', 'approved')", name="state"),
        CheckConstraint("amount >= 0 AND (amount > 0 OR state = 'approved')", name="amount"),
        CheckConstraint("appropriated >= 0 AND appropriated <= amount", name="appropriated"),
        CheckConstraint(
            "committed >= 0 AND carried_over >= 0 AND committed + carried_over <= appropriated",
            name="committed",
        ),
        CheckConstraint(
            "lapsed >= 0 AND committed + carried_over + lapsed <= amount", name="lapsed"
        ),
        CheckConstraint("carried_in >= 0 AND carried_in <= appropriated", name="carried_in"),
        CheckConstraint(
            "refunded >= 0 AND refunded <= disbursed AND recovered >= 0", name="refunded"
        ),
        CheckConstraint("disbursed >= 0 AND disbursed <= committed", name="disbursed"),
        CheckConstraint("state = 'approved' OR appropriated = 0", name="draft_is_untouched"),
        CheckConstraint(
            "(state = 'approved') = (approved_by IS NOT NULL)"
            " AND (state = 'approved') = (document_no IS NOT NULL)",
            name="approval",
        ),
        CheckConstraint("approved_by <> made_by", name="maker_is_not_approver"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    line: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(YUAN)
    state: Mapped[str] = mapped_column(default="draft")
    made_by: Mapped[str]
    approved_by: Mapped[str | None]
    document_no: Mapped[str | None]
    appropriated: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    committed: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    disbursed: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    refunded: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    recovered: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    carried_in: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    carried_over: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    lapsed: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))

    @property
    def available(self) -> Decimal:
        """Yuan that may still be committed."""
        usable = min(self.appropriated, self.amount - self.lapsed)
        return usable - self.committed - self.carried_over
