"""Events of the targets service."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Amount, Event

RagStatus = Literal["green", "amber", "red", "unknown"]


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


class IndicatorMeasured(Event):
    """A new actual was taken for an indicator and compared with its trajectory."""

    type: ClassVar[str] = "kechuang.targets.indicator.measured.v1"
    subject_field: ClassVar[str] = "indicator_code"
    permission: ClassVar[str] = "status_board.read"

    indicator_code: str
    period: str
    actual: Amount
    expected: Amount | None = None
    unit: str
    status: RagStatus
    measured_at: datetime


class IndicatorStatusChanged(Event):
    """An indicator's RAG status changed, with the reason in words."""

    type: ClassVar[str] = "kechuang.targets.indicator.status_changed.v1"
    subject_field: ClassVar[str] = "indicator_code"
    permission: ClassVar[str] = "status_board.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("lead_unit",)

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
    type: ClassVar[str] = "kechuang.targets.progress_report.verified.v1"
    subject_field: ClassVar[str] = "report_id"
    permission: ClassVar[str] = "progress_reports.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    report_id: UUID
    indicator_code: str
    unit_code: str
    period: str
    value: Amount


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
