"""Use cases of the status board: judge an indicator, tell who must know, show the board."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.observations import domain as numbers
from targets.observations import repository as observations
from targets.periods import domain as periods
from targets.periods import service as period_states
from targets.permissions import READ_STATUS_BOARD
from targets.status import domain, events, repository
from targets.status.models import IndicatorStatus
from targets.status.schemas import OpenItem, StatusBoardRow, StatusBoardSummary


def trajectory(indicator: Indicator) -> domain.Trajectory:
    """What the definition promises, as the rules need it."""
    year, value = indicator.baseline_year, indicator.baseline_value
    return domain.Trajectory(
        comparator=indicator.comparator,
        direction=indicator.direction,
        tolerance=indicator.tolerance or Decimal(0),
        amber_share=indicator.amber_share,
        unit=indicator.unit,
        accumulates=indicator.time_aggregation == "sum",
        stepwise=indicator.phasing == "stepwise",
        ratio=indicator.kind == "ratio",
        baseline=None if year is None or value is None else (year, value),
        milestones=tuple(sorted(indicator.targets.items())),
    )


async def lock(session: Session, code: str) -> IndicatorStatus:
    """Hold the indicator's judgement: numbers of one indicator are taken one after the other.

    Raises:
        NotFound: no such indicator.
    """
    row = await repository.get_for_update(session, code)
    if row is None:
        raise NotFound(what=f"indicator {code}")
    return row


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
    if row.period is None:
        row.touch()
        return
    previous = await _judge(session, indicator, row, measured_at=row.measured_at)
    await session.flush()
    if row.status != previous:
        outbox.add(session, events.indicator_status_changed(indicator, row, previous))


async def _judge(
    session: Session, indicator: Indicator, row: IndicatorStatus, measured_at: datetime | None
) -> str:
    """Write the judgement of the valid numbers (there is at least one) into the row; gives the
    status it had before."""
    readings = await observations.readings(session, indicator.code)
    span = periods.parse(numbers.latest(readings).period)
    actual = numbers.actual(
        readings,
        time_aggregation=indicator.time_aggregation,
        unit_aggregation=indicator.unit_aggregation,
        unit=indicator.unit,
    )
    verdict = domain.judge(
        trajectory(indicator), actual, period=span.code, year=span.year, elapsed=span.elapsed
    )
    previous = row.status
    until = await collecting_until(session, indicator, span)
    held = domain.while_collecting(verdict, previous, until) if until else None
    verdict = held or verdict
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


async def collecting_until(
    session: Session, indicator: Indicator, span: periods.Span
) -> date | None:
    """The due date, not yet over, of a period that comes in return by return; none when the number
    is complete: a report was verified as a whole, and the books are whole at any time."""
    if indicator.source_kind != "parks":
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
    """The board's row has changed for whoever copies it incrementally."""
    if origin == "indicator" and origin_ref is not None:
        row = await repository.get_for_update(session, origin_ref)
        if row is not None:
            row.touch()
            await session.flush()


async def read_board(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    status: list[str],
    headline: bool | None,
    working_group: str | None,
    updated_since: datetime | None,
) -> dict[str, Any]:
    """One page of the indicators the caller may see, and the counts over all of those."""
    units = await directory.visible_units(session, principal, READ_STATUS_BOARD)
    found: Page[Any] = await repository.fetch_board(
        session,
        page,
        units=units,
        status=status,
        headline=headline,
        working_group=working_group,
        updated_since=updated_since,
    )
    items: dict[str, list[OpenItem]] = defaultdict(list)
    codes = [row[0].indicator_code for row in found.items]
    for item in await repository.open_items(session, codes):
        fields = dict(item)
        items[fields.pop("origin_ref")].append(OpenItem(**fields))
    counts = await repository.counts(session, units)
    return {
        "items": [present(row[0], row[1], items[row[0].indicator_code]) for row in found.items],
        "next_cursor": found.next_cursor,
        "total": found.total,
        "summary": StatusBoardSummary(**counts),
    }


def present(status: IndicatorStatus, indicator: Indicator, items: list[OpenItem]) -> StatusBoardRow:
    """The judgement's own fields, and for the rest the definition's."""
    fields: dict[str, Any] = {
        name: getattr(status if hasattr(status, name) else indicator, name)
        for name in StatusBoardRow.model_fields
        if name != "open_items"
    }
    return StatusBoardRow(**fields, open_items=items)
