"""Planning inspections and writing down what they found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal, Role
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import UnknownReference
from servicekit.rows import put_by_key

from supervision.checklist_templates import repository as checklists
from supervision.checklist_templates.models import ChecklistTemplate
from supervision.inspections import domain, events, repository
from supervision.inspections.domain import FindingSeverity
from supervision.inspections.models import Inspection, InspectionFinding, InspectionPlan
from supervision.inspections.schemas import (
    InspectionComplete,
    InspectionFindingCreate,
    InspectionPlanPut,
    InspectionPrepare,
    ScopeEntry,
)
from supervision.items import service as items
from supervision.items.domain import Opening
from supervision.occurrences import repository as occurrence_rows
from supervision.occurrences import service as occurrences
from supervision.occurrences.domain import refuse_done
from supervision.occurrences.service import Kind
from supervision.permissions import (
    ARRANGE_INSPECTION,
    COMPLETE_INSPECTION,
    PUT_INSPECTION_PLAN,
    READ_FINDING,
)
from supervision.references import service as references

KIND = Kind(
    Inspection,
    ARRANGE_INSPECTION,
    events.inspection_rescheduled,
    events.inspection_withdrawn,
    events.inspection_missed,
)
TITLE_LENGTH = 60
"""Characters of a finding that stand in the title of its item."""
UNVERSIONED = -1
"""For what does not change the inspection itself: no version is asked for."""


async def put_plan(
    session: Session,
    principal: Principal,
    code: str,
    body: InspectionPlanPut,
    expected: int | None,
) -> tuple[InspectionPlan, bool]:
    """Make or replace a plan and its inspections to come; gives it and whether it is new."""
    await directory.require(session, principal, PUT_INSPECTION_PLAN)
    await _check_scope(session, body.scope)
    if body.checklist_template is not None:
        await _template(session, body.checklist_template)
    done = await put_by_key(session, InspectionPlan, {"code": code}, body.model_dump(), expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(session, PUT_INSPECTION_PLAN.name, "inspection_plan", code,
                     before=done.before, after=after)  # fmt: skip
        await occurrences.plan(session, KIND, done.row, done.row.scope_units)
    return done.row, done.created


async def announce_missed_inspections(session: Session) -> None:
    """Schedule: tell of every inspection whose day has passed, once."""
    await occurrences.announce_missed(session, KIND)


async def plan_inspections(session: Session) -> None:
    """Schedule: keep every plan's inspections a year ahead and on workdays."""
    for row in await occurrence_rows.all_plans(session, InspectionPlan):
        await occurrences.plan(session, KIND, row, row.scope_units)


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
        NotOfTheTeam: the caller is neither of the team nor of the office.
        NotYet: `completed_on` lies in the future.
        UnknownReference: a finding on something that is not on the plan's checklist.
    """
    row = await lock_for_team(session, principal, COMPLETE_INSPECTION, inspection_id, expected)
    status = domain.complete(row.status)
    domain.refuse_future(body.completed_on, china_date())
    await check_findings(session, row, body.findings)
    domain.refuse_unknown_checks([each.code for each in body.checks], _codes(row))
    row.status, row.completed_on, row.summary = status, body.completed_on, body.summary
    row.completed_by, row.checks = principal.subject, [each.model_dump() for each in body.checks]
    row.touch()
    for finding in body.findings:
        await write_finding(session, row, finding, principal.subject)
    for found in await repository.findings_without_item(session, row.id):
        await _open_item(session, row, found)
    audit.record(
        session, "inspections.complete", "inspection", row.id, after=body.model_dump(mode="json")
    )
    outbox.add(session, events.inspection_completed(row))
    await session.flush()
    return row


async def prepare_inspection(
    session: Session,
    principal: Principal,
    inspection_id: UUID,
    body: InspectionPrepare,
    expected: int | None,
) -> Inspection:
    """Settle scope, team, place and checklist of one inspection; its plan no longer changes its
    units once a scope was chosen for it.

    Raises:
        InvalidTransition: it is completed or withdrawn.
        UnknownReference, NoSuchChecklist: the scope or the checklist.
    """
    row = await occurrence_rows.get_for_update(session, Inspection, inspection_id)
    await directory.require(session, principal, ARRANGE_INSPECTION)
    check_version(row, expected)
    refuse_done(row.status, "prepare")
    wanted = body.model_dump(exclude_unset=True)
    if "scope" in wanted:
        await _check_scope(session, body.scope)
        row.scope, row.units_chosen = wanted["scope"], True
        row.units = [each.code for each in body.scope if each.kind == "unit"] or row.units
    if "checklist_template" in wanted:
        await _take_template(session, row, body.checklist_template)
    row.team = wanted.get("team", row.team)
    row.place = wanted.get("place", row.place)
    row.touch()
    audit.record(session, ARRANGE_INSPECTION.name, "inspection", row.id, after=wanted)
    await session.flush()
    return row


async def lock_for_team(
    session: Session,
    principal: Principal,
    permission: Permission,
    inspection_id: UUID,
    expected: int | None = UNVERSIONED,
) -> Inspection:
    """The inspection, locked, for somebody of its team or of the office.

    Raises:
        NotOfTheTeam.
    """
    row = await occurrence_rows.get_for_update(session, Inspection, inspection_id)
    await directory.require(session, principal, permission)
    if expected != UNVERSIONED:
        check_version(row, expected)
    is_office = Role.OFFICE in principal.roles
    domain.refuse_outsider(principal.subject, row.team, is_office=is_office)
    return row


async def check_findings(
    session: Session, row: Inspection, findings: Sequence[InspectionFindingCreate]
) -> None:
    """Give the inspection its checklist, if it has none yet, and look the findings up on it.

    Raises:
        UnknownReference: a finding on something that is not on it.
    """
    if row.checklist is None:
        plan = await occurrence_rows.get_plan(session, InspectionPlan, row.plan_code)
        row.checklist = plan.checklist
        if plan.checklist_template is not None:
            template = await _template(session, plan.checklist_template)
            row.checklist, row.checklist_edition = template.checks, template.edition
            row.checklist_template = template.code
    given = [finding.checklist_code for finding in findings if finding.checklist_code]
    domain.refuse_unknown_checks(given, _codes(row))


def _codes(row: Inspection) -> set[str]:
    return {check["code"] for check in row.checklist or ()}


async def _take_template(session: Session, row: Inspection, code: str | None) -> None:
    """Its edition of today, as the inspection's own copy; none leaves what its plan lists."""
    if code is None:
        row.checklist_template = row.checklist_edition = row.checklist = None
        return
    template = await _template(session, code)
    row.checklist_template, row.checklist_edition = template.code, template.edition
    row.checklist = template.checks


