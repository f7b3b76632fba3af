"""Judgements as published events."""

from decimal import Decimal

from contracts.targets import IndicatorMeasured, IndicatorStatusChanged
from targets.indicators.models import Indicator
from targets.status.models import IndicatorStatus


def indicator_measured(indicator: Indicator, row: IndicatorStatus) -> IndicatorMeasured:
    assert row.period is not None
    assert row.actual is not None
    assert row.measured_at is not None
    return IndicatorMeasured(
        indicator_code=row.indicator_code,
        period=row.period,
        actual=exact(row.actual),
        expected=None if row.expected is None else exact(row.expected),
        unit=indicator.unit,
        status=row.status,  # pyright: ignore[reportArgumentType]
        measured_at=row.measured_at,
        concerned_units=tuple(indicator.concerned_units),
    )


def indicator_status_changed(
    indicator: Indicator, row: IndicatorStatus, previous: str, judged: str | None = None
) -> IndicatorStatusChanged:
    """`judged` is the period of the judgement before, where there is none any more."""
    period = row.period or judged
    assert period is not None
    assert row.measured_at is not None
    return IndicatorStatusChanged(
        indicator_code=row.indicator_code,
        indicator_name=indicator.name_zh,
        period=period,
        status=row.status,  # pyright: ignore[reportArgumentType]
        previous_status=previous,  # pyright: ignore[reportArgumentType]
        actual=None if row.actual is None else exact(row.actual),
        expected=None if row.expected is None else exact(row.expected),
        unit=indicator.unit,
        reason_zh=row.reason_zh,
        reason_en=row.reason_en,
        lead_unit=indicator.lead_unit,
        measured_at=row.measured_at,
        concerned_units=tuple(indicator.concerned_units),
    )


def exact(value: Decimal) -> Decimal:
    """Without the trailing zeros of the column's six places."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
