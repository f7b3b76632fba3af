"""Use cases of the conflicts: arguing, ruling, and what follows from a ruling."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory as permissions
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference
from servicekit.rows import put_by_key
from targets.conflicts import domain, events, repository
from targets.conflicts.models import ConflictArgument, PlanConflict
from targets.conflicts.schemas import ConflictArgue, ConflictPut, ConflictRule, RuledNumber
from targets.derivations import service as derivations
from targets.directory import repository as tree
from targets.directory import service as directory
from targets.indicators import repository as indicators
from targets.observations import service as observations
from targets.observations.service import Taken
from targets.permissions import ARGUE_CONFLICT
from targets.programmes import repository as programmes
from targets.status import service as status


async def get_conflict(session: Session, code: str) -> PlanConflict:
    """Raises `NotFound`."""
    conflict = await repository.get(session, code)
    if conflict is None:
        raise NotFound(what=f"conflict {code}")
    return conflict


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
    values = body.model_dump()
    values["positions"] = [position.model_dump(mode="json") for position in body.positions]
    done = await put_by_key(session, PlanConflict, {"code": code}, values, expected)
    if done.changed:
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
    """Record the office's decision with its document; the numbers that follow from it are taken in
    the same transaction.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it has been ruled on.
        UnknownPosition: it has no such position.
        UnknownReference, UnknownPeriod, DerivedNumber: of a consequence.
    """
    row = await _locked(session, code)
    check_version(row, expected)
    before = row.snapshot()
    state = domain.rule(row.state, body.position, [p["code"] for p in row.positions])
    await require_references(session, body.consequences)
    row.change(
        {
            "state": state,
            "ruled_position": body.position,
            "ruling": body.ruling,
            "document_no": body.document_no,
            "ruled_by": principal.subject,
            "ruled_at": now(),
            "consequences": await apply(session, code, body),
        }
    )
    await session.flush()
    audit.record(session, "conflicts.rule", "conflict", code, before=before, after=row.snapshot())
    outbox.add(session, events.conflict_ruled(row))
    return row


async def require_references(session: Session, consequences: list[RuledNumber]) -> None:
    """Raises `UnknownReference`, `DerivedNumber`."""
    await directory.require_units(session, {each.unit_code for each in consequences})
    codes = {each.indicator_code for each in consequences}
    unknown = await indicators.unknown_indicators(session, codes)
    if unknown:
        raise UnknownReference(what=f"indicator {', '.join(sorted(unknown))}")
    await derivations.refuse_derived(session, sorted(codes))


async def apply(session: Session, code: str, body: ConflictRule) -> list[dict[str, Any]]:
    """Take the ruled numbers, in one order of locking; gives them with their observations."""
    applied: list[dict[str, Any]] = []
    ordered = sorted(body.consequences, key=lambda each: each.indicator_code)
    if ordered:
        await tree.hold_tree(session)
        await status.lock_all(session, [each.indicator_code for each in ordered])
    for place, each in enumerate(ordered):
        indicator = await indicators.get(session, each.indicator_code)
        assert indicator is not None
        taken = Taken(
            source_kind="ruling",
            source_id=f"{code}/{place}",
            unit=indicator.unit,
            reason=f"{body.document_no} {body.ruling}",
            **each.model_dump(exclude={"indicator_code"}),
        )
        observation = await observations.record(session, each.indicator_code, taken)
        applied.append({**each.model_dump(mode="json"), "observation_id": str(observation.id)})
    return applied


async def argue(
    session: Session, principal: Principal, code: str, body: ConflictArgue
) -> ConflictArgument:
    """Add what a unit has to say for a position.

    Raises:
        NotFound.
        Forbidden: for a unit the caller does not act for.
        UnknownReference: no such unit.
        InvalidTransition: it has been ruled on.
        UnknownPosition: it has no such position.
    """
    await permissions.require(session, principal, ARGUE_CONFLICT, body.unit_code)
    row = await _locked(session, code)
    state = domain.argue(row.state, body.position, [p["code"] for p in row.positions])
    await directory.require_units(session, [body.unit_code])
    argument = ConflictArgument(
        conflict_code=code, argued_by=principal.subject, **body.model_dump()
    )
    session.add(argument)
    if not row.change({"state": state}):
        row.touch()
    await session.flush()
    audit.record(
        session, "conflicts.argue", "conflict", code, after=body.model_dump(), unit=body.unit_code
    )
    return argument


async def get_argument(session: Session, code: str, argument_id: UUID) -> ConflictArgument:
    """Raises `NotFound`."""
    row = await repository.get_argument(session, code, argument_id)
    if row is None:
        raise NotFound(what=f"argument {argument_id}")
    return row


async def list_arguments(
    session: Session,
    page: PageRequest,
    code: str,
    *,
    unit_code: str | None,
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`."""
    await get_conflict(session, code)
    return await repository.list_arguments(
        session, page, code, unit_code=unit_code, updated_since=updated_since
    )


async def _locked(session: Session, code: str) -> PlanConflict:
    row = await repository.get_for_update(session, code)
    if row is None:
        raise NotFound(what=f"conflict {code}")
    return row
