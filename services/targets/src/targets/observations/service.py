"""Use cases of the observations: numbers come in from reports and from the other services."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from servicekit.auth import directory as relations
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound
from targets.derivations import service as derivations
from targets.directory import repository as directory
from targets.indicators import repository as indicators
from targets.moments import service as moments
from targets.numbers import service as numbers
from targets.observations import domain, repository
from targets.observations.models import Observation
from targets.observations.schemas import ObservationRead
from targets.periods import domain as periods
from targets.periods import service as period_states
from targets.permissions import READ_OBSERVATIONS
from targets.status import domain as trajectories
from targets.status import service as status
from targets.status.domain import Trajectory


@dataclass(frozen=True, slots=True)
class Taken:
    """A number as its source tells it. `source_id` is the report's or the event's id; `reason` is
    why it replaces a number of a closed period, where the source knows."""

    source_kind: str
    source_id: str
    period: str
    value: Decimal
    unit: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    unit_code: str | None = None
    reason: str | None = None


async def record(session: Session, indicator_code: str, taken: Taken) -> Observation:
    """Store a number, add it up and judge its indicator again, with all that is worked out from
    it, in one transaction.

    Raises:
        NotFound: no such indicator.
        UnknownConversion: its unit has no relation to the indicator's.
        UnknownPeriod: its period is none.
    """
    await directory.hold_tree(session)
    await status.lock_all(session, [indicator_code])
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
        # What other services tell is the year's total so far; a report tells its own period. A
        # ruling is of the kind of the numbers it replaces.
        year_to_date=indicator.source_kind != "reported",
        source_kind=taken.source_kind,
        source_id=taken.source_id,
        source_value=taken.value,
        source_unit=taken.unit,
        after_close=await period_states.is_closed(session, taken.period),
    )
    await numbers.keep(session, indicator, row, taken.reason)
    await status.measure(session, indicator)
    await derivations.follow(session, indicator_code, str(row.id))
    return row


async def record_metric(session: Session, metrics: dict[str, Taken]) -> None:
    """Feed every indicator that is fed by one of these metrics, all of one source."""
    fed = [
        (code, taken)
        for metric, taken in metrics.items()
        for code in await indicators.codes_fed_by(session, taken.source_kind, [metric])
    ]
    if fed:
        await directory.hold_tree(session)
        await status.lock_all(session, [code for code, _ in fed])
    for code, taken in fed:
        await record(session, code, taken)


async def record_grade(
    session: Session, *, metric: str, grade: str | None, period: str, source_id: str
) -> None:
    """Feed the grade indicators of a park with the grade it has now, if any.

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
    as_of: date | None,
    known_at: datetime | None,
    updated_since: datetime | None,
) -> Page:
    """An indicator's numbers with what was expected at each.

    Raises:
        NotFound: no such indicator, or it was not known then.
        Forbidden: none of the units that answer for it is the caller's to see.
        Unprocessable: see `moments.gone_by`.
    """
    then = await moments.gone_by(session, as_of, known_at)
    indicator = await indicators.get(session, indicator_code)
    if indicator is None or (then is not None and indicator.created_at > then.known_at):
        raise NotFound(what=f"indicator {indicator_code}")
    await relations.require(session, principal, READ_OBSERVATIONS, *indicator.concerned_units)
    found = await repository.list_observations(
        session,
        page,
        indicator_code,
        unit=unit,
        include_superseded=include_superseded,
        updated_since=updated_since,
        then=then,
    )
    plan = await status.trajectory_then(session, indicator, then)
    found.items = [present(plan, row[0], valid=row[1], updated_at=row[2]) for row in found.items]
    return found


def present(
    plan: Trajectory, row: Observation, *, valid: bool, updated_at: datetime
) -> ObservationRead:
    span = periods.parse(row.period)
    expected = trajectories.expected_at(plan, span.year, span.elapsed)
    known = {
        name: getattr(row, name) for name in ObservationRead.model_fields if hasattr(row, name)
    }
    return ObservationRead(**known, expected=expected, valid=valid, updated_at=updated_at)
