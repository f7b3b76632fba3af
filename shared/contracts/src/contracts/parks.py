"""Events of the parks service."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel

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


class ParkChanged(Event):
    """A park was made or changed; `name` is its Chinese one."""

    type: ClassVar[str] = "kechuang.parks.park.changed.v1"
    subject_field: ClassVar[str] = "park_code"
    permission: ClassVar[str] = "parks.read"

    park_code: str
    name: str
    name_en: str
    kind: str
    programme: str | None = None


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


class _TechnologyContract(BaseModel):
    subject_field: ClassVar[str] = "contract_id"
    permission: ClassVar[str] = "technology_contracts.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    contract_id: UUID
    number: str
    kind: str
    enterprise_id: UUID | None = None
    """The seller, where the register knows it."""
    park_code: str | None = None
    amount: Amount
    unit: str
    registered_on: date
    concerned_units: tuple[str, ...] = ()


class TechnologyContractRegistered(_TechnologyContract, Event):
    """A technology contract was registered; its amount is trade volume of the month."""

    type: ClassVar[str] = "kechuang.parks.technology_contract.registered.v1"


class TechnologyContractCorrected(_TechnologyContract, Event):
    """What was registered was put right; the fields are those that hold now."""

    type: ClassVar[str] = "kechuang.parks.technology_contract.corrected.v1"


class TechnologyContractCancelled(_TechnologyContract, Event):
    """The registration was taken back; the amount counts no longer."""

    type: ClassVar[str] = "kechuang.parks.technology_contract.cancelled.v1"

    cancelled_on: date


class RdProjectChanged(Event):
    """An R&D project was registered or changed, began or ended."""

    type: ClassVar[str] = "kechuang.parks.rd_project.changed.v1"
    subject_field: ClassVar[str] = "project_id"
    permission: ClassVar[str] = "rd_projects.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    project_id: UUID
    number: str
    title: str
    enterprise_id: UUID
    programme: str | None = None
    starts_on: date
    ends_on: date
    state: str
    concerned_units: tuple[str, ...] = ()


class RdProjectReported(Event):
    """A project's figures of a year were verified, or taken back (`state` is `returned`);
    `actual_…` are the sums over all that are verified."""

    type: ClassVar[str] = "kechuang.parks.rd_project.reported.v1"
    subject_field: ClassVar[str] = "project_id"
    permission: ClassVar[str] = "rd_project_results.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    project_id: UUID
    number: str
    enterprise_id: UUID
    programme: str | None = None
    year: int
    state: str
    investment: Amount
    new_sales: Amount
    profit_and_tax: Amount
    actual_investment: Amount
    actual_new_sales: Amount
    actual_profit_and_tax: Amount
    unit: str
    concerned_units: tuple[str, ...] = ()


class _Achievement(BaseModel):
    subject_field: ClassVar[str] = "achievement_id"
    permission: ClassVar[str] = "achievements.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    achievement_id: UUID
    title: str
    kind: str
    source_name: str
    enterprise_id: UUID
    """Where it went."""
    amount: Amount
    unit: str
    transferred_on: date
    major: bool
    programme: str | None = None
    contract_id: UUID | None = None
    state: str
    concerned_units: tuple[str, ...] = ()


class AchievementRegistered(_Achievement, Event):
    """An achievement went to an enterprise."""

    type: ClassVar[str] = "kechuang.parks.achievement.registered.v1"


class AchievementChanged(_Achievement, Event):
    """A registered achievement was changed or withdrawn."""

    type: ClassVar[str] = "kechuang.parks.achievement.changed.v1"


class GradeApplicationChanged(Event):
    """A park's application for a grade was handed in, taken up, returned, decided or withdrawn."""

    type: ClassVar[str] = "kechuang.parks.grade_application.changed.v1"
    subject_field: ClassVar[str] = "application_id"
    permission: ClassVar[str] = "grade_applications.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("concerned_units",)

    application_id: UUID
    park_code: str
    grade: str
    state: str
    document_no: str | None = None
    concerned_units: tuple[str, ...] = ()
