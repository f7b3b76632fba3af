"""SQL that all kinds of support share."""

from decimal import Decimal
from typing import Any

from servicekit.db import Session
from sqlalchemy import func, select, text

from funding.supports.models import LIVE


async def live_total(session: Session, model: Any, payee_unit: str, fiscal_year: int) -> Decimal:
    """Yuan that a unit has asked for or was awarded of this kind in a year."""
    query = select(func.coalesce(func.sum(model.amount), 0)).where(
        model.payee_unit == payee_unit, model.fiscal_year == fiscal_year, text(LIVE)
    )
    return await session.scalar(query) or Decimal(0)
