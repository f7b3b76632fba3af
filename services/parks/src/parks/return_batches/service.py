"""What a step of many returns takes beforehand."""

from collections.abc import Iterable
from uuid import UUID

from servicekit import audit, context
from servicekit.db import Session
from servicekit.problems import Forbidden, Problem

from parks.metrics import service as metrics
from parks.return_batches.schemas import ReturnOutcome, ReturnRefusal
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
    if not isinstance(came, Problem):
        return ReturnOutcome(return_id=return_id, operating_return=came, refusal=None)
    if isinstance(came, Forbidden):
        about = (came.code, "operating_return", return_id)
        audit.record(session, *about, outcome="denied", **came.params)
    refusal = ReturnRefusal(code=came.code, detail=came.text(context.current().language))
    return ReturnOutcome(return_id=return_id, operating_return=None, refusal=refusal)
