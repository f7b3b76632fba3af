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


def check_cancellation(state: str, requested: Decimal, paid: Decimal) -> None:
    """Only an award nothing has been asked of can be taken back.

    Raises:
        InvalidTransition: it is cancelled already.
        MoneyHasMoved: see above.
    """
    if state != AwardState.GRANTED:
        raise InvalidTransition(state=state, action="cancel")
    if requested or paid:
        raise MoneyHasMoved
