"""Use cases of what parks tell of themselves."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound
from servicekit.rows import put

from parks.park_returns import repository
from parks.park_returns.models import ParkReturn
from parks.park_returns.schemas import ParkReturnPut
from parks.parks import service as parks
from parks.permissions import READ_PARK_RETURN, WRITE_PARK_RETURN
from parks.quality import domain as rules
from parks.quality import service as quality
from parks.quality.domain import Case
from parks.returns.domain import MEASURES, check_measures, check_period
from parks.tallies.domain import cells


async def require(
    session: Session, principal: Principal, permission: Permission, code: str
) -> None:
    """Raises `NotFound`, `Forbidden`."""
    park = await parks.get_park(session, code)
    await directory.require(session, principal, permission, *park.units)


async def list_returns(
    session: Session,
    principal: Principal,
    page: PageRequest,
    code: str,
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`, `Forbidden`."""
    await require(session, principal, READ_PARK_RETURN, code)
    return await repository.list_returns(session, page, code, updated_since)


async def get_return(session: Session, principal: Principal, code: str, period: str) -> ParkReturn:
    """Raises `NotFound`, `Forbidden`."""
    await require(session, principal, READ_PARK_RETURN, code)
    row = await repository.get(session, code, period)
    if row is None:
        raise NotFound(what=f"return of park {code} for {period}")
    return row


async def put_return(
    session: Session,
    principal: Principal,
    code: str,
    period: str,
    body: ParkReturnPut,
    expected: int | None,
) -> tuple[ParkReturn, bool]:
    """Tell a park's own numbers of a period, or correct them; tells whether they are new.

    Raises:
        NotFound, Forbidden, PreconditionFailed.
        FuturePeriod, InconsistentMeasures: see `returns.domain`.
        ReturnNotSound: they differ from the enterprises', and nobody says why.
    """
    await require(session, principal, WRITE_PARK_RETURN, code)
    check_period(period, china_date())
    check_measures(body.measures)
    told = body.measures.model_dump()
    numbers = {name: Decimal(value) for name, value in told.items()}
    made_of = {name: cells(period, name, year_to_date=False) for name in MEASURES}
    sums = await repository.sums_of(session, code, made_of)
    found = await quality.judge(session, period, None, Case(numbers, enterprises=sums))
    settled = rules.settle(found, body.explanations)
    row = await repository.get_for_update(session, code, period)
    values = {"findings": [asdict(one) for one in settled] or None, **told}
    if row is None or any(getattr(row, name) != value for name, value in values.items()):
        values["filed_by"] = principal.subject
    done = put(session, ParkReturn, row, expected, park_code=code, period=period, **values)
    if done.changed:
        await session.flush()
        name, after = f"{code}/{period}", done.row.snapshot()
        audit.record(
            session, "park_returns.write", "park_return", name, before=done.before, after=after
        )
    return done.row, done.created
