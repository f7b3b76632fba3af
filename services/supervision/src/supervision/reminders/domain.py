"""When which level is reminded of a deadline, without a database.

A step of the ladder stands so many workdays before or after the deadline. It is taken once for
each deadline of an item, on its day or on the first workday that follows; one whose day was over
when the deadline was set is never taken.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict
from servicekit.workdays import Workdays

OFFICE_UNIT = "programme-office"
HEADQUARTERS = "headquarters"
GROUP_KIND = "working_group"
FARTHEST = 60
"""Workdays from a deadline to the step that is farthest from it."""


class Audience(StrEnum):
    """Who is reminded: each level above the responsible unit, one after the other."""

    UNIT = "unit"
    GROUP = "group"
    OFFICE = "office"
    HEADQUARTERS = "headquarters"


class NotWithTheUnit(Conflict):
    code = "not_with_the_unit"
    zh = "督办事项 {number} 已提交或已办结，无需催办"
    en = "Item {number} is submitted or ended: nobody has to be reminded"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder; `offset` in workdays from the deadline, negative before it."""

    code: str
    offset: int
    audience: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a deadline finds: the steps to take now, and the day of the next one."""

    now: list[Step]
    next_on: date | None


def look(
    ladder: Iterable[Step],
    taken: Collection[str],
    *,
    due_on: date,
    set_on: date,
    today: date,
    known: Workdays,
) -> Look:
    """The steps of a deadline that was set on `set_on`; `taken` are the codes already told."""
    coming: list[tuple[date, Step]] = []
    for step in ladder:
        day = known.away(due_on, step.offset)
        if step.code not in taken and day >= set_on:
            coming.append((day, step))
    coming.sort(key=lambda each: (each[0], each[1].offset, each[1].code))
    later = [day for day, _ in coming if day > today]
    return Look([step for day, step in coming if day <= today], min(later, default=None))


def recipients(audience: str, unit: str, groups: Collection[str]) -> list[str]:
    """The units a step is told to. Where nobody leads the unit, the office is asked in place of
    the group."""
    match audience:
        case Audience.UNIT:
            return [unit]
        case Audience.GROUP:
            return sorted(groups) or [OFFICE_UNIT]
        case Audience.OFFICE:
            return [OFFICE_UNIT]
        case _:
            return [HEADQUARTERS]
