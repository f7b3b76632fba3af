"""The table of the calls."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base

STATES = (
    "state IN ('draft', 'published', 'open', 'closed', 'ranked', 'announced', 'awarded',"
    " 'cancelled')"
)


class FundingCall(Versioned, Base):
    """A call for applications to one budget line; amounts in yuan, weights in percent.

    `last_number` is the number of the latest application. `available` is what the line had left
    when the applications were ranked, and the list was cut at it.
    """

    __tablename__ = "funding_call"
    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        CheckConstraint("opens_on <= closes_on", name="days"),
        CheckConstraint("min_amount > 0 AND min_amount <= max_amount", name="amounts"),
        CheckConstraint("experts_per_application > 0", name="experts"),
        CheckConstraint("notice_workdays >= 0", name="notice"),
        CheckConstraint(
            "CASE state WHEN 'draft' THEN published_by IS NULL WHEN 'cancelled' THEN true"
            " ELSE published_by IS NOT NULL END",
            name="published",
        ),
        CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    title: Mapped[str]
    summary: Mapped[str]
    document_no: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    min_amount: Mapped[Decimal] = mapped_column(YUAN)
    max_amount: Mapped[Decimal] = mapped_column(YUAN)
    required_attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    experts_per_application: Mapped[int]
    pass_score: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    notice_workdays: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    created_by: Mapped[str]
    published_by: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    close_reason: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    last_number: Mapped[int] = mapped_column(default=0)
    available: Mapped[Decimal | None] = mapped_column(YUAN)
    ranked_by: Mapped[str | None]
    ranked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
