"""Which totals a return moves, and by how much.

A flow is told year to date: the number of July holds January to July. A ratio keeps what it is
made of, because percentages are never averaged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parks.returns.domain import UNIT

PERCENT = "%"
ENTERPRISES = "家"


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of bodies on one day: of platforms of one kind, of those of one level, in one kind
    of place or founded under a programme; of enterprises without any of these."""

    metric: str
    unit: str
    kind: str | None = None
    level: str | None = None
    seat: str | None = None
    founded_new: bool = False


HIGH_TECH_COUNT = Counted("count.high_tech", ENTERPRISES)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one return adds to a metric; a ratio has a denominator."""

    metric: str
    unit: str
    numerator: Decimal
    denominator: Decimal | None = None


def contributions(
    numbers: Mapping[str, Decimal],
    *,
    enterprise_class: str,
    park_code: str | None,
    in_programme: bool,
) -> list[Contribution]:
    """Everything one accepted return adds to the month it ends in (plan, sections 一 and 二(四)).

    `in_programme`: its park is one of the programme's, whose sales are a target of their own.
    """
    sales, value_added = numbers["sales_revenue"], numbers["high_tech_value_added"]
    own_ip, high_tech = numbers["own_ip_output"], numbers["high_tech_output"]
    moved = [
        Contribution("high_tech_value_added.city", UNIT, value_added),
        Contribution("own_ip_share.city", PERCENT, own_ip, high_tech),
        Contribution(f"rd_intensity.{enterprise_class}", PERCENT, numbers["rd_spend"], sales),
    ]
    if park_code is not None:
        moved.append(Contribution(f"sales_revenue.park.{park_code}", UNIT, sales))
        if in_programme:
            moved.append(Contribution("sales_revenue.six_parks", UNIT, sales))
    return sorted(moved, key=lambda each: each.metric)


def merged(each: Iterable[Contribution]) -> list[Contribution]:
    """Contributions to one metric as one."""
    sums: dict[str, Contribution] = {}
    for one in each:
        had = sums.get(one.metric)
        if had is not None:
            parts = (had.denominator, one.denominator)
            below = None if None in parts else sum(filter(None, parts), Decimal(0))
            one = Contribution(one.metric, one.unit, had.numerator + one.numerator, below)
        sums[one.metric] = one
    return sorted(sums.values(), key=lambda one: one.metric)


def months_to(today: date, first: date | None = None) -> list[str]:
    """The months up to the one that runs: of this year, or from that of the day `first` on."""
    begins = first or today.replace(month=1)
    until = today.year * 12 + today.month
    months = range(begins.year * 12 + begins.month, until + 1)
    return [f"{(each - 1) // 12}-{(each - 1) % 12 + 1:02d}" for each in months]
