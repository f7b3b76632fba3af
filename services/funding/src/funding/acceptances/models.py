"""The table of the acceptances."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base


class Acceptance(Versioned, Base):
    """The one acceptance of an award, yuan. `overdue_on` is the day on which a rectification was
    found not to have been handed in by its own, and stays. `released` went back to the line with
    the conclusion; `give_back` is what a failed one's payee has to give back, by payments."""

    __tablename__ = "acceptance"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'rectification', 'passed',"
            " 'passed_after_rectification', 'failed')",
            name="state",
        ),
        CheckConstraint(
            "(state IN ('passed', 'passed_after_rectification', 'failed'))"
            " = (released IS NOT NULL AND give_back IS NOT NULL)",
            name="concluded",
        ),
        CheckConstraint("released >= 0 AND give_back >= 0", name="amounts"),
        CheckConstraint("state = 'failed' OR give_back = 0", name="only_failed_give_back"),
        CheckConstraint("concluded_by <> submitted_by", name="submitter_does_not_conclude"),
        CheckConstraint("overdue_on > rectify_by", name="overdue_after_its_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), unique=True)
    payee_unit: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="draft")
    report: Mapped[str | None]
    created_by: Mapped[str]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    experts: Mapped[list[str]] = mapped_column(JSONB, default=list)
    opinions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    opinion: Mapped[str | None]
    rectify_by: Mapped[date | None]
    overdue_on: Mapped[date | None]
    concluded_by: Mapped[str | None]
    concluded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    concluded_on: Mapped[date | None]
    released: Mapped[Decimal | None] = mapped_column(YUAN)
    give_back: Mapped[Decimal | None] = mapped_column(YUAN)
    repayments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
