"""HTTP of the status board."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import MAY_BE_STALE, SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment
from targets.moments.schemas import AsOf, KnownAt
from targets.permissions import READ_STATUS_BOARD
from targets.status.repository import SORTABLE
from targets.status.schemas import RagStatus, StatusBoardPage
from targets.status_boards import service as status_boards

status_board = app.router("status-board")


@status_board.get(
    "/status-board",
    response_model=StatusBoardPage,
    summary="The status board",
    openapi_extra={MAY_BE_STALE: True},
)
async def list_status_board(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    status: Annotated[AnyOf[RagStatus] | None, Query()] = None,
    headline: bool | None = None,
    working_group: Code | None = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_STATUS_BOARD),
) -> Any:
    """Every indicator the caller may see against its trajectory, with the reason in words and
    the supervision items open on it; `summary` counts the whole board, whatever the filters.

    With `as_of` the board of a day gone by: the targets that held and the periods that were over;
    with `known_at` as it was known at that moment, before later revisions and corrected numbers.
    Forecasts and open items are only told of today."""
    return await status_boards.read_board(
        session,
        principal,
        page,
        status=list(status or []),
        headline=headline,
        working_group=working_group,
        as_of=as_of,
        known_at=known_at,
        updated_since=updated_since,
    )
