"""The life of an application, and when one may be handed in.

draft → submitted → under_review → granted | refused, or returned to be mended and submitted again;
withdrawn by the park as long as nothing is decided. What the register counts of each criterion is
kept with the submission: what was applied with is not what is there today.
"""

from collections.abc import Collection
from enum import StrEnum

from servicekit.problems import Conflict, Forbidden, InvalidTransition, Unprocessable


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ApplicationAction(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    REVIEW = "review"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
SUBMITTED = frozenset({ApplicationState.SUBMITTED})
REVIEWED = frozenset({ApplicationState.UNDER_REVIEW})
STEPS: dict[ApplicationAction, tuple[frozenset[ApplicationState], ApplicationState | None]] = {
    ApplicationAction.EDIT: (EDITABLE, None),
    ApplicationAction.SUBMIT: (EDITABLE, ApplicationState.SUBMITTED),
    ApplicationAction.REVIEW: (SUBMITTED, ApplicationState.UNDER_REVIEW),
    ApplicationAction.RETURN: (REVIEWED, ApplicationState.RETURNED),
    ApplicationAction.GRANT: (REVIEWED, ApplicationState.GRANTED),
    ApplicationAction.REFUSE: (REVIEWED, ApplicationState.REFUSED),
    ApplicationAction.WITHDRAW: (EDITABLE | SUBMITTED | REVIEWED, ApplicationState.WITHDRAWN),
}
"""From which states a step is possible and where it leads; none: it stays where it is."""
OVER = (ApplicationState.GRANTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)


class ApplicationOpen(Conflict):
    code = "grade_application_open"
    zh = "该园区申报此级别的申请尚未办结"
    en = "The park has an application for this grade that is not decided yet"


class GradeHeld(Conflict):
    code = "grade_held"
    zh = "该园区已具有此级别"
    en = "The park holds this grade already"


class EvidenceMissing(Unprocessable):
    code = "evidence_missing"
    zh = "以下条件尚无佐证材料：{criteria}"
    en = "There is no evidence yet of: {criteria}"


class CriteriaUnmet(Unprocessable):
    code = "criteria_unmet"
    zh = "{gap}；仍要申报请在 explanation 中说明理由"
    en = "{gap}; to apply all the same, say why in `explanation`"


class ApplicantMayNotDecide(Forbidden):
    code = "separation_of_duties"
    zh = "申报人不得评审自己的申报"
    en = "Whoever applied may not decide on it"


def step(state: str, action: ApplicationAction) -> ApplicationState:
    """The state after a step. Raises `InvalidTransition` where it is not possible from here."""
    allowed, after = STEPS[action]
    if state not in allowed:
        raise InvalidTransition(state=state, action=action)
    return after or ApplicationState(state)


def check_evidence(criteria: Collection[str], proven: Collection[str | None]) -> None:
    """Every criterion has a file that is evidence of it; without criteria there is one file.

    Raises:
        EvidenceMissing.
    """
    missing = [code for code in criteria if code not in proven]
    if missing or not proven:
        raise EvidenceMissing(criteria=", ".join(missing) or "—")


def check_criteria(*, is_ready: bool, gap_zh: str, gap_en: str, explanation: str | None) -> None:
    """What is not met is applied for with a reason.

    Raises:
        CriteriaUnmet.
    """
    if not is_ready and explanation is None:
        raise CriteriaUnmet(gap=f"{gap_zh} / {gap_en}").at("/explanation")


def check_decider(filed_by: Collection[str], decider: str) -> None:
    """Raises `ApplicantMayNotDecide`."""
    if decider in filed_by:
        raise ApplicantMayNotDecide(permission="grade_applications.decide")
