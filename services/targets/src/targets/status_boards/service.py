"""The status board as it is today, and as it was on a day gone by."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from servicekit import formulas
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import PageRequest
from targets.derivations import domain as derived
from targets.derivations import repository as derivations
from targets.forecasts import repository as forecasts
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.moments import domain as moments
from targets.moments.domain import Then
from targets.periods import domain as periods
from targets.permissions import READ_STATUS_BOARD
from targets.revisions import repository as revisions
from targets.revisions.models import TargetValue
from targets.rollups import repository as rolled
from targets.status import domain, repository
from targets.status.schemas import StatusBoardRow, StatusBoardSummary
from targets.status.service import judged, planned


async def read_board(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    status: list[str],
    headline: bool | None,
    working_group: str | None,
    as_of: date | None,
    known_at: datetime | None,
    updated_since: datetime | None,
) -> dict[str, Any]:
    """One page of the indicators the caller may see, and the counts over all of those."""
    units = await directory.visible_units(session, principal, READ_STATUS_BOARD)
    then = moments.then(as_of, known_at, now())
    found = await repository.fetch_board(
        session,
        page,
        units=units,
        # What a status was is only known once it has been judged again.
        status=status if then is None else [],
        headline=headline,
        working_group=working_group,
        known_at=known_at,
        updated_since=updated_since,
    )
    if then is not None:
        past = await judged_then(session, units, then)
        shown = [past.get(row["indicator_code"]) for row in found["items"]]
        items = [row for row in shown if row is not None and (not status or row.status in status)]
        counts = dict(Counter(row.status for row in past.values()))
    else:
        items = await _completed(session, found["items"])
        counts = await repository.counts(session, units)
    return found | {"items": items, "summary": StatusBoardSummary(**counts)}


async def _completed(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The board's rows of today, with open items and forecasts."""
    codes = [row["indicator_code"] for row in rows]
    items: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in await repository.open_items(session, codes):
        fields = dict(item)
        items[fields.pop("origin_ref")].append(fields)
    made = await forecasts.of(session, codes)
    return [
        row | {"open_items": items[code], "forecast": made.get(code)}
        for row, code in zip(rows, codes, strict=True)
    ]


async def judged_then(
    session: Session, units: Sequence[str] | None, then: Then
) -> dict[str, StatusBoardRow]:
    """The rows of a day gone by, by indicator: targets and numbers as they were known then.

    An indicator that was not known then has none.
    """
    seen = await repository.visible(session, units)
    codes = [indicator.code for indicator in seen]
    targets = await revisions.values_at(session, codes, then.as_of, then.known_at)
    used = await derivations.used_by(session, codes)
    histories = await rolled.histories_then(session, used, then)
    lacks = await _lacks(session, used, histories)
    return {
        code: _row_then(each, targets[code], histories[code], lacks.get(code))
        for each in seen
        for code in [each.code]
        if any(not value.baseline for value in targets.get(code, []))
    }


async def _lacks(
    session: Session, codes: Sequence[str], histories: Mapping[str, list[tuple[str, Decimal]]]
) -> dict[str, tuple[str, str] | None]:
    """Why the latest period of the derived ones among these has no number, if it has none."""
    made_of = {
        each.code: (formulas.parse(each.formula), each.frequency)
        for each in await indicators.all_of(session, codes)
        if each.formula is not None
    }
    found = derived.derive_all(
        made_of,
        lambda code: {periods.parse(period).ends_on: actual for period, actual in histories[code]},
        await derivations.inputs(session, codes),
    )
    return {code: derived.lack_of(list(each.values())) for code, each in found.items()}


def _row_then(
    indicator: Indicator,
    targets: list[TargetValue],
    past: list[tuple[str, Decimal]],
    lack: tuple[str, str] | None,
) -> StatusBoardRow:
    span, actual, verdict = None, None, domain.NOTHING_YET
    if past:
        span, actual, verdict = judged(indicator, planned(indicator, targets), past)
    verdict = domain.lacking(verdict, lack)
    own = {
        name: getattr(indicator, name)
        for name in StatusBoardRow.model_fields
        if hasattr(indicator, name)
    }
    return StatusBoardRow(
        **own,
        indicator_code=indicator.code,
        period=span.code if span else None,
        actual=actual,
        expected=verdict.expected,
        status=verdict.status,  # pyright: ignore[reportArgumentType]
        reason_zh=verdict.reason_zh,
        reason_en=verdict.reason_en,
        provisional_until=None,
        measured_at=None,
        changed_at=None,
        open_items=[],
    )
