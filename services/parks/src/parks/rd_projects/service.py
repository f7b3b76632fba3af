"""Use cases of the R&D projects."""

from datetime import date
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound

from parks.enterprises import service as enterprises
from parks.metrics import service as metrics
from parks.parks.domain import check_not_in_future
from parks.permissions import (
    CREATE_PROJECT,
    END_PROJECT,
    READ_PROJECT,
    START_PROJECT,
    UPDATE_PROJECT,
)
from parks.rd_project_results import repository as results
from parks.rd_projects import domain, events, repository
from parks.rd_projects.domain import COUNTS, ProjectAction, ProjectState
from parks.rd_projects.models import RdProject
from parks.rd_projects.schemas import (
    RdProjectCreate,
    RdProjectEnd,
    RdProjectStart,
    RdProjectUpdate,
)


async def load(
    session: Session, principal: Principal, permission: Permission, project_id: UUID
) -> RdProject:
    """Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, project_id)
    if row is None:
        raise NotFound(what=f"R&D project {project_id}")
    await directory.require(session, principal, permission, *await units_of(session, row))
    return row


async def list_projects(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page:
    """The projects the caller may see."""
    units = await directory.visible_units(session, principal, READ_PROJECT)
    return await repository.list_projects(session, page, units=units, **wanted)


async def create_project(
    session: Session, principal: Principal, body: RdProjectCreate
) -> RdProject:
    """Register a project, planned or begun already.

    Raises:
        PeriodReversed, ProjectExists: see `domain`.
        FutureDate: it has not begun yet.
        UnknownReference, InvalidUscc, EnterpriseUnnamed, EnterprisesDiffer: its enterprise.
        Forbidden: a park may only register its own.
    """
    domain.check_period(body.starts_on, body.ends_on)
    if body.started_on is not None:
        check_not_in_future(body.started_on, china_date(), "/started_on")
    lead = (await enterprises.look_up(session, [body])).of(body)
    await directory.require(session, principal, CREATE_PROJECT, *lead.units)
    taken = domain.ProjectExists(number=body.number).at("/number")
    if await repository.numbered(session, body.number) is not None:
        raise taken
    session.refuse("uq_rd_project_number", taken)
    row = RdProject(
        **body.model_dump(exclude={"uscc", "enterprise_id"}),
        enterprise_id=lead.id,
        state=ProjectState.PLANNED if body.started_on is None else ProjectState.RUNNING,
    )
    session.add(row)
    await session.flush()
    await tell(session, row, "rd_projects.create", None, body.started_on)
    return row


async def update_project(
    session: Session,
    principal: Principal,
    project_id: UUID,
    body: RdProjectUpdate,
    expected: int | None,
) -> RdProject:
    """Change what the patch names, as long as the project is not over.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, PeriodReversed.
    """
    row = await lock(session, principal, UPDATE_PROJECT, project_id)
    check_version(row, expected, required=False)
    domain.step(row.state, ProjectAction.UPDATE)
    changes = body.model_dump(exclude_unset=True)
    days = [changes.get(name, getattr(row, name)) for name in ("starts_on", "ends_on")]
    domain.check_period(*days)
    before = row.snapshot()
    if row.change(changes):
        moved = row.started_on if row.programme != before["programme"] else None
        await tell(session, row, "rd_projects.update", before, moved)
    return row


async def start_project(
    session: Session,
    principal: Principal,
    project_id: UUID,
    body: RdProjectStart,
    expected: int | None,
) -> RdProject:
    """It has begun, and counts from that day on.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FutureDate.
    """
    row = await lock(session, principal, START_PROJECT, project_id)
    check_version(row, expected)
    state = domain.step(row.state, ProjectAction.START)
    check_not_in_future(body.started_on, china_date(), "/started_on")
    before = row.snapshot()
    row.change({"state": state, "started_on": body.started_on})
    await tell(session, row, "rd_projects.start", before, body.started_on)
    return row


async def end_project(
    session: Session,
    principal: Principal,
    project_id: UUID,
    action: ProjectAction,
    body: RdProjectEnd,
    expected: int | None,
) -> RdProject:
    """It is completed, once all its results are verified; or terminated, and carried out no
    longer from that day on.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FutureDate, PeriodReversed.
        ResultsPending: a completed project has none that wait.
    """
    row = await lock(session, principal, END_PROJECT, project_id)
    check_version(row, expected)
    state = domain.step(row.state, action)
    domain.check_end(body.ended_on, row.started_on, china_date())
    if action is ProjectAction.COMPLETE:
        years = await results.years_pending(session, row.id)
        if years:
            raise domain.ResultsPending(years=", ".join(map(str, years)))
    before = row.snapshot()
    row.change({"state": state, "ended_on": body.ended_on, "end_reason": body.reason})
    await tell(session, row, f"rd_projects.{action}", before, body.ended_on)
    return row


async def recount_due(session: Session) -> None:
    """The schedule: a month that has begun has its numbers, without anybody changing anything."""
    await recount(session)


async def recount(session: Session, since: date | None = None, reason: str | None = None) -> None:
    """Count the projects and their results anew, from the month of `since` on. Call it last."""
    await metrics.recount(session, repository.COUNTING, COUNTS, china_date(), since, reason)


async def lock(
    session: Session, principal: Principal, permission: Permission, project_id: UUID
) -> RdProject:
    """The project, locked, for a change. Raises `NotFound`, `Forbidden`."""
    row = await repository.get_for_update(session, project_id)
    if row is None:
        raise NotFound(what=f"R&D project {project_id}")
    await directory.require(session, principal, permission, *await units_of(session, row))
    return row


async def units_of(session: Session, row: RdProject) -> list[str]:
    """The units that answer for its lead enterprise."""
    enterprise = await enterprises.load(session, row.enterprise_id)
    return await enterprises.units_of(session, enterprise)


async def tell(
    session: Session,
    row: RdProject,
    action: str,
    before: dict[str, Any] | None,
    since: date | None,
) -> None:
    """Note and tell a change, and count again from the day on from which it counts."""
    await session.flush()
    audit.record(session, action, "rd_project", row.id, before=before, after=row.snapshot())
    outbox.add(session, events.project_changed(row, await units_of(session, row)))
    if since is not None:
        await recount(session, since)
