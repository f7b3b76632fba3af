"""Use cases of the judgements: judge an indicator, tell who must know."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from targets.derivations import repository as derivations
from targets.forecasts import repository as forecasts
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.moments.domain import Then
from targets.periods import domain as periods
from targets.periods import service as period_states
from targets.revisions import repository as revisions
from targets.revisions.models import TargetValue
from targets.rollups import service as rollups
from targets.status import domain, events, repository
from targets.status.models import IndicatorStatus


def trajectory(indicator: Indicator) -> domain.Trajectory:
    """What the definition promises today, as the rules need it."""
    year, value = indicator.baseline_year, indicator.baseline_value
    baseline = None if year is None or value is None else (year, value)
    return promised(indicator, tuple(sorted(indicator.targets.items())), baseline)


def promised(
    indicator: Indicator,
    milestones: tuple[tuple[int, Decimal], ...],
    baseline: tuple[int, Decimal] | None,
) -> domain.Trajectory:
    """What the definition promises with these targets."""
    return domain.Trajectory(
        comparator=indicator.comparator,
        direction=indicator.direction,
        tolerance=indicator.tolerance or Decimal(0),
        amber_share=indicator.amber_share,
        unit=indicator.unit,
        accumulates=indicator.time_aggregation == "sum",
        stepwise=indicator.phasing == "stepwise",
        ratio=indicator.kind == "ratio",
        baseline=baseline,
        milestones=milestones,
        green_share=indicator.green_share,
        shares=tuple(indicator.phasing_shares),
        kind=indicator.kind,
        ladder=tuple(indicator.grade_ladder) if indicator.kind == "grade" else (),
    )


def planned(indicator: Indicator, held: Sequence[TargetValue]) -> domain.Trajectory:
    """What the definition promises with these rows of its targets."""
    values = [(row.baseline, (row.year, row.value)) for row in held if row.value is not None]
    milestones = sorted(point for baseline, point in values if not baseline)
    begun = next((point for baseline, point in values if baseline), None)
    return promised(indicator, tuple(milestones), begun)


async def trajectory_then(
    session: Session, indicator: Indicator, then: Then | None
) -> domain.Trajectory:
    """What it promised then; none: today."""
    if then is None:
        return trajectory(indicator)
    code = indicator.code
    held = await revisions.values_at(session, [code], then.as_of, then.known_at)
    return planned(indicator, held.get(code, []))


async def lock(session: Session, code: str) -> IndicatorStatus:
    """Hold the indicator's judgement: numbers of one indicator are taken one after the other.

    Raises:
        NotFound: no such indicator.
    """
    row = await repository.get_for_update(session, code)
    if row is None:
        raise NotFound(what=f"indicator {code}")
    return row


async def lock_all(session: Session, codes: Sequence[str]) -> None:
    """`lock` of several, and of everything that is worked out from them. The tree is held.

    Raises:
        NotFound: there is no such indicator.
    """
    unknown = set(codes) - await repository.lock_with_hanging(session, codes)
    if unknown:
        raise NotFound(what=f"indicator {', '.join(sorted(unknown))}")


async def measure(session: Session, indicator: Indicator) -> None:
    """Judge again after a new number, in its transaction; say so, and say if the status moved."""
    row = await lock(session, indicator.code)
    previous = await _judge(session, indicator, row, measured_at=now())
    await session.flush()
    outbox.add(session, events.indicator_measured(indicator, row))
    if row.status != previous:
        outbox.add(session, events.indicator_status_changed(indicator, row, previous))


async def follow(session: Session, code: str) -> None:
    """Judge again after the definition changed; nothing has been measured anew."""
    indicator = await indicators.get(session, code)
    assert indicator is not None
    row = await repository.get_for_update(session, code)
    if row is None:
        nothing = domain.NOTHING_YET
        row = IndicatorStatus(
            indicator_code=code, reason_zh=nothing.reason_zh, reason_en=nothing.reason_en
        )
        session.add(row)
        await session.flush()
        return
    derived = indicator.source_kind == "derived"
    if row.period is None and not derived:
        row.touch()
        return
    period = row.period
    if derived and not await rollups.has_numbers(session, code):
        previous = await _unjudge(session, row)
    else:
        previous = await _judge(session, indicator, row, measured_at=row.measured_at)
    await session.flush()
    if row.status != previous:
        changed = events.indicator_status_changed(indicator, row, previous, period)
        outbox.add(session, changed)


async def _unjudge(session: Session, row: IndicatorStatus) -> str:
    """A derived indicator without any number is not judged, and says why there is none; gives the
    status it had before."""
    previous, nothing = row.status, domain.NOTHING_YET
    lack = await derivations.lack(session, row.indicator_code)
    zh, en = lack or (nothing.reason_zh, nothing.reason_en)
    told = dict.fromkeys(("provisional_until", "period", "actual", "expected"))
    row.change({**told, "status": nothing.status, "reason_zh": zh, "reason_en": en})
    return previous


async def _judge(
    session: Session, indicator: Indicator, row: IndicatorStatus, measured_at: datetime | None
) -> str:
    """Write the judgement of the valid numbers (there is at least one) into the row; gives the
    status it had before."""
    plan = trajectory(indicator)
    if counts_once_reached(indicator, plan):
        past = await rollups.history(session, indicator.code)
    else:
        past = [await rollups.latest(session, indicator.code)]
    span, actual, verdict = judged(indicator, plan, past)
    await forecasts.ask(session, indicator.code)
    previous = row.status
    until = await collecting_until(session, indicator, span)
    held = domain.while_collecting(verdict, previous, until) if until else None
    verdict = held or verdict
    if indicator.source_kind == "derived":
        verdict = domain.lacking(verdict, await derivations.lack(session, indicator.code))
    moved = verdict.status != previous
    row.change(
        {
            "provisional_until": until if held else None,
            "period": span.code,
            "actual": actual,
            "expected": verdict.expected,
            "status": verdict.status,
            "reason_zh": verdict.reason_zh,
            "reason_en": verdict.reason_en,
            "measured_at": measured_at,
            "changed_at": measured_at if moved else row.changed_at,
        }
    )
    return previous


def counts_once_reached(indicator: Indicator, plan: domain.Trajectory) -> bool:
    """A ratio of a year so far may fall again before the year is over; what was obtained was."""
    return plan.comparator == "reach" and indicator.time_aggregation in ("latest", "max")


def judged(
    indicator: Indicator, plan: domain.Trajectory, past: Sequence[tuple[str, Decimal]]
) -> tuple[periods.Span, Decimal, domain.Verdict]:
    """The last of these periods, its actual and how it stands."""
    period, actual = past[-1]
    reached = None
    if counts_once_reached(indicator, plan):
        reached = domain.once_reached(plan, domain.of_one_kind(past))
    return periods.parse(period), actual, domain.judge(plan, actual, period=period, reached=reached)


async def collecting_until(
    session: Session, indicator: Indicator, span: periods.Span
) -> date | None:
    """The due date, not yet over, of a period that comes in return by return; none when the number
    is complete: a report was verified as a whole, and the books are whole at any time. What is
    worked out is as complete as what it is worked out from."""
    sources = {indicator.source_kind}
    if indicator.source_kind == "derived":
        sources = await derivations.sources(session, indicator.code)
    if "parks" not in sources:
        return None
    due = await period_states.due_date(session, span)
    return due if china_date() <= due else None


async def judge_what_is_due(session: Session) -> None:
    """Judge for good what was held back, once its due date, which may have moved, is over."""
    for code in await repository.held_back(session):
        await follow(session, code)


async def item_opened(
    session: Session,
    *,
    item_id: UUID,
    number: str,
    title: str,
    origin: str,
    origin_ref: str | None,
    responsible_unit: str,
    due_on: date,
) -> None:
    """Show a supervision item on the board."""
    values: dict[str, Any] = {
        "item_id": item_id,
        "number": number,
        "title": title,
        "origin": origin,
        "origin_ref": origin_ref,
        "responsible_unit": responsible_unit,
        "due_on": due_on,
    }
    await repository.add_item(session, values)
    await _touch(session, origin, origin_ref)


async def item_closed(
    session: Session,
    *,
    item_id: UUID,
    origin: str,
    origin_ref: str | None,
    outcome: str,
    closed_at: datetime,
) -> None:
    """Take a supervision item off the board."""
    await repository.close_item(session, item_id, outcome, closed_at)
    await _touch(session, origin, origin_ref)


async def _touch(session: Session, origin: str, origin_ref: str | None) -> None:
    if origin == "indicator" and origin_ref is not None:
        await touch(session, origin_ref)


async def touch(session: Session, code: str) -> None:
    """The board's row has changed for whoever copies it incrementally."""
    row = await repository.get_for_update(session, code)
    if row is not None:
        row.touch()
        await session.flush()
