"""HTTP of the innovation awards."""

from typing import Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference

from funding.innovation_awards import service
from funding.innovation_awards.domain import AlreadyNominated, IdNumberMissing, InvalidIdNumber
from funding.innovation_awards.models import InnovationAward
from funding.innovation_awards.schemas import (
    ClearNominee,
    InnovationAwardCreate,
    InnovationAwardPage,
    InnovationAwardRead,
)
from funding.permissions import (
    DECIDE_INNOVATION,
    NOMINATE_INNOVATION,
    READ_INNOVATION_AWARD,
    READ_NOMINEE,
)
from funding.supports.domain import NoRate
from funding.supports.routes import SupportKind, add_support

router = app.router("innovation-awards")


@router.post(
    "/innovation-awards",
    status_code=201,
    response_model=InnovationAwardRead,
    responses=problems(
        UnknownReference, InvalidIdNumber, IdNumberMissing, NoRate, AlreadyNominated
    ),
    summary="Nominate for an innovation award",
)
async def create_innovation_award(
    body: InnovationAwardCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(NOMINATE_INNOVATION),
) -> Any:
    """A person or a collective, once a year. From the answer on the nominee is masked."""
    row = await service.nominate(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/innovation-awards/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_innovation_award)


@router.get(
    "/innovation-awards/{document_id}/nominee",
    response_model=ClearNominee,
    summary="Read a nominee in the clear",
)
async def get_nominee(
    document_id: UUID, session: SessionDep, principal: Principal = permitted(READ_NOMINEE)
) -> Any:
    """For whoever has to identify and pay the nominee. The audit trail keeps who has read it."""
    return await service.read_nominee(session, principal, document_id)


add_support(
    router,
    SupportKind(
        InnovationAward,
        InnovationAwardRead,
        InnovationAwardPage,
        READ_INNOVATION_AWARD,
        NOMINATE_INNOVATION,
        DECIDE_INNOVATION,
        said="an innovation award",
        plural="innovation awards",
    ),
)
