"""The ladder and the reminders sent."""

from datetime import date
from uuid import UUID

from servicekit.ids import new_id
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Stamped, Versioned

AUDIENCES = "audience IN ('unit', 'group', 'office', 'headquarters')"


class ReminderRule(Versioned, Base):
    """A step of the ladder. One that is not active is kept for the reminders it sent."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        CheckConstraint(AUDIENCES, name="audience"),
        CheckConstraint("offset_workdays BETWEEN -60 AND 60", name="offset"),
    )

    code: Mapped[str] = mapped_column(Text, unique=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    offset_workdays: Mapped[int] = mapped_column(Integer)
    audience: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Reminder(Stamped, Base):
    """One reminder, written once. Without a rule somebody of the office sent it by hand."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("item_id", "rule_code", "due_on"),
        CheckConstraint(AUDIENCES, name="audience"),
        Index("ix_reminder_responsible_unit", "responsible_unit"),
    )

    id: Mapped[UUID] = mapped_column(PgUuid(as_uuid=True), primary_key=True, default=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_item.id"))
    item_number: Mapped[str] = mapped_column(Text)
    responsible_unit: Mapped[str] = mapped_column(Text)
    rule_code: Mapped[str | None] = mapped_column(ForeignKey("reminder_rule.code"))
    offset_workdays: Mapped[int | None] = mapped_column(Integer)
    audience: Mapped[str] = mapped_column(Text)
    recipients: Mapped[list[str]] = mapped_column(ARRAY(Text))
    due_on: Mapped[date] = mapped_column(Date)
    sent_on: Mapped[date] = mapped_column(Date)
    sent_by: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
