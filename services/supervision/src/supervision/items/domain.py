"""The rules of a supervision item, without a database.

issued → acknowledged → in_progress → submitted → verified → closed. The office may send a
submitted or verified item back to in_progress, and may cancel an open one with a reason.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from servicekit.problems import Conflict, Forbidden, InvalidTransition, Problem

OFFICE_UNIT = "programme-office"
"""Answers for an off-track indicator that no unit leads."""
FISCAL_UNIT = "finance-bureau"
"""Answers for a fiscal rule that is broken: the budget is its to draw up (plan, section 二(七))."""
DEFAULT_WORKDAYS = 10
"""The plan sets no time limit for putting something right; two weeks of workdays, then."""


class ItemStatus(StrEnum):
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    SUBMIT = "submit"
    RETURN = "return"
    VERIFY = "verify"
    CLOSE = "close"
    CANCEL = "cancel"


ENDED = frozenset({ItemStatus.CLOSED, ItemStatus.CANCELLED})
OPEN = frozenset(ItemStatus) - ENDED
WITH_THE_UNIT = frozenset({ItemStatus.ISSUED, ItemStatus.ACKNOWLEDGED, ItemStatus.IN_PROGRESS})
"""The next step is the responsible unit's: only then can it be late."""
DOING = frozenset({Action.START, Action.SUBMIT})
"""Whoever did one of these is a doer and may neither verify, close nor except the item."""

STEPS: dict[Action, tuple[frozenset[ItemStatus], ItemStatus]] = {
    Action.ACKNOWLEDGE: (frozenset({ItemStatus.ISSUED}), ItemStatus.ACKNOWLEDGED),
    Action.START: (frozenset({ItemStatus.ACKNOWLEDGED}), ItemStatus.IN_PROGRESS),
    Action.SUBMIT: (frozenset({ItemStatus.IN_PROGRESS}), ItemStatus.SUBMITTED),
    Action.RETURN: (frozenset({ItemStatus.SUBMITTED, ItemStatus.VERIFIED}), ItemStatus.IN_PROGRESS),
    Action.VERIFY: (frozenset({ItemStatus.SUBMITTED}), ItemStatus.VERIFIED),
    Action.CLOSE: (frozenset({ItemStatus.VERIFIED}), ItemStatus.CLOSED),
    Action.CANCEL: (OPEN, ItemStatus.CANCELLED),
}


class VerifierIsDoer(Forbidden):
    code = "separation_of_duties"
    zh = "整改人不得复核、销号或批准例外"
    en = "Whoever did the rectification may not verify it, close it or approve an exception"


class IndicatorNotRemeasured(Conflict):
    code = "indicator_not_remeasured"
    zh = "指标“{indicator}”在立项后尚未重新测得非红灯结果，不能销号；可由办公室批准例外"
    en = (
        "Indicator {indicator} has not been measured off red since the item was opened; "
        "the office may approve an exception"
    )


class ExceptionNotNeeded(Conflict):
    code = "exception_not_needed"
    zh = "该事项不涉及指标复测，或已批准例外"
    en = "The item waits for no indicator, or its exception is approved already"


class DeadlineInThePast(Problem):
    status = 422
    code = "deadline_in_the_past"
    zh = "期限 {due_on} 已过"
    en = "The deadline {due_on} has passed"


@dataclass(frozen=True, slots=True)
class Opening:
    """What an item is opened with. The deadline is `due_on`, or `due_workdays` from today.

    `measured_after` is the moment of the measurement that caused it: only a later one shows that
    the indicator is back on track.
    """

    title: str
    description: str
    origin: str
    responsible_unit: str
    origin_ref: str | None = None
    due_on: date | None = None
    due_workdays: int | None = None
    holds_payments: bool = True
    indicator_code: str | None = None
    period: str | None = None
    measured_after: datetime | None = None
    reason_zh: str | None = None
    reason_en: str | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """A new actual of an indicator; `period_end` is the last day of the period it is for."""

    at: datetime
    period: str
    period_end: date
    status: str


def next_status(action: Action, status: str) -> ItemStatus:
    """Where the action leads from here.

    Raises:
        InvalidTransition: nowhere.
    """
    sources, target = STEPS[action]
    if status not in sources:
        raise InvalidTransition(state=status, action=action.value)
    return target


def refuse_doer(actor: str, doers: Collection[str]) -> None:
    """Raises `VerifierIsDoer` if the actor did any of the rectification."""
    if actor in doers:
        raise VerifierIsDoer(permission="verification")


def counts_as_remeasured(found: Measurement, *, after: datetime, not_before: date | None) -> bool:
    """Whether a measurement is a new one for a case opened over an earlier one.

    It must be taken later and must not be for an older period: correcting last quarter's number
    says nothing about this one's.
    """
    return found.at > after and (not_before is None or found.period_end >= not_before)


def refuse_unmeasured(
    indicator: str | None, remeasured_status: str | None, *, excepted: bool
) -> None:
    """Raises `IndicatorNotRemeasured` unless the indicator is off red again or excepted.

    `unknown` is not off red: nothing has been shown.
    """
    if indicator is None or excepted or remeasured_status in ("green", "amber"):
        return
    raise IndicatorNotRemeasured(indicator=indicator)


def is_late(status: str, due_on: date, today: date) -> bool:
    """Whether the responsible unit has let the deadline pass."""
    return status in WITH_THE_UNIT and due_on < today
