"""When returns are due, and when they are reminded of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from servicekit.periods import Span, before, of
from servicekit.workdays import Workdays

from parks.forms.domain import Filer

CLASSES = ("high_tech", "science_type", "ordinary")
FREQUENCIES = ("month", "quarter", "year")
FILERS = [Filer(name, scale) for name, scale in product(CLASSES, (True, False))]
"""Everybody who may be asked by a form of their own."""
SOON = 3
"""Workdays before the due date, on which the first reminder is told."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What such enterprises are asked for a period: by which form, and until when. `provisional`
    while the day is counted over days that may still move."""

    filer: Filer
    form_code: str
    due_on: date
    provisional: bool


def stage_on(due: date, today: date, calendar: Workdays) -> str | None:
    """What is to be told today of a return that is missing: `soon`, `today`, `overdue` or nothing
    yet."""
    if today > due:
        return "overdue"
    if today == due:
        return "today"
    return "soon" if today >= calendar.away(due, -SOON) else None


def days_left(due: date, today: date, calendar: Workdays) -> int:
    """Workdays from today to the due date; 0 on it and after it."""
    count, day = 0, today
    while day < due:
        day = calendar.add(day, 1)
        count += 1
    return count


def reminded(today: date) -> Iterator[Span]:
    """The periods whose returns may be due about now: of each kind the last two that have ended."""
    for kind in FREQUENCIES:
        last = before(of(kind, today))
        yield before(last)
        yield last
