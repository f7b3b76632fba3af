"""A document is drawn up by one person and decided by another, once.

draft -> approved | rejected, or withdrawn by those who draw up.
"""

from enum import StrEnum

from servicekit.problems import InvalidTransition

from funding.budgets.domain import SeparationOfDuties


class DocumentState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


REACHES = {
    Step.APPROVE: DocumentState.APPROVED,
    Step.REJECT: DocumentState.REJECTED,
    Step.WITHDRAW: DocumentState.WITHDRAWN,
}


def plural(name: str) -> str:
    """What a resource of such documents is called: `transfer` → `transfers`."""
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def check_step(state: str, step: Step, made_by: str, decider: str) -> None:
    """Only a draft is decided, and not by who drew it up.

    Raises:
        InvalidTransition: it was decided already.
        SeparationOfDuties: the maker approves or rejects it.
    """
    if state != DocumentState.DRAFT:
        raise InvalidTransition(state=state, action=step)
    if step is not Step.WITHDRAW and made_by == decider:
        raise SeparationOfDuties(
            done_zh="编制单据", step_zh="审批", done_en="the draft", step_en="the decision"
        )
