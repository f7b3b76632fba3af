"""Use cases of the figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import PageRequest
from servicekit.periods import before, of

from parks.figures import repository
from parks.figures.domain import UnknownMeasure, usual_unit
from parks.forms import repository as forms
from parks.permissions import READ_RETURN
from parks.returns.domain import last_day
from parks.tallies import domain
from parks.tallies.domain import Wanted


async def read_breakdown(
    session: Session,
    page: PageRequest,
    *,
    measure: str,
    period: str | None,
    year_to_date: bool,
    by: str,
    narrow: Mapping[str, Any],
) -> dict[str, Any]:
    """A measure at a period, whole and in parts. Raises `UnknownMeasure`."""
    wanted = await what(session, measure, period, year_to_date=year_to_date)
    day = min(last_day(wanted.period), china_date())
    found = await repository.fetch_parts(session, page, wanted, by, narrow, day)
    whole = await repository.fetch_whole(session, wanted, narrow, day)
    found["items"] = [figure(wanted, row) for row in found["items"]]
    names = {"measure": measure, "period": wanted.period, "unit": wanted.unit}
    return found | {"whole": figure(wanted, whole) | names}


async def list_enterprises(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    measure: str,
    period: str | None,
    year_to_date: bool,
    narrow: Mapping[str, Any],
) -> dict[str, Any]:
    """The same of each enterprise the caller may see. Raises `UnknownMeasure`."""
    wanted = await what(session, measure, period, year_to_date=year_to_date)
    units = await directory.visible_units(session, principal, READ_RETURN)
    found = await repository.list_enterprises(session, page, wanted, units=units, narrow=narrow)
    found["items"] = [figure(wanted, row) | {"unit": wanted.unit} for row in found["items"]]
    return found


async def what(session: Session, measure: str, period: str | None, *, year_to_date: bool) -> Wanted:
    """What is asked for; without a period of the last month that has ended."""
    unit = usual_unit(measure) or await forms.unit_of_field(session, measure)
    if unit is None:
        raise UnknownMeasure(measure=measure).at("query/measure")
    at = period or before(of("month", china_date())).code
    return domain.wanted(measure, at, unit, year_to_date=year_to_date)


def figure(wanted: Wanted, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of sums as a figure."""
    told, above = row["above"] is not None, row["above"] or Decimal(0)
    below = (row["below"] or Decimal(0)) if wanted.below else None
    rest = {name: one for name, one in row.items() if name not in ("above", "below")}
    value = domain.value(above, below, is_share=wanted.below is not None, told=told)
    return rest | {"value": value, "numerator": above, "denominator": below}
