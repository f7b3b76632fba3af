"""Use cases of the yearly results. The project is locked first, then its result."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import InvalidTransition, NotFound

from parks.permissions import (
    READ_PROJECT_RESULT,
    REPORT_PROJECT_RESULT,
    VERIFY_PROJECT_RESULT,
)
from parks.rd_project_results import domain, events, repository
from parks.rd_project_results.domain import ResultAction, ResultState
from parks.rd_project_results.models import RdProjectResult
from parks.rd_project_results.schemas import RdProjectResultCreate, RdProjectResultUpdate
from parks.rd_projects import service as projects
from parks.rd_projects.domain import FIGURES
from parks.rd_projects.models import RdProject

UNDECIDED = {"decided_by": None, "decided_at": None}


async def get_result(
    session: Session, principal: Principal, project_id: UUID, result_id: UUID
) -> RdProjectResult:
    """Raises `NotFound`, `Forbidden`."""
    await projects.load(session, principal, READ_PROJECT_RESULT, project_id)
    return await found(session, project_id, result_id)


async def list_results(
    session: Session,
    principal: Principal,
    page: PageRequest,
    project_id: UUID,
    updated_since: datetime | None,
) -> Page:
    """The results of one project. Raises `NotFound`, `Forbidden`."""
    await projects.load(session, principal, READ_PROJECT_RESULT, project_id)
    return await repository.list_results(session, page, project_id, updated_since)


async def report_result(
    session: Session, principal: Principal, project_id: UUID, body: RdProjectResultCreate
) -> RdProjectResult:
    """Hand in what a project that has begun brought in a year.

    Raises:
        NotFound, Forbidden, InvalidTransition.
        YearOutside, ResultExists: see `domain`.
    """
    project = await projects.lock(session, principal, REPORT_PROJECT_RESULT, project_id)
    if project.started_on is None:
        raise InvalidTransition(state=project.state, action="results")
    domain.check_year(body.year, project.started_on, china_date())
    taken = domain.ResultExists(year=body.year).at("/year")
    if await repository.of_year(session, project_id, body.year) is not None:
        raise taken
    row = RdProjectResult(
        project_id=project_id,
        **body.model_dump(),
        state=ResultState.SUBMITTED,
        filed_by=[principal.subject],
    )
    session.add(row)
    await session.flush()
    note(session, row, "rd_project_results.report", None)
    return row


async def update_result(
    session: Session,
    principal: Principal,
    project_id: UUID,
    result_id: UUID,
    body: RdProjectResultUpdate,
    expected: int | None,
) -> RdProjectResult:
    """Mend a returned result; the caller becomes one of those who reported it.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition.
    """
    _, row = await lock(session, principal, REPORT_PROJECT_RESULT, project_id, result_id, expected)
    domain.step(row.state, ResultAction.UPDATE)
    wanted = body.model_dump(exclude_unset=True)
    changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changes:
        move(session, row, "rd_project_results.update", {**changes, **filed(row, principal)})
    return row


async def submit_result(
    session: Session,
    principal: Principal,
    project_id: UUID,
    result_id: UUID,
    expected: int | None,
) -> RdProjectResult:
    """Hand a returned result in again. Raises as `update_result` does."""
    _, row = await lock(session, principal, REPORT_PROJECT_RESULT, project_id, result_id, expected)
    state = domain.step(row.state, ResultAction.SUBMIT)
    changes = {"state": state, "return_reason": None, **filed(row, principal)}
    move(session, row, "rd_project_results.submit", changes)
    return row


async def verify_result(
    session: Session,
    principal: Principal,
    project_id: UUID,
    result_id: UUID,
    expected: int | None,
) -> RdProjectResult:
    """Its figures count from here on: in the project's sums and in the totals of the programme.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, ReporterMayNotVerify.
    """
    project, row = await lock(
        session, principal, VERIFY_PROJECT_RESULT, project_id, result_id, expected
    )
    state = domain.step(row.state, ResultAction.VERIFY)
    domain.check_decider(row.filed_by, principal.subject)
    begins = domain.counts_from(row.year, row.counts_from, china_date())
    changes = {"state": state, "counts_from": begins, **decided(principal)}
    move(session, row, "rd_project_results.verify", changes)
    await settle(session, project, row)
    return row


async def return_result(
    session: Session,
    principal: Principal,
    project_id: UUID,
    result_id: UUID,
    reason: str,
    expected: int | None,
) -> RdProjectResult:
    """Give a result back with the reason; one that was verified counts no longer.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, ReporterMayNotVerify.
    """
    project, row = await lock(
        session, principal, VERIFY_PROJECT_RESULT, project_id, result_id, expected
    )
    counted = row.state == ResultState.VERIFIED
    state = domain.step(row.state, ResultAction.RETURN)
    domain.check_decider(row.filed_by, principal.subject)
    changes = {"state": state, "return_reason": reason, **decided(principal)}
    move(session, row, "rd_project_results.return", changes)
    if counted:
        await settle(session, project, row)
    return row


async def settle(session: Session, project: RdProject, row: RdProjectResult) -> None:
    """Sum the project's verified results up anew, tell it, and count the totals."""
    await session.flush()
    sums = await repository.sums(session, project.id)
    before = project.snapshot()
    names = [f"actual_{name}" for name in FIGURES]
    if project.change(dict(zip(names, sums, strict=True))):
        after = project.snapshot()
        audit.record(
            session, "rd_projects.sum_up", "rd_project", project.id, before=before, after=after
        )
        await session.flush()
    units = await projects.units_of(session, project)
    outbox.add(session, events.project_reported(row, project, units))
    await projects.recount(session, row.counts_from, row.return_reason)


async def lock(
    session: Session,
    principal: Principal,
    permission: Permission,
    project_id: UUID,
    result_id: UUID,
    expected: int | None,
) -> tuple[RdProject, RdProjectResult]:
    """The project and its result, locked. Raises `NotFound`, `Forbidden`, `PreconditionRequired`,
    `PreconditionFailed`."""
    project = await projects.lock(session, principal, permission, project_id)
    await found(session, project_id, result_id)
    row = await repository.get_for_update(session, result_id)
    assert row is not None, "results are never deleted"
    check_version(row, expected)
    return project, row


async def found(session: Session, project_id: UUID, result_id: UUID) -> RdProjectResult:
    row = await repository.get(session, project_id, result_id)
    if row is None:
        raise NotFound(what=f"result {result_id} of R&D project {project_id}")
    return row


def filed(row: RdProjectResult, principal: Principal) -> dict[str, Any]:
    """Whoever touched the figures reported them, and a decision taken before is none any more."""
    return {"filed_by": sorted({*row.filed_by, principal.subject}), **UNDECIDED}


def decided(principal: Principal) -> dict[str, Any]:
    return {"decided_by": principal.subject, "decided_at": now()}


def move(session: Session, row: RdProjectResult, action: str, changes: dict[str, Any]) -> None:
    before = row.snapshot()
    row.change(changes)
    note(session, row, action, before)


def note(
    session: Session, row: RdProjectResult, action: str, before: dict[str, Any] | None
) -> None:
    after = row.snapshot()
    audit.record(session, action, "rd_project_result", row.id, before=before, after=after)
