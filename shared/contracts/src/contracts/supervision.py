"""Events of the supervision service."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Event

Origin = Literal["manual", "indicator", "rule", "finding", "decision", "overdue_report"]


class ItemOpened(Event):
    """An item was issued against a unit; while it is open, payments to that unit are held."""

    type: ClassVar[str] = "kechuang.supervision.item.opened.v1"
    subject_field: ClassVar[str] = "item_id"
    permission: ClassVar[str] = "supervision_items.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("responsible_unit",)

    item_id: UUID
    number: str
    title: str
    origin: Origin
    origin_ref: str | None = None
    responsible_unit: str
    due_on: date
    holds_payments: bool = True


class ItemOverdue(Event):
    type: ClassVar[str] = "kechuang.supervision.item.overdue.v1"
    subject_field: ClassVar[str] = "item_id"
    permission: ClassVar[str] = "supervision_items.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("responsible_unit",)

    item_id: UUID
    number: str
    responsible_unit: str
    due_on: date


class ItemClosed(Event):
    """Closed or cancelled: `outcome` says which. Either way it no longer holds a payment."""

    type: ClassVar[str] = "kechuang.supervision.item.closed.v1"
    subject_field: ClassVar[str] = "item_id"
    permission: ClassVar[str] = "supervision_items.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("responsible_unit",)

    item_id: UUID
    number: str
    origin: Origin
    origin_ref: str | None = None
    responsible_unit: str
    outcome: Literal["closed", "cancelled"]
    closed_at: datetime


class MeetingHeld(Event):
    type: ClassVar[str] = "kechuang.supervision.meeting.held.v1"
    subject_field: ClassVar[str] = "meeting_id"
    permission: ClassVar[str] = "meetings.read"

    meeting_id: UUID
    period: str
    held_on: date


class InspectionCompleted(Event):
    type: ClassVar[str] = "kechuang.supervision.inspection.completed.v1"
    subject_field: ClassVar[str] = "inspection_id"
    permission: ClassVar[str] = "inspections.read"

    inspection_id: UUID
    period: str
    completed_on: date
    findings: int
