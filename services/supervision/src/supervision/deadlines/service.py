"""Asking for more time, deciding on it, and counting again."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from servicekit import audit, context
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.workdays import reach

from supervision.calendar.schemas import DeadlineRead
from supervision.calendar.service import add_workdays, deadline, workdays
from supervision.deadlines import domain, repository
from supervision.deadlines.domain import ExtensionState
from supervision.deadlines.models import ExtensionRequest
from supervision.deadlines.repository import Filters
from supervision.deadlines.schemas import ExtensionRequestCreate
from supervision.items import events as item_events
from supervision.items import repository as items
from supervision.items.domain import WITH_THE_UNIT
from supervision.items.models import SupervisionItem
from supervision.items.service import note_step
from supervision.permissions import (
    DECIDE_EXTENSION,
    READ_EXTENSION,
    REQUEST_EXTENSION,
    WITHDRAW_EXTENSION,
)

WRITTEN_AT_ONCE = 500
"""Rows of the audit in one statement, which holds a limited number of values."""


async def request_extension(
    session: Session, principal: Principal, body: ExtensionRequestCreate
) -> ExtensionRequest:
    """The unit asks for more time for an item that is with it.

    Raises:
        UnknownReference: there is no such item.
        InvalidTransition: the unit has done its part.
        ExtensionsUsedUp, ExtensionPending, DeadlinePassed: no extension can be requested.
    """
    item = await items.lock(session, body.item_id)
    if item is None:
        raise UnknownReference(what=f"supervision item {body.item_id}")
    await directory.require(session, principal, REQUEST_EXTENSION, item.responsible_unit)
    _refuse_without_unit(item, "extend")
    domain.refuse_extension(
        number=item.number,
        count=item.extension_count,
        pending=await repository.is_pending(session, item.id),
        due_on=item.due_on,
        today=china_date(),
    )
    row = ExtensionRequest(
        item_number=item.number,
        responsible_unit=item.responsible_unit,
        state=ExtensionState.REQUESTED,
        requested_by=principal.subject,
        correlation_id=item.correlation_id,
        **body.model_dump(),
    )
    session.add(row)
    await session.flush()
    with context.in_case(item.correlation_id):
        audit.record(
            session, REQUEST_EXTENSION.name, "extension_request", row.id,
            after=body.model_dump(mode="json"),
        )  # fmt: skip
    return row


async def approve_extension(
    session: Session, principal: Principal, request_id: UUID, expected: int | None, note: str | None
) -> ExtensionRequest:
    """The office moves the deadline; the ladder of reminders begins again.

    Raises:
        InvalidTransition: it is decided, or the item is no longer with the unit.
        RequesterDecides: the caller asked for it.
    """
    row, item = await _load(session, principal, DECIDE_EXTENSION, request_id, expected)
    state = domain.decide(row.state, ExtensionState.APPROVED)
    _refuse_without_unit(item, "approve")
    domain.refuse_requester(principal.subject, row.requested_by)
    row.due_before = item.due_on
    extended = await add_workdays(session, item.due_on, row.workdays)
    row.due_after = extended.due_on
    item.extension_count += 1
    _move(session, item, extended, "extension", f"{row.workdays}：{row.reason}")
    return await _decided(session, principal, row, state, note)


async def reject_extension(
    session: Session, principal: Principal, request_id: UUID, expected: int | None, reason: str
) -> ExtensionRequest:
    """The deadline stays.

    Raises:
        InvalidTransition: it is decided.
        RequesterDecides: the caller asked for it.
    """
    row, _ = await _load(session, principal, DECIDE_EXTENSION, request_id, expected)
    state = domain.decide(row.state, ExtensionState.REJECTED)
    domain.refuse_requester(principal.subject, row.requested_by)
    return await _decided(session, principal, row, state, reason)


async def withdraw_extension(
    session: Session, principal: Principal, request_id: UUID, expected: int | None
) -> ExtensionRequest:
    """The unit needs no more time after all. Raises `InvalidTransition` when it is decided."""
    row, _ = await _load(session, principal, WITHDRAW_EXTENSION, request_id, expected)
    row.state = domain.decide(row.state, ExtensionState.WITHDRAWN)
    row.touch()
    audit.record(session, WITHDRAW_EXTENSION.name, "extension_request", row.id)
    await session.flush()
    return row


async def recount_deadlines(session: Session, day: date | None = None) -> None:
    """Count the deadlines that run once more: all, or those whose time includes a day whose rule
    has changed. What did not move is not touched."""
    counted = [
        (item, item.due_from, item.due_workdays or 0)
        for item in await repository.running(session, over=day)
        if item.due_from is not None
    ]
    if not counted:
        return
    first = min(start for _, start, _ in counted)
    last = max(start + timedelta(days=reach(count)) for _, start, count in counted)
    known, provisional = await workdays(session, first, last)
    for item, start, count in counted:
        found = deadline(known, provisional, start, count)
        if found.due_on != item.due_on:
            _move(session, item, found, "calendar", f"{item.due_on} → {found.due_on}")
        elif found.provisional != item.due_provisional:
            item.due_provisional = found.provisional
            item.touch()
        if len(session.deferred) >= WRITTEN_AT_ONCE:
            await session.flush_deferred()


async def get_request(session: Session, principal: Principal, request_id: UUID) -> ExtensionRequest:
    row = await repository.get(session, request_id)
    await directory.require(session, principal, READ_EXTENSION, row.responsible_unit)
    return row


async def list_requests(
    session: Session, principal: Principal, page: PageRequest, filters: Filters
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_EXTENSION)
    return await repository.list_requests(session, page, units, filters)


def _refuse_without_unit(item: SupervisionItem, action: str) -> None:
    if item.status not in WITH_THE_UNIT:
        raise InvalidTransition(state=item.status, action=action)


async def _load(
    session: Session,
    principal: Principal,
    permission: Permission,
    request_id: UUID,
    expected: int | None,
) -> tuple[ExtensionRequest, SupervisionItem]:
    """The request and its item, the item locked first, as everywhere."""
    item_id = (await repository.get(session, request_id)).item_id
    item = await items.get_for_update(session, item_id)
    row = await repository.get_for_update(session, request_id)
    await session.refresh(row)
    await directory.require(session, principal, permission, row.responsible_unit)
    check_version(row, expected)
    return row, item


async def _decided(
    session: Session,
    principal: Principal,
    row: ExtensionRequest,
    state: ExtensionState,
    note: str | None,
) -> ExtensionRequest:
    row.state, row.decision_note = state, note
    row.decided_by, row.decided_at = principal.subject, now()
    row.touch()
    audit.record(
        session, DECIDE_EXTENSION.name, "extension_request", row.id,
        after={"state": state, "note": note},
    )  # fmt: skip
    await session.flush()
    return row


def _move(
    session: Session, item: SupervisionItem, found: DeadlineRead, cause: str, note: str
) -> None:
    """Set another deadline; whoever was late may be in time again."""
    before = item.due_on
    item.due_on, item.due_provisional = found.due_on, found.provisional
    if cause == "extension":
        item.due_from, item.due_workdays = found.start, found.workdays
    item.due_set_on = item.remind_on = china_date()
    if item.due_on >= china_date():
        item.overdue_at = None
    item.touch()
    note_step(session, item, "extend" if cause == "extension" else "recount", note)
    with context.in_case(item.correlation_id):
        outbox.add(session, item_events.item_deadline_changed(item, before, cause))
