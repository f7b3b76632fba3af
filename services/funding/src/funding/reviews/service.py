"""Use cases of the reviews. Locks are taken in one order: call, application, review."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.permissions import ANY
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.applications import repository as applications
from funding.applications.domain import ApplicationState
from funding.applications.models import Application
from funding.calls import repository as calls
from funding.calls.domain import CallState
from funding.calls.models import FundingCall
from funding.permissions import READ_ALL_REVIEWS
from funding.reviews import domain, events, repository
from funding.reviews.domain import ReviewState
from funding.reviews.models import Review
from funding.reviews.repository import ReviewFilter
from funding.reviews.schemas import ReviewRead, ReviewScore

IN_REVIEW = (CallState.OPEN, CallState.CLOSED)
HIDDEN = {"scores": None, "total": None, "comment": None}


async def assign_expert(session: Session, principal: Principal, values: dict[str, Any]) -> Review:
    """Give an accepted application to an expert.

    Raises:
        UnknownReference: no such application.
        NotInReview: it is not accepted, or its call was ranked.
        ConflictOfInterest: the expert is of the applying unit, or applied for it.
        EnoughExperts: it has as many as the call asks for.
        AlreadyExists: the expert has it already.
    """
    known = await applications.get(session, values["application_id"])
    if known is None:
        raise UnknownReference(what=f"application {values['application_id']}")
    call, row = await _in_review(session, known)
    domain.check_impartial(
        values["expert"],
        [values["expert_unit"]],
        row.applicant_unit,
        [row.created_by, row.submitted_by, principal.subject],
    )
    if len(await repository.counted(session, row.id)) >= call.experts_per_application:
        raise domain.EnoughExperts(number=call.experts_per_application)
    review = Review(**values, call_id=call.id, assigned_by=principal.subject)
    session.add(review)
    await session.flush()
    audit.record(session, "reviews.create", "review", review.id, after=review.snapshot())
    return review


async def _in_review(session: Session, known: Application) -> tuple[FundingCall, Application]:
    """Call and application, locked. Raises `NotInReview`."""
    call = await calls.get_shared(session, known.call_id)
    row = await applications.get_for_update(session, known.id)
    assert call is not None, "a foreign key"
    assert row is not None, "applications are never deleted"
    if row.state != ApplicationState.ACCEPTED or call.state not in IN_REVIEW:
        raise domain.NotInReview
    return call, row


async def _load(session: Session, review_id: UUID) -> Review:
    row = await repository.get(session, review_id)
    if row is None:
        raise NotFound(what=f"review {review_id}")
    return row


async def _step(session: Session, row: Review, name: str, values: dict[str, Any]) -> None:
    before = row.snapshot()
    row.change(values)
    await session.flush()
    audit.record(session, f"reviews.{name}", "review", row.id, before=before, after=row.snapshot())


async def _own(
    session: Session, principal: Principal, review_id: UUID, step: str, expected: int | None
) -> tuple[FundingCall, Application, Review]:
    """Call, application and review, locked for a step of the expert it was assigned to.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        NotYourReview: it is somebody else's.
        InvalidTransition, NotInReview.
    """
    known = await _load(session, review_id)
    check_version(known, expected)
    if known.expert != principal.subject:
        raise domain.NotYourReview
    domain.check_step(known.state, step)
    application = await applications.get(session, known.application_id)
    assert application is not None, "a foreign key"
    call, application = await _in_review(session, application)
    row = await repository.get_for_update(session, review_id)
    assert row is not None, "reviews are never deleted"
    check_version(row, expected)
    return call, application, row


async def declare(
    session: Session,
    principal: Principal,
    review_id: UUID,
    relation: str | None,
    expected: int | None,
) -> Review:
    """Say whether one has an interest in the applicant. Whoever has, or is of its unit, is out.

    Raises what `_own` does.
    """
    _, application, row = await _own(session, principal, review_id, "declare", expected)
    same_unit = application.applicant_unit in (principal.unit, row.expert_unit)
    interested = relation is not None or same_unit
    state = ReviewState.CONFLICTED if interested else ReviewState.DECLARED
    if same_unit and relation is None:
        relation = "同一单位 same unit"
    values = {"state": state.value, "relation": relation, "declared_at": now()}
    await _step(session, row, "declare", values)
    return row


async def score(
    session: Session,
    principal: Principal,
    review_id: UUID,
    body: ReviewScore,
    expected: int | None,
) -> Review:
    """Score every criterion; with the last review the application has its score.

    Raises:
        Unprocessable: see `domain.total_of`; and what `_own` does.
    """
    call, application, row = await _own(session, principal, review_id, "score", expected)
    scores = [{**each.model_dump(), "score": str(each.score)} for each in body.scores]
    values = {
        "state": ReviewState.SCORED.value,
        "scores": scores,
        "total": domain.total_of(call.criteria, scores),
        "comment": body.comment,
        "scored_at": now(),
    }
    await _step(session, row, "score", values)
    totals = [each.total for each in await repository.counted(session, application.id)]
    done = [total for total in totals if total is not None]
    all_in = len(done) == call.experts_per_application
    if all_in:
        application.change({"score": domain.score_of(done)})
        await session.flush()
    outbox.add(session, events.review_completed(row, all_in=all_in))
    return row


async def revoke(session: Session, review_id: UUID, reason: str, expected: int | None) -> Review:
    """Take an expert off who has not scored.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed, InvalidTransition.
    """
    row = await repository.get_for_update(session, review_id)
    if row is None:
        raise NotFound(what=f"review {review_id}")
    check_version(row, expected)
    domain.check_step(row.state, "revoke")
    await _step(session, row, "revoke", {"state": ReviewState.REVOKED.value, "reason": reason})
    return row


async def revoke_of_call(session: Session, call_id: UUID, reason: str) -> None:
    """Its call, which is locked, is no more: nobody has to score any more. What was scored stays as
    it was said."""
    for row in await repository.lock_waiting_of_call(session, call_id):
        await _step(session, row, "revoke", {"state": ReviewState.REVOKED.value, "reason": reason})


def sees_all(principal: Principal) -> bool:
    """Whether the caller sees every review: all who may but the experts."""
    return READ_ALL_REVIEWS.relations(principal) == ANY


def shown(principal: Principal, row: Review, *, all_in: bool) -> ReviewRead:
    """The review as this caller sees it: no expert is led by another's scores."""
    read = ReviewRead.model_validate(row)
    if all_in or row.expert == principal.subject:
        return read
    return read.model_copy(update=HIDDEN)


