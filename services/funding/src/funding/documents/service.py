"""Drawing up, deciding and reading documents of any kind."""

from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.problems import NotFound

from funding.documents import domain, repository
from funding.documents.domain import Step
from funding.documents.repository import AnyDocument


async def draw_up(session: Session, row: AnyDocument) -> AnyDocument:
    """Store a new draft."""
    session.add(row)
    await session.flush()
    kind = row.__tablename__
    audit.record(session, f"{domain.plural(kind)}.create", kind, row.id, after=row.snapshot())
    return row


async def decide(
    session: Session,
    principal: Principal,
    model: type[AnyDocument],
    document_id: UUID,
    step: Step,
    expected: int | None,
    *,
    refusal: str | None = None,
) -> AnyDocument:
    """Take a step of a draft, and lock the document until the commit.

    Raises:
        InvalidTransition, SeparationOfDuties: see `domain.check_step`.
    """
    kind = model.__tablename__
    row = await repository.get_for_update(session, model, document_id)
    if row is None:
        raise NotFound(what=f"{kind} {document_id}")
    check_version(row, expected)
    domain.check_step(row.state, step, row.made_by, principal.subject)
    before = row.snapshot()
    row.change(
        {
            "state": domain.REACHES[step].value,
            "decided_by": principal.subject,
            "decided_at": now(),
            "refusal": refusal,
        }
    )
    await session.flush()
    audit.record(
        session,
        f"{domain.plural(kind)}.{step}",
        kind,
        document_id,
        before=before,
        after=row.snapshot(),
    )
    return row


async def refuse(
    session: Session,
    principal: Principal,
    permission: Permission,
    model: type[AnyDocument],
    document_id: UUID,
    step: Step,
    expected: int | None,
    refusal: str,
) -> AnyDocument:
    """Reject or withdraw a draft that concerns a unit the caller may do this for.

    Raises:
        NotFound, Forbidden.
        InvalidTransition, SeparationOfDuties: see `domain.check_step`.
    """
    await get_document(session, principal, permission, model, document_id)
    return await decide(session, principal, model, document_id, step, expected, refusal=refusal)


async def get_document(
    session: Session,
    principal: Principal,
    permission: Permission,
    model: type[AnyDocument],
    document_id: UUID,
) -> AnyDocument:
    row = await repository.get(session, model, document_id)
    if row is None:
        raise NotFound(what=f"{model.__tablename__} {document_id}")
    await directory.require(session, principal, permission, row.concerns)
    return row
