"""Recognitions over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import UnknownReference
from servicekit.types import AnyOf, Day, Moment

from parks.enterprises.domain import EnterprisesDiffer, EnterpriseUnnamed, InvalidUscc
from parks.labels import LABELS
from parks.permissions import GRANT_RECOGNITION, READ_RECOGNITION
from parks.recognitions import service
from parks.recognitions.domain import (
    RecognitionNumberTaken,
    RecognitionOverlaps,
    ValidityReversed,
)
from parks.recognitions.repository import SORTABLE
from parks.recognitions.schemas import (
    RecognitionCreate,
    RecognitionKind,
    RecognitionPage,
    RecognitionRead,
    RecognitionStatus,
)

router = app.router("recognitions")


@router.get("/recognitions", response_model=RecognitionPage, summary="List recognitions")
async def list_recognitions(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    enterprise_id: UUID | None = None,
    kind: Annotated[AnyOf[RecognitionKind] | None, Query()] = None,
    status: Annotated[AnyOf[RecognitionStatus] | None, Query()] = None,
    valid_to_lte: Annotated[
        Day | None, Query(description="Those that end on this day or before: what runs out.")
    ] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_RECOGNITION),
) -> Any:
    """The recognitions the caller may see, the latest first."""
    return await service.list_recognitions(
        session,
        principal,
        page,
        enterprise_id=enterprise_id,
        kind=kind or [],
        status=status,
        valid_to_lte=valid_to_lte,
        updated_since=updated_since,
    )


@router.get(
    "/recognitions/{recognition_id}", response_model=RecognitionRead, summary="One recognition"
)
async def get_recognition(
    recognition_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_RECOGNITION),
) -> Any:
    """A recognition with its number, its authority and its validity."""
    recognition = await service.get_recognition(session, principal, recognition_id)
    tag(response, recognition)
    return recognition


@router.post(
    "/recognitions",
    status_code=201,
    response_model=RecognitionRead,
    responses=problems(
        ValidityReversed,
        InvalidUscc,
        EnterpriseUnnamed,
        EnterprisesDiffer,
        UnknownReference,
        RecognitionOverlaps,
        RecognitionNumberTaken,
    ),
    summary="Record a recognition",
)
async def create_recognition(
    body: RecognitionCreate,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(GRANT_RECOGNITION),
) -> Any:
    """For the office. One of a kind at a time; while valid it sets the enterprise's class."""
    recognition = await service.grant_recognition(session, body)
    response.headers["Location"] = f"{app.PREFIX}/recognitions/{recognition.id}"
    tag(response, recognition)
    return recognition


add_batch(router, create_recognition)
recognition_import = add_import(router, create_recognition, labels=LABELS)
