"""HTTP of the schemes of assessment."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment

from supervision.assessment_schemes import repository, service
from supervision.assessment_schemes.repository import SORTABLE
from supervision.assessment_schemes.schemas import (
    AssessmentSchemePage,
    AssessmentSchemePut,
    AssessmentSchemeRead,
)
from supervision.permissions import PUT_ASSESSMENT_SCHEME, READ_ASSESSMENT_SCHEME

router = app.router("assessment-schemes")


@router.get(
    "/assessment-schemes", response_model=AssessmentSchemePage, summary="List assessment schemes"
)
async def list_assessment_schemes(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    revisions: bool = False,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_ASSESSMENT_SCHEME),
) -> Any:
    """How units are assessed: weights, full marks and deductions."""
    return await repository.list_schemes(session, page, revisions, updated_since)


@router.get(
    "/assessment-schemes/{code}",
    response_model=AssessmentSchemeRead,
    summary="Read an assessment scheme",
)
async def get_assessment_scheme(
    code: Code,
    session: SessionDep,
    response: Response,
    revision: Annotated[int | None, Query(ge=1, le=100_000)] = None,
    _: Principal = permitted(READ_ASSESSMENT_SCHEME),
) -> Any:
    """The newest revision, or an earlier one."""
    row = await repository.get(session, code, revision)
    tag(response, row)
    return row


@router.put(
    "/assessment-schemes/{code}",
    response_model=AssessmentSchemeRead,
    responses={201: {"model": AssessmentSchemeRead, "description": "Made"}},
    summary="Make or revise an assessment scheme",
)
async def put_assessment_scheme(
    code: Code,
    body: AssessmentSchemePut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUT_ASSESSMENT_SCHEME),
) -> Any:
    """Another content is the next revision; assessments keep the one they were computed by."""
    row, created = await service.put_scheme(session, principal, code, body, expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/assessment-schemes/{code}"
    tag(response, row)
    return row
