"""The ratio of the government's money to the enterprises'."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from servicekit.decimals import plain

_PLACES = 10**6


class LeverageLevel(StrEnum):
    YEAR = "year"
    FUND = "fund"
    AWARD = "award"


def ratio(government: Decimal, enterprise: Decimal) -> Decimal | None:
    """How many yuan stand beside one of the government's: exact, or cut off after six places, so
    that it never claims what was not reached; none where the government gave nothing."""
    if government <= 0:
        return None
    return Decimal(Fraction(enterprise) * _PLACES // Fraction(government)).scaleb(-6)


def written(ratio: Decimal | None) -> str | None:
    """`1:12.4`."""
    return None if ratio is None else f"1:{plain(ratio)}"
