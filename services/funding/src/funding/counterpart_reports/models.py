"""Counterpart spending of units."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base

OVERLAP = "ex_counterpart_report_period"
NO_AWARD = UUID(int=0)
"""Stands in for the award that a report beside all of them has not."""


class CounterpartReport(Versioned, Base):
    """S&T money a unit spent of its own in a period of a fiscal year, yuan: for the project of an
    award of the fund `fund_code`, or else beside all of them. `corrects` is a report that was
    returned, which it stands in for."""

    __tablename__ = "counterpart_report"
    __table_args__ = (
        CheckConstraint("state IN ('reported', 'verified', 'returned')", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("reviewed_by <> reported_by", name="reporter_is_not_reviewer"),
        CheckConstraint("(state = 'reported') = (reviewed_by IS NULL)", name="reviewed"),
        Index(
            "uq_counterpart_report_unit_period",
            "unit_code",
            "period",
            "award_id",
            unique=True,
            postgresql_where=text("state <> 'returned'"),
            postgresql_nulls_not_distinct=True,
        ),
        ExcludeConstraint(
            ("unit_code", "="),
            (text(f"coalesce(award_id, '{NO_AWARD}'::uuid)"), "="),
            (text("daterange(first_day, last_day, '[]')"), "&&"),
            name=OVERLAP,
            using="gist",
            where=text("state <> 'returned'"),
        ),
        CheckConstraint("(award_id IS NULL) = (fund_code IS NULL)", name="award_has_a_fund"),
        CheckConstraint("corrects <> id", name="corrects_another"),
        Index(None, "fiscal_year", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_code: Mapped[str]
    fiscal_year: Mapped[int]
    period: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    award_id: Mapped[UUID | None] = mapped_column(ForeignKey("award.id"), index=True)
    fund_code: Mapped[str | None] = mapped_column(ForeignKey("fund.code"))
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("counterpart_report.id"), unique=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="reported")
    reported_by: Mapped[str]
    reviewed_by: Mapped[str | None]
    reason: Mapped[str | None]
