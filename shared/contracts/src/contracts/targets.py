"""Events of the targets service."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Amount, Event

RagStatus = Literal["green", "amber", "red", "unknown"]
Outlook = Literal["on_course", "uncertain", "off_course"]


class UnitChanged(Event):
    """A unit of the directory was made or changed; every service keeps a copy for permissions.

    `parent_codes` are the units it stands under: its superior and the working groups it serves.
    """

    type: ClassVar[str] = "kechuang.targets.unit.changed.v1"
    subject_field: ClassVar[str] = "unit_code"
    permission: ClassVar[str] = "units.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    unit_code: str
    name: str
    kind: str
    parent_codes: tuple[str, ...] = ()
    active: bool = True


class IndicatorChanged(Event):
    """An indicator's definition or milestones changed."""

    type: ClassVar[str] = "kechuang.targets.indicator.changed.v1"
    subject_field: ClassVar[str] = "indicator_code"
    permission: ClassVar[str] = "indicators.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("lead_unit",)

    indicator_code: str
    name: str
    unit: str
    lead_unit: str | None = None


class TargetRevised(Event):
    """A target, or a baseline, was changed. `effective_on` is the first day the new value holds;
    without one, and without a document, the plan itself was corrected. Null where there was or is
    no target."""

    type: ClassVar[str] = "kechuang.targets.indicator.target_revised.v1"
    subject_field: ClassVar[str] = "indicator_code"
    permission: ClassVar[str] = "indicators.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("lead_unit",)

    indicator_code: str
    indicator_name: str
    unit: str
    lead_unit: str | None = None
    year: int
    baseline: bool = False
    old_value: Amount | None = None
    new_value: Amount | None = None
    effective_on: date | None = None
    document_no: str | None = None
    reason: str | None = None
    revised_at: datetime


class IndicatorMeasured(Event):
    """A new actual was taken for an indicator and compared with its trajectory."""

    type: ClassVar[str] = "kechuang.targets.indicator.measured.v1"
    subject_field: ClassVar[str] = "indicator_code"
    permission: ClassVar[str] = "status_board.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    indicator_code: str
    period: str
    actual: Amount
    expected: Amount | None = None
    unit: str
    status: RagStatus
    measured_at: datetime
    concerned_units: tuple[str, ...] = ()


class IndicatorStatusChanged(Event):
    """An indicator's RAG status changed, with the reason in words."""

    type: ClassVar[str] = "kechuang.targets.indicator.status_changed.v1"
    subject_field: ClassVar[str] = "indicator_code"
    permission: ClassVar[str] = "status_board.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("lead_unit", "concerned_units")

    indicator_code: str
    indicator_name: str
    period: str
    status: RagStatus
    previous_status: RagStatus
    actual: Amount | None = None
    expected: Amount | None = None
    unit: str
    reason_zh: str
    reason_en: str
    lead_unit: str | None = None
    measured_at: datetime
    concerned_units: tuple[str, ...] = ()


class IndicatorOutlookChanged(Event):
    """Early warning, or its end: whether the year's target will be met, by its forecast.

    The year's number is expected at `value`, in four of five cases between `low` and `high`.
    """

    type: ClassVar[str] = "kechuang.targets.indicator.outlook_changed.v1"
    subject_field: ClassVar[str] = "indicator_code"
    permission: ClassVar[str] = "status_board.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("lead_unit",)

    indicator_code: str
    indicator_name: str
    lead_unit: str | None = None
    year: int
    as_of: str
    outlook: Outlook
    previous_outlook: Outlook | None = None
    value: Amount
    low: Amount
    high: Amount
    target: Amount
    unit: str


class ProgressReportSubmitted(Event):
    type: ClassVar[str] = "kechuang.targets.progress_report.submitted.v1"
    subject_field: ClassVar[str] = "report_id"
    permission: ClassVar[str] = "progress_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    report_id: UUID
    indicator_code: str
    unit_code: str
    period: str
    value: Amount
    late: bool = False


