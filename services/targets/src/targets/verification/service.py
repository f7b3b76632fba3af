"""Use cases of the verification: somebody other than the reporter confirms or adjusts a number."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.messaging import outbox
from targets.directory import repository as directory
from targets.indicators import repository as indicators
from targets.observations import service as observations
from targets.observations.service import Taken
from targets.permissions import VERIFY_REPORT
from targets.reports import domain, events, repository
from targets.reports import service as reports
from targets.reports.models import PARTS, ProgressReport
from targets.status import service as status
from targets.verification.schemas import ProgressReportVerify


async def verify_report(
    session: Session,
    principal: Principal,
    report_id: UUID,
    body: ProgressReportVerify | None,
    expected: int | None,
) -> ProgressReport:
    """Confirm a report, or adjust its number with a reason; the number is taken for the indicator
    in the same transaction.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it does not wait for verification.
        OwnReport: the caller made, changed or submitted it.
        AdjustmentUnexplained, IncompleteNumber, Unprocessable: see `adjustment`.
        PeriodClosed, NumberRuled: its period, or the number, takes no reports.
    """
    row = await reports.load(session, principal, VERIFY_REPORT, report_id, expected)
    state = domain.verify(row.state, principal.subject, row.reporters)
    await reports.refuse_ruled(session, row.indicator_code, row.unit_code, row.period)
    adjusted = await adjustment(session, row, body or ProgressReportVerify())
    await reports.move(
        session,
        "verify",
        row,
        reason=adjusted.get("adjustment_reason"),
        state=state,
        verified_by=principal.subject,
        verified_at=now(),
        return_reason=None,
        **adjusted,
    )
    outbox.add(session, events.report_verified(row))
    await take(session, row)
    return row


async def adjustment(
    session: Session, row: ProgressReport, body: ProgressReportVerify
) -> dict[str, Any]:
    """The adjusted number with its reason; nothing where the reported one stands.

    Raises:
        AdjustmentUnexplained, and what `domain.complete` raises.
    """
    given: dict[str, Decimal | None] = {part: getattr(body, part) for part in PARTS}
    if not domain.check_adjustment(list(given.values()), body.reason):
        return {}
    indicator = await indicators.get(session, row.indicator_code)
    assert indicator is not None
    given["value"] = reports.complete(indicator, given)
    if given == {part: getattr(row, part) for part in PARTS}:
        return {}
    return {
        **{f"adjusted_{part}": value for part, value in given.items()},
        "adjustment_reason": body.reason,
    }


async def take(session: Session, row: ProgressReport) -> None:
    """The verified number counts for the indicator."""
    indicator = await indicators.get(session, row.indicator_code)
    assert indicator is not None
    counted = row.counted
    value = counted["value"]
    assert value is not None
    taken = Taken(
        source_kind="reported",
        source_id=str(row.id),
        period=row.period,
        value=value,
        unit=indicator.unit,
        numerator=counted["numerator"],
        denominator=counted["denominator"],
        unit_code=row.unit_code,
    )
    await observations.record(session, row.indicator_code, taken)


async def return_report(
    session: Session, principal: Principal, report_id: UUID, reason: str, expected: int | None
) -> ProgressReport:
    """Give a report back to be corrected.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it does not wait for verification.
        PeriodClosed: its period takes no numbers.
    """
    row = await reports.load(session, principal, VERIFY_REPORT, report_id, expected)
    await reports.move(
        session,
        "return",
        row,
        reason=reason,
        state=domain.give_back(row.state),
        return_reason=reason,
    )
    outbox.add(session, events.report_returned(row))
    return row


async def lock_in_order(session: Session, report_ids: Iterable[UUID]) -> None:
    """Lock several reports, and the judgement of their indicators, in the one order in which
    everybody does."""
    await directory.hold_tree(session)
    rows = await repository.lock_in_order(session, report_ids)
    if rows:
        await status.lock_all(session, [row.indicator_code for row in rows])
