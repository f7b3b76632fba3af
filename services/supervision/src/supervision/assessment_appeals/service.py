"""Appealing against a score, and ruling on it."""

from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from supervision.assessment_appeals import domain, events, repository
from supervision.assessment_appeals.models import AssessmentAppeal
from supervision.assessment_appeals.repository import AppealFilter
from supervision.assessment_appeals.schemas import AssessmentAppealCreate, AssessmentAppealRuling
from supervision.assessments import repository as assessments
from supervision.assessments import service as scores
from supervision.permissions import CREATE_APPEAL, READ_APPEAL, RULE_APPEAL


async def create_appeal(
    session: Session, principal: Principal, body: AssessmentAppealCreate
) -> AssessmentAppeal:
    """Raises `AppealTooLate`, `AppealPending`, or `UnknownReference` for an assessment, a unit in
    it or a criterion that is not there."""
    await directory.require(session, principal, CREATE_APPEAL, body.unit_code)
    try:
        assessment = await assessments.get(session, body.assessment_id, lock=True)
    except NotFound as error:
        raise UnknownReference(what=f"assessment {body.assessment_id}") from error
    domain.refuse_late(assessment.appeal_until, china_date())
    score = (await assessments.scores_of(session, assessment.id)).get(body.unit_code)
    if score is None or body.criterion_code not in {each["code"] for each in score.criteria}:
        raise UnknownReference(what=f"criterion {body.criterion_code} of {body.unit_code}")
    session.refuse("uq_assessment_appeal_open", domain.AppealPending())
    row = AssessmentAppeal(**body.model_dump(), appealed_by=principal.subject)
    session.add(row)
    await session.flush()
    audit.record(session, CREATE_APPEAL.name, "assessment_appeal", row.id, after=body.model_dump())
    return row


async def rule_appeal(
    session: Session,
    principal: Principal,
    appeal_id: UUID,
    expected: int | None,
    body: AssessmentAppealRuling,
) -> AssessmentAppeal:
    """Rule on it; an upheld one moves the score, and the places of all.

    Raises:
        AppellantRules: the caller appealed.
    """
    row = await repository.get(session, appeal_id, lock=True)
    await directory.require(session, principal, RULE_APPEAL, row.unit_code)
    check_version(row, expected)
    state = domain.rule(row.state, upheld=body.upheld)
    domain.refuse_appellant(principal.subject, row.appealed_by)
    row.state, row.points, row.ruling = state, body.points, body.ruling
    row.ruled_by, row.ruled_at = principal.subject, now()
    row.touch()
    await session.flush()
    if body.upheld:
        assessment = await assessments.get(session, row.assessment_id, lock=True)
        rulings = await repository.rulings_of(session, assessment.id)
        await scores.write_scores(session, assessment, rulings)
        assessment.touch()
    audit.record(session, RULE_APPEAL.name, "assessment_appeal", row.id, after=body.model_dump())
    outbox.add(session, events.appeal_ruled(row))
    return row


async def get_appeal(session: Session, principal: Principal, appeal_id: UUID) -> AssessmentAppeal:
    row = await repository.get(session, appeal_id)
    await directory.require(session, principal, READ_APPEAL, row.unit_code)
    return row


async def list_appeals(
    session: Session, principal: Principal, page: PageRequest, filters: AppealFilter
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_APPEAL)
    return await repository.list_appeals(session, page, units, filters)
