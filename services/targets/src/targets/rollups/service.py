"""Use cases of the kept roll-up: it follows every number, every move in the tree and every change
of an indicator's rule, in their own transactions.

Numbers of one indicator are taken one after the other (the lock on its status), and the unit tree
stands still meanwhile (`directory.hold_tree`).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import reduce

from servicekit.clock import now
from servicekit.db import Session
from targets.directory import repository as directory
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.observations import repository as observations
from targets.observations.domain import Reading
from targets.rollups import domain, repository
from targets.rollups.domain import Course, Step, Window
from targets.status import repository as judgements
from targets.totals.domain import Rule, Total, joined, unit_total


def rule_of(indicator: Indicator) -> Rule:
    return Rule(indicator.time_aggregation, indicator.unit_aggregation, indicator.unit)


async def latest(session: Session, code: str) -> tuple[str, Decimal]:
    """The latest period with a number (there is one), and the city's actual at it."""
    row = await repository.latest(session, code)
    assert row is not None
    return row["period"], row["actual"]


async def history(session: Session, code: str) -> list[tuple[str, Decimal]]:
    """Each period with a number, oldest first, and the city's actual at it."""
    rows = await repository.history(session, code)
    return [(row["period"], row["actual"]) for row in rows]


async def has_numbers(session: Session, code: str) -> bool:
    return await repository.latest(session, code) is not None


async def readings_beside(
    session: Session, indicator: Indicator, unit: str | None, day: date
) -> list[Reading]:
    """A unit's valid numbers that count together with one of a period that ends on this day."""
    rule = rule_of(indicator)
    last = rule.last_day(day)
    return await observations.readings_of(session, indicator.code, unit, rule.first_day(day), last)


async def take(
    session: Session,
    indicator: Indicator,
    had: Sequence[Reading],
    reading: Reading,
    moment: datetime,
) -> None:
    """Follow a number that has become valid and is known from this moment on. `had` is what
    `readings_beside` gave before it."""
    have = [*(each for each in had if each.period != reading.period), reading]
    await turn(session, indicator, had, have, reading, moment)


async def lose(
    session: Session,
    indicator: Indicator,
    had: Sequence[Reading],
    period: str,
    moment: datetime,
) -> None:
    """Follow the number of a period, one of `had`, that is valid no longer from this moment on."""
    have = [each for each in had if each.period != period]
    (gone,) = (each for each in had if each.period == period)
    await turn(session, indicator, had, have, gone, moment)


async def turn(
    session: Session,
    indicator: Indicator,
    had: Sequence[Reading],
    have: Sequence[Reading],
    reading: Reading,
    moment: datetime,
) -> None:
    """Bring everything above a unit from what it `had` to what it has; they differ in `reading`."""
    rule = rule_of(indicator)
    steps = domain.steps_between(rule, had, have, reading.ends_on)
    unit = reading.unit_code
    above = [] if unit is None else await directory.windows_above(session, unit)
    await follow(session, indicator.code, rule, steps, [*above, domain.EVERYWHERE], moment)


async def follow(
    session: Session,
    code: str,
    rule: Rule,
    steps: Sequence[Step],
    windows: Sequence[Window],
    moment: datetime,
) -> None:
    """Bring the nodes above a unit to what its steps have changed."""
    changes = list(changes_of(steps, windows))
    if not changes:
        return
    since = min(step.since for _, step in changes)
    until = rule.last_day(max(step.since for _, step in changes))
    nodes = {window.node for window, _ in changes}
    courses = await repository.courses(session, code, rule, nodes, since, until)
    undecided: list[tuple[int, str, date]] = []
    for window, step in changes:
        days = courses[window.node].follow(step)
        undecided += [(window.level, window.node, day) for day in days]
    for _, node, day in sorted(set(undecided)):
        courses[node].put(day, await recombined(session, code, rule, courses, node, day))
    await repository.write(session, code, rule, changed(courses), moment)


def changes_of(steps: Iterable[Step], windows: Sequence[Window]) -> Iterator[tuple[Window, Step]]:
    for step in steps:
        for window in windows:
            part = domain.clipped(step, window)
            if part is not None:
                yield window, part


def changed(courses: dict[str, Course]) -> Iterator[tuple[str, date, Total | None]]:
    for node, course in courses.items():
        for day in sorted(course.changed):
            yield node, day, course.totals[day]


async def recombined(
    session: Session, code: str, rule: Rule, courses: dict[str, Course], node: str, day: date
) -> Total | None:
    """A node's total from what stands directly under it and its own numbers; `courses` has those
    that are not written yet."""
    first = rule.first_day(day)
    own = await observations.readings_of(session, code, node or None, first, day)
    parts = await repository.children_totals(session, code, rule, node, day)
    parts |= {child: courses[child].at(day) for child in parts.keys() & courses.keys()}
    totals = [unit_total(rule, own, day), *parts.values()]
    return reduce(lambda a, b: joined(rule, a, b), totals)


async def move(
    session: Session,
    unit: str,
    since: date,
    before: Sequence[Window],
    after: Sequence[Window],
    moment: datetime,
) -> None:
    """Take a unit and all below it from what it stood under to what it stands under from `since`
    on; numbers of periods that end earlier stay where they were. The tree is locked."""
    left, entered = domain.moved(before, after, since)
    for code in await repository.indicators_of(session, unit):
        await judgements.get_for_update(session, code)
        indicator = await indicators.get(session, code)
        assert indicator is not None
        rule = rule_of(indicator)
        own = await repository.courses(session, code, rule, [unit], since, date.max)
        stretches = list(own[unit].steps(since))
        gone = [Step(day, until, total, None) for day, until, total in stretches if total]
        come = [Step(day, until, None, total) for day, until, total in stretches if total]
        await follow(session, code, rule, gone, left, moment)
        await follow(session, code, rule, come, entered, moment)


async def rebuild(session: Session, code: str) -> None:
    """Make an indicator's roll-up anew from its numbers. Its status and the tree are locked."""
    indicator = await indicators.get(session, code)
    assert indicator is not None
    rule = rule_of(indicator)
    readings = await observations.readings(session, code)
    units = {reading.unit_code for reading in readings if reading.unit_code is not None}
    windows = await directory.windows_of(session, sorted(units))
    totals = domain.roll_up(rule, readings, windows)
    # A day that had a row keeps one: what was known of it is found by it.
    for node, day in await repository.days_of(session, code):
        course = totals.setdefault(node, {})
        if day not in course:
            course[day] = Course(rule, course).at(day)
    await repository.replace_all(session, code, rule, totals, now())


async def roll_up_what_is_not(session: Session) -> None:
    """Make the roll-ups of the time before they were kept."""
    await directory.hold_tree(session)
    for code in await repository.not_rolled_up(session):
        await judgements.get_for_update(session, code)
        await rebuild(session, code)
