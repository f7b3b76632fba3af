"""HTTP of the reviews."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.files.attaching import DOCUMENTS
from servicekit.files.download import attachment, gives
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import AlreadyExists, InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Moment

from funding.attachments import service as attachments
from funding.attachments.models import FILES
from funding.attachments.schemas import AttachmentPage
from funding.permissions import ASSIGN_EXPERT, READ_REVIEW, WRITE_REVIEW
from funding.reviews import domain, service
from funding.reviews.domain import ReviewState
from funding.reviews.repository import SORTABLE, ReviewFilter
from funding.reviews.schemas import (
    ReviewCreate,
    ReviewDeclaration,
    ReviewedApplication,
    ReviewPage,
    ReviewRead,
    ReviewRevoke,
    ReviewScore,
)

router = app.router("reviews")
ONE = "/reviews/{review_id}"
READS = problems(domain.NotYourReview, domain.NotDeclared, domain.ConflictOfInterest)


@router.post(
    "/reviews",
    status_code=201,
    response_model=ReviewRead,
    responses=problems(
        UnknownReference,
        AlreadyExists,
        domain.NotInReview,
        domain.ConflictOfInterest,
        domain.EnoughExperts,
    ),
    summary="Assign an expert",
)
async def create_review(
    body: ReviewCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(ASSIGN_EXPERT),
) -> Any:
    """Give an accepted application to an expert, who is not of its unit."""
    row = await service.assign_expert(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/reviews/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_review)


@router.get("/reviews", response_model=ReviewPage, summary="List reviews")
async def list_reviews(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    call_id: UUID | None = None,
    application_id: UUID | None = None,
    state: Annotated[AnyOf[ReviewState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_REVIEW),
) -> Any:
    """An expert sees their own reviews, and those of the others once all have scored."""
    wanted = ReviewFilter(None, call_id, application_id, state or (), updated_since)
    return await service.list_reviews(session, principal, page, wanted)


@router.get(
    ONE,
    response_model=ReviewRead,
    responses=problems(domain.NotYourReview),
    summary="Read a review",
)
async def get_review(
    review_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_REVIEW),
) -> Any:
    """One review; its scores are its author's alone until every expert has scored."""
    row = await service.get_review(session, principal, review_id)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/declare",
    response_model=ReviewRead,
    responses=problems(InvalidTransition, domain.NotYourReview, domain.NotInReview),
    summary="Declare interests",
)
async def declare_review(
    review_id: UUID,
    body: ReviewDeclaration,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WRITE_REVIEW),
) -> Any:
    """The expert says whether there is an interest in the applicant; with one, the review ends."""
    row = await service.declare(session, principal, review_id, body.relation, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/score",
    response_model=ReviewRead,
    responses=problems(InvalidTransition, domain.NotYourReview, domain.NotInReview),
    summary="Score an application",
)
async def score_review(
    review_id: UUID,
    body: ReviewScore,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WRITE_REVIEW),
) -> Any:
    """Every criterion from 0 to 100, once and for good."""
    row = await service.score(session, principal, review_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/revoke",
    response_model=ReviewRead,
    responses=problems(InvalidTransition),
    summary="Take an expert off",
)
async def revoke_review(
    review_id: UUID,
    body: ReviewRevoke,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(ASSIGN_EXPERT),
) -> Any:
    """An expert who has not scored, for a reason; another one can be assigned."""
    row = await service.revoke(session, review_id, body.reason, expected)
    tag(response, row)
    return row


@router.get(
    f"{ONE}/application",
    response_model=ReviewedApplication,
    responses=READS,
    summary="Read what is reviewed",
)
async def get_reviewed_application(
    review_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_REVIEW),
) -> Any:
    """The application, for its expert once no interest was declared; without whom to call."""
    return await service.reviewed_application(session, principal, review_id)


@router.get(
    f"{ONE}/attachments",
    response_model=AttachmentPage,
    responses=READS,
    summary="List the attachments of what is reviewed",
)
async def list_reviewed_attachments(
    review_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(FILES.sortable)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_REVIEW),
) -> Any:
    """The files of the application, oldest first."""
    application = await service.reviewed_application(session, principal, review_id)
    return await attachments.list_attachments(session, page, application.id, updated_since)


@router.get(
    f"{ONE}/attachments/{{attachment_id}}/content",
    response_class=Response,
    responses={**gives(*DOCUMENTS), **READS},
    summary="Download an attachment of what is reviewed",
)
async def get_reviewed_attachment_content(
    review_id: UUID,
    attachment_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_REVIEW),
) -> Response:
    """The file as it was handed in."""
    application = await service.reviewed_application(session, principal, review_id)
    row = await attachments.get_attachment(session, application.id, attachment_id)
    return await attachment(session, row.file_sha256, row.file_name)
