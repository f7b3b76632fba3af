"""Meeting series, meetings and their decisions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned
from supervision.occurrences.models import Occurrence, Recurring, occurrence_rules

CADENCES = "'half_monthly', 'monthly', 'quarterly', 'half_yearly', 'yearly'"


class MeetingSeries(Recurring, Base):
    """A standing meeting. `headings` holds code, name_zh and name_en, in order."""

    __tablename__ = "meeting_series"
    __table_args__ = (CheckConstraint(f"cadence IN ({CADENCES})", name="cadence"),)

    convener_unit: Mapped[str] = mapped_column(Text)
    participant_units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    report_workdays: Mapped[int] = mapped_column(Integer, server_default="1", default=1)


class Meeting(Occurrence, Base):
    """One meeting of a series. `reports_due_on`: so many workdays before it, as the series says;
    `agenda`: what it had before it, once it was held."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("plan_code", "nominal_on"),
        CheckConstraint("status IN ('planned', 'held', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'held') = (held_on IS NOT NULL)", name="held_has_day"),
        CheckConstraint("confirmed_by <> minutes_by", name="recorder_does_not_confirm"),
        *occurrence_rules(),
    )

    held_on: Mapped[date | None] = mapped_column(Date)
    minutes: Mapped[str | None] = mapped_column(Text)
    attended_units: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    attendance: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default="[]", default=list
    )
    place: Mapped[str | None] = mapped_column(Text)
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", default=list)
    reports_due_on: Mapped[date | None] = mapped_column(Date)
    reports_chased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    agenda: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    minutes_by: Mapped[str | None] = mapped_column(Text)
    confirmed_by: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def absent_units(self) -> list[str]:
        """Units that were called and were not there; none before the meeting."""
        return [] if self.held_on is None else sorted({*self.units} - {*self.attended_units})


class MeetingDecision(Versioned, Base):
    """What a meeting decided; `item_id` is the item that sees it done, if any."""

    __tablename__ = "meeting_decision"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        Index("ix_meeting_decision_responsible_unit", "responsible_unit"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    responsible_unit: Mapped[str] = mapped_column(Text)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_item.id"))
