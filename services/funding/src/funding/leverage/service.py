"""Use cases of the leverage."""

from typing import Any

from servicekit.db import Session
from servicekit.http.paging import PageRequest

from funding.leverage import domain, repository
from funding.leverage.domain import LeverageLevel
from funding.leverage.repository import LeverageFilter


async def list_leverage(
    session: Session, page: PageRequest, wanted: LeverageFilter
) -> dict[str, Any]:
    """Years, funds and awards with their ratios, and where the reports behind them are."""
    found = await repository.list_leverage(session, page, wanted)
    for row in found["items"]:
        ratio = domain.ratio(row["government"], row["enterprise"])
        row |= {"ratio": ratio, "ratio_text": domain.written(ratio), "source": _source(row)}
    return found


def _source(row: dict[str, Any]) -> str:
    if row["level"] == LeverageLevel.AWARD:
        query = f"award_id={row['award_id']}"
    else:
        query = f"fiscal_year={row['fiscal_year']}"
        if row["level"] == LeverageLevel.FUND:
            code = row["fund_code"]
            query += f"&fund_code={code}" if code else "&has_award=false"
    return f"/api/v1/counterpart-reports?{query}"
