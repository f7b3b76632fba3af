"""What a step of many returns takes beforehand."""

from collections.abc import Iterable
from uuid import UUID

from servicekit.db import Session
from servicekit.http.batch import refusal_of
from servicekit.problems import Problem

from parks.metrics import service as metrics
from parks.return_batches.schemas import ReturnOutcome
from parks.returns import repository as returns
from parks.returns.schemas import OperatingReturnRead


async def lock_in_order(
    session: Session, return_ids: Iterable[UUID], *, totals: bool = False
) -> None:
    """Lock the returns, and the totals of their years where these will move, in the one order in
    which everybody does: two callers with the same ones cannot wait for each other."""
    periods = await returns.lock_in_order(session, return_ids)
    if totals:
        await metrics.hold_years(session, {int(period[:4]) for period in periods})


def tell(session: Session, return_id: UUID, came: OperatingReturnRead | Problem) -> ReturnOutcome:
    """What came of one; a denial is audited although the others are stored."""
    refusal = refusal_of(session, came, "operating_return", return_id)
    row = None if refusal else came
    return ReturnOutcome.model_validate(
        {"return_id": return_id, "operating_return": row, "refusal": refusal}
    )
