"""Which totals a return moves, and by how much.

A flow is told year to date: the number of July holds January to July. A ratio keeps what it is
made of, because percentages are never averaged.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parks.returns.domain import UNIT, Measures

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
    measures: Measures, *, enterprise_class: str, park_code: str | None, in_programme: bool
) -> list[Contribution]:
    """Everything one accepted return adds to its month (plan, sections 一 and 二(四)).

    `in_programme`: its park is one of the programme's, whose sales are a target of their own.
    """
    sales = measures.sales_revenue
    moved = [
        Contribution("high_tech_value_added.city", UNIT, measures.high_tech_value_added),
        Contribution(
            "own_ip_share.city", PERCENT, measures.own_ip_output, measures.high_tech_output
        ),
        Contribution(f"rd_intensity.{enterprise_class}", PERCENT, measures.rd_spend, sales),
    ]
    if park_code is not None:
        moved.append(Contribution(f"sales_revenue.park.{park_code}", UNIT, sales))
        if in_programme:
            moved.append(Contribution("sales_revenue.six_parks", UNIT, sales))
    return sorted(moved, key=lambda each: each.metric)


def months_to(today: date) -> list[str]:
    """The months of this year up to the one that runs."""
    return [f"{today.year}-{month:02d}" for month in range(1, today.month + 1)]
