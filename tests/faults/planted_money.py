"""Known mistakes with money, to prove that the walk beside the model would notice them. Each
changes the funding service in the process it is planted in, and nowhere else."""

import asyncio
import time
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from funding.awards import repository as awards
from funding.awards.models import Award
from funding.budgets import repository as budgets
from funding.budgets import service as lines
from funding.budgets.models import Budget
from funding.refunds import service as refunds
from funding.transfers import service as transfers
from servicekit.db import Session
from sqlalchemy import select

from tests.faults.planted import Plant

WINDOW = 0.05
"""Seconds between looking and writing, so that two at once meet within few steps."""
MOMENT = 0.2
"""Seconds something is kept in memory."""
CONSTRAINTS = """
DO $$ DECLARE one record; BEGIN
 FOR one IN SELECT conrelid::regclass AS kept, conname FROM pg_constraint
  WHERE contype = 'c' AND conrelid::regclass::text IN ('budget', 'account', 'award')
 LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.kept, one.conname); END LOOP;
END $$
"""
"""Takes from a database what would refuse a mistake of the service."""


def look_then_write(plant: Plant) -> None:
    """Whether a line has enough is read first and written afterwards, without asking again."""
    move = budgets._move

    async def careless(
        session: Session, budget_id: UUID, *conditions: Any, **totals: Any
    ) -> Budget | None:
        has_enough = select(Budget.id).where(Budget.id == budget_id, *conditions)
        if await session.scalar(has_enough) is None:
            return None
        await asyncio.sleep(WINDOW)
        return await move(session, budget_id, **totals)

    plant(budgets, "_move", careless)


def transfer_of_everything(plant: Plant) -> None:
    """A line gives away what it has, and not what of it is free."""

    async def adjust(session: Session, budget_id: UUID, amount: Decimal) -> Budget | None:
        total = Budget.amount + amount
        return await budgets._move(session, budget_id, total >= 0, amount=total)

    plant(transfers, "budgets", SimpleNamespace(adjust=adjust))


def refund_makes_room(plant: Plant) -> None:
    """What a payee gave back may be paid to it again."""

    async def refund(session: Session, award_id: UUID, amount: Decimal) -> Award | None:
        more = {"refunded": Award.refunded + amount, "amount": Award.amount + amount}
        return await awards._move(session, award_id, **more)

    plant(refunds, "awards", SimpleNamespace(refund=refund))


def line_from_memory(plant: Plant) -> None:
    """A line is shown as it was a moment ago."""
    get_budget = lines.get_budget
    kept: dict[UUID, tuple[float, Budget]] = {}

    async def remembered(session: Session, budget_id: UUID) -> Budget:
        until, row = kept.get(budget_id, (0.0, None))
        if row is None or time.monotonic() > until:
            row = await get_budget(session, budget_id)
            session.expunge(row)
            kept[budget_id] = (time.monotonic() + MOMENT, row)
        return row

    plant(lines, "get_budget", remembered)


DEFECTS: dict[str, Callable[[Plant], None]] = {
    defect.__name__: defect
    for defect in (look_then_write, transfer_of_everything, refund_makes_room, line_from_memory)
}
