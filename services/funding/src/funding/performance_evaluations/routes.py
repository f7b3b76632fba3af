"""HTTP of the evaluations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import (
    AlreadyExists,
    InvalidTransition,
    PreconditionRequired,
    UnknownReference,
)
from servicekit.types import AnyOf, Code, Moment

from funding.budgets.domain import SeparationOfDuties
from funding.performance_evaluations import service
from funding.performance_evaluations.domain import AwardCancelled, EvaluationGrade, EvaluationState
from funding.performance_evaluations.repository import SORTABLE, EvaluationFilter
from funding.performance_evaluations.schemas import (
    PerformanceEvaluationCreate,
    PerformanceEvaluationPage,
    PerformanceEvaluationRead,
    PerformanceEvaluationUpdate,
)
from funding.permissions import PUBLISH_EVALUATION, READ_EVALUATION, WRITE_EVALUATION

router = app.router("performance-evaluations")
ONE = "/performance-evaluations/{evaluation_id}"


@router.post(
    "/performance-evaluations",
    status_code=201,
    response_model=PerformanceEvaluationRead,
    responses=problems(UnknownReference, AlreadyExists, AwardCancelled),
    summary="Draft a performance evaluation",
)
async def create_performance_evaluation(
    body: PerformanceEvaluationCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(WRITE_EVALUATION),
) -> Any:
    """Of one award, by indicators whose weights add to 100; score and grade follow from them."""
    row = await service.create_evaluation(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/performance-evaluations/{row.id}"
    tag(response, row)
    return row


@router.get(
    "/performance-evaluations",
    response_model=PerformanceEvaluationPage,
    summary="List performance evaluations",
)
async def list_performance_evaluations(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    award_id: UUID | None = None,
    payee_unit: Code | None = None,
    state: Annotated[AnyOf[EvaluationState] | None, Query()] = None,
    grade: Annotated[AnyOf[EvaluationGrade] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_EVALUATION),
) -> Any:
    """Those the caller may see, by award, payee, state and grade."""
    wanted = EvaluationFilter(None, award_id, payee_unit, state, grade, updated_since)
    return await service.list_evaluations(session, principal, page, wanted)


@router.get(ONE, response_model=PerformanceEvaluationRead, summary="Read a performance evaluation")
async def get_performance_evaluation(
    evaluation_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_EVALUATION),
) -> Any:
    """One evaluation; payees see their own."""
    row = await service.get_evaluation(session, principal, evaluation_id)
    tag(response, row)
    return row


@router.patch(
    ONE,
    response_model=PerformanceEvaluationRead,
    responses=problems(InvalidTransition, PreconditionRequired),
    summary="Change a performance evaluation",
)
async def update_performance_evaluation(
    evaluation_id: UUID,
    body: PerformanceEvaluationUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WRITE_EVALUATION),
) -> Any:
    """Other indicators, all of them, or another summary, while it is a draft. Whoever changes it
    has made it from now on."""
    row = await service.update_evaluation(session, principal, evaluation_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/publish",
    response_model=PerformanceEvaluationRead,
    responses=problems(InvalidTransition, SeparationOfDuties),
    summary="Publish a performance evaluation",
)
async def publish_performance_evaluation(
    evaluation_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUBLISH_EVALUATION),
) -> Any:
    """Confirmed by somebody who did not write it; from now on it stands and is told."""
    row = await service.publish_evaluation(session, principal, evaluation_id, expected)
    tag(response, row)
    return row
