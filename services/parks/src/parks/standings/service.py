"""Use cases of the standings."""

from datetime import datetime
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound

from parks.enterprises import service as enterprises
from parks.parks.domain import check_not_in_future
from parks.standings import domain, repository
from parks.standings.models import Standing
from parks.standings.schemas import StandingCreate


async def list_standings(
    session: Session,
    principal: Principal,
    page: PageRequest,
    enterprise_id: UUID,
    updated_since: datetime | None,
) -> Page:
    """Where one enterprise stood, what holds now first. Raises `NotFound`, `Forbidden`."""
    await enterprises.get_enterprise(session, principal, enterprise_id)
    return await repository.list_standings(session, page, enterprise_id, updated_since)


async def get_standing(
    session: Session, principal: Principal, enterprise_id: UUID, standing_id: UUID
) -> Standing:
    """Raises `NotFound`, `Forbidden`."""
    await enterprises.get_enterprise(session, principal, enterprise_id)
    standing = await repository.get(session, enterprise_id, standing_id)
    if standing is None:
        raise NotFound(what=f"standing {standing_id} of enterprise {enterprise_id}")
    return standing


async def record_standing(
    session: Session, principal: Principal, enterprise_id: UUID, body: StandingCreate
) -> Standing:
    """Note what holds of an enterprise from a day on, also from one that has gone by. What was
    accepted until now keeps what it was counted as.

    Raises:
        NotFound, Forbidden, FutureDate.
        UnknownReference: the park is not registered.
        StandingUnchanged, InTwoPlacesAtOnce: see `domain`.
    """
    check_not_in_future(body.valid_from, china_date(), "/valid_from")
    enterprise = await enterprises.load_to_move(session, principal, enterprise_id)
    held = await repository.current(session, enterprise_id)
    domain.check_begins(body.valid_from, held.valid_from, held.park_code)
    changes = body.model_dump(exclude_unset=True, include={*domain.STANDING})
    if all(getattr(enterprise, name) == value for name, value in changes.items()):
        raise domain.StandingUnchanged
    await enterprises.check_move(session, principal, enterprise, changes)
    await enterprises.apply(
        session,
        enterprise,
        changes,
        "enterprises.move",
        since=body.valid_from,
        document_no=body.document_no,
    )
    return await repository.current(session, enterprise_id)
