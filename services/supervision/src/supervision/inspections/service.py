"""Planning inspections and writing down what they found."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox

from supervision.calendar import service as calendar
from supervision.inspections import domain, events, repository
from supervision.inspections.models import Inspection, InspectionFinding, InspectionPlan
from supervision.inspections.schemas import (
    InspectionComplete,
    InspectionFindingCreate,
    InspectionPlanPut,
)
from supervision.items import service as items
from supervision.items.domain import Opening
from supervision.permissions import (
    COMPLETE_INSPECTION,
    PUT_INSPECTION_PLAN,
    READ_FINDING,
)

TITLE_LENGTH = 60
"""Characters of a finding that stand in the title of its item."""


async def put_plan(
    session: Session,
    principal: Principal,
    code: str,
    body: InspectionPlanPut,
    expected: int | None,
) -> tuple[InspectionPlan, bool]:
    """Make or replace a plan and its inspections to come; gives it and whether it is new."""
    await directory.require(session, principal, PUT_INSPECTION_PLAN)
    wanted = body.model_dump()
    row = await repository.find_plan_for_update(session, code)
    before = None
    if row is None:
        row = InspectionPlan(code=code, **wanted)
        session.add(row)
    else:
        check_version(row, expected, required=False)
        before = {name: getattr(row, name) for name in wanted}
        if before == wanted:
            return row, False
        for name, value in wanted.items():
            setattr(row, name, value)
        row.version += 1
    audit.record(
        session, "inspection_plans.update", "inspection_plan", code, before=before, after=wanted
    )
    await session.flush()
    await calendar.plan(session, Inspection, row, row.scope_units)
    return row, before is None


async def plan_inspections(session: Session) -> None:
    """Schedule: keep every plan's inspections a year ahead and on workdays."""
    for row in await repository.all_plans(session):
        await calendar.plan(session, Inspection, row, row.scope_units)


async def complete_inspection(
    session: Session,
    principal: Principal,
    inspection_id: UUID,
    body: InspectionComplete,
    expected: int | None,
) -> Inspection:
    """Write down an inspection; what a unit has to put right becomes an item of it.

    Raises:
        InvalidTransition: it was completed or withdrawn before.
        NotYet: `completed_on` lies in the future.
        UnknownReference: a finding on something that is not on the plan's checklist.
    """
    row = await repository.get_for_update(session, inspection_id)
    await directory.require(session, principal, COMPLETE_INSPECTION)
    check_version(row, expected)
    status = domain.complete(row.status)
    domain.refuse_future(body.completed_on, china_date())
    plan = await repository.get_plan(session, row.plan_code)
    given = [finding.checklist_code for finding in body.findings if finding.checklist_code]
    domain.refuse_unknown_checks(given, {check["code"] for check in plan.checklist})
    row.status, row.completed_on, row.summary = status, body.completed_on, body.summary
    row.completed_by, row.finding_count = principal.subject, len(body.findings)
    row.version += 1
    for finding in body.findings:
        await _write_finding(session, row, finding)
    audit.record(
        session, "inspections.complete", "inspection", row.id, after=body.model_dump(mode="json")
    )
    outbox.add(session, events.inspection_completed(row))
    await session.flush()
    return row


async def _write_finding(
    session: Session, row: Inspection, finding: InspectionFindingCreate
) -> None:
    written = InspectionFinding(
        inspection_id=row.id,
        unit_code=finding.unit_code,
        checklist_code=finding.checklist_code,
        text=finding.text,
    )
    session.add(written)
    await session.flush()
    if finding.rectify:
        item = await items.open_item(
            session,
            Opening(
                title=f"检查发现问题：{finding.text[:TITLE_LENGTH]}",
                description=finding.text,
                origin="finding",
                origin_ref=str(written.id),
                responsible_unit=finding.unit_code,
                due_on=finding.due_on,
                due_workdays=finding.due_workdays,
                period=row.period,
            ),
        )
        written.item_id = item.id


async def list_findings(
    session: Session,
    principal: Principal,
    inspection_id: UUID,
    page: PageRequest,
    updated_since: datetime | None,
) -> Page[Any]:
    """The findings at the units the caller may see."""
    await repository.get(session, inspection_id)
    units = await directory.visible_units(session, principal, READ_FINDING)
    return await repository.list_findings(session, inspection_id, units, page, updated_since)
