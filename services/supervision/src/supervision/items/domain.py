"""The rules of a supervision item, without a database.

issued → acknowledged → in_progress → submitted → verified → closed. The office may send a
submitted or verified item back to in_progress, and may cancel an open one with a reason.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from servicekit.problems import Conflict, Forbidden, InvalidTransition, Problem

OVERDUE_REPORT = "overdue_report"
"""The origin of an item about a report, or a plan, that was not handed in by its deadline."""
OVERDUE_WORKDAYS = 5
"""To hand in what is overdue: half of `DEFAULT_WORKDAYS`, it was due already."""
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


class Severity(StrEnum):
    ORDINARY = "ordinary"
    SERIOUS = "serious"
    CRITICAL = "critical"


class Light(StrEnum):
    """How an open item stands. Red: its unit has let the deadline pass. Amber: its unit has it and
    the deadline comes within `AMBER_WORKDAYS`. Green: every other open one."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


AMBER_WORKDAYS = 3
"""As the first step of the ladder: from when the unit is reminded."""


class Action(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    SUBMIT = "submit"
    RETURN = "return"
    VERIFY = "verify"
    CLOSE = "close"
    CANCEL = "cancel"
    TRANSFER = "transfer"
    MERGE = "merge"


ENDED = frozenset({ItemStatus.CLOSED, ItemStatus.CANCELLED})
OPEN = frozenset(ItemStatus) - ENDED
WITH_THE_UNIT = frozenset({ItemStatus.ISSUED, ItemStatus.ACKNOWLEDGED, ItemStatus.IN_PROGRESS})
"""The next step is the responsible unit's: only then can it be late."""
STAND_ALONE = frozenset({"indicator", "rule", OVERDUE_REPORT})
"""What has opened these opens at most one at a time and waits for its own proof."""
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
    Action.TRANSFER: (WITH_THE_UNIT, ItemStatus.ISSUED),
    Action.MERGE: (OPEN, ItemStatus.CANCELLED),
}


class VerifierIsDoer(Forbidden):
    code = "separation_of_duties"
    zh = "整改人不得复核、销号或批准例外"
    en = "Whoever did the rectification may not verify it, close it or approve an exception"


class SameUnit(Conflict):
    code = "same_unit"
    zh = "该事项已由 {unit} 负责"
    en = "{unit} is responsible for the item already"


class CannotMerge(Conflict):
    code = "cannot_merge"
    zh = (
        "事项 {number} 不能并入 {into}：须为同一责任单位、针对同一指标的另一未结事项，"
        "因指标、规则或逾期自动立项的不得并出，检查发现的问题只能并入同类事项"
    )
    en = (
        "Item {number} cannot go into {into}: that must be another open item of the same unit "
        "about the same indicator; what an indicator, a rule or a missed deadline has opened "
        "stands by itself, and what an inspection found goes only into another finding"
    )


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
    severity: Severity = Severity.ORDINARY
    indicator_code: str | None = None
    period: str | None = None
    measured_after: datetime | None = None
    reason_zh: str | None = None
    reason_en: str | None = None


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


def proves_otherwise(origin: str, into: str) -> bool:
    """Whether an item of this origin would lose, in the other one, what has to be shown of it."""
    return origin in STAND_ALONE or (origin == "finding" and into != "finding")


def refuse_merge(
    *, number: str, into: str, same_unit: bool, target_open: bool, another_proof: bool
) -> None:
    """Raises `CannotMerge` unless the one can go into the other."""
    if number == into or not same_unit or not target_open or another_proof:
        raise CannotMerge(number=number, into=into)


def is_late(status: str, due_on: date, today: date) -> bool:
    """Whether the responsible unit has let the deadline pass."""
    return status in WITH_THE_UNIT and due_on < today
