"""Use cases of the files: added and removed while the plan is with its unit, for the edition that
is handed in next; those of earlier editions stay."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.upload import Upload
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import InvalidTransition

from supervision.permissions import READ_UNIT_PLAN, SUBMIT_UNIT_PLAN
from supervision.unit_plan_files.models import FILES, UnitPlanFile
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
    owner = {"plan_id": plan_id, "edition": plan.edition + 1}
    return await FILES.add(session, principal, upload, owner)


async def remove_file(
    session: Session, principal: Principal, kind: str, plan_id: UUID, file_id: UUID
) -> None:
    """Take a file off the next edition again.

    Raises:
        InvalidTransition: the plan, or the edition of the file, is handed in.
    """
    plan = await _own(session, principal, kind, plan_id)
    row = await FILES.get(session, file_id, {"plan_id": plan_id})
    if row.edition <= plan.edition:
        raise InvalidTransition(state=plan.state, action="edit")
    await FILES.remove(session, row)


async def get_file(
    session: Session, principal: Principal, kind: str, plan_id: UUID, file_id: UUID
) -> UnitPlanFile:
    """Raises `NotFound`, `Forbidden`."""
    await plans.load(session, principal, READ_UNIT_PLAN, kind, plan_id)
    return await FILES.get(session, file_id, {"plan_id": plan_id})


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
    owner = {"plan_id": plan_id} | ({} if edition is None else {"edition": edition})
    return await FILES.page_of(session, page, owner, updated_since)
