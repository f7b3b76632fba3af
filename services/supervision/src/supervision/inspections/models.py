"""Inspection plans, inspections and findings."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

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
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned
from supervision.occurrences.models import Occurrence, Recurring, occurrence_rules


class InspectionPlan(Recurring, Base):
    """What is inspected each month. `checklist` holds code, text_zh and text_en, where no
    `checklist_template` is named; `scope` kind and code."""

    __tablename__ = "inspection_plan"
    __table_args__ = (CheckConstraint("cadence = 'monthly'", name="cadence"),)

    organiser_unit: Mapped[str] = mapped_column(Text)
    scope_units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    checklist_template: Mapped[str | None] = mapped_column(Text)
    scope: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")


class Inspection(Occurrence, Base):
    """One on-site inspection. `checklist` is its own copy once it is prepared or written down;
    `digest` is of what was signed first: from then on the database lets nothing of it change."""

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("plan_code", "nominal_on"),
        CheckConstraint("status IN ('planned', 'completed', 'withdrawn')", name="status"),
        CheckConstraint(
            "(status = 'completed') = (completed_on IS NOT NULL)", name="completed_has_day"
        ),
        *occurrence_rules(),
    )

    completed_on: Mapped[date | None] = mapped_column(Date)
    completed_by: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    finding_count: Mapped[int] = mapped_column(Integer, server_default="0")
    scope: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    team: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    place: Mapped[str | None] = mapped_column(Text)
    checklist: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    checklist_template: Mapped[str | None] = mapped_column(Text)
    checklist_edition: Mapped[int | None] = mapped_column(Integer)
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    digest: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class InspectionFinding(Versioned, Base):
    """Something found at a unit; `item_id` is the item that has it put right, if any."""

    __tablename__ = "inspection_finding"
    __table_args__ = (
        CheckConstraint("severity IN ('minor', 'major', 'critical')", name="severity"),
        Index("ix_inspection_finding_inspection_id", "inspection_id"),
        Index("ix_inspection_finding_unit_code", "unit_code"),
    )

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"))
    unit_code: Mapped[str] = mapped_column(Text)
    checklist_code: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text, server_default="minor")
    rectify: Mapped[bool] = mapped_column(Boolean, server_default=true())
    due_on: Mapped[date | None] = mapped_column(Date)
    due_workdays: Mapped[int | None] = mapped_column(Integer)
    found_by: Mapped[str | None] = mapped_column(Text)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_item.id"))
