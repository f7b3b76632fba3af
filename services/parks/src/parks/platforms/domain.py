"""Kinds and levels of platforms, and what of them is counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

from parks.metrics.domain import Counted
from parks.parks.domain import GRADES, check_not_in_future

KINDS = (
    "key_laboratory",
    "engineering_centre",
    "incubator",
    "intermediary",
    "association",
    "iur_base",
)
UNITS: Mapping[str, str] = {"intermediary": "家", "association": "家"}
"""Bodies are counted in 家, as the plan does; what is built in 个."""
SEATS: Mapping[str, str] = {
    "key_laboratory": "in_parks",
    "engineering_centre": "in_enterprises",
}
"""Where the plan wants them to be: those are counted by level on their own (二(三))."""
NEW_BASES = "count.new_iur_base"
"""Bases founded under a programme (三(一))."""


class PlatformState(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


class PlatformAction(StrEnum):
    UPDATE = "update"
    CLOSE = "close"
    RECOGNISE = "levels"


OPEN = frozenset({PlatformState.ACTIVE})
STEPS: dict[PlatformAction, frozenset[PlatformState]] = dict.fromkeys(PlatformAction, OPEN)
"""From which states a step is possible: a closed platform stays as it was."""


class PlatformExists(Conflict):
    code = "platform_exists"
    zh = "该类型下已登记同名平台：{name}"
    en = "A platform of this kind has that name already: {name}"


class LevelIncomplete(Unprocessable):
    code = "level_incomplete"
    zh = "级别、认定日期和文号须同时提供"
    en = "A level takes its day of recognition and its document number, and they take a level"


class DaysReversed(Unprocessable):
    code = "days_reversed"
    zh = "认定日期、撤销日期不能早于成立日期"
    en = "It cannot be recognised or closed before it was established"


class LevelTaken(Conflict):
    code = "platform_level_recorded"
    zh = "该平台的此级别已登记"
    en = "This level of the platform is recorded already"


def counts_of(kind: str) -> Sequence[Counted]:
    """The numbers a platform of this kind is part of."""
    unit, seat = UNITS.get(kind, "个"), SEATS.get(kind)
    counts = [Counted(f"count.{kind}", unit, kind)]
    for level in GRADES:
        counts.append(Counted(f"count.{level}_{kind}", unit, kind, level))
        if seat is not None:
            counts.append(Counted(f"count.{level}_{kind}_{seat}", unit, kind, level, seat))
    if kind == "iur_base":
        counts.append(Counted(NEW_BASES, unit, kind, founded_new=True))
    return counts


def check_level(level: str | None, recognised_on: date | None, document_no: str | None) -> None:
    """A level is what somebody granted on a day by a document: all three, or none.

    Raises:
        LevelIncomplete: one of them is missing.
    """
    given = [level is not None, recognised_on is not None, document_no is not None]
    if any(given) and not all(given):
        raise LevelIncomplete().at("/level")


def check_days(established_on: date, later: date | None, field: str, today: date) -> None:
    """What has happened is recorded, and in its order.

    Raises:
        FutureDate: it has not happened yet.
        DaysReversed: it happened before there was a platform.
    """
    check_not_in_future(established_on, today, "/established_on")
    if later is None:
        return
    check_not_in_future(later, today, f"/{field}")
    if later < established_on:
        kind = DaysReversed
        raise kind(errors=(FieldError(f"/{field}", kind.code, kind.zh, kind.en),))


def check_step(state: str, action: PlatformAction) -> None:
    """Raises `InvalidTransition` where the step is not possible from here."""
    if state not in STEPS[action]:
        raise InvalidTransition(state=state, action=action)
