"""Forecasts as published events."""

from contracts.targets import IndicatorOutlookChanged
from servicekit.types import plain
from targets.forecasts.domain import Forecast
from targets.indicators.models import Indicator


def outlook_changed(
    indicator: Indicator, made: Forecast, outlook: str, previous: str | None, target: str
) -> IndicatorOutlookChanged:
    return IndicatorOutlookChanged(
        indicator_code=indicator.code,
        indicator_name=indicator.name_zh,
        lead_unit=indicator.lead_unit,
        year=made.year,
        as_of=made.as_of,
        outlook=outlook,  # pyright: ignore[reportArgumentType]
        previous_outlook=previous,  # pyright: ignore[reportArgumentType]
        value=plain(made.value),  # pyright: ignore[reportArgumentType]
        low=plain(made.low),  # pyright: ignore[reportArgumentType]
        high=plain(made.high),  # pyright: ignore[reportArgumentType]
        target=target,  # pyright: ignore[reportArgumentType]
        unit=indicator.unit,
    )
