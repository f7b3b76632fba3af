"""The life of a plan that a unit owes, without a database.

requested → submitted → reviewed → approved. A submitted or reviewed one is returned and handed in
again; an approved one is revised, and stays in force until the next edition is approved.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, Forbidden, InvalidTransition


class PlanState(StrEnum):
    REQUESTED = "requested"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RETURNED = "returned"
    REVISING = "revising"
    CANCELLED = "cancelled"


class PlanStep(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    REVIEW = "review"
    APPROVE = "approve"
    RETURN = "return"
    REVISE = "revise"


WITH_THE_UNIT = (PlanState.REQUESTED, PlanState.RETURNED, PlanState.REVISING)
MISSING = (PlanState.REQUESTED, PlanState.RETURNED)
"""Nothing that could be approved is there: a revised one has an edition in force."""
STEPS: Mapping[PlanStep, tuple[tuple[PlanState, ...], PlanState | None]] = {
    PlanStep.EDIT: (WITH_THE_UNIT, None),
    PlanStep.SUBMIT: (WITH_THE_UNIT, PlanState.SUBMITTED),
    PlanStep.REVIEW: ((PlanState.SUBMITTED,), PlanState.REVIEWED),
    PlanStep.APPROVE: ((PlanState.REVIEWED,), PlanState.APPROVED),
    PlanStep.RETURN: ((PlanState.SUBMITTED, PlanState.REVIEWED), PlanState.RETURNED),
    PlanStep.REVISE: ((PlanState.APPROVED,), PlanState.REVISING),
}


class PlanUnproven(Conflict):
    code = "plan_without_file"
    zh = "请先上传方案文件"
    en = "Attach the plan's file first"


class AuthorDecides(Forbidden):
    code = "separation_of_duties"
    zh = "报送人不得审核或批准自己报送的方案"
    en = "Whoever handed a plan in neither reviews nor approves it"


def called(year: int | None) -> str:
    """What the plan is called in Chinese."""
    return "实施方案" if year is None else f"{year} 年度进展计划"


def check_step(state: str, step: PlanStep) -> PlanState | None:
    """Where a step leads from here; none where it leaves the state as it is.

    Raises:
        InvalidTransition: there is no such step from this state.
    """
    sources, target = STEPS[step]
    if state not in sources:
        raise InvalidTransition(state=state, action=step.value)
    return target


def refuse_author(submitted_by: str | None, actor: str) -> None:
    """Raises `AuthorDecides`."""
    if submitted_by == actor:
        raise AuthorDecides(permission="approval")


def is_late(edition: int, due_on: date, today: date) -> bool:
    """The first edition is late after the deadline; the others answer to nobody's deadline."""
    return edition == 1 and today > due_on
