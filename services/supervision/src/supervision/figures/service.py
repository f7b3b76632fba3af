"""Keeping the numbers that are told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from servicekit.db import Session

from supervision.figures import repository
from supervision.figures.models import (
    IndicatorStanding,
    ParkFigure,
    ReportLapse,
    RuleStanding,
    StandingChange,
)


async def name_indicator(
    session: Session, code: str, *, name: str, unit: str, lead_unit: str | None, at: datetime
) -> None:
    """What an indicator is; its number stays."""
    named = {"name": name, "unit": unit, "lead_unit": lead_unit, "told_at": at}
    await repository.put(session, IndicatorStanding, {"indicator_code": code}, **named)


async def measure(
    session: Session, code: str, *, units: Sequence[str], at: datetime, **number: Any
) -> None:
    """A new number of an indicator. One that was never named goes by its code."""
    number |= {"told_at": at} | _made_of(units)
    await repository.put_number(session, code, {"name": code}, number)


def _made_of(units: Sequence[str]) -> dict[str, Any]:
    """Nothing where an event does not say whose number it is."""
    return {"units": list(units)} if units else {}


async def change_standing(
    session: Session, code: str, *, change: Mapping[str, Any], units: Sequence[str], **number: Any
) -> None:
    """An indicator's light changed."""
    await repository.add(session, StandingChange, indicator_code=code, **change)
    named = {"name": change["name"], "lead_unit": change["lead_unit"]}
    number |= {"status": change["status"], "told_at": change["changed_at"]} | _made_of(units)
    await repository.put_number(session, code, named, number)


async def add_money(
    session: Session, fund_code: str, fiscal_year: int, column: str, amount: Decimal
) -> None:
    await repository.add_money(session, fund_code, fiscal_year, column, amount)


async def keep_rule(session: Session, code: str, fiscal_year: int, **standing: Any) -> None:
    key = {"rule_code": code, "fiscal_year": fiscal_year}
    await repository.put(session, RuleStanding, key, **standing)


async def keep_metric(
    session: Session, metric: str, period: str, value: Decimal, unit: str
) -> None:
    key = {"metric": metric, "period": period}
    await repository.put(session, ParkFigure, key, value=value, unit=unit)


async def note_lapse(session: Session, **lapse: Any) -> None:
    await repository.add(session, ReportLapse, **lapse)
