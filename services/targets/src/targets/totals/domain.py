"""How numbers add up: over time within a unit, then over units, as the indicator says.

A total keeps what its result is made of: the sum, both parts of a ratio, how many units. So the
totals of any groups of units can be joined in any order, and percentages are never averaged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from uuid import UUID

from targets.observations.domain import Reading, rounded
from targets.periods import domain as periods

CARRIES = frozenset({"latest", "max", "any"})
"""A level stands until the next one, and what was obtained or built stays so; everything else is
a year's."""
ADDS = frozenset({"sum", "ratio_of_sums"})
ZERO = Decimal(0)


class Undecided(Exception):
    """What is taken out was the highest, lowest or latest: the rest has to be looked at again."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How an indicator's numbers add up. `unit` is what it is measured in."""

    over_time: str
    over_units: str
    unit: str

    def first_day(self, day: date) -> date:
        """The first day whose numbers still count on `day`."""
        return date.min if self.over_time in CARRIES else date(day.year, 1, 1)

    def last_day(self, day: date) -> date:
        """The last day on which a number of `day` still counts."""
        return date.max if self.over_time in CARRIES else date(day.year, 12, 31)


class Mark(NamedTuple):
    """Which number is the latest: its period ends later; of two that end together, the longer
    period's; of two of one period, the one taken last."""

    ends_on: date
    days: int
    observation_id: UUID
    period: str


@dataclass(frozen=True, slots=True)
class Total:
    """The numbers of some units. `amount` is their sum, extreme or latest value, by the rule; for
    `any` and `all` the number of units where it is true. `reporting` counts the units whose
    latest number ends on the very day."""

    units: int
    reporting: int
    amount: Decimal
    numerator: Decimal
    denominator: Decimal
    latest: Mark


_span = cache(periods.parse)
"""There are some four thousand periods, and millions of numbers."""


def mark(period: str, observation_id: UUID) -> Mark:
    span = _span(period)
    return Mark(span.ends_on, (span.ends_on - span.starts_on).days, observation_id, period)


def of_unit(rule: Rule, readings: Sequence[Reading]) -> Total:
    """One unit's numbers (at least one) over time."""
    last = max(readings, key=lambda r: mark(r.period, r.observation_id))
    chosen = _chosen(rule.over_time, readings, last)
    parts = [(r.numerator, r.denominator) for r in chosen if r.numerator is not None]
    numerator = sum((n for n, _ in parts), ZERO)
    denominator = sum((d for _, d in parts if d is not None), ZERO)
    value = _over_time(rule, chosen, last, numerator, denominator)
    return Total(
        units=1,
        reporting=1,
        amount=Decimal(value != 0) if rule.over_units in ("any", "all") else value,
        numerator=numerator,
        denominator=denominator,
        latest=mark(last.period, last.observation_id),
    )


def unit_total(rule: Rule, readings: Iterable[Reading], day: date) -> Total | None:
    """A unit's total on a day; none where it has told nothing that counts then."""
    first = rule.first_day(day)
    found = [r for r in readings if first <= r.ends_on <= day]
    if not found:
        return None
    total = of_unit(rule, found)
    return total if total.latest.ends_on == day else replace(total, reporting=0)


def _chosen(how: str, readings: Sequence[Reading], last: Reading) -> Sequence[Reading]:
    """The readings that count."""
    match how:
        case "latest":
            return [last]
        case "max":
            return [max(readings, key=lambda r: r.value)]
        case "min":
            return [min(readings, key=lambda r: r.value)]
    return uncovered(readings) if how in ADDS else readings


def uncovered(readings: Sequence[Reading]) -> list[Reading]:
    """Without those that another one holds already: a quarter its months, a number of the year so
    far everything before it. Otherwise a number would be added twice."""
    kept: list[Reading] = []
    for reading in sorted(readings, key=lambda r: (r.ends_on, -_begin(r).toordinal()))[::-1]:
        if all(reading.ends_on < _begin(other) for other in kept):
            kept.append(reading)
    return kept


