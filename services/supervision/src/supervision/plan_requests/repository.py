"""Every statement on requests for plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.plan_requests.models import PlanRequest

# A collective ("all towns") hands nothing in itself: the units under it do.
_MEMBERS = """
SELECT DISTINCT asked.code AS asked, u.code, u.name
  FROM unnest($1::text[]) AS asked (code)
  JOIN unit_node whole ON whole.code = asked.code AND whole.active
  JOIN unit_node u ON u.active AND
       CASE WHEN whole.kind = 'collective' THEN whole.code = ANY(u.parents)
            ELSE u.code = whole.code END
 ORDER BY u.code
"""
_EVERYBODY = """
SELECT code, name FROM unit_node WHERE active AND kind <> ALL($1::text[]) ORDER BY code
"""

SORTABLE = {
    "id": PlanRequest.id,
    "due_on": PlanRequest.due_on,
    "updated_at": PlanRequest.updated_at,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit that is asked."""

    code: str
    name: str


async def members(session: Session, units: Sequence[str]) -> dict[str, list[Asked]]:
    """The units behind each code that was named; a code without any is not among them."""
    found: dict[str, list[Asked]] = {}
    for row in await session.fetch(_MEMBERS, list(units)):
        found.setdefault(row["asked"], []).append(Asked(row["code"], row["name"]))
    return found


async def everybody(session: Session, not_of: Sequence[str]) -> list[Asked]:
    """Every active unit that is not of these kinds."""
    rows = await session.fetch(_EVERYBODY, list(not_of))
    return [Asked(row["code"], row["name"]) for row in rows]


async def get(session: Session, request_id: UUID) -> PlanRequest:
    """Raises `NotFound`."""
    found = await session.get(PlanRequest, request_id)
    if found is None:
        raise NotFound(what=f"plan request {request_id}")
    return found


async def get_for_update(session: Session, request_id: UUID) -> PlanRequest:
    """Raises `NotFound`."""
    query = select(PlanRequest).where(PlanRequest.id == request_id).with_for_update()
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what=f"plan request {request_id}")
    return found


async def running(session: Session, over: date | None) -> list[PlanRequest]:
    """Open requests, locked in order; with `over` those whose time includes that day."""
    query = select(PlanRequest).where(PlanRequest.state == "open")
    if over is not None:
        query = query.where(PlanRequest.due_from <= over, PlanRequest.due_on >= over)
    return list(await session.scalars(query.order_by(PlanRequest.id).with_for_update()))


async def list_requests(
    session: Session,
    page: PageRequest,
    *,
    kind: Sequence[str] | None,
    year: int | None,
    state: Sequence[str] | None,
    updated_since: datetime | None,
) -> Page[Any]:
    row = PlanRequest
    query = select(row).where(
        *given(
            (kind, row.kind.in_),
            (year, row.year.__eq__),
            (state, row.state.in_),
            (updated_since, row.updated_at.__ge__),
        )
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="-id")
