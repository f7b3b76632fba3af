"""The tables of the calendar."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Keyed


class CalendarDay(Keyed, Base):
    """One day as announced, or as the office has set it, which always prevails."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint("source IN ('announced', 'office')", name="source"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    workday: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    provisional: Mapped[bool] = mapped_column(Boolean)


class CalendarYear(Keyed, Base):
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
