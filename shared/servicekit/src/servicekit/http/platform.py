"""What every service shows of its own workings: its audit trail and its parked events.

The gateway composes the services' answers under the same paths, so they stay out of a service's
own document. A cursor of one service is a cursor of all: it names a moment and an id, and is bound
to the path and the filters, which the gateway passes on as they came.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field

from servicekit import audit
from servicekit.auth.permissions import ANY, Permission
from servicekit.auth.principal import Role
from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import Page, PageRequest, sorted_by
from servicekit.http.route import Route, SessionDep, permitted
from servicekit.messaging import parked
from servicekit.types import ApiModel, Moment, Text, changed_only_at

READ_AUDIT = Permission(
    "audit_entries.read", {Role.AUDITOR: ANY, Role.OFFICE: ANY, Role.OPS: ANY, Role.SYSTEM: ANY}
)
READ_PARKED = Permission("parked_events.read", {Role.OPS: ANY, Role.AUDITOR: ANY, Role.SYSTEM: ANY})
REPLAY_PARKED = Permission("parked_events.replay", {Role.OPS: ANY, Role.SYSTEM: ANY})

AUDIT_SORT = {"occurred_at": datetime, "id": UUID, "updated_at": datetime}
PARKED_SORT = {"parked_at": datetime, "event_id": UUID, "updated_at": datetime}

_AUDIT = """SELECT id, occurred_at, actor, client_id, unit, roles, action, object_type, object_id,
 outcome, before_digest, after_digest, request_id, correlation_id, updated_at
FROM (SELECT *, occurred_at AS updated_at FROM audit_entry) AS trail"""
_PARKED = """SELECT event_id, publisher, subject, type, aggregate_id, aggregate_version, reason,
 error, attempts, stream_seq, parked_at, replay_requested_at, resolved_at, updated_at
FROM (SELECT *, greatest(parked_at, replay_requested_at, resolved_at) AS updated_at
 FROM parked_event) AS parked"""


class AuditEntryRead(ApiModel):
    """Who did what to which object. Digests are SHA-256 of the object before and after."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    id: UUID
    occurred_at: datetime
    actor: str = Field(examples=["office"])
    client_id: str = Field(examples=["office"])
    unit: str | None
    roles: list[str] = Field(examples=[["office"]])
    action: str = Field(examples=["funds.write"])
    object_type: str = Field(examples=["fund"])
    object_id: str = Field(examples=["transfer-fund"])
    outcome: str = Field(examples=["ok"])
    before_digest: str | None
    after_digest: str | None
    request_id: str = Field(examples=["0197a3d4-7c1e-7000-8000-0000000000a1"])
    correlation_id: str = Field(examples=["0197a3d4-7c1e-7000-8000-0000000000a1"])
    updated_at: datetime = changed_only_at("occurred_at")


