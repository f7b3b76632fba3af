"""Rules of a budget line: who approves it, and that it is never overdrawn."""

from decimal import Decimal
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, Forbidden, InvalidTransition


class BudgetState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"


class InsufficientFunds(Conflict):
    code = "insufficient_funds"
    zh = "可用余额不足：可用 {available} 元，需要 {needed} 元"
    en = "Not enough money: {available} yuan available, {needed} yuan needed"


class BudgetNotApproved(Conflict):
    code = "budget_not_approved"
    zh = "预算尚未批准"
    en = "The budget has not been approved"


class LineIsDraft(Conflict):
    code = "line_is_draft"
    zh = "{year} 年的预算科目 {line} 仍为草稿，请先批准"
    en = "The line {line} of {year} is still a draft: approve it first"


class SeparationOfDuties(Forbidden):
    """One person may not do two steps of the same money."""

    code = "separation_of_duties"
    zh = "不相容岗位分离：{done_zh}的人不能{step_zh}"
    en = "Separation of duties: whoever did {done_en} may not do {step_en}"


def insufficient(available: Decimal, needed: Decimal) -> InsufficientFunds:
    """The refusal with its numbers, yuan, pointing at the amount."""
    problem = InsufficientFunds(available=f"{available:.2f}", needed=f"{needed:.2f}")
    problem.errors = (FieldError("/amount", problem.code, problem.text("zh"), problem.text("en")),)
    return problem


def check_approval(state: str, made_by: str, approver: str) -> None:
    """A draft is approved, once, by somebody who did not draw it up.

    Raises:
        InvalidTransition: it is approved already.
        SeparationOfDuties: the approver made it.
    """
    if state != BudgetState.DRAFT:
        raise InvalidTransition(state=state, action="approve")
    if made_by == approver:
        raise SeparationOfDuties(
            done_zh="编制预算", step_zh="批准预算", done_en="the draft", step_en="the approval"
        )
