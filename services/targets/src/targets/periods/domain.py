"""Reporting periods: years, quarters, months and half-months, and whether they are open."""

import calendar
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from servicekit.problems import Conflict, InvalidTransition, Unprocessable
from servicekit.workdays import Workdays

GRACE = {"half_month": 3, "month": 7, "quarter": 10, "year": 20}
"""Workdays after a period's end until its reports are due, unless the office says otherwise: the
longer the period, the more there is to add up."""
_FORM = re.compile(r"(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2])(?:-H([12]))?)?")


class PeriodClosed(Conflict):
    code = "period_closed"
    zh = "报告期 {period} 已关账"
    en = "Reporting period {period} is closed"


class UnknownPeriod(Unprocessable):
    code = "unknown_period"
    zh = "报告期 {period} 不存在"
    en = "There is no reporting period {period}"


class ForeignDueDate(Unprocessable):
    code = "due_before_end"
    zh = "报告期 {period} 的截止日不能早于其结束日"
    en = "Reports of {period} cannot be due before it ends"


class DeadlinesDiffer(Unprocessable):
    code = "deadlines_differ"
    zh = "按 {workdays} 个工作日计算的期限为 {due_on}，与所给日期不符；请只提供其一"
    en = "{workdays} workdays lead to {due_on} and not to the day given; give one of the two"


class ExceptionExpired(Unprocessable):
    code = "exception_expired"
    zh = "例外的到期日 {expires_on} 已过"
    en = "The exception would have expired on {expires_on} already"


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


def periods_of(year: int) -> Iterator[Span]:
    """All periods of a year: itself, 4 quarters, 12 months, 24 half-months."""
    yield parse(str(year))
    for quarter in range(1, 5):
        yield parse(f"{year}-Q{quarter}")
    for month in range(1, 13):
        yield parse(f"{year}-{month:02}")
        for half in (1, 2):
            yield parse(f"{year}-{month:02}-H{half}")


def ending_on(kind: str, day: date) -> Span | None:
    """The period of this kind that ends on a day; none where none does."""
    code = {
        "year": f"{day.year}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "month": f"{day.year}-{day.month:02}",
        "half_month": f"{day.year}-{day.month:02}-H{1 if day.day <= 15 else 2}",
    }[kind]
    span = parse(code)
    return span if span.ends_on == day else None


@dataclass(frozen=True, slots=True)
class Due:
    """When the reports of a period are due. `workdays` after its end, or none where the office set
    the day itself; `provisional` while it is counted over days that may still move."""

    on: date
    workdays: int | None = None
    provisional: bool = False


def counted(
    span: Span, workdays: int | None, calendar: Workdays, provisional: Collection[int]
) -> Due:
    """Due so many workdays after the period's end, or as many as are usual for its kind.

    `provisional` are the years whose days may still move.
    """
    count = GRACE[span.kind] if workdays is None else workdays
    due = calendar.add(span.ends_on, count)
    return Due(due, count, provisional=due.year in provisional or span.year in provisional)


def fixed(span: Span, day: date) -> Due:
    """Due on the day the office set.

    Raises:
        ForeignDueDate: before the period has ended.
    """
    if day < span.ends_on:
        raise ForeignDueDate(period=span.code)
    return Due(day)


def check_agreement(due: Due, day: date | None) -> None:
    """A period can be put as it was read, with its workdays and its day.

    Raises:
        DeadlinesDiffer: the day is another one.
    """
    if day is not None and day != due.on:
        raise DeadlinesDiffer(workdays=due.workdays, due_on=due.on)


def close(state: str) -> str:
    """Raises `InvalidTransition` unless the period is open."""
    if state != "open":
        raise InvalidTransition(state=state, action="close")
    return "closed"


def reopen(state: str) -> str:
    """Raises `InvalidTransition` unless the period is closed."""
    if state != "closed":
        raise InvalidTransition(state=state, action="reopen")
    return "open"


def check_expiry(expires_on: date, today: date) -> None:
    """Raises `ExceptionExpired` when the exception would be over before it begins."""
    if expires_on < today:
        raise ExceptionExpired(expires_on=expires_on)
