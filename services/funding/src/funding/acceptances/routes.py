"""HTTP of the acceptances."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import AlreadyExists, InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment

from funding.acceptances import domain, service
from funding.acceptances.domain import AcceptanceState
from funding.acceptances.repository import SORTABLE, AcceptanceFilter
from funding.acceptances.schemas import (
    AcceptanceAssign,
    AcceptanceConclude,
    AcceptanceCreate,
    AcceptanceOpine,
    AcceptancePage,
    AcceptanceRead,
    AcceptanceSubmit,
)
from funding.budgets.domain import SeparationOfDuties
from funding.fiscal_years.domain import YearClosed
from funding.permissions import (
    CONCLUDE_ACCEPTANCE,
    OPINE_ACCEPTANCE,
    READ_ACCEPTANCE,
    REQUEST_ACCEPTANCE,
)

router = app.router("acceptances")
ONE = "/acceptances/{acceptance_id}"


@router.post(
    "/acceptances",
    status_code=201,
    response_model=AcceptanceRead,
    responses=problems(
        UnknownReference, AlreadyExists, domain.NothingToAccept, domain.AgreementRuns
    ),
    summary="Begin an acceptance",
)
async def create_acceptance(
    body: AcceptanceCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REQUEST_ACCEPTANCE),
) -> Any:
    """By the payee, of a project or a platform, once its agreement has ended. Files are added to
    the draft, then it is submitted."""
    row = await service.create_acceptance(session, principal, body.award_id)
    response.headers["Location"] = f"{app.PREFIX}/acceptances/{row.id}"
    tag(response, row)
    return row


@router.get("/acceptances", response_model=AcceptancePage, summary="List acceptances")
async def list_acceptances(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    award_id: UUID | None = None,
    payee_unit: Code | None = None,
    state: Annotated[AnyOf[AcceptanceState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ACCEPTANCE),
) -> Any:
    """Those the caller may see, by award, payee and state; an expert those it was asked for."""
    wanted = AcceptanceFilter(None, award_id, payee_unit, state or (), updated_since)
    return await service.list_acceptances(session, principal, page, wanted)


@router.get(ONE, response_model=AcceptanceRead, summary="Read an acceptance")
async def get_acceptance(
    acceptance_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_ACCEPTANCE),
) -> Any:
    """One acceptance with its opinions and what came of it."""
    row = await service.load(session, principal, READ_ACCEPTANCE, acceptance_id)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/submit",
    response_model=AcceptanceRead,
    responses=problems(InvalidTransition, domain.ReportUnproven, domain.NothingToAccept),
    summary="Submit an acceptance",
)
async def submit_acceptance(
    acceptance_id: UUID,
    body: AcceptanceSubmit,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REQUEST_ACCEPTANCE),
) -> Any:
    """The payee's report, proven by at least one file; again after a rectification."""
    row = await service.submit_acceptance(session, principal, acceptance_id, body.report, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/assign",
    response_model=AcceptanceRead,
    responses=problems(InvalidTransition),
    summary="Ask experts about an acceptance",
)
async def assign_acceptance(
    acceptance_id: UUID,
    body: AcceptanceAssign,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CONCLUDE_ACCEPTANCE),
) -> Any:
    """Each of them is to give an opinion before the office concludes."""
    row = await service.assign_experts(session, principal, acceptance_id, body.experts, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/opine",
    response_model=AcceptanceRead,
    responses=problems(InvalidTransition),
    summary="Give an opinion on an acceptance",
)
async def opine_acceptance(
    acceptance_id: UUID,
    body: AcceptanceOpine,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(OPINE_ACCEPTANCE),
) -> Any:
    """By an expert whom the office has asked; it may be corrected until the conclusion."""
    opinion = body.model_dump(mode="json")
    row = await service.give_opinion(session, principal, acceptance_id, opinion, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/conclude",
    response_model=AcceptanceRead,
    responses=problems(
        InvalidTransition,
        SeparationOfDuties,
        domain.OpinionsMissing,
        domain.PaymentsOnTheWay,
        domain.NothingToAccept,
        domain.RectifyByMissing,
        domain.RectifyByPassed,
        YearClosed,
    ),
    summary="Conclude an acceptance",
)
async def conclude_acceptance(
    acceptance_id: UUID,
    body: AcceptanceConclude,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CONCLUDE_ACCEPTANCE),
) -> Any:
    """Passed or failed, the award is closed and what was not paid goes back to its line; failed,
    what was paid has to be given back. A rectification comes at most once; not handed in by its
    day, it may be concluded as failed."""
    given = body.model_dump()
    row = await service.conclude_acceptance(session, principal, acceptance_id, given, expected)
    tag(response, row)
    return row
