"""Use cases of the evaluations."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.awards import repository as awards
from funding.awards.domain import AwardState
from funding.performance_evaluations import domain, events, repository
from funding.performance_evaluations.domain import EvaluationState, Reached
from funding.performance_evaluations.models import PerformanceEvaluation
from funding.performance_evaluations.repository import EvaluationFilter
from funding.performance_evaluations.schemas import (
    EvaluationIndicator,
    PerformanceEvaluationCreate,
    PerformanceEvaluationUpdate,
)
from funding.permissions import READ_EVALUATION


def _judged(indicators: Sequence[EvaluationIndicator]) -> dict[str, Any]:
    """The indicators with their points, and what these come to. Raises `Unprocessable`."""
    reached = [
        Reached(each.code, each.weight, each.direction, each.target, each.actual)
        for each in indicators
    ]
    domain.check_indicators(reached)
    score = domain.total(reached)
    rows = [
        {**each.model_dump(mode="json"), "score": f"{domain.rounded(found.points)}"}
        for each, found in zip(indicators, reached, strict=True)
    ]
    return {"indicators": rows, "score": score, "grade": domain.grade(score).value}


async def create_evaluation(
    session: Session, principal: Principal, body: PerformanceEvaluationCreate
) -> PerformanceEvaluation:
    """Draft the evaluation of an award.

    Raises:
        UnknownReference: no such award.
        AwardCancelled: see `domain`.
        Unprocessable: the weights are no whole, or an indicator is there twice.
        AlreadyExists: the award has one.
    """
    award = await awards.get(session, body.award_id)
    if award is None:
        raise UnknownReference(what=f"award {body.award_id}")
    if award.state == AwardState.CANCELLED:
        raise domain.AwardCancelled
    row = PerformanceEvaluation(
        award_id=award.id,
        payee_unit=award.payee_unit,
        summary=body.summary,
        made_by=principal.subject,
        **_judged(body.indicators),
    )
    session.add(row)
    await session.flush()
    _note(session, row, "create", None)
    return row


async def _lock(
    session: Session, evaluation_id: UUID, step: str, expected: int | None
) -> PerformanceEvaluation:
    row = await repository.get_for_update(session, evaluation_id)
    if row is None:
        raise NotFound(what=f"performance evaluation {evaluation_id}")
    check_version(row, expected)
    domain.check_step(row.state, step)
    return row


def _note(
    session: Session, row: PerformanceEvaluation, name: str, before: dict[str, Any] | None
) -> None:
    audit.record(
        session,
        f"performance_evaluations.{name}",
        "performance_evaluation",
        row.id,
        before=before,
        after=row.snapshot(),
    )


async def update_evaluation(
    session: Session,
    principal: Principal,
    evaluation_id: UUID,
    body: PerformanceEvaluationUpdate,
    expected: int | None,
) -> PerformanceEvaluation:
    """Change a draft. Raises `InvalidTransition`, or `Unprocessable` as `create_evaluation`."""
    row = await _lock(session, evaluation_id, "edit", expected)
    before = row.snapshot()
    values: dict[str, Any] = {}
    if "summary" in body.model_fields_set:
        values["summary"] = body.summary
    if "indicators" in body.model_fields_set:
        values |= _judged(body.indicators)
    if row.change(values):
        row.made_by = principal.subject
        await session.flush()
        _note(session, row, "write", before)
    return row


async def publish_evaluation(
    session: Session, principal: Principal, evaluation_id: UUID, expected: int | None
) -> PerformanceEvaluation:
    """From now on it stands. Raises `InvalidTransition`, `SeparationOfDuties`."""
    row = await _lock(session, evaluation_id, "publish", expected)
    domain.check_publisher(row.made_by, principal.subject)
    before = row.snapshot()
    row.change(
        {
            "state": EvaluationState.PUBLISHED.value,
            "published_by": principal.subject,
            "published_at": now(),
        }
    )
    await session.flush()
    _note(session, row, "publish", before)
    outbox.add(session, events.performance_evaluated(row))
    return row


async def get_evaluation(
    session: Session, principal: Principal, evaluation_id: UUID
) -> PerformanceEvaluation:
    row = await repository.get(session, evaluation_id)
    if row is None:
        raise NotFound(what=f"performance evaluation {evaluation_id}")
    await directory.require(session, principal, READ_EVALUATION, row.payee_unit)
    return row


async def list_evaluations(
    session: Session, principal: Principal, page: PageRequest, wanted: EvaluationFilter
) -> Page[Any]:
    payees = await directory.visible_units(session, principal, READ_EVALUATION)
    return await repository.list_evaluations(session, page, replace(wanted, payees=payees))