async def _template(session: Session, code: str) -> ChecklistTemplate:
    found = await checklists.find(session, code)
    if found is None or not found.active:
        raise domain.NoSuchChecklist(code=code).at("/checklist_template")
    return found


async def _check_scope(session: Session, scope: Sequence[ScopeEntry]) -> None:
    others = {(each.kind, each.code) for each in scope if each.kind != "unit"}
    missing = await references.unknown(session, others) if others else frozenset()
    for index, each in enumerate(scope):
        known = (each.kind, each.code) not in missing
        if each.kind == "unit":
            known = await directory.is_active(session, each.code)
        if not known:
            raise UnknownReference(what=f"{each.kind} {each.code}").at(f"/scope/{index}/code")


async def write_finding(
    session: Session, row: Inspection, finding: InspectionFindingCreate, found_by: str
) -> InspectionFinding:
    """What was found, as it was said."""
    written = InspectionFinding(inspection_id=row.id, found_by=found_by, **finding.model_dump())
    session.add(written)
    row.finding_count += 1
    await session.flush()
    after = finding.model_dump(mode="json")
    audit.record(session, "inspection_findings.create", "inspection_finding", written.id,
                 after=after)  # fmt: skip
    return written


async def _open_item(session: Session, row: Inspection, found: InspectionFinding) -> None:
    """The unit has to put it right; closed once somebody has looked at it again."""
    severity = FindingSeverity(found.severity)
    workdays = found.due_workdays or domain.WORKDAYS[severity]
    item = await items.open_item(
        session,
        Opening(
            title=f"检查发现问题：{found.text[:TITLE_LENGTH]}",
            description=found.text,
            origin="finding",
            origin_ref=str(found.id),
            responsible_unit=found.unit_code,
            due_on=found.due_on,
            due_workdays=None if found.due_on else workdays,
            severity=domain.ITEM_SEVERITY[severity],
            period=row.period,
        ),
    )
    found.item_id = item.id


async def list_findings(
    session: Session,
    principal: Principal,
    inspection_id: UUID,
    page: PageRequest,
    updated_since: datetime | None,
) -> Page[Any]:
    """The findings at the units the caller may see."""
    await occurrence_rows.get(session, Inspection, inspection_id)
    units = await directory.visible_units(session, principal, READ_FINDING)
    return await repository.list_findings(session, inspection_id, units, page, updated_since)
