"""Rules of an award."""

from decimal import Decimal
from enum import StrEnum

from servicekit.problems import Conflict, InvalidTransition


class AwardKind(StrEnum):
    """What is supported: a project, a collective or a person, a patent, a loan, a platform."""

    PROJECT_GRANT = "project_grant"
    INNOVATION_AWARD = "innovation_award"
    PATENT_SUBSIDY = "patent_subsidy"
    INTEREST_SUBSIDY = "interest_subsidy"
    PLATFORM_GRANT = "platform_grant"


class AwardState(StrEnum):
    """Nothing more is asked of one that is closed; what it had left went back to its line."""

    GRANTED = "granted"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class MoneyHasMoved(Conflict):
    code = "money_has_moved"
    zh = "已有拨付或在途拨付，不能撤销立项"
    en = "Money of this award has been paid or is on its way; it cannot be cancelled"


class AcceptanceOpen(Conflict):
    code = "acceptance_open"
    zh = "该立项正在验收，作出验收结论后即关闭，不能撤销"
    en = "The award is being accepted; the conclusion closes it, so it cannot be cancelled"


def check_cancellation(
    state: str, requested: Decimal, paid: Decimal, *, is_being_accepted: bool
) -> None:
    """Only an award nothing has been asked of can be taken back.

    Raises:
        InvalidTransition: it is cancelled already.
        MoneyHasMoved, AcceptanceOpen: see above.
    """
    if state != AwardState.GRANTED:
        raise InvalidTransition(state=state, action="cancel")
    if requested or paid:
        raise MoneyHasMoved
    if is_being_accepted:
        raise AcceptanceOpen
