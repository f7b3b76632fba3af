"""Use cases of the public notices."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from servicekit import audit, ruled_days
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from servicekit.types import plain
from servicekit.workdays import reach

from funding.calls import domain as call_domain
from funding.calls import service as calls
from funding.calls.domain import CallState
from funding.calls.models import FundingCall
from funding.notices import domain, events, repository
from funding.notices.domain import NoticeState
from funding.notices.models import PublicNotice


async def announce_call(
    session: Session, principal: Principal, call_id: UUID, expected: int | None
) -> FundingCall:
    """Show the ranking of a call to everybody; the list is frozen with its digest.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is not ranked.
    """
    call = await calls.load(session, call_id, expected)
    call_domain.check_step(call.state, "announce")
    entries = await _entries(session, call_id)
    today = china_date()
    last_day, provisional = await _count(session, today, call.notice_workdays)
    notice = PublicNotice(
        call_id=call_id,
        entries=entries,
        digest=audit.digest(entries),
        published_on=today,
        workdays=call.notice_workdays,
        ends_on=last_day,
        provisional=provisional,
        published_by=principal.subject,
    )
    session.add(notice)
    await session.flush()
    audit.record(
        session, "public_notices.publish", "public_notice", notice.id, after=notice.snapshot()
    )
    await calls.step(session, call, "announce", {"state": CallState.ANNOUNCED.value})
    outbox.add(session, events.notice_published(notice))
    return call


async def _entries(session: Session, call_id: UUID) -> list[dict[str, Any]]:
    rows = await repository.ranking_of(session, call_id)
    names = await repository.unit_names(session, [row.applicant_unit for row in rows])
    return [
        {
            "rank": row.rank,
            "application_id": str(row.id),
            "number": row.number,
            "applicant_unit": row.applicant_unit,
            "applicant_name": names.get(row.applicant_unit, row.applicant_unit),
            "title": row.title,
            "amount": f"{row.amount:.2f}",
            "score": plain(row.score) if row.score is not None else "0",
            "outcome": row.outcome,
        }
        for row in rows
    ]


async def _count(session: Session, start: date, workdays: int) -> tuple[date, bool]:
    """The last day, and whether it is counted over holidays that are not announced yet."""
    latest = start + timedelta(days=reach(workdays))
    calendar = await ruled_days.between(session, start.year, latest.year)
    last_day = domain.ends_on(start, workdays, calendar.workdays)
    years = range(start.year, last_day.year + 1)
    return last_day, not calendar.provisional.isdisjoint(years)


async def supersede(session: Session, call_id: UUID) -> None:
    """The list is made again: the notice that was shown counts no more."""
    notice = await repository.current_of(session, call_id)
    if notice is None:
        return
    before = notice.snapshot()
    notice.change({"state": NoticeState.SUPERSEDED.value})
    await session.flush()
    audit.record(
        session,
        "public_notices.supersede",
        "public_notice",
        notice.id,
        before=before,
        after=notice.snapshot(),
    )


async def follow_calendar(session: Session) -> None:
    """A day was ruled: notices that run end later if they must. What people were told they have
    is never taken from them, so none ends earlier."""
    for notice in await repository.lock_running(session, china_date()):
        last_day, provisional = await _count(session, notice.published_on, notice.workdays)
        before = notice.snapshot()
        moved = {"ends_on": max(last_day, notice.ends_on), "provisional": provisional}
        if notice.change(moved):
            await session.flush()
            audit.record(
                session,
                "public_notices.follow_calendar",
                "public_notice",
                notice.id,
                before=before,
                after=notice.snapshot(),
            )


async def get_notice(session: Session, notice_id: UUID) -> PublicNotice:
    """Raises `NotFound`."""
    notice = await repository.get(session, notice_id)
    if notice is None:
        raise NotFound(what=f"public notice {notice_id}")
    return notice
