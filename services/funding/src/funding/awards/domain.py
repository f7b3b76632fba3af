"""Rules of an award."""

from decimal import Decimal
from enum import StrEnum

from servicekit.problems import Conflict, InvalidTransition


class AwardState(StrEnum):
    GRANTED = "granted"
    CANCELLED = "cancelled"


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
