"""HTTP of payment holds: they come and go with supervision items only."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment

from funding.holds import service
from funding.holds.repository import SORTABLE, HoldFilter
from funding.holds.schemas import PaymentHoldPage
from funding.permissions import READ_HOLD

router = app.router("payment-holds")


@router.get("/payment-holds", response_model=PaymentHoldPage, summary="List payment holds")
async def list_payment_holds(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    payee_unit: Code | None = None,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_HOLD),
) -> Any:
    """Which units may not be paid, and which rectification is the reason."""
    wanted = HoldFilter(None, payee_unit, is_open, updated_since)
    return await service.list_payment_holds(session, principal, page, wanted)
