"""Reporting periods: years, quarters, months and half-months, and whether they are open."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from servicekit.periods import Span as Span
from servicekit.periods import UnknownPeriod as UnknownPeriod
from servicekit.periods import ending_on as ending_on
from servicekit.periods import parse as parse
from servicekit.problems import Conflict, InvalidTransition, Unprocessable
from servicekit.workdays import Workdays

GRACE = {"half_month": 3, "month": 7, "quarter": 10, "year": 20}
"""Workdays after a period's end until its reports are due, unless the office says otherwise: the
longer the period, the more there is to add up."""


class PeriodClosed(Conflict):
    code = "period_closed"
    zh = "报告期 {period} 已关账"
    en = "Reporting period {period} is closed"


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


def periods_of(year: int) -> Iterator[Span]:
    """All periods of a year: itself, 4 quarters, 12 months, 24 half-months."""
    yield parse(str(year))
    for quarter in range(1, 5):
        yield parse(f"{year}-Q{quarter}")
    for month in range(1, 13):
        yield parse(f"{year}-{month:02}")
        for half in (1, 2):
            yield parse(f"{year}-{month:02}-H{half}")


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
