"""Applications for a grade over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment

from parks.grade_applications import domain, service
from parks.grade_applications.repository import SORTABLE
from parks.grade_applications.schemas import (
    GradeApplicationCreate,
    GradeApplicationGrant,
    GradeApplicationPage,
    GradeApplicationRead,
    GradeApplicationReason,
    GradeApplicationRefuse,
    GradeApplicationState,
    GradeApplicationSubmit,
)
from parks.parks.domain import FutureDate, GradeDaysReversed
from parks.parks.schemas import ParkGradeName
from parks.permissions import (
    APPLY_FOR_GRADE,
    DECIDE_GRADE_APPLICATION,
    READ_GRADE_APPLICATION,
)

router = app.router("grade-applications")
ONE = "/grade-applications/{application_id}"
DECIDED = (InvalidTransition, domain.ApplicantMayNotDecide)


@router.get(
    "/grade-applications", response_model=GradeApplicationPage, summary="List grade applications"
)
async def list_grade_applications(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    park_code: Code | None = None,
    grade: Annotated[AnyOf[ParkGradeName] | None, Query()] = None,
    state: Annotated[AnyOf[GradeApplicationState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_GRADE_APPLICATION),
) -> Any:
    """Those the caller may see, the latest first."""
    return await service.list_applications(
        session,
        principal,
        page,
        park_code=park_code,
        grade=grade or [],
        state=state or [],
        updated_since=updated_since,
    )


@router.get(ONE, response_model=GradeApplicationRead, summary="One grade application")
async def get_grade_application(
    application_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_GRADE_APPLICATION),
) -> Any:
    """An application with what the register counted when it was handed in."""
    row = await service.load(session, principal, READ_GRADE_APPLICATION, application_id)
    tag(response, row)
    return row


@router.post(
    "/grade-applications",
    status_code=201,
    response_model=GradeApplicationRead,
    responses=problems(UnknownReference, domain.GradeHeld, domain.ApplicationOpen),
    summary="Begin a grade application",
)
async def create_grade_application(
    body: GradeApplicationCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(APPLY_FOR_GRADE),
) -> Any:
    """For the park's administration. Evidence is added to the draft, then it is submitted."""
    row = await service.create_application(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/grade-applications/{row.id}"
    tag(response, row)
    return row


@router.post(
    f"{ONE}/submit",
    response_model=GradeApplicationRead,
    responses=problems(InvalidTransition, domain.EvidenceMissing, domain.CriteriaUnmet),
    summary="Submit a grade application",
)
async def submit_grade_application(
    application_id: UUID,
    body: GradeApplicationSubmit,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(APPLY_FOR_GRADE),
) -> Any:
    """With evidence of every criterion. What the register counts of each today is kept with it;
    where something is missing, the park says why it applies all the same."""
    row = await service.submit_application(session, principal, application_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/withdraw",
    response_model=GradeApplicationRead,
    responses=problems(InvalidTransition),
    summary="Withdraw a grade application",
)
async def withdraw_grade_application(
    application_id: UUID,
    body: GradeApplicationReason,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(APPLY_FOR_GRADE),
) -> Any:
    """As long as nothing is decided."""
    row = await service.withdraw_application(
        session, principal, application_id, body.reason, expected
    )
    tag(response, row)
    return row


@router.post(
    f"{ONE}/review",
    response_model=GradeApplicationRead,
    responses=problems(*DECIDED),
    summary="Begin the review of a grade application",
)
async def review_grade_application(
    application_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(DECIDE_GRADE_APPLICATION),
) -> Any:
    """For the office, by another person than those who applied."""
    row = await service.review_application(session, principal, application_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/return",
    response_model=GradeApplicationRead,
    responses=problems(*DECIDED),
    summary="Return a grade application",
)
async def return_grade_application(
    application_id: UUID,
    body: GradeApplicationReason,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(DECIDE_GRADE_APPLICATION),
) -> Any:
    """To be mended and submitted again, with the reason."""
    row = await service.return_application(
        session, principal, application_id, body.reason, expected
    )
    tag(response, row)
    return row


@router.post(
    f"{ONE}/grant",
    response_model=GradeApplicationRead,
    responses=problems(*DECIDED, FutureDate, GradeDaysReversed, domain.GradeHeld),
    summary="Grant a grade application",
)
async def grant_grade_application(
    application_id: UUID,
    body: GradeApplicationGrant,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(DECIDE_GRADE_APPLICATION),
) -> Any:
    """The park obtains the grade, which stands among its grades from here on."""
    row = await service.grant_application(session, principal, application_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/refuse",
    response_model=GradeApplicationRead,
    responses=problems(*DECIDED),
    summary="Refuse a grade application",
)
async def refuse_grade_application(
    application_id: UUID,
    body: GradeApplicationRefuse,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(DECIDE_GRADE_APPLICATION),
) -> Any:
    """With the reason; the park may apply again."""
    row = await service.refuse_application(session, principal, application_id, body, expected)
    tag(response, row)
    return row
