"""What inspections and meetings have in common: they recur."""

from datetime import date, datetime

from servicekit.clock import china_date
from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Integer, Text, false
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Versioned
from supervision.occurrences.domain import is_missed


class Recurring(Versioned):
    """A plan that recurs: each of `months` on each of `days_of_month`, moved to a workday."""

    __tablename__: str

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
    `scheduled_on` is that day or the next workday and follows plan and calendar, unless people have
    moved it (`moved_by`). `withdrawn_by` is none where the plan has withdrawn it. `units_chosen`:
    its units are its own and no longer the plan's. `missed_at`: when it was told that its day has
    passed."""

    __tablename__: str

    plan_code: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    nominal_on: Mapped[date] = mapped_column(Date)
    scheduled_on: Mapped[date] = mapped_column(Date, index=True)
    provisional: Mapped[bool] = mapped_column(Boolean)
    units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str] = mapped_column(Text, default="planned")
    units_chosen: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    moved_by: Mapped[str | None] = mapped_column(Text)
    moved_reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    missed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def missed(self) -> bool:
        """Its day has passed, and nobody has carried it out or said why not."""
        return is_missed(self.status, self.scheduled_on, china_date())


def occurrence_rules() -> tuple[CheckConstraint, ...]:
    """What the database insists on, for each table's own `__table_args__`."""
    return (
        CheckConstraint(
            "status <> 'withdrawn' OR withdrawn_reason IS NOT NULL", name="withdrawn_with_reason"
        ),
        CheckConstraint("moved_by IS NULL OR moved_reason IS NOT NULL", name="moved_with_reason"),
    )
