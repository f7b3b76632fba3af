"""What a return adds to the sums, and which sums make up a figure.

A quarter holds its months and a year its quarters: of a longer period only what its parts have not
told is added, so that nothing counts twice, whatever is accepted first. What is counted on a day
(employees) stands at the end of the period instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from servicekit.periods import Span, parse, within

from parks.quality.domain import STOCKS
from parks.returns.domain import span_of

ORDER = ("month", "quarter", "year")
ZERO = Decimal(0)
RATIOS = {
    "rd_intensity": ("rd_spend", "sales_revenue"),
    "own_ip_share": ("own_ip_output", "high_tech_output"),
    "profit_rate": ("profit_and_tax", "sales_revenue"),
}
"""Shares in per cent: the sum of the ones over the sum of the others, never an average."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted return of an enterprise: what it tells, and what of it is in the sums."""

    id: UUID
    period: str
    park_code: str | None
    enterprise_class: str
    in_programme: bool
    numbers: Mapping[str, Decimal]
    counted: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Change:
    """How much more (or less) of a return has to be in the sums; `total` is all of it then."""

    of: Accepted
    more: Mapping[str, Decimal]
    total: Mapping[str, Decimal]

    @property
    def month(self) -> str:
        """The month in which it counts, from which on it is in the year so far."""
        return f"{span_of(self.of.period).ends_on:%Y-%m}"


def changes(accepted: Iterable[Accepted]) -> list[Change]:
    """What has to change, so that the sums hold all accepted returns of one enterprise's year."""
    found: list[Change] = []
    added = list[tuple[Span, Mapping[str, Decimal]]]()
    for one in sorted(accepted, key=lambda each: ORDER.index(span_of(each.period).kind)):
        span = span_of(one.period)
        inside = [(s, told) for s, told in added if holds(span, s)]
        total = {name: value - _told(name, span, inside) for name, value in one.numbers.items()}
        added.append((span, total))
        names = {*total, *one.counted}
        more = {name: total.get(name, ZERO) - one.counted.get(name, ZERO) for name in names}
        if any(more.values()) or total.keys() - one.counted.keys():
            found.append(Change(one, more, total))
    return found


def holds(whole: Span, part: Span) -> bool:
    return whole.starts_on <= part.starts_on and part.ends_on <= whole.ends_on


def _told(name: str, span: Span, inside: Sequence[tuple[Span, Mapping[str, Decimal]]]) -> Decimal:
    """What the parts of a period have told of a number."""
    told = (
        numbers.get(name, ZERO)
        for part, numbers in inside
        if name not in STOCKS or part.ends_on == span.ends_on
    )
    return sum(told, ZERO)


def cells(period: str, measure: str, *, year_to_date: bool) -> list[str]:
    """The periods whose sums make up the figure of one: itself and its parts; with `year_to_date`
    all of its year that have ended by its end."""
    span = parse(period)
    parts = [span]
    if year_to_date:
        whole = parse(str(span.year))
        every = [whole, *within(whole, "quarter"), *within(whole, "month")]
        parts = [each for each in every if each.ends_on <= span.ends_on]
    else:
        for kind in ORDER[: ORDER.index(span.kind)]:
            parts += within(span, kind)
    return sorted({each.code for each in parts if counts(each, measure, span.ends_on)})


def counts(part: Span, measure: str, day: date) -> bool:
    return measure not in STOCKS or part.ends_on == day


NONE = "none"
"""Stands for no park and no grade."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A measure at a period: the number, or both numbers of a share, with the periods whose sums
    make it up."""

    measure: str
    period: str
    unit: str
    above: str
    above_in: Sequence[str]
    below: str | None = None
    below_in: Sequence[str] = ()


def wanted(measure: str, period: str, unit: str, *, year_to_date: bool) -> Wanted:
    above, below = RATIOS.get(measure, (measure, None))
    return Wanted(
        measure,
        period,
        unit,
        above,
        cells(period, above, year_to_date=year_to_date),
        below,
        cells(period, below, year_to_date=year_to_date) if below else (),
    )


def value(above: Decimal, below: Decimal | None, *, is_share: bool, told: bool) -> Decimal | None:
    """A sum is itself; a share has none over nothing; what nobody told is not zero."""
    if not told:
        return None
    if not is_share:
        return above
    return (above * 100 / below).quantize(Decimal("0.000001")) if below else None
