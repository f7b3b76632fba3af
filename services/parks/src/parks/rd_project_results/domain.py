"""The life of a yearly result: submitted → verified | returned → submitted again.

A verified one that turns out wrong is returned as well, counts no longer, and is handed in again.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, Forbidden, InvalidTransition, Unprocessable


class ResultState(StrEnum):
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    RETURNED = "returned"


class ResultAction(StrEnum):
    UPDATE = "update"
    SUBMIT = "submit"
    VERIFY = "verify"
    RETURN = "return"


SUBMITTED = frozenset({ResultState.SUBMITTED})
VERIFIED = frozenset({ResultState.VERIFIED})
RETURNED = frozenset({ResultState.RETURNED})
STEPS: dict[ResultAction, tuple[frozenset[ResultState], ResultState | None]] = {
    ResultAction.UPDATE: (RETURNED, None),
    ResultAction.SUBMIT: (RETURNED, ResultState.SUBMITTED),
    ResultAction.VERIFY: (SUBMITTED, ResultState.VERIFIED),
    ResultAction.RETURN: (SUBMITTED | VERIFIED, ResultState.RETURNED),
}
"""From which states a step is possible and where it leads; none: it stays where it is."""


class ResultExists(Conflict):
    code = "rd_project_result_exists"
    zh = "该项目 {year} 年的结果已填报"
    en = "The project has a result of {year} already"


class YearOutside(Unprocessable):
    code = "year_outside_project"
    zh = "年度须在项目开始之年与今年之间（{first}—{last}）"
    en = "The year lies between the first one of the project and this one ({first} to {last})"


class ReporterMayNotVerify(Forbidden):
    code = "separation_of_duties"
    zh = "填报人不得审核自己填报的项目结果"
    en = "Whoever reported a result may not decide on it"


def step(state: str, action: ResultAction) -> ResultState:
    """The state after a step. Raises `InvalidTransition` where it is not possible from here."""
    allowed, after = STEPS[action]
    if state not in allowed:
        raise InvalidTransition(state=state, action=action)
    return after or ResultState(state)


def check_year(year: int, started_on: date, today: date) -> None:
    """Raises `YearOutside` for a year before the project, or one that has not begun."""
    if not started_on.year <= year <= today.year:
        raise YearOutside(first=started_on.year, last=today.year).at("/year")


def check_decider(filed_by: Collection[str], decider: str) -> None:
    """Raises `ReporterMayNotVerify`."""
    if decider in filed_by:
        raise ReporterMayNotVerify(permission="rd_project_results.verify")


def counts_from(year: int, counted: date | None, today: date) -> date:
    """From which day a result counts: from the last one of its year, or from today on in the year
    that runs; where it counted before it was taken back, from then on again."""
    return counted or min(date(year, 12, 31), today)
