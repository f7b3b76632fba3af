"""The table of the reports that were not handed in by their due date."""

from datetime import date, datetime
from uuid import UUID

from servicekit.ids import new_id
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class OverdueReport(Base):
    """A report that was missing when its due date was over; `handed_in_at` once it came."""

    __tablename__ = "overdue_report"
    __table_args__ = (
        UniqueConstraint("indicator_code", "unit_code", "period"),
        Index("ix_overdue_report_unit", "unit_code", "updated_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"))
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    period: Mapped[str] = mapped_column(ForeignKey("reporting_period.period"))
    due_on: Mapped[date]
    found_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
