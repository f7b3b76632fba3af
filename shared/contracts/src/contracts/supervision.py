"""Events of the supervision service."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel

from contracts.base import Amount, Event

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


class ItemReminded(Event):
    """Somebody was reminded of an item: by a step of the ladder, or without `rule_code` by hand.
    `offset_workdays` from the deadline, negative before it."""

    type: ClassVar[str] = "kechuang.supervision.item.reminded.v1"
    subject_field: ClassVar[str] = "item_id"
    permission: ClassVar[str] = "reminders.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("responsible_unit", "recipients")

    item_id: UUID
    number: str
    responsible_unit: str
    rule_code: str | None = None
    offset_workdays: int | None = None
    audience: Literal["unit", "group", "office", "headquarters"]
    recipients: list[str]
    due_on: date
    note: str | None = None


class ItemTransferred(Event):
    """Another unit has to put it right; what was held for the one before is held for this one."""

    type: ClassVar[str] = "kechuang.supervision.item.transferred.v1"
    subject_field: ClassVar[str] = "item_id"
    permission: ClassVar[str] = "supervision_items.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("responsible_unit", "from_unit")

    item_id: UUID
    number: str
    title: str
    from_unit: str
    responsible_unit: str
    due_on: date
    holds_payments: bool


class ItemDeadlineChanged(Event):
    """The deadline moved: it was extended, or the calendar it was counted over has changed."""

    type: ClassVar[str] = "kechuang.supervision.item.deadline_changed.v1"
    subject_field: ClassVar[str] = "item_id"
    permission: ClassVar[str] = "supervision_items.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("responsible_unit",)

    item_id: UUID
    number: str
    responsible_unit: str
    due_before: date
    due_on: date
    cause: Literal["extension", "calendar"]


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


class CalendarDaySet(Event):
    """The office ruled whether people work on a day; it prevails over what was announced. The
    announced days themselves are known to every service (`servicekit.workdays`)."""

    type: ClassVar[str] = "kechuang.supervision.calendar_day.set.v1"
    subject_field: ClassVar[str] = "day"
    permission: ClassVar[str] = "calendar.read"

    day: date
    workday: bool
    name: str | None = None


PlanKind = Literal["implementation_plan", "annual_work_plan"]


class OfUnitPlan(BaseModel):
    """What all events of a plan that a unit owes have in common."""

    subject_field: ClassVar[str] = "plan_id"
    permission: ClassVar[str] = "unit_plans.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    plan_id: UUID
    kind: PlanKind
    year: int | None = None
    unit_code: str


class UnitPlanRequested(OfUnitPlan, Event):
    """A unit owes a plan from now on."""

    type: ClassVar[str] = "kechuang.supervision.unit_plan.requested.v1"

    due_on: date


class UnitPlanSubmitted(OfUnitPlan, Event):
    """An edition was handed in; `late` where the first came after its deadline."""

    type: ClassVar[str] = "kechuang.supervision.unit_plan.submitted.v1"

    edition: int
    late: bool


class UnitPlanReturned(OfUnitPlan, Event):
    type: ClassVar[str] = "kechuang.supervision.unit_plan.returned.v1"

    edition: int
    reason: str


class UnitPlanApproved(OfUnitPlan, Event):
    """This edition is in force."""

    type: ClassVar[str] = "kechuang.supervision.unit_plan.approved.v1"

    edition: int


class UnitPlanOverdue(OfUnitPlan, Event):
    """Nothing was handed in by the deadline; told once."""

    type: ClassVar[str] = "kechuang.supervision.unit_plan.overdue.v1"

    due_on: date


class UnitPlanReminded(OfUnitPlan, Event):
    """A step of the ladder of reminders was taken; `offset_workdays` from the deadline."""

    type: ClassVar[str] = "kechuang.supervision.unit_plan.reminded.v1"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code", "recipients")

    rule_code: str
    offset_workdays: int
    audience: Literal["unit", "group", "office", "headquarters"]
    recipients: list[str]
    due_on: date


class BulletinIssued(Event):
    """A bulletin over the data of `cut_off_at` was numbered and sent to these units, among others
    outside the programme."""

    type: ClassVar[str] = "kechuang.supervision.bulletin.issued.v1"
    subject_field: ClassVar[str] = "bulletin_id"
    permission: ClassVar[str] = "bulletin_deliveries.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    bulletin_id: UUID
    number: str
    title: str
    period_start: date
    period_end: date
    cut_off_at: datetime
    issued_on: date
    concerned_units: tuple[str, ...] = ()


class BulletinWithdrawn(Event):
    """An issued bulletin no longer holds; its number is not given again."""

    type: ClassVar[str] = "kechuang.supervision.bulletin.withdrawn.v1"
    subject_field: ClassVar[str] = "bulletin_id"
    permission: ClassVar[str] = "bulletin_deliveries.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    bulletin_id: UUID
    number: str
    title: str
    reason: str
    concerned_units: tuple[str, ...] = ()


class BulletinReceived(Event):
    """A recipient has confirmed a bulletin; `unit_code` is none for one outside the programme."""

    type: ClassVar[str] = "kechuang.supervision.bulletin_delivery.received.v1"
    subject_field: ClassVar[str] = "delivery_id"
    permission: ClassVar[str] = "bulletin_deliveries.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    delivery_id: UUID
    bulletin_id: UUID
    number: str
    recipient: str
    unit_code: str | None = None
    received_at: datetime


Moved = Literal["calendar", "plan", "office"]
"""Why another day: a day off, a plan that names the day again, or the office, for a reason."""


class InspectionRescheduled(Event):
    """A planned inspection takes place on another day."""

    type: ClassVar[str] = "kechuang.supervision.inspection.rescheduled.v1"
    subject_field: ClassVar[str] = "inspection_id"
    permission: ClassVar[str] = "inspections.read"

    inspection_id: UUID
    period: str
    scheduled_before: date
    scheduled_on: date
    cause: Moved
    reason: str | None = None


class InspectionWithdrawn(Event):
    """A planned inspection does not take place."""

    type: ClassVar[str] = "kechuang.supervision.inspection.withdrawn.v1"
    subject_field: ClassVar[str] = "inspection_id"
    permission: ClassVar[str] = "inspections.read"

    inspection_id: UUID
    period: str
    reason: str


class InspectionMissed(Event):
    """The day of a planned inspection has passed, and nobody has said anything; told once."""

    type: ClassVar[str] = "kechuang.supervision.inspection.missed.v1"
    subject_field: ClassVar[str] = "inspection_id"
    permission: ClassVar[str] = "inspections.read"

    inspection_id: UUID
    period: str
    scheduled_on: date


class MeetingRescheduled(Event):
    """A planned meeting takes place on another day."""

    type: ClassVar[str] = "kechuang.supervision.meeting.rescheduled.v1"
    subject_field: ClassVar[str] = "meeting_id"
    permission: ClassVar[str] = "meetings.read"

    meeting_id: UUID
    period: str
    scheduled_before: date
    scheduled_on: date
    cause: Moved
    reason: str | None = None


class MeetingWithdrawn(Event):
    """A planned meeting does not take place."""

    type: ClassVar[str] = "kechuang.supervision.meeting.withdrawn.v1"
    subject_field: ClassVar[str] = "meeting_id"
    permission: ClassVar[str] = "meetings.read"

    meeting_id: UUID
    period: str
    reason: str


class MeetingMissed(Event):
    """The day of a planned meeting has passed, and nobody has said anything; told once."""

    type: ClassVar[str] = "kechuang.supervision.meeting.missed.v1"
    subject_field: ClassVar[str] = "meeting_id"
    permission: ClassVar[str] = "meetings.read"

    meeting_id: UUID
    period: str
    scheduled_on: date


class InspectionSigned(Event):
    """Somebody has signed the result of an inspection; `digest` is the SHA-256 of what was
    signed."""

    type: ClassVar[str] = "kechuang.supervision.inspection.signed.v1"
    subject_field: ClassVar[str] = "inspection_id"
    permission: ClassVar[str] = "inspections.read"

    inspection_id: UUID
    period: str
    signed_by: str
    digest: str


class MeetingMinutesConfirmed(Event):
    """Somebody other than the recorder stands for the minutes."""

    type: ClassVar[str] = "kechuang.supervision.meeting.minutes_confirmed.v1"
    subject_field: ClassVar[str] = "meeting_id"
    permission: ClassVar[str] = "meetings.read"

    meeting_id: UUID
    period: str
    confirmed_by: str


class MeetingReportsMissing(Event):
    """Work reports to a meeting were due, and these units have filed none; told once a meeting."""

    type: ClassVar[str] = "kechuang.supervision.meeting.reports_missing.v1"
    subject_field: ClassVar[str] = "meeting_id"
    permission: ClassVar[str] = "work_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("units",)

    meeting_id: UUID
    period: str
    due_on: date
    units: list[str]


class AssessmentPublished(Event):
    """The scores of these units and groups can be seen by them, and appealed against."""

    type: ClassVar[str] = "kechuang.supervision.assessment.published.v1"
    subject_field: ClassVar[str] = "assessment_id"
    permission: ClassVar[str] = "assessment_scores.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    assessment_id: UUID
    title: str
    period_start: date
    period_end: date
    published_on: date
    appeal_until: date
    concerned_units: tuple[str, ...] = ()


class AssessmentAppealRuled(Event):
    """An appeal was upheld, with so many points, or rejected."""

    type: ClassVar[str] = "kechuang.supervision.assessment_appeal.ruled.v1"
    subject_field: ClassVar[str] = "appeal_id"
    permission: ClassVar[str] = "assessment_appeals.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    appeal_id: UUID
    assessment_id: UUID
    unit_code: str
    criterion_code: str
    upheld: bool
    points: Amount | None = None