def _begin(reading: Reading) -> date:
    if reading.year_to_date:
        return date(reading.ends_on.year, 1, 1)
    return _span(reading.period).starts_on


def _over_time(
    rule: Rule, chosen: Sequence[Reading], last: Reading, numerator: Decimal, denominator: Decimal
) -> Decimal:
    values = [reading.value for reading in chosen]
    match rule.over_time:
        case "sum":
            return sum(values, ZERO)
        case "average":
            return rounded(sum(values, ZERO) / len(values))
        case "count":
            return Decimal(len(values))
        case "any":
            return Decimal(any(values))
        case "all":
            return Decimal(all(values))
        case "ratio_of_sums":
            return quotient(rule, numerator, denominator, otherwise=last.value)
    return values[0]


def quotient(rule: Rule, numerator: Decimal, denominator: Decimal, otherwise: Decimal) -> Decimal:
    """Numerator over denominator, in percent where the rule says so, to six places. Where the
    parts are not told, or the denominators add up to nothing, the latest number stands."""
    if denominator == 0:
        return otherwise
    return rounded(numerator * (100 if rule.unit == "%" else 1) / denominator)


def joined(rule: Rule, one: Total | None, other: Total | None) -> Total | None:
    """The total of both groups of units; associative and commutative."""
    if one is None or other is None:
        return one or other
    return Total(
        units=one.units + other.units,
        reporting=one.reporting + other.reporting,
        amount=_joined_amount(rule, one, other),
        numerator=one.numerator + other.numerator,
        denominator=one.denominator + other.denominator,
        latest=max(one.latest, other.latest),
    )


def _joined_amount(rule: Rule, one: Total, other: Total) -> Decimal:
    match rule.over_units:
        case "max":
            return max(one.amount, other.amount)
        case "min":
            return min(one.amount, other.amount)
        case "latest" | "ratio_of_sums":
            return max(one, other, key=lambda total: total.latest).amount
    return one.amount + other.amount


def replaced(rule: Rule, whole: Total | None, old: Total | None, new: Total | None) -> Total | None:
    """The total with `new` in the place of `old`, which is a part of it.

    Raises:
        Undecided: only a look at all the other parts can tell.
    """
    if old is None or whole is None:
        return joined(rule, whole, new)
    if whole.units == old.units:
        return new
    if whole.latest == old.latest and (new is None or new.latest < old.latest):
        raise Undecided
    rest = Total(
        units=whole.units - old.units,
        reporting=whole.reporting - old.reporting,
        amount=_amount_without(rule, whole, old, new),
        numerator=whole.numerator - old.numerator,
        denominator=whole.denominator - old.denominator,
        # Where it was the old one's, the new one's is at least as late.
        latest=whole.latest if new is None or whole.latest != old.latest else new.latest,
    )
    return joined(rule, rest, new)


def _amount_without(rule: Rule, whole: Total, old: Total, new: Total | None) -> Decimal:
    match rule.over_units:
        case "max":
            if old.amount == whole.amount and (new is None or new.amount < old.amount):
                raise Undecided
            return whole.amount
        case "min":
            if old.amount == whole.amount and (new is None or new.amount > old.amount):
                raise Undecided
            return whole.amount
        case "latest" | "ratio_of_sums":
            mine = new is not None and whole.latest == old.latest
            return new.amount if new is not None and mine else whole.amount
    return whole.amount - old.amount


def result(rule: Rule, total: Total) -> Decimal:
    """What the units come to, in the indicator's unit, to six places.

    Raises:
        OutOfRange: it is too large to be kept.
    """
    match rule.over_units:
        case "average":
            return rounded(total.amount / total.units)
        case "count":
            return Decimal(total.units)
        case "any":
            return Decimal(total.amount > 0)
        case "all":
            return Decimal(total.amount == total.units)
        case "ratio_of_sums":
            return quotient(rule, total.numerator, total.denominator, otherwise=total.amount)
    return rounded(total.amount)
