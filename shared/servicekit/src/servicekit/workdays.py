"""Workdays of China: the days the State Council has announced, and deadlines counted by them.

Until the notice for a year is known, its days are the statutory ones alone and are provisional.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays

LONGEST_BREAK = 20
"""Days that surely hold a workday. The longest official holiday has been nine days."""


@dataclass(frozen=True, slots=True)
class AnnouncedDay:
    """A day that differs from a plain week or carries a name."""

    day: date
    workday: bool
    name: str
    provisional: bool


@cache
def announced_days(year: int) -> tuple[AnnouncedDay, ...]:
    """The special days of a year, in order.

    A year without a single working weekend has not been announced yet: every notice has had some.
    """
    known = holidays.country_holidays("CN", years=year, language="zh_CN")
    swapped = {day for day in known.weekend_workdays if day.year == year}
    off = [
        AnnouncedDay(day, workday=False, name=name, provisional=not swapped)
        for day, name in known.items()
        if day.year == year
    ]
    on = [AnnouncedDay(day, workday=True, name="调休上班", provisional=False) for day in swapped]
    return tuple(sorted([*off, *on], key=lambda each: each.day))


def is_weekend(day: date) -> bool:
    return day.weekday() >= calendar.SATURDAY


@dataclass(frozen=True, slots=True)
class Workdays:
    """What is known of each day; a day nobody has named is a workday unless it is a weekend."""

    known: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        return self.known.get(day, not is_weekend(day))

    def on_or_after(self, day: date) -> date:
        """The day itself if it is a workday, else the next one."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def add(self, start: date, count: int) -> date:
        """The day `count` workdays after `start`, which itself does not count.

        With 0 it is `start` or the next workday: a deadline never falls on a day off.
        """
        day = self.on_or_after(start) if count == 0 else start
        for _ in range(count):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def away(self, day: date, count: int) -> date:
        """The day `count` workdays after `day`; before it where `count` is negative."""
        if count >= 0:
            return self.add(day, count)
        for _ in range(-count):
            day -= timedelta(days=1)
            while not self.is_workday(day):
                day -= timedelta(days=1)
        return day


def reach(count: int) -> int:
    """Calendar days within which `count` workdays surely lie."""
    return count * 2 + LONGEST_BREAK
