"""Use cases of the applications. Locks are taken in one order: application, park."""

from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import AlreadyExists, NotFound, UnknownReference

from parks.grade_application_files.models import FILES
from parks.grade_applications import domain, events, repository
from parks.grade_applications.domain import ApplicationAction, ApplicationState
from parks.grade_applications.models import GradeApplication
from parks.grade_applications.schemas import (
    GradeApplicationCreate,
    GradeApplicationGrant,
    GradeApplicationRefuse,
    GradeApplicationSubmit,
)
from parks.parks import repository as park_rows
from parks.parks import service as parks
from parks.parks.schemas import ParkGradeCreate
from parks.pathways import service as pathways
from parks.permissions import (
    APPLY_FOR_GRADE,
    DECIDE_GRADE_APPLICATION,
    READ_GRADE_APPLICATION,
)


async def load(
    session: Session, principal: Principal, permission: Permission, application_id: UUID
) -> GradeApplication:
    """Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, application_id)
    if row is None:
        raise NotFound(what=f"grade application {application_id}")
    await directory.require(session, principal, permission, *await units_of(session, row))
    return row


async def list_applications(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page:
    """The applications the caller may see."""
    units = await directory.visible_units(session, principal, READ_GRADE_APPLICATION)
    return await repository.list_applications(session, page, units=units, **wanted)


async def create_application(
    session: Session, principal: Principal, body: GradeApplicationCreate
) -> GradeApplication:
    """Begin an application as a draft.

    Raises:
        UnknownReference: no such park.
        Forbidden: it is not the caller's park.
        GradeHeld, ApplicationOpen: see `domain`.
    """
    park = await park_rows.get(session, body.park_code)
    if park is None:
        raise UnknownReference(what=f"park {body.park_code}").at("/park_code")
    await directory.require(session, principal, APPLY_FOR_GRADE, *park.units)
    if body.grade in {each.grade for each in await park_rows.grades_held(session, park.code)}:
        raise domain.GradeHeld().at("/grade")
    if await repository.open_of(session, park.code, body.grade) is not None:
        raise domain.ApplicationOpen().at("/grade")
    session.refuse("uq_grade_application_open", domain.ApplicationOpen().at("/grade"))
    row = GradeApplication(
        **body.model_dump(), state=ApplicationState.DRAFT, filed_by=[principal.subject]
    )
    session.add(row)
    await session.flush()
    note(session, row, "grade_applications.create", None)
    return row


async def submit_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    body: GradeApplicationSubmit,
    expected: int | None,
) -> GradeApplication:
    """Hand it in, with what the register counts of each criterion today.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition.
        EvidenceMissing, CriteriaUnmet: see `domain`.
    """
    row = await lock(session, principal, APPLY_FOR_GRADE, application_id, expected)
    state = domain.step(row.state, ApplicationAction.SUBMIT)
    pathway = await pathways.pathway(session, row.park_code, row.grade)
    proven = {
        each.criterion_code for each in await FILES.all_of(session, {"application_id": row.id})
    }
    domain.check_evidence([each.code for each in pathway.steps], proven)
    domain.check_criteria(
        is_ready=pathway.is_ready,
        gap_zh=pathway.gap_zh,
        gap_en=pathway.gap_en,
        explanation=body.explanation,
    )
    counted = pathway.model_dump(include={"as_of", "is_ready", "gap_zh", "gap_en"})
    changes = {
        **counted,
        **body.model_dump(),
        "state": state,
        "steps": [each.model_dump(mode="json") for each in pathway.steps],
        "submitted_at": now(),
        "filed_by": sorted({*row.filed_by, principal.subject}),
        "reason": None,
        "decided_by": None,
        "decided_at": None,
    }
    await move(session, row, ApplicationAction.SUBMIT, changes)
    return row


async def withdraw_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    reason: str,
    expected: int | None,
) -> GradeApplication:
    """The park applies no longer. Raises what `lock` does, and `InvalidTransition`."""
    row = await lock(session, principal, APPLY_FOR_GRADE, application_id, expected)
    state = domain.step(row.state, ApplicationAction.WITHDRAW)
    await move(session, row, ApplicationAction.WITHDRAW, {"state": state, "reason": reason})
    return row


async def review_application(
    session: Session, principal: Principal, application_id: UUID, expected: int | None
) -> GradeApplication:
    """The office takes it up. Raises what `decide` does."""
    row, state = await decide(
        session, principal, application_id, ApplicationAction.REVIEW, expected
    )
    changes = {"state": state, "review_started_on": china_date()}
    await move(session, row, ApplicationAction.REVIEW, changes)
    return row


async def return_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    reason: str,
    expected: int | None,
) -> GradeApplication:
    """Give it back to be mended, with the reason. Raises what `decide` does."""
    row, state = await decide(
        session, principal, application_id, ApplicationAction.RETURN, expected
    )
    changes = {"state": state, "reason": reason, **decided(principal)}
    await move(session, row, ApplicationAction.RETURN, changes)
    return row


async def refuse_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    body: GradeApplicationRefuse,
    expected: int | None,
) -> GradeApplication:
    """The grade is not granted. Raises what `decide` does."""
    row, state = await decide(
        session, principal, application_id, ApplicationAction.REFUSE, expected
    )
    changes = {"state": state, **body.model_dump(), **decided(principal)}
    await move(session, row, ApplicationAction.REFUSE, changes)
    return row


async def grant_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    body: GradeApplicationGrant,
    expected: int | None,
) -> GradeApplication:
    """The park obtains the grade, by its document; what becomes of it then is the grade's story.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, ApplicantMayNotDecide.
        FutureDate, GradeDaysReversed: see `parks.record_grade`.
        GradeHeld: it was recorded meanwhile.
    """
    row, state = await decide(session, principal, application_id, ApplicationAction.GRANT, expected)
    given = ParkGradeCreate.model_validate({**body.model_dump(), "grade": row.grade})
    try:
        grade = await parks.record_grade(session, row.park_code, given)
    except AlreadyExists:
        raise domain.GradeHeld from None
    changes = {
        "state": state,
        "grade_id": grade.id,
        "document_no": body.document_no,
        **decided(principal),
    }
    await move(session, row, ApplicationAction.GRANT, changes)
    return row


async def decide(
    session: Session,
    principal: Principal,
    application_id: UUID,
    action: ApplicationAction,
    expected: int | None,
) -> tuple[GradeApplication, ApplicationState]:
    """The application, locked for a step of the office, and the state after it.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed, InvalidTransition.
        ApplicantMayNotDecide: the caller drew it up or handed it in.
    """
    row = await lock(session, principal, DECIDE_GRADE_APPLICATION, application_id, expected)
    state = domain.step(row.state, action)
    domain.check_decider(row.filed_by, principal.subject)
    return row, state


async def lock(
    session: Session,
    principal: Principal,
    permission: Permission,
    application_id: UUID,
    expected: int | None,
    *,
    versioned: bool = True,
) -> GradeApplication:
    """The application, locked. Raises `NotFound`, `Forbidden`, `PreconditionRequired`,
    `PreconditionFailed`."""
    row = await repository.get_for_update(session, application_id)
    if row is None:
        raise NotFound(what=f"grade application {application_id}")
    await directory.require(session, principal, permission, *await units_of(session, row))
    if versioned:
        check_version(row, expected)
    return row


async def units_of(session: Session, row: GradeApplication) -> list[str]:
    """The units that answer for its park."""
    park = await park_rows.get(session, row.park_code)
    assert park is not None, "a foreign key"
    return park.units


def decided(principal: Principal) -> dict[str, Any]:
    return {"decided_by": principal.subject, "decided_at": now()}


async def move(
    session: Session, row: GradeApplication, action: ApplicationAction, changes: dict[str, Any]
) -> None:
    before = row.snapshot()
    row.change(changes)
    await session.flush()
    note(session, row, f"grade_applications.{action}", before)
    outbox.add(session, events.application_changed(row, await units_of(session, row)))


def note(
    session: Session, row: GradeApplication, action: str, before: dict[str, Any] | None
) -> None:
    after = row.snapshot()
    audit.record(session, action, "grade_application", row.id, before=before, after=after)
