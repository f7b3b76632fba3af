"""The course of every node's total over time, and what a number or a move changes in it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

from targets.observations.domain import Reading
from targets.totals.domain import Rule, Total, Undecided, joined, replaced, unit_total

CITY = ""
"""The node above all units: the whole city, with the numbers that are told of it as a whole."""


class Step(NamedTuple):
    """A unit's total that is another from `since` until the day before `until`."""

    since: date
    until: date
    old: Total | None
    new: Total | None


class Window(NamedTuple):
    """The days on which a unit's numbers count for a node, `until` not among them. `level` is how
    far above the unit the node stands."""

    node: str
    level: int
    since: date
    until: date


EVERYWHERE = Window(CITY, 99, date.min, date.max)
"""Whatever is told counts for the whole city."""


class Course:
    """A node's total from each of its days on, until the next one. None: no number counts."""

    def __init__(self, rule: Rule, totals: Mapping[date, Total | None]) -> None:
        self.rule = rule
        self.totals = dict(totals)
        self.changed: set[date] = set()
        self._days = sorted(self.totals)

    def at(self, day: date) -> Total | None:
        """The total on a day; none where nothing has been told that still counts."""
        place = bisect_right(self._days, day)
        if place == 0 or self._days[place - 1] < self.rule.first_day(day):
            return None
        found = self._days[place - 1]
        total = self.totals[found]
        return total if total is None or found == day else replace(total, reporting=0)

    def put(self, day: date, total: Total | None) -> None:
        if day not in self.totals:
            self._days.insert(bisect_right(self._days, day), day)
        self.totals[day] = total
        self.changed.add(day)

    def cut(self, day: date) -> None:
        """Have a total of that day, so that a change may begin or end there."""
        if day not in self.totals:
            self.put(day, self.at(day))

    def follow(self, step: Step) -> list[date]:
        """Take over what has changed; gives the days on which only a look at all parts can tell."""
        self.cut(step.since)
        if step.until <= self.rule.last_day(step.since) and step.until != date.max:
            self.cut(step.until)
        undecided: list[date] = []
        for day in [d for d in self._days if step.since <= d < step.until]:
            old, new = (_on(day, step.since, total) for total in (step.old, step.new))
            try:
                self.put(day, replaced(self.rule, self.totals[day], old, new))
            except Undecided:
                undecided.append(day)
        return undecided

    def steps(self, since: date) -> Iterator[tuple[date, date, Total | None]]:
        """Each stretch from `since` on: its first day, the first day after it, its total."""
        days = sorted({since, *(day for day in self._days if day > since)})
        for day, following in zip(days, [*days[1:], date.max], strict=True):
            yield day, min(following, _after(self.rule.last_day(day))), self.at(day)

    def without_repeats(self) -> dict[date, Total | None]:
        """Only the days on which something is another than on the day before."""
        kept = Course(self.rule, {})
        for day in self._days:
            if self.totals[day] != kept.at(day):
                kept.put(day, self.totals[day])
        return kept.totals


def _on(day: date, since: date, total: Total | None) -> Total | None:
    return total if total is None or day == since else replace(total, reporting=0)


def _after(day: date) -> date:
    return day if day == date.max else date(day.year + 1, 1, 1)


def steps_between(
    rule: Rule, had: Sequence[Reading], have: Sequence[Reading], since: date
) -> list[Step]:
    """What a number of a period that ends on `since` changes for its unit. `had` and `have` are
    the unit's readings before and after, those that can count on that day or later; without it in
    `have`, what its loss does."""
    last = rule.last_day(since)
    days = sorted({r.ends_on for r in (*had, *have) if since <= r.ends_on <= last})
    steps: list[Step] = []
    for day, until in zip(days, [*days[1:], _after(last)], strict=True):
        old, new = unit_total(rule, had, day), unit_total(rule, have, day)
        if old != new:
            steps.append(Step(day, until, old, new))
    return steps


def clipped(step: Step, window: Window) -> Step | None:
    """The part of the step that falls into the window."""
    since, until = max(step.since, window.since), min(step.until, window.until)
    if since >= until:
        return None
    old, new = (_on(since, step.since, total) for total in (step.old, step.new))
    return Step(since, until, old, new)


def moved(
    before: Sequence[Window], after: Sequence[Window], since: date
) -> tuple[list[Window], list[Window]]:
    """Which nodes a unit leaves and which it comes to, on which days from `since` on. Who has it
    on a day both before and after keeps it."""
    bounds = {bound for w in (*before, *after) for bound in (w.since, w.until)}
    days = sorted({since, *(bound for bound in bounds if bound > since)})
    left: list[Window] = []
    entered: list[Window] = []
    for day, following in pairwise(days):
        had, has = _above(before, day), _above(after, day)
        left += [Window(n, had[n], day, following) for n in sorted(had.keys() - has.keys())]
        entered += [Window(n, has[n], day, following) for n in sorted(has.keys() - had.keys())]
    return left, entered


def _above(windows: Sequence[Window], day: date) -> dict[str, int]:
    """The nodes above a unit on a day, with their levels."""
    return {w.node: w.level for w in windows if w.level > 0 and w.since <= day < w.until}


def roll_up(
    rule: Rule, readings: Iterable[Reading], windows: Mapping[str, Sequence[Window]]
) -> dict[str, dict[date, Total | None]]:
    """Every node's course from nothing. `windows` has, for each unit that told a number, the nodes
    it counts for; a number without a unit counts for the city alone."""
    of: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        of[reading.unit_code or CITY].append(reading)
    parts: dict[str, list[tuple[Window, Course]]] = defaultdict(list)
    for unit, found in of.items():
        days = {reading.ends_on for reading in found}
        course = Course(rule, {day: unit_total(rule, found, day) for day in days})
        above = windows.get(unit, ()) if unit != CITY else ()
        for window in (*above, EVERYWHERE):
            parts[window.node].append((window, course))
    return {node: _course_of(rule, found) for node, found in parts.items()}


def _course_of(rule: Rule, parts: Sequence[tuple[Window, Course]]) -> dict[date, Total | None]:
    days: set[date] = set()
    for window, course in parts:
        days |= {day for day in course.totals if window.since <= day < window.until}
        days |= {window.since, window.until} - {date.min, date.max}
    totals: dict[date, Total | None] = {}
    for day in sorted(days):
        on = (c.at(day) for w, c in parts if w.since <= day < w.until)
        totals[day] = reduce(lambda a, b: joined(rule, a, b), on, None)
    return Course(rule, totals).without_repeats()
