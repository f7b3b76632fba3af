"""Use cases of the plan's conflicts."""

from datetime import datetime

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound, UnknownReference
from servicekit.rows import put
from targets.conflicts import domain, repository
from targets.conflicts.models import PlanConflict
from targets.conflicts.schemas import ConflictPut, ConflictRule
from targets.programmes import repository as programmes


async def get_conflict(session: Session, code: str) -> PlanConflict:
    """Raises `NotFound`."""
    conflict = await repository.get(session, code)
    if conflict is None:
        raise NotFound(what=f"conflict {code}")
    return conflict


async def list_conflicts(
    session: Session,
    page: PageRequest,
    *,
    state: str | None,
    subject_code: str | None,
    updated_since: datetime | None,
) -> Page:
    return await repository.fetch(
        session, page, state=state, subject_code=subject_code, updated_since=updated_since
    )


async def put_conflict(
    session: Session, code: str, body: ConflictPut, expected: int | None
) -> tuple[PlanConflict, bool]:
    """Make or restate a conflict; a ruling that was given stays. Tells whether it is new.

    Raises:
        UnknownReference: the programme is not there.
        PreconditionFailed: it is not at the expected version.
    """
    if await programmes.get(session, body.programme) is None:
        raise UnknownReference(what=f"programme {body.programme}")
    row = await repository.get_for_update(session, code)
    done = put(session, PlanConflict, row, expected, code=code, **body.model_dump())
    if done.changed:
        await session.flush()
        audit.record(
            session,
            "conflicts.write",
            "conflict",
            code,
            before=done.before,
            after=done.row.snapshot(),
        )
    return done.row, done.created


async def rule_conflict(
    session: Session, principal: Principal, code: str, body: ConflictRule, expected: int | None
) -> PlanConflict:
    """Record the office's decision with its document.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it has been ruled on.
        UnknownPosition: it has no such position.
    """
    row = await repository.get_for_update(session, code)
    if row is None:
        raise NotFound(what=f"conflict {code}")
    check_version(row, expected)
    before = row.snapshot()
    state = domain.rule(row.state, body.position, [p["code"] for p in row.positions])
    row.change(
        {
            "state": state,
            "ruled_position": body.position,
            "ruling": body.ruling,
            "document_no": body.document_no,
            "ruled_by": principal.subject,
            "ruled_at": now(),
        }
    )
    await session.flush()
    audit.record(session, "conflicts.rule", "conflict", code, before=before, after=row.snapshot())
    return row
