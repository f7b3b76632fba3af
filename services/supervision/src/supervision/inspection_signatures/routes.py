"""Signatures over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import Moment

from supervision.inspection_signatures import repository, service
from supervision.inspection_signatures.domain import AlreadySigned
from supervision.inspection_signatures.repository import SORTABLE
from supervision.inspection_signatures.schemas import (
    InspectionResultRead,
    InspectionSign,
    InspectionSignaturePage,
)
from supervision.inspections.domain import NotOfTheTeam
from supervision.inspections.models import Inspection
from supervision.inspections.schemas import InspectionRead
from supervision.occurrences import repository as occurrences
from supervision.permissions import READ_INSPECTION, READ_RESULT, SIGN_INSPECTION

router = app.router("inspections")
NO_OPINION = InspectionSign()


@router.post(
    "/inspections/{inspection_id}/sign",
    response_model=InspectionRead,
    responses=problems(InvalidTransition, NotOfTheTeam, AlreadySigned),
    summary="Sign the result of an inspection",
)
async def sign_inspection(
    inspection_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: InspectionSign = NO_OPINION,
    principal: Principal = permitted(SIGN_INSPECTION),
) -> Any:
    """Each of the team, once, and the office; with the first signature nothing of the result
    changes any more."""
    row = await service.sign(session, principal, inspection_id, expected, body.opinion)
    tag(response, row)
    return row


@router.get(
    "/inspections/{inspection_id}/signatures",
    response_model=InspectionSignaturePage,
    summary="List who has signed",
)
async def list_inspection_signatures(
    inspection_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INSPECTION),
) -> Any:
    """Who, when, and the digest of what each has signed."""
    await occurrences.get(session, Inspection, inspection_id)
    return await repository.list_signatures(session, page, inspection_id, updated_since)


@router.get(
    "/inspections/{inspection_id}/result",
    response_model=InspectionResultRead,
    summary="Read what is signed",
)
async def get_inspection_result(
    inspection_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_RESULT),
) -> Any:
    """The result as it stands, its digest, and whether it is what was signed."""
    return await service.read_result(session, inspection_id)
