"""How a call ends. Locks are taken in one order: call, applications, budget line."""

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.messaging import outbox

from funding.applications import repository as applications
from funding.applications import service as application_service
from funding.applications.domain import ApplicationState, RankingOutcome
from funding.applications.models import Application
from funding.awards.service import grant_award
from funding.budgets import repository as budgets
from funding.calls import domain as call_domain
from funding.calls import events as call_events
from funding.calls import service as calls
from funding.calls.domain import CallState
from funding.calls.models import FundingCall
from funding.eligibility import service as eligibility
from funding.notices import domain as notice_domain
from funding.notices import repository as notices
from funding.notices import service as notice_service
from funding.objections import repository as objections
from funding.reviews import repository as reviews
from funding.reviews import service as review_service
from funding.reviews.domain import mean
from funding.selections import domain
from funding.selections.domain import Contender


async def rank_call(
    session: Session, principal: Principal, call_id: UUID, expected: int | None
) -> FundingCall:
    """Put the accepted applications in order and cut the list at what the line has left.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is open, or announced with no objection upheld.
        ApplicationsUndecided, ReviewsMissing: see `domain.check_complete`.
    """
    call = await calls.load(session, call_id, expected)
    domain.check_ranking(call.state, await _upheld(session, call_id))
    rows = await applications.lock_of_call(session, call_id)
    domain.check_complete(rows)
    budget = await budgets.get(session, call.budget_id)
    assert budget is not None, "a foreign key"
    runs = [
        row
        for row in rows
        if row.state == ApplicationState.ACCEPTED and row.outcome != RankingOutcome.STRUCK
    ]
    contenders = await _contenders(session, call, runs)
    places = domain.ranked(contenders, budget.available, call.pass_score)
    by_id = {place.id: place for place in places}
    for row in rows:
        place = by_id.get(row.id)
        rank, outcome = (place.rank, place.outcome.value) if place else (None, row.outcome)
        await _change(session, row, "rank", {"rank": rank, "outcome": outcome})
    await notice_service.supersede(session, call_id)
    values = {
        "state": CallState.RANKED.value,
        "available": budget.available,
        "ranked_by": principal.subject,
        "ranked_at": now(),
    }
    await calls.step(session, call, "rank", values)
    return call


async def _upheld(session: Session, call_id: UUID) -> int:
    """How many objections to the list that is shown were upheld."""
    notice = await notices.current_of(session, call_id)
    if notice is None:
        return 0
    return await objections.count(session, notice_id=notice.id, state="upheld")


async def _contenders(
    session: Session, call: FundingCall, rows: list[Application]
) -> list[Contender]:
    leading = domain.leading_criterion(call.criteria)
    points: dict[UUID, list[Decimal]] = defaultdict(list)
    for review in await reviews.scored_of_call(session, call.id):
        points[review.application_id] += [
            Decimal(each["score"]) for each in review.scores or () if each["criterion"] == leading
        ]
    return [
        Contender(row.id, row.number or 0, row.score, mean(points[row.id]), row.amount)
        for row in rows
        if row.score is not None
    ]


async def _change(session: Session, row: Application, name: str, values: dict[str, Any]) -> None:
    before = row.snapshot()
    if row.change(values):
        await session.flush()
        audit.record(
            session,
            f"applications.{name}",
            "application",
            row.id,
            before=before,
            after=row.snapshot(),
        )


async def award_call(
    session: Session, principal: Principal, call_id: UUID, expected: int | None
) -> FundingCall:
    """Award everything that was selected, in one transaction: the money of all of it, or nothing.

    Whoever does not meet the rules any more is not awarded, and no other moves up: the reserve was
    shown as the reserve.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is not announced.
        NoticeRunning, ObjectionsOpen: see `domain.check_award`.
        InsufficientFunds: the line has less than it had.
    """
    call = await calls.load(session, call_id, expected)
    call_domain.check_step(call.state, "award")
    notice = await notices.current_of(session, call_id)
    assert notice is not None, "announced with one"
    domain.check_award(
        ends_on=notice.ends_on,
        waits=notice_domain.is_running(notice.ends_on, notice.workdays, china_date()),
        open_objections=await objections.count(session, call_id=call_id, state="raised"),
    )
    rows = await applications.lock_of_call(session, call_id)
    running = [row for row in rows if row.state == ApplicationState.ACCEPTED]
    for row in sorted(running, key=lambda each: (each.rank or 0, each.id)):
        await _conclude(session, principal, call, row)
    await calls.step(session, call, "award", {"state": CallState.AWARDED.value})
    return call


async def _conclude(
    session: Session, principal: Principal, call: FundingCall, row: Application
) -> None:
    """Award it, or end it without."""
    before = row.snapshot()
    failed: list[str] = []
    if row.outcome == RankingOutcome.SELECTED:
        verdicts = await eligibility.check(session, call, row, "award")
        failed = [each.reason_zh for each in verdicts if not each.passed]
    if row.outcome == RankingOutcome.SELECTED and not failed:
        award = await grant_award(
            session,
            principal,
            {
                "budget_id": call.budget_id,
                "payee_unit": row.applicant_unit,
                "title": row.title,
                "amount": row.amount,
            },
        )
        row.change({"state": ApplicationState.AWARDED.value, "award_id": award.id})
    else:
        reason = "；".join(failed) or row.reason
        row.change({"state": ApplicationState.DECLINED.value, "reason": reason})
    await session.flush()
    audit.record(
        session,
        "applications.award",
        "application",
        row.id,
        before=before,
        after=row.snapshot(),
    )


async def cancel_call(
    session: Session, call_id: UUID, reason: str, expected: int | None
) -> FundingCall:
    """End a call without an award, with everything that was sent in or drawn up for it, and with
    the reviews that were not scored yet.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it was awarded, or cancelled.
    """
    call = await calls.load(session, call_id, expected)
    call_domain.check_step(call.state, "cancel")
    await application_service.cancel_of_call(session, call_id, reason)
    await review_service.revoke_of_call(session, call_id, reason)
    await notice_service.supersede(session, call_id)
    values = {"state": CallState.CANCELLED.value, "cancel_reason": reason}
    await calls.step(session, call, "cancel", values)
    outbox.add(session, call_events.call_cancelled(call))
    return call
