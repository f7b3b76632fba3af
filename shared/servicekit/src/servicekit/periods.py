"""Years, quarters, months and half-months by their codes: the days they hold."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from servicekit.problems import Unprocessable

_FORM = re.compile(r"(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2])(?:-H([12]))?)?")


class UnknownPeriod(Unprocessable):
    code = "unknown_period"
    zh = "报告期 {period} 不存在"
    en = "There is no reporting period {period}"


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a period. `kind` is year, quarter, month or half_month."""

    code: str
    kind: str
    starts_on: date
    ends_on: date

    @property
    def year(self) -> int:
        return self.ends_on.year

    @property
    def elapsed(self) -> Decimal:
        """Share of its year gone at the period's end, counted in months: `2026-07-H1` -> 6.5/12."""
        whole = self.ends_on.month
        half = self.kind == "half_month" and self.starts_on.day == 1
        return (Decimal(whole) - (Decimal("0.5") if half else 0)) / 12


def parse(code: str) -> Span:
    """The days that a period code means.

    Raises:
        UnknownPeriod: no period, or outside the years 2000 to 2100.
    """
    match = _FORM.fullmatch(code)
    if match is None or not 2000 <= int(match[1]) <= 2100:
        raise UnknownPeriod(period=code)
    year, quarter, month, half = (int(part) if part else 0 for part in match.groups())
    if quarter:
        return _months(code, "quarter", year, quarter * 3 - 2, quarter * 3)
    if not month:
        return _months(code, "year", year, 1, 12)
    whole = _months(code, "month", year, month, month)
    if half == 1:
        return Span(code, "half_month", whole.starts_on, date(year, month, 15))
    if half == 2:
        return Span(code, "half_month", date(year, month, 16), whole.ends_on)
    return whole


def _months(code: str, kind: str, year: int, first: int, last: int) -> Span:
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Span(code, kind, date(year, first, 1), end)


def ending_on(kind: str, day: date) -> Span | None:
    """The period of this kind that ends on a day; none where none does."""
    span = of(kind, day)
    return span if span.ends_on == day else None


def of(kind: str, day: date) -> Span:
    """The period of this kind that holds a day."""
    code = {
        "year": f"{day.year}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "month": f"{day.year}-{day.month:02}",
        "half_month": f"{day.year}-{day.month:02}-H{1 if day.day <= 15 else 2}",
    }[kind]
    return parse(code)


def before(span: Span) -> Span:
    """The period of the same kind that ends the day before this one begins."""
    return of(span.kind, span.starts_on - timedelta(days=1))


def within(span: Span, kind: str) -> list[Span]:
    """The periods of a finer kind that make up this one, in order."""
    parts, day = list[Span](), span.starts_on
    while day <= span.ends_on:
        parts.append(of(kind, day))
        day = parts[-1].ends_on + timedelta(days=1)
    return parts
