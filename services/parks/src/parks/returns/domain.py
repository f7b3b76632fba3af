"""The operating return of a month, a quarter or a year: what its numbers must satisfy and the
states it passes."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import le
from typing import Any

from servicekit.periods import parse
from servicekit.problems import FieldError, Forbidden, InvalidTransition, Unprocessable

UNIT = "万元"
"""The unit of every amount in a return."""


class ReturnState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class ReturnAction(StrEnum):
    UPDATE = "update"
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"


EDITABLE = frozenset({ReturnState.DRAFT, ReturnState.RETURNED})
STEPS: dict[ReturnAction, tuple[frozenset[ReturnState], ReturnState | None]] = {
    ReturnAction.UPDATE: (EDITABLE, None),
    ReturnAction.SUBMIT: (EDITABLE, ReturnState.SUBMITTED),
    ReturnAction.RETURN: (frozenset({ReturnState.SUBMITTED}), ReturnState.RETURNED),
    ReturnAction.ACCEPT: (frozenset({ReturnState.SUBMITTED}), ReturnState.ACCEPTED),
}
"""From which states a step is possible and where it leads; none: it stays where it is."""


class FuturePeriod(Unprocessable):
    code = "future_period"
    zh = "不能填报尚未开始的报告期 {period}"
    en = "The period {period} has not begun yet"


class InconsistentMeasures(Unprocessable):
    code = "inconsistent_measures"
    zh = "填报数据不符合审核关系"
    en = "The numbers contradict each other"


class ReturnExists(Unprocessable):
    status = 409
    code = "operating_return_exists"
    zh = "该企业 {period} 的经营报表已存在：{return_id}"
    en = "The enterprise has a return for {period} already: {return_id}"


class FilerMayNotDecide(Forbidden):
    code = "separation_of_duties"
    zh = "填报人不得审核自己填报的报表"
    en = "Whoever filed a return may not decide on it"


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers of one period. Amounts in 万元, employees in persons at its end."""

    sales_revenue: Decimal
    high_tech_value_added: Decimal
    high_tech_output: Decimal
    own_ip_output: Decimal
    rd_spend: Decimal
    profit_and_tax: Decimal
    employees: int


MEASURES = tuple(field.name for field in fields(Measures))
MAY_BE_NEGATIVE = frozenset({"profit_and_tax"})
"""An enterprise may lose money; it cannot sell or employ less than nothing."""
NOT_NEGATIVE = tuple(name for name in MEASURES if name not in MAY_BE_NEGATIVE)
PARTS = ("own_ip_output", "high_tech_value_added")
"""What cannot be more than `high_tech_output`."""


def check_measures(measures: Any) -> None:
    """The audit relations between the numbers, of `Measures` or whatever has the same.

    Output with own intellectual property is a part of high-tech output, and value added is output
    less what was bought for it.

    Raises:
        InconsistentMeasures: a number is negative or a part is larger than its whole.
    """
    errors = [
        FieldError(f"/measures/{name}", "negative", "不能为负数", "May not be negative")
        for name in NOT_NEGATIVE
        if getattr(measures, name) < 0
    ]
    for part in PARTS:
        if getattr(measures, part) > measures.high_tech_output:
            zh, en = "不能大于 high_tech_output", "May not exceed high_tech_output"
            errors.append(FieldError(f"/measures/{part}", "exceeds_high_tech_output", zh, en))
    if errors:
        raise InconsistentMeasures(errors=tuple(errors))


_NUMBER = r"(?:0|[1-9][0-9]{0,10})(?:\.[0-9]{1,4})?"
PLAIN = {
    "uscc": re.compile(r"[0-9A-Z]{18}"),
    "period": re.compile(r"20[0-9]{2}(?:-Q[1-4]|-(?:0[1-9]|1[0-2]))?"),
    **{f"measures.{name}": re.compile(_NUMBER) for name in MEASURES},
    "measures.profit_and_tax": re.compile(f"-?{_NUMBER}"),
    "measures.employees": re.compile(r"0|[1-9][0-9]{0,6}"),
}
"""How the cells of a file are written that need no second look: numbers as they are kept, of at
most fifteen digits, so that a double tells any two of them apart."""


def are_plainly_sound(columns: Mapping[str, Sequence[str]]) -> bool:
    """`check_measures` of many returns, by columns written as `PLAIN` has it: none is below nothing
    but where it may be."""
    whole = list(map(float, columns["measures.high_tech_output"]))
    return all(all(map(le, map(float, columns[f"measures.{part}"]), whole)) for part in PARTS)


span_of = cache(parse)
"""There are some two thousand periods, and a million rows that name one."""


def check_period(period: str, today: date) -> None:
    """A month, a quarter or a year can be reported once it has begun.

    Raises:
        FuturePeriod: it has not.
    """
    if span_of(period).starts_on > today:
        raise FuturePeriod(
            period=period,
            errors=(
                FieldError("/period", FuturePeriod.code, "报告期尚未开始", "It has not begun"),
            ),
        )


def last_day(period: str) -> date:
    """The last day of a period written as `2026-07`, `2026-Q3` or `2026`."""
    return span_of(period).ends_on


def step(state: str, action: ReturnAction) -> ReturnState:
    """The state after a step.

    Raises:
        InvalidTransition: the step is not possible from here.
    """
    allowed, after = STEPS[action]
    if state not in allowed:
        raise InvalidTransition(state=state, action=action)
    return after or ReturnState(state)


def check_decider(filed_by: Collection[str], decider: str) -> None:
    """Filing and deciding are two people's work.

    Raises:
        FilerMayNotDecide: the decider wrote or submitted it.
    """
    if decider in filed_by:
        raise FilerMayNotDecide(permission="operating_returns.accept")
