"""Use cases of the boards: the kept roll-up as a dashboard needs it, down to one enterprise."""

from datetime import date, datetime
from typing import Any

from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import PageRequest
from targets.boards import repository
from targets.boards.repository import BoardFilter
from targets.directory import service as units
from targets.indicators import service as indicators
from targets.indicators.models import Indicator
from targets.moments import service as moments
from targets.moments.domain import Then
from targets.observations import repository as observations
from targets.periods import domain as periods
from targets.permissions import READ_INDICATOR_BOARD, READ_OBSERVATIONS
from targets.rollups.domain import CITY
from targets.rollups.service import rule_of
from targets.status import domain as trajectories
from targets.status.service import trajectory_then
from targets.totals import domain as totals


async def read_board(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    unit_code: str | None,
    period: str | None,
    points: int,
    as_of: date | None,
    known_at: datetime | None,
    narrow: dict[str, Any],
) -> dict[str, Any]:
    """A unit's figures of the indicators the caller may see: those it answers for, and of a unit
    whose numbers it may see, all.

    Raises:
        UnknownPeriod: the period is none.
        UnknownReference: no such unit.
        Unprocessable: see `moments.gone_by`.
    """
    span = None if period is None else periods.parse(period)
    then = await moments.gone_by(session, as_of, known_at)
    seen = await directory.visible_units(session, principal, READ_INDICATOR_BOARD)
    if unit_code is not None:
        await units.require_units(session, [unit_code])
        seen = None if seen is None or unit_code in seen else seen
    return await repository.fetch_board(
        session,
        page,
        BoardFilter(seen, **narrow),
        node=unit_code or CITY,
        day=date.max if span is None else span.ends_on,
        year=None if span is None else span.year,
        points=points,
        then=then,
    )


async def read_series(
    session: Session,
    principal: Principal,
    page: PageRequest,
    code: str,
    *,
    unit_code: str | None,
    ends_gte: date | None,
    ends_lte: date | None,
    as_of: date | None,
    known_at: datetime | None,
    updated_since: datetime | None,
) -> dict[str, Any]:
    """A unit's figures of one indicator, period by period.

    Raises:
        NotFound: no such indicator, or it was not known then.
        UnknownReference: no such unit.
        Forbidden: neither the indicator nor the unit is the caller's to see.
        Unprocessable: see `moments.gone_by`.
    """
    then = await moments.gone_by(session, as_of, known_at)
    indicator = await visible(session, principal, code, unit_code, then)
    found = await repository.fetch_series(
        session,
        page,
        code,
        unit_code or CITY,
        carries=indicator.time_aggregation in totals.CARRIES,
        ends_gte=ends_gte,
        ends_lte=ends_lte,
        updated_since=updated_since,
        then=then,
    )
    plan = await trajectory_then(session, indicator, then)
    for point in found["items"]:
        span = periods.parse(point["period"])
        point["expected"] = (
            None if unit_code else trajectories.expected_at(plan, span.year, span.elapsed)
        )
    return found


async def read_breakdown(
    session: Session,
    principal: Principal,
    page: PageRequest,
    code: str,
    *,
    unit_code: str | None,
    period: str | None,
    as_of: date | None,
    known_at: datetime | None,
    updated_since: datetime | None,
) -> dict[str, Any]:
    """What a unit's figure, or the city's, is made of: the units directly below it.

    Raises:
        NotFound: no such indicator, or it was not known then.
        UnknownReference: no such unit.
        Forbidden: neither the indicator nor the unit is the caller's to see.
        UnknownPeriod: the period is none.
        Unprocessable: see `moments.gone_by`.
    """
    then = await moments.gone_by(session, as_of, known_at)
    indicator = await visible(session, principal, code, unit_code, then)
    rule, node = rule_of(indicator), unit_code or CITY
    if period is None:
        last = await repository.latest_day(session, code, node, then)
        day = last or (then.as_of if then else china_date())
    else:
        day = periods.parse(period).ends_on
    first = rule.first_day(day)
    found = await repository.fetch_breakdown(
        session, page, code, node, day=day, first=first, updated_since=updated_since, then=then
    )
    if then is None:
        told = await observations.readings_of(session, code, unit_code, first, day)
    else:
        told = await observations.readings_then(session, code, unit_code, first, day, then)
    own = totals.unit_total(rule, told, day)
    figure = await repository.figure(session, code, node, day, first, then)
    nothing = {"period": None, "actual": None, "units": 0, "reporting": 0}
    found["whole"] = {
        **(dict(figure) if figure else nothing),
        "unit_code": unit_code,
        "unit": indicator.unit,
        "own": None if own is None else totals.result(rule, own),
    }
    return found


async def visible(
    session: Session, principal: Principal, code: str, unit_code: str | None, then: Then | None
) -> Indicator:
    """The indicator, if the caller may see its numbers or the unit's. Raises as its callers do."""
    indicator = await indicators.get_indicator(session, code, then)
    await units.require_units(session, [unit_code])
    whose = [unit_code] if unit_code else []
    await directory.require(
        session, principal, READ_OBSERVATIONS, *whose, *indicator.concerned_units
    )
    return indicator
