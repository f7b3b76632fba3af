"""The table of R&D projects."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import TOTAL, Base
from parks.rd_projects.domain import gap


class RdProject(Versioned, Base):
    """A project of an enterprise; 万元. What it has brought so far is the sum of its verified
    results, kept with every one that is verified or taken back."""

    __tablename__ = "rd_project"
    __table_args__ = (
        CheckConstraint(
            "state IN ('planned', 'running', 'completed', 'terminated')", name="state"
        ),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint(
            "planned_investment >= 0 AND planned_new_sales >= 0", name="planned_not_negative"
        ),
        CheckConstraint("state = 'planned' OR started_on IS NOT NULL OR state = 'terminated'",
                        name="started"),
        CheckConstraint(
            "(state IN ('completed', 'terminated')) = (ended_on IS NOT NULL)", name="ended"
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"), index=True)
    participants: Mapped[list[str]]
    programme: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    planned_investment: Mapped[Decimal]
    planned_new_sales: Mapped[Decimal]
    planned_profit_and_tax: Mapped[Decimal]
    actual_investment: Mapped[Decimal] = mapped_column(TOTAL, default=Decimal(0))
    actual_new_sales: Mapped[Decimal] = mapped_column(TOTAL, default=Decimal(0))
    actual_profit_and_tax: Mapped[Decimal] = mapped_column(TOTAL, default=Decimal(0))
    state: Mapped[str]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    """When it was completed or terminated."""
    end_reason: Mapped[str | None]

    @property
    def gap_investment(self) -> Decimal:
        return gap(self.planned_investment, self.actual_investment)

    @property
    def gap_new_sales(self) -> Decimal:
        return gap(self.planned_new_sales, self.actual_new_sales)

    @property
    def gap_profit_and_tax(self) -> Decimal:
        return gap(self.planned_profit_and_tax, self.actual_profit_and_tax)
