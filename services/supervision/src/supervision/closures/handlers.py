"""What supervision hears of numbers that are right again."""

from contracts.funding import RuleRestored
from contracts.targets import IndicatorMeasured
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from supervision.closures import service


async def on_indicator_measured(session: Session, event: Received[IndicatorMeasured]) -> None:
    """A new measurement allows, or again refuses, the closing of the indicator's cases."""
    fact = event.data
    await service.note_measurement(
        session, fact.indicator_code, fact.period, fact.status, fact.measured_at
    )


async def on_rule_restored(session: Session, event: Received[RuleRestored]) -> None:
    """A rule that is kept again allows the closing of its case."""
    fact = event.data
    await service.note_restoration(session, fact.rule_code, fact.fiscal_year, event.time)


SUBSCRIPTIONS = [
    Subscription(IndicatorMeasured, on_indicator_measured),
    Subscription(RuleRestored, on_rule_restored),
]
