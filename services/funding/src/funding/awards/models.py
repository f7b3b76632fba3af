"""Awards: money of a budget line committed to a payee."""

from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base


class Award(Versioned, Base):
    """A commitment, yuan: `requested` is in payments on their way, `paid` has arrived, `refunded`
    of that was given back and is not paid again; `released` is what a closed one had left. The line
    is that of the year it is paid from now.
    """

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint("state IN ('granted', 'cancelled', 'closed')", name="state"),
        CheckConstraint(
            "kind IN ('project_grant', 'innovation_award', 'patent_subsidy', 'interest_subsidy',"
            " 'platform_grant')",
            name="kind",
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "requested >= 0 AND paid >= 0 AND requested + paid + released <= amount",
            name="within_commitment",
        ),
        CheckConstraint("refunded >= 0 AND refunded <= paid", name="refunded"),
        CheckConstraint("state <> 'cancelled' OR requested + paid = 0", name="cancelled_is_unpaid"),
        CheckConstraint(
            "released >= 0 AND (state = 'closed' OR released = 0)"
            " AND (state <> 'closed' OR requested + paid + released = amount)",
            name="closed_has_nothing_left",
        ),
        UniqueConstraint("id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    payee_unit: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="project_grant")
    title: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(YUAN)
    requested: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    paid: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    refunded: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    released: Mapped[Decimal] = mapped_column(YUAN, default=Decimal("0.00"))
    state: Mapped[str] = mapped_column(default="granted")
    granted_by: Mapped[str]
    cancel_reason: Mapped[str | None]

    @property
    def available(self) -> Decimal:
        """Yuan that may still be asked for."""
        return self.amount - self.requested - self.paid - self.released