async def get_review(session: Session, principal: Principal, review_id: UUID) -> ReviewRead:
    """Raises `NotFound`, or `NotYourReview` for an expert who may not see it."""
    row = await _load(session, review_id)
    application = await applications.get(session, row.application_id)
    assert application is not None, "a foreign key"
    all_in = application.score is not None
    if not sees_all(principal) and row.expert != principal.subject:
        colleague = await repository.is_colleague(session, row.application_id, principal.subject)
        if not (all_in and colleague and row.state == ReviewState.SCORED):
            raise domain.NotYourReview
    return shown(principal, row, all_in=all_in)


async def list_reviews(
    session: Session, principal: Principal, page: PageRequest, wanted: ReviewFilter
) -> Page[Any]:
    seen_by = None if sees_all(principal) else principal.subject
    found = await repository.list_reviews(session, page, replace(wanted, seen_by=seen_by))
    items = [shown(principal, row[0], all_in=row[1]) for row in found.items]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


async def reviewed_application(
    session: Session, principal: Principal, review_id: UUID
) -> Application:
    """What is reviewed, for its expert once no interest was declared, and for whoever sees all.

    Raises:
        NotFound, NotYourReview.
        NotDeclared: the expert has to declare first.
        ConflictOfInterest: the expert has an interest, or was taken off.
    """
    row = await _load(session, review_id)
    if not sees_all(principal):
        if row.expert != principal.subject:
            raise domain.NotYourReview
        if row.state == ReviewState.ASSIGNED:
            raise domain.NotDeclared
        if row.state in domain.OVER:
            raise domain.ConflictOfInterest
    application = await applications.get(session, row.application_id)
    assert application is not None, "a foreign key"
    return application
