"""Use cases of the files: added and removed while the plan is with its unit, for the edition that
is handed in next; those of earlier editions stay."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files import attaching, store
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import InvalidTransition, NotFound

from supervision.permissions import READ_UNIT_PLAN, SUBMIT_UNIT_PLAN
from supervision.unit_plan_files import repository
from supervision.unit_plan_files.models import UnitPlanFile
from supervision.unit_plans import service as plans
from supervision.unit_plans.domain import PlanStep, check_step
from supervision.unit_plans.models import UnitPlan


async def _own(session: Session, principal: Principal, kind: str, plan_id: UUID) -> UnitPlan:
    """Locks the plan, if its files may change."""
    plan = await plans.lock(session, principal, SUBMIT_UNIT_PLAN, kind, plan_id)
    check_step(plan.state, PlanStep.EDIT)
    return plan


async def add_file(
    session: Session, principal: Principal, kind: str, plan_id: UUID, upload: Upload
) -> UnitPlanFile:
    """Attach a file to the next edition.

    Raises:
        InvalidTransition: the plan is handed in.
        TooManyFiles, SameFile.
    """
    plan = await _own(session, principal, kind, plan_id)
    edition = plan.edition + 1
    attaching.check_room(upload, await repository.of_edition(session, plan_id, edition))
    row = UnitPlanFile(
        plan_id=plan_id,
        edition=edition,
        file_sha256=await store.keep(session, upload),
        file_name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        added_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    audit.record(session, "unit_plan_files.add", "unit_plan_file", row.id, sha256=row.file_sha256)
    return row


async def remove_file(
    session: Session, principal: Principal, kind: str, plan_id: UUID, file_id: UUID
) -> None:
    """Take a file off the next edition again.

    Raises:
        InvalidTransition: the plan, or the edition of the file, is handed in.
    """
    plan = await _own(session, principal, kind, plan_id)
    row = await _found(session, plan_id, file_id)
    if row.edition <= plan.edition:
        raise InvalidTransition(state=plan.state, action="edit")
    await session.delete(row)
    await session.flush()
    audit.record(
        session, "unit_plan_files.remove", "unit_plan_file", row.id, sha256=row.file_sha256
    )


async def get_file(
    session: Session, principal: Principal, kind: str, plan_id: UUID, file_id: UUID
) -> UnitPlanFile:
    """Raises `NotFound`, `Forbidden`."""
    await plans.load(session, principal, READ_UNIT_PLAN, kind, plan_id)
    return await _found(session, plan_id, file_id)


async def _found(session: Session, plan_id: UUID, file_id: UUID) -> UnitPlanFile:
    row = await repository.get(session, plan_id, file_id)
    if row is None:
        raise NotFound(what=f"file {file_id}")
    return row


async def list_files(
    session: Session,
    principal: Principal,
    page: PageRequest,
    kind: str,
    plan_id: UUID,
    edition: int | None,
    updated_since: datetime | None,
) -> Page[Any]:
    await plans.load(session, principal, READ_UNIT_PLAN, kind, plan_id)
    return await repository.page_of(session, page, plan_id, edition, updated_since)
