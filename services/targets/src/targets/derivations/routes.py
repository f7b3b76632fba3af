"""HTTP of the derived indicators."""

from typing import Annotated, Any

from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment
from targets.derivations import service
from targets.derivations.repository import SORTABLE
from targets.derivations.schemas import DerivationPage
from targets.permissions import READ_OBSERVATIONS

derivations = app.router("indicators")


@derivations.get(
    "/indicators/{code}/derivations",
    response_model=DerivationPage,
    summary="List what an indicator's numbers are worked out from",
)
async def list_indicator_derivations(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    missing: bool | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_OBSERVATIONS),
) -> Any:
    """Of a derived indicator, period by period, oldest first: what its formula was given and what
    it came to, or why to nothing (`missing=true` for these alone). Of any other there are none."""
    return await service.list_derivations(
        session, principal, page, code, missing=missing, updated_since=updated_since
    )
