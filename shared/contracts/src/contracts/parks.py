"""Events of the parks service."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Amount, Event

EnterpriseClass = Literal["high_tech", "science_type", "ordinary"]


class EnterpriseChanged(Event):
    """An enterprise was registered or changed; `unit_code` is its place in the directory."""

    type: ClassVar[str] = "kechuang.parks.enterprise.changed.v1"
    subject_field: ClassVar[str] = "enterprise_id"
    permission: ClassVar[str] = "enterprises.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code",)

    enterprise_id: UUID
    uscc: str
    name: str
    unit_code: str | None = None
    park_code: str | None = None
    enterprise_class: EnterpriseClass
    active: bool = True


class RecognitionGranted(Event):
    type: ClassVar[str] = "kechuang.parks.recognition.granted.v1"
    subject_field: ClassVar[str] = "recognition_id"
    permission: ClassVar[str] = "recognitions.read"

    recognition_id: UUID
    enterprise_id: UUID
    uscc: str
    kind: str
    number: str
    valid_from: date
    valid_to: date


class RecognitionExpired(Event):
    type: ClassVar[str] = "kechuang.parks.recognition.expired.v1"
    subject_field: ClassVar[str] = "recognition_id"
    permission: ClassVar[str] = "recognitions.read"

    recognition_id: UUID
    enterprise_id: UUID
    uscc: str
    kind: str
    number: str
    expired_on: date


class OperatingReturnAccepted(Event):
    """A verified operating return. Amounts in 万元, employees in persons, keyed by measure."""

    type: ClassVar[str] = "kechuang.parks.operating_return.accepted.v1"
    subject_field: ClassVar[str] = "return_id"
    permission: ClassVar[str] = "operating_returns.read"

    return_id: UUID
    enterprise_id: UUID
    uscc: str
    enterprise_class: EnterpriseClass
    park_code: str | None = None
    period: str
    measures: dict[str, Amount]


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


class ParkGradeObtained(Event):
    type: ClassVar[str] = "kechuang.parks.park.grade_obtained.v1"
    subject_field: ClassVar[str] = "park_code"
    permission: ClassVar[str] = "parks.read"

    park_code: str
    grade: str
    obtained_on: date
