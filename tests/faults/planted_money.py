"""Known mistakes with money, to prove that the walk beside the model would notice them. Each
changes the funding service in the process it is planted in, and nowhere else."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from funding.awards import repository as awards
from funding.awards.models import Award
from funding.budgets import repository as budgets
from funding.budgets.models import Budget
from funding.refunds import service as refunds
from funding.transfers import service as transfers
from servicekit.db import Session
from sqlalchemy import select

from tests.faults.planted import Plant

WINDOW = 0.05
"""Seconds between looking and writing, so that two at once meet within few steps."""


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


DEFECTS: dict[str, Callable[[Plant], None]] = {
    defect.__name__: defect
    for defect in (look_then_write, transfer_of_everything, refund_makes_room)
}
