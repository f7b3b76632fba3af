"""Events of the parks service."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Amount, Event

EnterpriseClass = Literal["high_tech", "science_type", "ordinary"]


class EnterpriseChanged(Event):
    """An enterprise was registered or changed; `unit_code` is its place in the directory,
    `concerned_units` are that and the units of its park."""

    type: ClassVar[str] = "kechuang.parks.enterprise.changed.v1"
    subject_field: ClassVar[str] = "enterprise_id"
    permission: ClassVar[str] = "enterprises.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code", "concerned_units")

    enterprise_id: UUID
    uscc: str
    name: str
    unit_code: str | None = None
    park_code: str | None = None
    enterprise_class: EnterpriseClass
    active: bool = True
    above_scale: bool | None = None
    industry: str | None = None
    merged_into: UUID | None = None
    concerned_units: tuple[str, ...] = ()


class EnterprisesMerged(Event):
    """`enterprise_id` turned out to be a duplicate of `into_id`, which has what was its."""

    type: ClassVar[str] = "kechuang.parks.enterprise.merged.v1"
    subject_field: ClassVar[str] = "enterprise_id"
    permission: ClassVar[str] = "enterprises.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    enterprise_id: UUID
    uscc: str
    into_id: UUID
    into_uscc: str
    concerned_units: tuple[str, ...] = ()


class RecognitionGranted(Event):
    type: ClassVar[str] = "kechuang.parks.recognition.granted.v1"
    subject_field: ClassVar[str] = "recognition_id"
    permission: ClassVar[str] = "recognitions.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    recognition_id: UUID
    enterprise_id: UUID
    uscc: str
    kind: str
    number: str
    valid_from: date
    valid_to: date
    concerned_units: tuple[str, ...] = ()


class RecognitionExpired(Event):
    type: ClassVar[str] = "kechuang.parks.recognition.expired.v1"
    subject_field: ClassVar[str] = "recognition_id"
    permission: ClassVar[str] = "recognitions.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    recognition_id: UUID
    enterprise_id: UUID
    uscc: str
    kind: str
    number: str
    expired_on: date
    concerned_units: tuple[str, ...] = ()


class RecognitionExpiring(Event):
    """A recognition runs out and none follows it. Told 180, 90 and 30 days before its last day,
    each once; `days_before` says which it is."""

    type: ClassVar[str] = "kechuang.parks.recognition.expiring.v1"
    subject_field: ClassVar[str] = "recognition_id"
    permission: ClassVar[str] = "recognitions.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    recognition_id: UUID
    enterprise_id: UUID
    uscc: str
    kind: str
    number: str
    valid_to: date
    days_before: int
    concerned_units: tuple[str, ...] = ()


class OperatingReturnAccepted(Event):
    """A verified operating return. Amounts in 万元, employees in persons, keyed by measure."""

    type: ClassVar[str] = "kechuang.parks.operating_return.accepted.v1"
    subject_field: ClassVar[str] = "return_id"
    permission: ClassVar[str] = "operating_returns.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    return_id: UUID
    enterprise_id: UUID
    uscc: str
    enterprise_class: EnterpriseClass
    park_code: str | None = None
    period: str
    measures: dict[str, Amount]
    concerned_units: tuple[str, ...] = ()


class OperatingReturnRestated(Event):
    """An accepted return has other numbers, keyed by measure; `before` are those it had until now.
    Amounts in 万元, employees in persons."""

    type: ClassVar[str] = "kechuang.parks.operating_return.restated.v1"
    subject_field: ClassVar[str] = "return_id"
    permission: ClassVar[str] = "operating_returns.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    return_id: UUID
    restatement_id: UUID
    enterprise_id: UUID
    uscc: str
    enterprise_class: EnterpriseClass
    park_code: str | None = None
    period: str
    measures: dict[str, Amount]
    before: dict[str, Amount]
    reason: str
    concerned_units: tuple[str, ...] = ()


class ReturnDue(Event):
    """A return is due soon (`days_left` workdays, 0 on the day itself) or was not handed in by its
    day (`is_overdue`). Told once each."""

    type: ClassVar[str] = "kechuang.parks.operating_return.due.v1"
    subject_field: ClassVar[str] = "series"
    permission: ClassVar[str] = "operating_returns.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    series: str
    enterprise_id: UUID
    uscc: str
    period: str
    form_code: str
    due_on: date
    days_left: int
    is_overdue: bool
    concerned_units: tuple[str, ...] = ()


class ParkMetricChanged(Event):
    """A total the register keeps has moved.

    `metric` is stable (`sales_revenue.six_parks`, `rd_intensity.high_tech`, `count.high_tech`);
    ratios also carry what they are made of, because percentages are never averaged.
    The subject is metric and period together, so each period's number has its own order.
    """

    type: ClassVar[str] = "kechuang.parks.park_metric.changed.v1"
    subject_field: ClassVar[str] = "series"
    permission: ClassVar[str] = "park_metrics.read"

    series: str
    metric: str
    period: str
    value: Amount
    unit: str
    numerator: Amount | None = None
    denominator: Amount | None = None
    reason: str | None = None
    """Why it was restated, where it was."""


class ParkGradeObtained(Event):
    type: ClassVar[str] = "kechuang.parks.park.grade_obtained.v1"
    subject_field: ClassVar[str] = "park_code"
    permission: ClassVar[str] = "parks.read"

    park_code: str
    grade: str
    obtained_on: date
    current_grade: str | None = None
    """The highest the park held on that day, of all that are recorded."""


class PlatformChanged(Event):
    """A platform was registered, changed, obtained a level or was closed. `level` is the
    highest it has."""

    type: ClassVar[str] = "kechuang.parks.platform.changed.v1"
    subject_field: ClassVar[str] = "platform_id"
    permission: ClassVar[str] = "platforms.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    platform_id: UUID
    kind: str
    name: str
    level: str | None = None
    enterprise_id: UUID | None = None
    park_code: str | None = None
    state: str
    concerned_units: tuple[str, ...] = ()


LossReason = Literal["expired", "revoked"]


class ParkGradeLost(Event):
    """A park holds a grade no longer, from `lost_on` on: its time ran out without a review, or a
    review took it away. `current_grade` is the highest that is left."""

    type: ClassVar[str] = "kechuang.parks.park.grade_lost.v1"
    subject_field: ClassVar[str] = "park_code"
    permission: ClassVar[str] = "parks.read"

    park_code: str
    grade: str
    lost_on: date
    reason: LossReason
    current_grade: str | None = None
