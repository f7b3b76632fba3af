"""The life of an R&D project, its gap, and what of projects is counted.

planned → running → completed | terminated. The plan promises of the projects of its programme how
many there are, what is invested, what they sell, and the profit and tax they bring (三(五)).
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

from parks.metrics.domain import Counted
from parks.parks.domain import check_not_in_future
from parks.returns.domain import UNIT

FIGURES = ("investment", "new_sales", "profit_and_tax")
"""What a project plans and reports; 万元."""


class ProjectState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    COMPLETED = "completed"
    TERMINATED = "terminated"


class ProjectAction(StrEnum):
    UPDATE = "update"
    START = "start"
    COMPLETE = "complete"
    TERMINATE = "terminate"


PLANNED = frozenset({ProjectState.PLANNED})
RUNNING = frozenset({ProjectState.RUNNING})
STEPS: dict[ProjectAction, tuple[frozenset[ProjectState], ProjectState | None]] = {
    ProjectAction.UPDATE: (PLANNED | RUNNING, None),
    ProjectAction.START: (PLANNED, ProjectState.RUNNING),
    ProjectAction.COMPLETE: (RUNNING, ProjectState.COMPLETED),
    ProjectAction.TERMINATE: (PLANNED | RUNNING, ProjectState.TERMINATED),
}
"""From which states a step is possible and where it leads; none: it stays where it is."""
COUNTS = (
    Counted("count.rd_project", "项", "projects"),
    *(Counted(f"rd_project.{name}", UNIT, name) for name in FIGURES),
)
"""Of the projects of a programme: how many were begun, and the sums of their verified results."""


class ProjectExists(Conflict):
    code = "rd_project_exists"
    zh = "编号 {number} 的研发项目已登记"
    en = "An R&D project is registered with the number {number} already"


class PeriodReversed(Unprocessable):
    code = "period_reversed"
    zh = "结束日期不能早于开始日期"
    en = "It cannot end before it begins"


class ResultsPending(Conflict):
    code = "results_pending"
    zh = "尚有待审核或待重报的年度结果：{years}"
    en = "Results are waiting to be verified or handed in again: {years}"


def step(state: str, action: ProjectAction) -> ProjectState:
    """The state after a step. Raises `InvalidTransition` where it is not possible from here."""
    allowed, after = STEPS[action]
    if state not in allowed:
        raise InvalidTransition(state=state, action=action)
    return after or ProjectState(state)


def check_period(starts_on: date, ends_on: date) -> None:
    """Raises `PeriodReversed`."""
    if ends_on < starts_on:
        kind = PeriodReversed
        raise kind(errors=(FieldError("/ends_on", kind.code, kind.zh, kind.en),))


def check_end(ended_on: date, started_on: date | None, today: date) -> None:
    """Its last day has come, and does not lie before its first one.

    Raises:
        FutureDate, PeriodReversed.
    """
    check_not_in_future(ended_on, today, "/ended_on")
    if started_on is not None and ended_on < started_on:
        raise PeriodReversed().at("/ended_on")


def gap(planned: Decimal, actual: Decimal) -> Decimal:
    """What is missing; nothing is never less than nothing."""
    return max(planned - actual, Decimal(0))
