"""Events of the other services that are numbers for indicators."""

from decimal import Decimal

from contracts.funding import FiscalYearExecuted, RuleMeasured
from contracts.parks import ParkGradeLost, ParkGradeObtained, ParkMetricChanged
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription
from targets.observations import domain, service
from targets.observations.service import Taken

RULE_METRICS = {"leverage": "leverage", "special-funds-floor": "special_funds_total"}
"""Rules whose live value is an indicator as well, by the metric's name."""


async def on_park_metric_changed(session: Session, event: Received[ParkMetricChanged]) -> None:
    data = event.data
    taken = Taken(
        source_kind="parks",
        source_id=str(event.id),
        period=data.period,
        value=data.value,
        unit=data.unit,
        numerator=data.numerator,
        denominator=data.denominator,
        reason=data.reason,
    )
    await service.record_metric(session, {data.metric: taken})


async def on_park_grade_obtained(session: Session, event: Received[ParkGradeObtained]) -> None:
    data = event.data
    await service.record_grade(
        session,
        metric=f"park_grade.{data.park_code}",
        grade=data.current_grade or data.grade,
        period=f"{data.obtained_on:%Y-%m}",
        source_id=str(event.id),
    )


async def on_park_grade_lost(session: Session, event: Received[ParkGradeLost]) -> None:
    """The park stands on what is left to it, which may be nothing."""
    data = event.data
    await service.record_grade(
        session,
        metric=f"park_grade.{data.park_code}",
        grade=data.current_grade,
        period=f"{data.lost_on:%Y-%m}",
        source_id=str(event.id),
    )


async def on_fiscal_year_executed(session: Session, event: Received[FiscalYearExecuted]) -> None:
    """Both shares of the plan's sections A and D, from the same numbers."""
    data = event.data
    if data.budget_expenditure == 0:
        return  # A year that has not begun to spend has no share yet.

    def share(top: Decimal) -> Taken:
        return Taken(
            source_kind="funding",
            source_id=str(event.id),
            period=str(data.fiscal_year),
            value=domain.percentage(top, data.budget_expenditure),
            unit="%",
            numerator=top,
            denominator=data.budget_expenditure,
        )

    both = data.three_st_expenses + data.science_operating_expenses
    await service.record_metric(
        session, {"st_share": share(both), "three_st_share": share(data.three_st_expenses)}
    )


async def on_rule_measured(session: Session, event: Received[RuleMeasured]) -> None:
    data = event.data
    metric = RULE_METRICS.get(data.rule_code)
    if metric is not None:
        taken = Taken("funding", str(event.id), str(data.fiscal_year), data.actual, data.unit)
        await service.record_metric(session, {metric: taken})


SUBSCRIPTIONS = (
    Subscription(ParkMetricChanged, on_park_metric_changed),
    Subscription(ParkGradeObtained, on_park_grade_obtained),
    Subscription(ParkGradeLost, on_park_grade_lost),
    Subscription(FiscalYearExecuted, on_fiscal_year_executed),
    Subscription(RuleMeasured, on_rule_measured),
)
