"""SQL of the eligibility results."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select

from funding.applications.domain import GONE
from funding.applications.models import Application
from funding.calls.models import FundingCall
from funding.eligibility.models import EligibilityResult

SORTABLE = {
    "id": EligibilityResult.id,
    "checked_at": EligibilityResult.checked_at,
    "updated_at": EligibilityResult.checked_at,
}


async def others_in_call(session: Session, application: Application) -> list[str]:
    """The numbers of what else its unit has in the same call."""
    query = _others(application).where(Application.call_id == application.call_id)
    return [str(number) for number in await session.scalars(query)]


async def others_in_year(
    session: Session, application: Application, call: FundingCall
) -> list[str]:
    """And in the calls of the same fund and year, as document number and number."""
    same = (FundingCall.fund_code == call.fund_code) & (FundingCall.fiscal_year == call.fiscal_year)
    query = _others(application).add_columns(FundingCall.document_no)
    query = query.join(FundingCall, FundingCall.id == Application.call_id).where(same)
    return [f"{row.document_no} {row.number}" for row in await session.execute(query)]


def _others(application: Application) -> Any:
    return (
        select(Application.number)
        .where(
            Application.applicant_unit == application.applicant_unit,
            Application.id != application.id,
            Application.state.not_in(GONE),
        )
        .order_by(Application.submitted_at, Application.id)
    )


async def failed_at_last(session: Session, application_id: UUID) -> list[str]:
    row = EligibilityResult
    last = select(func.max(row.checked_at)).where(row.application_id == application_id)
    query = select(row.rule).where(
        row.application_id == application_id,
        row.checked_at == last.scalar_subquery(),
        row.passed.is_(False),
    )
    return list(await session.scalars(query.order_by(row.id)))


async def list_results(
    session: Session, page: PageRequest, application_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    row = EligibilityResult
    conditions = given((updated_since, row.checked_at.__ge__))
    query = select(row).where(row.application_id == application_id, *conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