class ProgressReportVerified(Event):
    """A report was verified; `value` is what counts, also where the verifier adjusted it."""

    type: ClassVar[str] = "kechuang.targets.progress_report.verified.v1"
    subject_field: ClassVar[str] = "report_id"
    permission: ClassVar[str] = "progress_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    report_id: UUID
    indicator_code: str
    unit_code: str
    period: str
    value: Amount
    reported_value: Amount | None = None


class ProgressReportWithdrawn(Event):
    """The unit took a report back before it was verified."""

    type: ClassVar[str] = "kechuang.targets.progress_report.withdrawn.v1"
    subject_field: ClassVar[str] = "report_id"
    permission: ClassVar[str] = "progress_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    report_id: UUID
    indicator_code: str
    unit_code: str
    period: str
    reason: str


class ProgressReportOverdue(Event):
    """A report was not handed in by its due date; told once. `series` is
    `<indicator>/<unit>/<period>`."""

    type: ClassVar[str] = "kechuang.targets.progress_report.overdue.v1"
    subject_field: ClassVar[str] = "series"
    permission: ClassVar[str] = "progress_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    series: str
    indicator_code: str
    unit_code: str
    period: str
    due_on: date


class ProgressReportReturned(Event):
    type: ClassVar[str] = "kechuang.targets.progress_report.returned.v1"
    subject_field: ClassVar[str] = "report_id"
    permission: ClassVar[str] = "progress_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    report_id: UUID
    indicator_code: str
    unit_code: str
    period: str
    reason: str


class PeriodClosed(Event):
    type: ClassVar[str] = "kechuang.targets.period.closed.v1"
    subject_field: ClassVar[str] = "period"
    permission: ClassVar[str] = "reporting_periods.read"

    period: str


class AssignmentChanged(Event):
    """A unit was given a part of an indicator's target, or it was changed or taken back."""

    type: ClassVar[str] = "kechuang.targets.assignment.changed.v1"
    subject_field: ClassVar[str] = "assignment_id"
    permission: ClassVar[str] = "assignments.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code", "concerned_units")

    assignment_id: UUID
    indicator_code: str
    year: int
    unit_code: str
    value: Amount
    state: Literal["in_force", "withdrawn"]
    document_no: str
    concerned_units: tuple[str, ...] = ()


class PeriodReopened(Event):
    """A closed period takes numbers again; what changes in it is a restatement."""

    type: ClassVar[str] = "kechuang.targets.period.reopened.v1"
    subject_field: ClassVar[str] = "period"
    permission: ClassVar[str] = "reporting_periods.read"

    period: str
    reason: str


class ConflictRuled(Event):
    """The office decided a conflict of the plan, or of sources on a number; `position` is none
    where it is for none of them."""

    type: ClassVar[str] = "kechuang.targets.conflict.ruled.v1"
    subject_field: ClassVar[str] = "conflict_code"
    permission: ClassVar[str] = "conflicts.read"

    conflict_code: str
    subject_kind: str
    subject_code: str | None = None
    position: str | None = None
    ruling: str
    document_no: str


class KeyTaskOverdue(Event):
    """A milestone of a key task, or with no `milestone` the task itself, was not reached by its
    day; told once for a day."""

    type: ClassVar[str] = "kechuang.targets.key_task.overdue.v1"
    subject_field: ClassVar[str] = "key_task"
    permission: ClassVar[str] = "key_tasks.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("responsible_unit",)

    key_task: str
    milestone: str | None = None
    name: str
    responsible_unit: str
    due_on: date
    percent_complete: Amount


class KeyTaskMilestoneReached(Event):
    """Somebody other than the unit confirmed that a milestone of a key task was reached."""

    type: ClassVar[str] = "kechuang.targets.key_task.milestone_reached.v1"
    subject_field: ClassVar[str] = "key_task"
    permission: ClassVar[str] = "key_tasks.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("responsible_unit",)

    key_task: str
    milestone: str
    name: str
    responsible_unit: str
    due_on: date
    reached_on: date
    percent_complete: Amount
