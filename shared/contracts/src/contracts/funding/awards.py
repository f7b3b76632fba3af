"""What was granted, of whatever kind, and what became of it."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.base import Amount, Event


class AwardGranted(Event):
    """`kind` is none in what was told before there were several."""

    type: ClassVar[str] = "kechuang.funding.award.granted.v1"
    subject_field: ClassVar[str] = "award_id"
    permission: ClassVar[str] = "awards.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    award_id: UUID
    fund_code: str
    fiscal_year: int
    payee_unit: str
    amount: Amount
    title: str
    kind: str | None = None


class SupportFiled(Event):
    """A unit asks for support that is no project's: `innovation_award`, `patent_subsidy`,
    `interest_subsidy` or `platform_grant`."""

    type: ClassVar[str] = "kechuang.funding.support.filed.v1"
    subject_field: ClassVar[str] = "support_id"
    permission: ClassVar[str] = "awards.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    support_id: UUID
    kind: str
    fiscal_year: int
    payee_unit: str
    amount: Amount


class SupportDecided(Event):
    """It was approved, and is an award now, or it was rejected or withdrawn."""

    type: ClassVar[str] = "kechuang.funding.support.decided.v1"
    subject_field: ClassVar[str] = "support_id"
    permission: ClassVar[str] = "awards.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    support_id: UUID
    kind: str
    fiscal_year: int
    payee_unit: str
    amount: Amount
    state: str
    award_id: UUID | None = None


class AcceptanceSubmitted(Event):
    """A payee reports that what its award was granted for is done, or was rectified."""

    type: ClassVar[str] = "kechuang.funding.acceptance.submitted.v1"
    subject_field: ClassVar[str] = "acceptance_id"
    permission: ClassVar[str] = "acceptances.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    acceptance_id: UUID
    award_id: UUID
    payee_unit: str


class AcceptanceOverdue(Event):
    """The day of a rectification passed and nothing was handed in."""

    type: ClassVar[str] = "kechuang.funding.acceptance.overdue.v1"
    subject_field: ClassVar[str] = "acceptance_id"
    permission: ClassVar[str] = "acceptances.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    acceptance_id: UUID
    award_id: UUID
    payee_unit: str
    rectify_by: date


class AcceptanceConcluded(Event):
    """`rectification` by a day; or `passed`, `passed_after_rectification` or `failed`: the award is
    closed, `released` went back to its line, and `give_back` is what a failed one has to return."""

    type: ClassVar[str] = "kechuang.funding.acceptance.concluded.v1"
    subject_field: ClassVar[str] = "acceptance_id"
    permission: ClassVar[str] = "acceptances.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    acceptance_id: UUID
    award_id: UUID
    payee_unit: str
    state: str
    rectify_by: date | None = None
    released: Amount | None = None
    give_back: Amount | None = None


class PerformanceEvaluated(Event):
    """The evaluation of an award was published: its score from 0 to 100, and `excellent`, `good`,
    `fair` or `poor`."""

    type: ClassVar[str] = "kechuang.funding.performance_evaluation.published.v1"
    subject_field: ClassVar[str] = "evaluation_id"
    permission: ClassVar[str] = "performance_evaluations.read"
    unit_fields: ClassVar[tuple[str, ...]] = ("payee_unit",)

    evaluation_id: UUID
    award_id: UUID
    payee_unit: str
    score: Amount
    grade: str
