"""Use cases of the overdue reports."""

from datetime import datetime

from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from targets.overdue import events, repository
from targets.periods import repository as periods
from targets.permissions import READ_REPORTS


async def tell_overdue(session: Session) -> None:
    """Schedule: tell once of every report that was not handed in by its due date. The row is
    stored with the event, so neither a restart nor a second worker tells it again.

    The periods are locked against reports that are being handed in: those come first, or find the
    row that tells of them.
    """
    for period in await repository.periods_with_missing(session, china_date()):
        await periods.get_for_update(session, period)
    for row in await repository.find(session, china_date(), now()):
        outbox.add(session, events.report_overdue(row))


async def list_overdue(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    indicator_code: str | None,
    unit_code: str | None,
    period: str | None,
    missing: bool | None,
    updated_since: datetime | None,
) -> Page:
    """The overdue reports of the units the caller may see."""
    return await repository.list_overdue(
        session,
        page,
        units=await directory.visible_units(session, principal, READ_REPORTS),
        indicator_code=indicator_code,
        unit_code=unit_code,
        period=period,
        missing=missing,
        updated_since=updated_since,
    )
