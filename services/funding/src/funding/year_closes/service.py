"""Use cases of closing a year.

What is promised to payees goes into the next year, with the awards; what was taken along by
carry-overs has left already; everything else lapses. Locks: the year, its awards, its lines, its
journal counter, the lines that follow.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.problems import Busy, UnknownReference

from funding.awards import repository as awards
from funding.awards.models import Award
from funding.budgets import repository as budgets
from funding.budgets import service as lines
from funding.budgets.models import Budget
from funding.documents import service as documents
from funding.documents.domain import Step
from funding.fiscal_years import repository as fiscal_years
from funding.fiscal_years.domain import YearClosed
from funding.journal import domain as entries
from funding.journal import service as journal
from funding.journal.domain import Kind, Line, Stage
from funding.year_closes import domain, events, repository
from funding.year_closes.domain import Open
from funding.year_closes.models import YearClose


async def create_year_close(
    session: Session, principal: Principal, values: dict[str, Any]
) -> YearClose:
    """Draw the close of a year up.

    Raises:
        UnknownReference: no such fiscal year.
        YearClosed: it is closed.
        AlreadyExists: there is a draft.
    """
    if await fiscal_years.get(session, values["fiscal_year"]) is None:
        raise UnknownReference(what=f"fiscal year {values['fiscal_year']}")
    if await fiscal_years.is_closed(session, values["fiscal_year"]):
        raise YearClosed
    row = YearClose(**values, made_by=principal.subject)
    return await documents.draw_up(session, row)


async def approve_year_close(
    session: Session, principal: Principal, document_id: UUID, expected: int | None
) -> YearClose:
    """Close the year for good.

    Raises:
        YearNotReady: payments or calls are on their way, drafts are open, the year or an
            earlier one runs.
        NoOpenYear, LineIsDraft: there is nowhere to carry the promises to.
        Busy: the books moved meanwhile.
    """
    row = await documents.decide(session, principal, YearClose, document_id, Step.APPROVE, expected)
    promised, closing = await _stop(session, row.fiscal_year)
    following = await _carry_over(session, row, closing, promised)
    for line in closing:
        line.change({"lapsed": line.amount - line.committed - line.carried_over})
    row.carried_over = sum((each.amount for each in following.values()), Decimal(0))
    row.lapsed = sum((line.lapsed for line in closing), Decimal(0))
    await session.flush()
    await _book(session, row, closing, following)
    for award in promised:
        if award.budget_id in following:
            line = following[award.budget_id].line
            award.change({"budget_id": line.id, "fiscal_year": line.fiscal_year})
    await fiscal_years.close(session, row.fiscal_year)
    await session.flush()
    outbox.add(session, events.fiscal_year_closed(row))
    return row


async def _stop(session: Session, year: int) -> tuple[Sequence[Award], Sequence[Budget]]:
    """Lock everything that could still move money of the year: the year, for which nothing is drawn
    up from then on, the awards with something unpaid, and the lines. What came in while the locks
    were taken, the counts tell."""
    await fiscal_years.lock(session, year)
    granted = await awards.lock_of_year(session, year)
    closing = await budgets.lock_of_year(session, year)
    await journal.lock_year(session, year)
    if await awards.count_of_year(session, year) != len(granted):
        raise Busy
    if await budgets.count_of_year(session, year) != len(closing):
        raise Busy
    found = await repository.still_open(session, year)
    if china_date().year <= year:
        found = [Open("calendar", str(year)), *found]
    domain.check_ready(found)
    return [award for award in granted if award.amount > award.paid], closing


@dataclass(frozen=True, slots=True)
class Following:
    """The next year's line, and the promises it takes over, yuan."""

    line: Budget
    amount: Decimal


async def _carry_over(
    session: Session, row: YearClose, closing: Sequence[Budget], promised: Sequence[Award]
) -> dict[UUID, Following]:
    """Move the unpaid promises of each line into the line that follows it; by the line's id."""
    unpaid: dict[UUID, Decimal] = defaultdict(Decimal)
    for award in promised:
        unpaid[award.budget_id] += award.amount - award.paid
    assert row.decided_by is not None, "it is approved"
    found: dict[UUID, Following] = {}
    for line in closing:
        amount = unpaid.get(line.id)
        if amount:
            line.change(
                {
                    "committed": line.committed - amount,
                    "carried_over": line.carried_over + amount,
                }
            )
            next_line = await lines.successor_of(session, line.id, row.made_by, row.decided_by)
            await budgets.carry_in(session, next_line.id, amount, committed=amount)
            found[line.id] = Following(next_line, amount)
    return found


async def _book(
    session: Session,
    row: YearClose,
    closing: Sequence[Budget],
    following: dict[UUID, Following],
) -> None:
    for line in closing:
        if line.id in following:
            to = following[line.id]
            out = entries.move(to.amount, Stage.COMMITTED, Stage.AUTHORITY)
            into = entries.move(to.amount, Stage.AUTHORITY, Stage.COMMITTED)
            await _post(session, row, Kind.CARRY_OVER, line.id, out)
            await _post(session, row, Kind.CARRY_OVER, to.line.id, into)
        if line.lapsed:
            free = line.appropriated - line.committed - line.carried_over
            rest = domain.lapsing(line.amount - line.appropriated, free)
            await _post(session, row, Kind.CLOSE, line.id, rest)


async def _post(
    session: Session, row: YearClose, kind: Kind, budget_id: UUID, rest: Sequence[Line]
) -> None:
    await journal.post(
        session,
        kind,
        budget_id,
        rest,
        source=("year_close", row.id),
        document_no=row.document_no,
        reason=row.reason,
    )
