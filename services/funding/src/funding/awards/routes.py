"""HTTP of awards."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment, Year

from funding.awards import service
from funding.awards.domain import AcceptanceOpen, AwardKind, AwardState, MoneyHasMoved
from funding.awards.repository import SORTABLE, AwardFilter
from funding.awards.schemas import AwardCancel, AwardCreate, AwardPage, AwardRead
from funding.budgets.domain import InsufficientFunds
from funding.fiscal_years.domain import YearClosed
from funding.permissions import CANCEL_AWARD, GRANT_AWARD, READ_AWARD

router = app.router("awards")


@router.post(
    "/awards",
    status_code=201,
    response_model=AwardRead,
    responses=problems(UnknownReference, InsufficientFunds, YearClosed),
    summary="Grant an award",
)
async def create_award(
    body: AwardCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(GRANT_AWARD),
) -> Any:
    """Commit money of a budget line to a payee; payments are made against the award."""
    award = await service.grant_award(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/awards/{award.id}"
    tag(response, award)
    return award


add_batch(router, create_award)


@router.post(
    "/awards/{award_id}/cancel",
    response_model=AwardRead,
    responses=problems(InvalidTransition, MoneyHasMoved, AcceptanceOpen),
    summary="Cancel an award",
)
async def cancel_award(
    award_id: UUID,
    body: AwardCancel,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CANCEL_AWARD),
) -> Any:
    """Take an award back while nothing of it was paid; the journal shows the reversal. One whose
    acceptance was handed in is concluded instead."""
    award = await service.cancel_award(session, principal, award_id, body.reason, expected)
    tag(response, award)
    return award


@router.get("/awards/{award_id}", response_model=AwardRead, summary="Read an award")
async def get_award(
    award_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_AWARD),
) -> Any:
    """One award; payees see their own."""
    award = await service.get_award(session, principal, award_id)
    tag(response, award)
    return award


@router.get("/awards", response_model=AwardPage, summary="List awards")
async def list_awards(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    budget_id: UUID | None = None,
    fund_code: Code | None = None,
    fiscal_year: Year | None = None,
    payee_unit: Code | None = None,
    kind: Annotated[AnyOf[AwardKind] | None, Query()] = None,
    state: Annotated[AnyOf[AwardState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_AWARD),
) -> Any:
    """Awards the caller may see, by budget line, fund, year, payee, kind and state."""
    wanted = AwardFilter(
        None, budget_id, fund_code, fiscal_year, payee_unit, kind, state, updated_since
    )
    return await service.list_awards(session, principal, page, wanted)
