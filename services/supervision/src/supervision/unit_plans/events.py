"""Row → published event."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.supervision import (
    UnitPlanApproved,
    UnitPlanOverdue,
    UnitPlanReminded,
    UnitPlanRequested,
    UnitPlanReturned,
    UnitPlanSubmitted,
)

from supervision.unit_plans.models import UnitPlan


def _what(plan: UnitPlan) -> Mapping[str, Any]:
    return {
        "plan_id": plan.id,
        "kind": plan.kind,
        "year": plan.year,
        "unit_code": plan.unit_code,
    }


def plan_requested(plan: UnitPlan) -> UnitPlanRequested:
    return UnitPlanRequested.model_validate({**_what(plan), "due_on": plan.due_on})


def plan_submitted(plan: UnitPlan) -> UnitPlanSubmitted:
    return UnitPlanSubmitted.model_validate(
        {**_what(plan), "edition": plan.edition, "late": plan.late}
    )


def plan_returned(plan: UnitPlan) -> UnitPlanReturned:
    return UnitPlanReturned.model_validate(
        {**_what(plan), "edition": plan.edition, "reason": plan.return_reason}
    )


def plan_approved(plan: UnitPlan) -> UnitPlanApproved:
    return UnitPlanApproved.model_validate({**_what(plan), "edition": plan.edition})


def plan_overdue(plan: UnitPlan) -> UnitPlanOverdue:
    return UnitPlanOverdue.model_validate({**_what(plan), "due_on": plan.due_on})


def plan_reminded(
    plan: UnitPlan, rule_code: str, offset: int, audience: str, recipients: Sequence[str]
) -> UnitPlanReminded:
    return UnitPlanReminded.model_validate(
        {
            **_what(plan),
            "rule_code": rule_code,
            "offset_workdays": offset,
            "audience": audience,
            "recipients": list(recipients),
            "due_on": plan.due_on,
        }
    )
