"""Fiscal years as executed so far."""

from datetime import datetime
from decimal import Decimal

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base


class FiscalYear(Versioned, Base):
    """The city's budget expenditure of one year and the S&T items in it, yuan. From `closed_at` on
    nothing is booked in it any more; the database insists."""

    __tablename__ = "fiscal_year"
    __table_args__ = (
        CheckConstraint("three_st_expenses >= 0 AND science_operating_expenses >= 0", name="signs"),
        CheckConstraint(
            "three_st_expenses + science_operating_expenses <= budget_expenditure", name="parts"
        ),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    budget_expenditure: Mapped[Decimal] = mapped_column(YUAN)
    three_st_expenses: Mapped[Decimal] = mapped_column(YUAN)
    science_operating_expenses: Mapped[Decimal] = mapped_column(YUAN)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
