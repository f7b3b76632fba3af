"""Calendar days, and what inspections and meetings have in common: they recur."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Stamped, Versioned


class CalendarDay(Stamped, Base):
    """One day as announced, or as the office has set it, which always prevails."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint("source IN ('announced', 'office')", name="source"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    workday: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    provisional: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer, default=1)


class CalendarYear(Stamped, Base):
    """A year that is loaded. `document_no` and `confirmed_*` say that the office has confirmed its
    list; it is not loaded over afterwards."""

    __tablename__ = "calendar_year"
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR NOT provisional", name="confirmed_is_certain"),
    )

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    provisional: Mapped[bool] = mapped_column(Boolean)
    document_no: Mapped[str | None] = mapped_column(Text)
    confirmed_by: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer, default=1)


class Recurring(Versioned):
    """A plan that recurs: each of `months` on each of `days_of_month`, moved to a workday."""

    code: Mapped[str] = mapped_column(Text, unique=True)
    programme: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    cadence: Mapped[str] = mapped_column(Text)
    months: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    days_of_month: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    source_ref: Mapped[str | None] = mapped_column(Text)


class Occurrence(Versioned):
    """One day of a recurring plan. `nominal_on` is the plan's day and its identity;
    `scheduled_on` is that day or the next workday, and moves while the year is provisional."""

    plan_code: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    nominal_on: Mapped[date] = mapped_column(Date)
    scheduled_on: Mapped[date] = mapped_column(Date, index=True)
    provisional: Mapped[bool] = mapped_column(Boolean)
    units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str] = mapped_column(Text, default="planned")
