"""What of a platform's cost is granted: a share, never above the gap that own money leaves."""

from decimal import Decimal
from fractions import Fraction

from servicekit.problems import Unprocessable

from funding.supports.domain import Computed, NothingToSupport, fen

FORMULA = "min(cost * share / 100, cap, cost - own_funds)"


class NoOwnFunds(Unprocessable):
    code = "own_funds_too_small"
    zh = "自筹 {own} 元不足：总投资 {cost} 元，至少须自筹 {needed} 元"
    en = "Own money of {own} yuan is too little: of {cost} yuan at least {needed} are needed"


def compute(cost: Decimal, own_funds: Decimal, share: Decimal, cap: Decimal) -> Computed:
    """The grant, yuan; `share` is the most of the cost that is granted, percent.

    Raises:
        NoOwnFunds: the unit does not carry the rest, which the share leaves to it.
        NothingToSupport: the unit carries all of it.
    """
    most = fen(Fraction(cost) * Fraction(share) / 100)
    if own_funds < cost - most:
        problem = NoOwnFunds(
            own=f"{own_funds:.2f}", cost=f"{cost:.2f}", needed=f"{cost - most:.2f}"
        )
        raise problem.at("/own_funds")
    amount = min(most, cap, cost - own_funds)
    if amount <= 0:
        raise NothingToSupport().at("/own_funds")
    inputs = {
        "cost": f"{cost:.2f}",
        "own_funds": f"{own_funds:.2f}",
        "share": f"{share.normalize():f}",
        "cap": f"{cap:.2f}",
    }
    return Computed(amount, FORMULA, inputs)
