"""What is told about the totals."""

from decimal import Decimal
from typing import Protocol

from contracts.parks import ParkMetricChanged


class Total(Protocol):
    """A row of the totals, as a statement returns it."""

    series: str
    metric: str
    period: str
    unit: str
    value: Decimal
    numerator: Decimal
    denominator: Decimal | None


def metric_changed(total: Total, reason: str | None = None) -> ParkMetricChanged:
    """Only a ratio tells what it is made of."""
    return ParkMetricChanged(
        series=total.series,
        metric=total.metric,
        period=total.period,
        value=total.value,
        unit=total.unit,
        numerator=None if total.denominator is None else total.numerator,
        denominator=total.denominator,
        reason=reason,
    )
