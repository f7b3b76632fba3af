"""Use cases of the observations: numbers come in from reports and from the other services."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.observations import domain, repository
from targets.observations.models import Observation
from targets.observations.schemas import ObservationRead
from targets.periods import domain as periods
from targets.periods import service as period_states
from targets.permissions import READ_OBSERVATIONS
from targets.status import domain as trajectories
from targets.status import service as status


@dataclass(frozen=True, slots=True)
class Taken:
    """A number as its source tells it. `source_id` is the report's or the event's id."""

    source_kind: str
    source_id: str
    period: str
    value: Decimal
    unit: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    unit_code: str | None = None


async def record(session: Session, indicator_code: str, taken: Taken) -> Observation:
    """Store a number and judge its indicator again, in one transaction.

    Raises:
        NotFound: no such indicator.
        UnknownConversion: its unit has no relation to the indicator's.
        UnknownPeriod: its period is none.
    """
    await status.lock(session, indicator_code)
    indicator = await indicators.get(session, indicator_code)
    if indicator is None:
        raise NotFound(what=f"indicator {indicator_code}")
    span = periods.parse(taken.period)
    row = Observation(
        indicator_code=indicator_code,
        unit_code=taken.unit_code,
        period=taken.period,
        ends_on=span.ends_on,
        value=domain.convert(taken.value, taken.unit, indicator.unit),
        unit=indicator.unit,
        numerator=taken.numerator,
        denominator=taken.denominator,
        # What other services tell is the year's total so far; a report tells its own period.
        year_to_date=taken.source_kind != "reported",
        source_kind=taken.source_kind,
        source_id=taken.source_id,
        source_value=taken.value,
        source_unit=taken.unit,
        after_close=await period_states.is_closed(session, taken.period),
    )
    await repository.add(session, row)
    audit.record(
        session,
        "observations.record",
        "observation",
        row.id,
        after={"indicator": indicator_code, "period": row.period, "value": row.value},
    )
    await status.measure(session, indicator)
    return row


async def record_metric(session: Session, metrics: dict[str, Taken]) -> None:
    """Feed every indicator that is fed by one of these metrics, all of one source."""
    for metric, taken in sorted(metrics.items()):
        for code in await indicators.codes_fed_by(session, taken.source_kind, [metric]):
            await record(session, code, taken)


async def record_grade(
    session: Session, *, metric: str, grade: str, period: str, source_id: str
) -> None:
    """Feed the grade indicators of a park with the grade it obtained.

    Raises:
        UnknownGrade: the grade is not on an indicator's ladder.
    """
    for code in await indicators.codes_fed_by(session, "parks", [metric]):
        indicator = await indicators.get(session, code)
        assert indicator is not None
        place = domain.grade_value(code, indicator.grade_ladder, grade)
        await record(session, code, Taken("parks", source_id, period, place, indicator.unit))


async def list_observations(
    session: Session,
    principal: Principal,
    page: PageRequest,
    indicator_code: str,
    *,
    unit: str | None,
    include_superseded: bool,
    updated_since: datetime | None,
) -> Page:
    """An indicator's numbers with what was expected at each.

    Raises:
        NotFound: no such indicator.
        Forbidden: none of the units that answer for it is the caller's to see.
    """
    indicator = await indicators.get(session, indicator_code)
    if indicator is None:
        raise NotFound(what=f"indicator {indicator_code}")
    await directory.require(session, principal, READ_OBSERVATIONS, *indicator.concerned_units)
    found = await repository.fetch(
        session,
        page,
        indicator_code,
        unit=unit,
        include_superseded=include_superseded,
        updated_since=updated_since,
    )
    found.items = [present(indicator, row[0], valid=row[1]) for row in found.items]
    return found


def present(indicator: Indicator, row: Observation, *, valid: bool) -> ObservationRead:
    span = periods.parse(row.period)
    expected = trajectories.expected_at(status.trajectory(indicator), span.year, span.elapsed)
    known = {
        name: getattr(row, name) for name in ObservationRead.model_fields if hasattr(row, name)
    }
    return ObservationRead(**known, expected=expected, valid=valid)
