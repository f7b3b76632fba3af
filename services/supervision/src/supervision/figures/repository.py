"""Statements that keep the numbers of the other services."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from servicekit.db import Session
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert

from supervision.db import Base
from supervision.figures.models import FundFigure, IndicatorStanding


async def put(session: Session, model: type[Base], key: Mapping[str, Any], **values: Any) -> None:
    """Make the row or take these values over; the others of the row stay."""
    statement = upsert(model).values(**key, **values)
    columns = [model.__table__.c[name] for name in key]
    await session.execute(statement.on_conflict_do_update(index_elements=columns, set_=values))


async def add(session: Session, model: type[Base], **values: Any) -> None:
    await session.execute(insert(model).values(**values))


async def add_money(
    session: Session, fund_code: str, fiscal_year: int, column: str, amount: Decimal
) -> None:
    """Add to one of a fund's sums; the amount may be negative."""
    statement = upsert(FundFigure).values(
        fund_code=fund_code, fiscal_year=fiscal_year, **{column: amount}
    )
    kept = getattr(FundFigure, column)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[FundFigure.fund_code, FundFigure.fiscal_year],
            set_={column: kept + amount},
        )
    )


async def put_number(
    session: Session, code: str, named: Mapping[str, Any], number: Mapping[str, Any]
) -> None:
    """An indicator's number; `named` is only for one that nobody has told of yet."""
    statement = upsert(IndicatorStanding).values(indicator_code=code, **named, **number)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[IndicatorStanding.indicator_code], set_=dict(number)
        )
    )
