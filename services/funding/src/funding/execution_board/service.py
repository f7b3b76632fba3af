"""Use cases of the execution board."""

from datetime import date
from decimal import Decimal
from typing import Any

from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import PageRequest

from funding.execution_board import domain, repository
from funding.execution_board.repository import BoardFilter, Net


async def read_board(session: Session, page: PageRequest, wanted: BoardFilter) -> dict[str, Any]:
    """The funds' months with their rates and forecasts."""
    today = china_date()
    found = await repository.fetch_board(session, page, today, wanted)
    rows = found["items"]
    if rows:
        years = [row["fiscal_year"] for row in rows]
        net = await repository.net_by_month(
            session,
            sorted({row["fund_code"] for row in rows}),
            min(years) - domain.YEARS,
            max(years),
        )
        for row in rows:
            row |= foreseen(row, today, net)
            del row["in_year"]
    return found


def foreseen(row: dict[str, Any], today: date, net: Net) -> dict[str, Any]:
    """The rate of a row and its forecast, which takes whole months only: in the running month it is
    that of the month before."""
    fund, year, month = row["fund_code"], row["fiscal_year"], row["in_year"]
    last = min(month, today.month - 1) if year == today.year else month
    paid = net[fund, year][last - 1] if last else Decimal(0)
    earlier = {
        each: net[fund, each]
        for each in range(year - domain.YEARS, year)
        if (fund, each) in net and each < today.year
    }
    made = domain.forecast(paid, last, row["approved"], earlier)
    return {
        "execution_rate": domain.rate(row["disbursed"] - row["refunded"], row["approved"]),
        "forecast": made.value,
        "forecast_rate": made.value and domain.rate(made.value, row["approved"]),
        "forecast_method": made.method,
        "forecast_zh": made.zh,
        "forecast_en": made.en,
    }