class ParkedEventRead(ApiModel):
    """An event that could not be applied, without its data."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    event_id: UUID
    publisher: str = Field(examples=["targets"])
    subject: str = Field(examples=["kechuang.targets.unit.changed.v1"])
    type: str | None
    aggregate_id: str | None
    aggregate_version: int | None
    reason: str = Field(examples=["failed"])
    error: str = Field(examples=["ValueError: no such unit"])
    attempts: int = Field(examples=[5])
    stream_seq: int = Field(examples=[4711])
    parked_at: datetime
    replay_requested_at: datetime | None
    resolved_at: datetime | None
    updated_at: datetime = Field(description="The latest of the three.")


class ReplayCreate(ApiModel):
    """Which parked events to try again; none for all that wait."""

    event_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)] | None = None


class ReplayRead(ApiModel):
    """How many events the worker was asked to try again."""

    requested: int = Field(examples=[3])


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """The filters of the audit trail, as query parameters."""

    actor: Annotated[Text | None, Query()] = None
    client_id: Annotated[Text | None, Query()] = None
    unit: Annotated[Text | None, Query()] = None
    action: Annotated[Text | None, Query()] = None
    object_type: Annotated[Text | None, Query()] = None
    object_id: Annotated[Text | None, Query()] = None
    outcome: Annotated[Text | None, Query()] = None
    request_id: Annotated[Text | None, Query()] = None
    correlation_id: Annotated[Text | None, Query()] = None
    occurred_gte: Annotated[Moment | None, Query()] = None
    occurred_lte: Annotated[Moment | None, Query()] = None
    updated_since: Annotated[Moment | None, Query()] = None

    def given(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ParkedFilters:
    """`resolved=true` shows the events that were applied since, too."""

    publisher: Annotated[Text | None, Query()] = None
    resolved: Annotated[bool, Query()] = False
    updated_since: Annotated[Moment | None, Query()] = None


AuditFiltersDep = Annotated[AuditFilters, Depends(AuditFilters)]
ParkedFiltersDep = Annotated[ParkedFilters, Depends(ParkedFilters)]

_MOMENTS = {
    "occurred_gte": "occurred_at >= ?",
    "occurred_lte": "occurred_at <= ?",
    # An entry never changes: what is new since then has happened since then.
    "updated_since": "occurred_at >= ?",
}


async def audit_page(session: Session, page: PageRequest, filters: AuditFilters) -> dict[str, Any]:
    """A page of this service's audit trail, latest first. Reading it is itself audited."""
    given = filters.given()
    where = Conditions()
    for name, value in given.items():
        where.add(_MOMENTS.get(name, f"{name} = ?"), value)
    audit.record(session, READ_AUDIT.name, "audit_trail", "", filters=given)
    return await fetch_hot_page(
        session, _AUDIT, where, page, sortable=AUDIT_SORT, default="-occurred_at"
    )


async def parked_page(
    session: Session, page: PageRequest, filters: ParkedFilters
) -> dict[str, Any]:
    """A page of this service's parked events, latest first."""
    where = Conditions()
    if filters.publisher is not None:
        where.add("publisher = ?", filters.publisher)
    if filters.updated_since is not None:
        where.add("updated_at >= ?", filters.updated_since)
    if not filters.resolved:
        where.parts.append("resolved_at IS NULL")
    return await fetch_hot_page(
        session, _PARKED, where, page, sortable=PARKED_SORT, default="-parked_at", key="event_id"
    )


async def ask_for_replay(session: Session, wanted: ReplayCreate) -> ReplayRead:
    """Mark the events for the worker, and note who asked."""
    requested = await parked.request_replay(session, wanted.event_ids)
    audit.record(session, REPLAY_PARKED.name, "parked_event", "", requested=requested)
    return ReplayRead(requested=requested)


def platform_router() -> APIRouter:
    """The routes, for the app of every service but the gateway."""
    router = APIRouter(route_class=Route, include_in_schema=False)

    @router.get("/audit-entries", dependencies=[permitted(READ_AUDIT)])
    async def list_audit_entries(
        session: SessionDep,
        page: Annotated[PageRequest, sorted_by(AUDIT_SORT)],
        filters: AuditFiltersDep,
    ) -> Page[AuditEntryRead]:
        return Page[AuditEntryRead].model_validate(await audit_page(session, page, filters))

    @router.get("/parked-events", dependencies=[permitted(READ_PARKED)])
    async def list_parked_events(
        session: SessionDep,
        page: Annotated[PageRequest, sorted_by(PARKED_SORT)],
        filters: ParkedFiltersDep,
    ) -> Page[ParkedEventRead]:
        return Page[ParkedEventRead].model_validate(await parked_page(session, page, filters))

    @router.post("/parked-events/replay", dependencies=[permitted(REPLAY_PARKED)])
    async def replay_parked_events(session: SessionDep, wanted: ReplayCreate) -> ReplayRead:
        return await ask_for_replay(session, wanted)

    return router
