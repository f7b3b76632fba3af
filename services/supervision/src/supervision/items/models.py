"""Supervision items, their steps, and the counter their numbers come from."""

from datetime import date, datetime
from uuid import UUID

from servicekit.ids import new_id
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned
from supervision.items.domain import ItemStatus, Severity

STATUSES = ", ".join(f"'{status}'" for status in ItemStatus)
SEVERITIES = ", ".join(f"'{severity}'" for severity in Severity)
ORIGINS = "'manual', 'indicator', 'rule', 'finding', 'decision', 'overdue_report'"
IS_OPEN = "status NOT IN ('closed', 'cancelled')"
IS_WITH_THE_UNIT = "status IN ('issued', 'acknowledged', 'in_progress')"


class ItemCounter(Base):
    """The last number given in a year. Its row lock keeps the numbers without a gap."""

    __tablename__ = "item_counter"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class SupervisionItem(Versioned, Base):
    """One item. `measured_after` and `remeasured_*` are about its indicator, if it has one;
    `restored_at` about its fiscal rule, `reinspected_*` about what an inspection found,
    `handed_in_at` about the report that was overdue.
    `due_from` and `due_workdays` say how the deadline was counted, `due_set_on` when it was last
    set (the office rules on days afterwards), `remind_on` the day on which it is looked at
    again for reminders, none for never."""

    __tablename__ = "supervision_item"
    __table_args__ = (
        CheckConstraint(f"status IN ({STATUSES})", name="status"),
        CheckConstraint(f"origin IN ({ORIGINS})", name="origin"),
        CheckConstraint(f"severity IN ({SEVERITIES})", name="severity"),
        CheckConstraint("verified_by <> submitted_by", name="verifier_is_not_doer"),
        CheckConstraint("closed_by <> submitted_by", name="closer_is_not_doer"),
        CheckConstraint("exception_by <> submitted_by", name="approver_is_not_doer"),
        CheckConstraint("reinspected_by <> submitted_by", name="inspector_is_not_doer"),
        CheckConstraint(
            "status <> 'cancelled' OR cancel_reason IS NOT NULL", name="cancelled_with_reason"
        ),
        Index(
            "uq_supervision_item_open_case",
            "origin",
            "origin_ref",
            unique=True,
            postgresql_where=text(f"origin IN ('indicator', 'rule') AND {IS_OPEN}"),
        ),
        Index(
            "uq_supervision_item_open_report",
            "origin_ref",
            unique=True,
            postgresql_where=text(f"origin = 'overdue_report' AND {IS_OPEN}"),
        ),
        Index("ix_supervision_item_unit", "responsible_unit", "status"),
        Index(
            "ix_supervision_item_open_due",
            "due_on",
            postgresql_where=text(IS_OPEN),
        ),
        Index(
            "ix_supervision_item_remind_on",
            "remind_on",
            postgresql_where=text(IS_WITH_THE_UNIT),
        ),
        Index(
            "ix_supervision_item_open_indicator",
            "indicator_code",
            postgresql_where=text(f"indicator_code IS NOT NULL AND {IS_OPEN}"),
        ),
    )

    number: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    origin_ref: Mapped[str | None] = mapped_column(Text)
    responsible_unit: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    due_provisional: Mapped[bool] = mapped_column(Boolean)
    due_from: Mapped[date | None] = mapped_column(Date)
    due_workdays: Mapped[int | None] = mapped_column(Integer)
    due_set_on: Mapped[date] = mapped_column(Date, server_default=func.current_date())
    remind_on: Mapped[date | None] = mapped_column(Date)
    holds_payments: Mapped[bool] = mapped_column(Boolean)
    severity: Mapped[str] = mapped_column(Text, default="ordinary", server_default="ordinary")
    status: Mapped[str] = mapped_column(Text)
    overdue_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    return_count: Mapped[int] = mapped_column(Integer, default=0)
    extension_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    correlation_id: Mapped[str] = mapped_column(Text)

    indicator_code: Mapped[str | None] = mapped_column(Text)
    period: Mapped[str | None] = mapped_column(Text)
    reason_zh: Mapped[str | None] = mapped_column(Text)
    reason_en: Mapped[str | None] = mapped_column(Text)
    measured_after: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    remeasured_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    remeasured_period: Mapped[str | None] = mapped_column(Text)
    remeasured_status: Mapped[str | None] = mapped_column(Text)
    restored_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reinspected_on: Mapped[date | None] = mapped_column(Date)
    reinspected_by: Mapped[str | None] = mapped_column(Text)
    handed_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    rectification: Mapped[str | None] = mapped_column(Text)
    submitted_by: Mapped[str | None] = mapped_column(Text)
    return_reason: Mapped[str | None] = mapped_column(Text)
    verified_by: Mapped[str | None] = mapped_column(Text)
    verification_note: Mapped[str | None] = mapped_column(Text)
    exception_by: Mapped[str | None] = mapped_column(Text)
    exception_reason: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_item.id"))


class ItemStep(Base):
    """What was done to an item, by whom; written once and never changed."""

    __tablename__ = "supervision_item_step"
    __table_args__ = (UniqueConstraint("item_id", "version"),)

    id: Mapped[UUID] = mapped_column(PgUuid(as_uuid=True), primary_key=True, default=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_item.id"))
    version: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
