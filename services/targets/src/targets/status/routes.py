"""HTTP of the status board."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageDep
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment
from targets.permissions import READ_STATUS_BOARD
from targets.status import service
from targets.status.schemas import RagStatus, StatusBoardPage

status_board = app.router("status-board")


@status_board.get("/status-board", response_model=StatusBoardPage, summary="The status board")
async def list_status_board(
    session: SessionDep,
    page: PageDep,
    status: Annotated[list[RagStatus] | None, Query()] = None,
    headline: bool | None = None,
    working_group: Code | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_STATUS_BOARD),
) -> Any:
    """Every indicator the caller may see against its trajectory, with the reason in words and
    the supervision items open on it; `summary` counts the whole board, whatever the filters."""
    return await service.read_board(
        session,
        principal,
        page,
        status=list(status or []),
        headline=headline,
        working_group=working_group,
        updated_since=updated_since,
    )
