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

    `appropriated`, `committed` and `disbursed` only move by conditional updates; the constraints
    refuse whatever would slip past them.
    """

    __tablename__ = "budget"
    __table_args__ = (
        UniqueConstraint("fund_code", "fiscal_year", "line"),
        CheckConstraint("state IN ('draft', 'approved')", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("appropriated >= 0 AND appropriated <= amount", name="appropriated"),
        CheckConstraint("committed >= 0 AND committed <= appropriated", name="committed"),
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

    @property
    def available(self) -> Decimal:
        """Yuan that may still be committed."""
        return self.appropriated - self.committed
