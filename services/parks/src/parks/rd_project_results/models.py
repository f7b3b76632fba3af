"""The table of yearly results."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class RdProjectResult(Versioned, Base):
    """A project's figures of one year; 万元. Whoever wrote or handed them in does not decide."""

    __tablename__ = "rd_project_result"
    __table_args__ = (
        UniqueConstraint("project_id", "year"),
        CheckConstraint("state IN ('submitted', 'verified', 'returned')", name="state"),
        CheckConstraint("investment >= 0 AND new_sales >= 0", name="not_negative"),
        CheckConstraint("NOT (decided_by = ANY (filed_by))", name="separation_of_duties"),
        CheckConstraint(
            "state <> 'verified' OR (decided_by IS NOT NULL AND counts_from IS NOT NULL)",
            name="verified",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("rd_project.id"))
    year: Mapped[int]
    investment: Mapped[Decimal]
    new_sales: Mapped[Decimal]
    profit_and_tax: Mapped[Decimal]
    note: Mapped[str | None]
    state: Mapped[str]
    filed_by: Mapped[list[str]]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]
    counts_from: Mapped[date | None]
    """From which day it counts in the totals; kept when it is taken back."""
