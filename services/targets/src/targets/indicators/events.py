"""Indicator rows as published events."""

from contracts.targets import IndicatorChanged
from targets.indicators.models import Indicator


def indicator_changed(row: Indicator) -> IndicatorChanged:
    return IndicatorChanged(
        indicator_code=row.code, name=row.name_zh, unit=row.unit, lead_unit=row.lead_unit
    )
