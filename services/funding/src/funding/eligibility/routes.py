"""HTTP of the eligibility results."""

from typing import Annotated, Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Moment

from funding.applications import service as applications
from funding.eligibility import repository
from funding.eligibility.repository import SORTABLE
from funding.eligibility.schemas import EligibilityResultPage
from funding.permissions import READ_APPLICATION

router = app.router("applications")


@router.get(
    "/applications/{application_id}/eligibility-results",
    response_model=EligibilityResultPage,
    summary="List eligibility results",
)
async def list_eligibility_results(
    application_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_APPLICATION),
) -> Any:
    """What came of each rule of the call, at every submission and at the award, oldest first."""
    await applications.load(session, principal, READ_APPLICATION, application_id)
    return await repository.list_results(session, page, application_id, updated_since)
