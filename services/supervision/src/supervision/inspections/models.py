"""Inspection plans, inspections and findings."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supervision.calendar.models import Occurrence, Recurring
from supervision.db import Base, Versioned


class InspectionPlan(Recurring, Base):
    """What is inspected each month. `checklist` holds code, text_zh and text_en."""

    __tablename__ = "inspection_plan"
    __table_args__ = (CheckConstraint("cadence = 'monthly'", name="cadence"),)

    organiser_unit: Mapped[str] = mapped_column(Text)
    scope_units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class Inspection(Occurrence, Base):
    """One on-site inspection."""

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("plan_code", "nominal_on"),
        CheckConstraint("status IN ('planned', 'completed', 'withdrawn')", name="status"),
        CheckConstraint(
            "(status = 'completed') = (completed_on IS NOT NULL)", name="completed_has_day"
        ),
    )

    completed_on: Mapped[date | None] = mapped_column(Date)
    completed_by: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    finding_count: Mapped[int] = mapped_column(Integer, server_default="0")


class InspectionFinding(Versioned, Base):
    """Something found at a unit; `item_id` is the item that has it put right, if any."""

    __tablename__ = "inspection_finding"
    __table_args__ = (
        Index("ix_inspection_finding_inspection_id", "inspection_id"),
        Index("ix_inspection_finding_unit_code", "unit_code"),
    )

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"))
    unit_code: Mapped[str] = mapped_column(Text)
    checklist_code: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_item.id"))
