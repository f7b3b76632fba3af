"""HTTP of the agreements and their tranches."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import (
    AlreadyExists,
    InvalidTransition,
    PreconditionRequired,
    UnknownReference,
)
from servicekit.types import AnyOf, Code, Moment

from funding.agreements import domain, repository, service
from funding.agreements.domain import AgreementState, TrancheState
from funding.agreements.repository import SORTABLE, TRANCHE_SORT, AgreementFilter
from funding.agreements.schemas import (
    AgreementCreate,
    AgreementDecline,
    AgreementOffer,
    AgreementPage,
    AgreementRead,
    AgreementUpdate,
    TranchePage,
    TrancheRead,
    TrancheReport,
    TrancheReturn,
)
from funding.budgets.domain import SeparationOfDuties
from funding.permissions import (
    ACCEPT_TRANCHE,
    MAKE_AGREEMENT,
    READ_AGREEMENT,
    REPORT_TRANCHE,
    SIGN_AGREEMENT,
)

router = app.router("agreements")
ONE = "/agreements/{agreement_id}"
TRANCHE = f"{ONE}/tranches/{{tranche_id}}"


@router.post(
    "/agreements",
    status_code=201,
    response_model=AgreementRead,
    responses=problems(UnknownReference, AlreadyExists, domain.AwardInUse),
    summary="Draft an agreement",
)
async def create_agreement(
    body: AgreementCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_AGREEMENT),
) -> Any:
    """On an award of which nothing was paid; the tranches add up to it, to the fen."""
    row = await service.create_agreement(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/agreements/{row.id}"
    tag(response, row)
    return row


@router.get("/agreements", response_model=AgreementPage, summary="List agreements")
async def list_agreements(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    award_id: UUID | None = None,
    payee_unit: Code | None = None,
    state: Annotated[AnyOf[AgreementState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_AGREEMENT),
) -> Any:
    """Agreements the caller may see, by award, payee and state."""
    wanted = AgreementFilter(None, award_id, payee_unit, state, updated_since)
    return await service.list_agreements(session, principal, page, wanted)


@router.get(ONE, response_model=AgreementRead, summary="Read an agreement")
async def get_agreement(
    agreement_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_AGREEMENT),
) -> Any:
    """One agreement; payees see their own."""
    row = await service.load(session, principal, READ_AGREEMENT, agreement_id)
    tag(response, row)
    return row


@router.patch(
    ONE,
    response_model=AgreementRead,
    responses=problems(InvalidTransition, PreconditionRequired),
    summary="Change an agreement",
)
async def update_agreement(
    agreement_id: UUID,
    body: AgreementUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(MAKE_AGREEMENT),
) -> Any:
    """Other tranches, all of them, while it is a draft."""
    row = await service.update_agreement(session, principal, agreement_id, body.tranches, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/offer",
    response_model=AgreementRead,
    responses=problems(InvalidTransition),
    summary="Offer an agreement",
)
async def offer_agreement(
    agreement_id: UUID,
    body: AgreementOffer,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(MAKE_AGREEMENT),
) -> Any:
    """The office signs it, with its document number; the tranches stand from now on."""
    row = await service.offer_agreement(
        session, principal, agreement_id, body.document_no, expected
    )
    tag(response, row)
    return row


@router.post(
    f"{ONE}/sign",
    response_model=AgreementRead,
    responses=problems(InvalidTransition, SeparationOfDuties),
    summary="Sign an agreement",
)
async def sign_agreement(
    agreement_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SIGN_AGREEMENT),
) -> Any:
    """The payee signs what was offered."""
    row = await service.sign_agreement(session, principal, agreement_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/decline",
    response_model=AgreementRead,
    responses=problems(InvalidTransition),
    summary="Decline an agreement",
)
async def decline_agreement(
    agreement_id: UUID,
    body: AgreementDecline,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SIGN_AGREEMENT),
) -> Any:
    """The payee does not sign, for a reason; the office may change it and offer it again."""
    row = await service.decline_agreement(session, principal, agreement_id, body.reason, expected)
    tag(response, row)
    return row


@router.get(f"{ONE}/tranches", response_model=TranchePage, summary="List tranches")
async def list_tranches(
    agreement_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(TRANCHE_SORT)],
    state: Annotated[AnyOf[TrancheState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_AGREEMENT),
) -> Any:
    """The tranches of an agreement with their milestones, in order."""
    await service.load(session, principal, READ_AGREEMENT, agreement_id)
    return await repository.list_tranches(session, page, agreement_id, state, updated_since)


@router.get(TRANCHE, response_model=TrancheRead, summary="Read a tranche")
async def get_tranche(
    agreement_id: UUID,
    tranche_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_AGREEMENT),
) -> Any:
    """One tranche: what is due with what, and what was drawn of it."""
    await service.load(session, principal, READ_AGREEMENT, agreement_id)
    row = await service.get_tranche(session, agreement_id, tranche_id)
    tag(response, row)
    return row


@router.post(
    f"{TRANCHE}/report",
    response_model=TrancheRead,
    responses=problems(InvalidTransition, domain.AgreementNotSigned),
    summary="Report a milestone",
)
async def report_tranche(
    agreement_id: UUID,
    tranche_id: UUID,
    body: TrancheReport,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REPORT_TRANCHE),
) -> Any:
    """The payee says that the milestone is reached, and how."""
    ids = (agreement_id, tranche_id)
    row = await service.report_tranche(session, principal, ids, body.report, expected)
    tag(response, row)
    return row


@router.post(
    f"{TRANCHE}/accept",
    response_model=TrancheRead,
    responses=problems(InvalidTransition, domain.AgreementNotSigned, SeparationOfDuties),
    summary="Accept a milestone",
)
async def accept_tranche(
    agreement_id: UUID,
    tranche_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ACCEPT_TRANCHE),
) -> Any:
    """By somebody who did not report it; the tranche can be paid."""
    row = await service.accept_tranche(session, principal, (agreement_id, tranche_id), expected)
    tag(response, row)
    return row


@router.post(
    f"{TRANCHE}/return",
    response_model=TrancheRead,
    responses=problems(InvalidTransition, domain.AgreementNotSigned),
    summary="Return a milestone",
)
async def return_tranche(
    agreement_id: UUID,
    tranche_id: UUID,
    body: TrancheReturn,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ACCEPT_TRANCHE),
) -> Any:
    """It is not reached yet, for a reason; the payee reports it again."""
    ids = (agreement_id, tranche_id)
    row = await service.return_tranche(session, principal, ids, body.reason, expected)
    tag(response, row)
    return row
