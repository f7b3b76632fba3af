"""Numbers of targets, funding and parks as they are told: applied once and in order, so that sums
may be added up as they come."""

from typing import Any

from contracts.funding import (
    AppropriationMade,
    DisbursementFailed,
    DisbursementSucceeded,
    RefundReceived,
    RuleBreached,
    RuleRestored,
)
from contracts.parks import ParkMetricChanged
from contracts.targets import (
    IndicatorChanged,
    IndicatorMeasured,
    IndicatorStatusChanged,
    ProgressReportOverdue,
    ProgressReportReturned,
    ProgressReportSubmitted,
)
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from supervision.figures import service


async def on_indicator_changed(session: Session, event: Received[IndicatorChanged]) -> None:
    fact = event.data
    await service.name_indicator(
        session,
        fact.indicator_code,
        name=fact.name,
        unit=fact.unit,
        lead_unit=fact.lead_unit,
        at=event.time,
    )


async def on_indicator_measured(session: Session, event: Received[IndicatorMeasured]) -> None:
    fact = event.data
    await service.measure(
        session,
        fact.indicator_code,
        period=fact.period,
        actual=fact.actual,
        expected=fact.expected,
        unit=fact.unit,
        status=fact.status,
        measured_at=fact.measured_at,
        units=fact.concerned_units,
        at=event.time,
    )


async def on_indicator_status_changed(
    session: Session, event: Received[IndicatorStatusChanged]
) -> None:
    """Without an actual there is no number any more, and no period it is of."""
    fact = event.data
    await service.change_standing(
        session,
        fact.indicator_code,
        change={
            "id": event.id,
            "name": fact.indicator_name,
            "lead_unit": fact.lead_unit,
            "period": fact.period,
            "previous_status": fact.previous_status,
            "status": fact.status,
            "reason_zh": fact.reason_zh,
            "reason_en": fact.reason_en,
            "changed_at": event.time,
        },
        period=fact.period if fact.actual is not None else None,
        actual=fact.actual,
        expected=fact.expected,
        unit=fact.unit,
        measured_at=fact.measured_at,
        units=fact.concerned_units,
    )


async def on_appropriation_made(session: Session, event: Received[AppropriationMade]) -> None:
    fact = event.data
    await service.add_money(session, fact.fund_code, fact.fiscal_year, "appropriated", fact.amount)


async def on_disbursement_succeeded(
    session: Session, event: Received[DisbursementSucceeded]
) -> None:
    fact = event.data
    await service.add_money(session, fact.fund_code, fact.fiscal_year, "disbursed", fact.amount)


async def on_disbursement_failed(session: Session, event: Received[DisbursementFailed]) -> None:
    """One that had arrived is no longer paid."""
    fact = event.data
    if fact.had_arrived:
        await service.add_money(
            session, fact.fund_code, fact.fiscal_year, "disbursed", -fact.amount
        )


async def on_refund_received(session: Session, event: Received[RefundReceived]) -> None:
    fact = event.data
    await service.add_money(session, fact.fund_code, fact.fiscal_year, "refunded", fact.amount)


async def on_rule_breached(session: Session, event: Received[RuleBreached]) -> None:
    await _rule(session, event, kept=False)


async def on_rule_restored(session: Session, event: Received[RuleRestored]) -> None:
    await _rule(session, event, kept=True)


async def _rule(session: Session, event: Received[Any], *, kept: bool) -> None:
    fact = event.data
    await service.keep_rule(
        session,
        fact.rule_code,
        fact.fiscal_year,
        kept=kept,
        actual=fact.actual,
        threshold=fact.threshold,
        unit=fact.unit,
    )


async def on_park_metric_changed(session: Session, event: Received[ParkMetricChanged]) -> None:
    fact = event.data
    await service.keep_metric(session, fact.metric, fact.period, fact.value, fact.unit)


async def on_report_overdue(session: Session, event: Received[ProgressReportOverdue]) -> None:
    await _lapse(session, event, "overdue")


async def on_report_returned(session: Session, event: Received[ProgressReportReturned]) -> None:
    await _lapse(session, event, "returned")


async def on_report_submitted(session: Session, event: Received[ProgressReportSubmitted]) -> None:
    if event.data.late:
        await _lapse(session, event, "late")


async def _lapse(session: Session, event: Received[Any], kind: str) -> None:
    fact = event.data
    await service.note_lapse(
        session,
        id=event.id,
        kind=kind,
        unit_code=fact.unit_code,
        indicator_code=fact.indicator_code,
        period=fact.period,
        happened_on=china_date(event.time),
    )


SUBSCRIPTIONS = [
    Subscription(IndicatorChanged, on_indicator_changed),
    Subscription(IndicatorMeasured, on_indicator_measured),
    Subscription(IndicatorStatusChanged, on_indicator_status_changed),
    Subscription(AppropriationMade, on_appropriation_made),
    Subscription(DisbursementSucceeded, on_disbursement_succeeded),
    Subscription(DisbursementFailed, on_disbursement_failed),
    Subscription(RefundReceived, on_refund_received),
    Subscription(RuleBreached, on_rule_breached),
    Subscription(RuleRestored, on_rule_restored),
    Subscription(ParkMetricChanged, on_park_metric_changed),
    Subscription(ProgressReportOverdue, on_report_overdue),
    Subscription(ProgressReportReturned, on_report_returned),
    Subscription(ProgressReportSubmitted, on_report_submitted),
]
