"""HTTP of the supervision board."""

from datetime import date
from typing import Annotated, Any

from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import MAY_BE_STALE, SessionDep, permitted
from servicekit.types import Code, Day, Moment

from supervision.board import service
from supervision.board.repository import SORTABLE, BoardFilter
from supervision.board.schemas import SupervisionBoardPage
from supervision.permissions import READ_SUPERVISION_BOARD

router = app.router("supervision-board")


@router.get(
    "/supervision-board",
    response_model=SupervisionBoardPage,
    summary="The supervision board",
    openapi_extra={MAY_BE_STALE: True},
)
async def list_supervision_board(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    responsible_unit: Code | None = None,
    closed_since: Day | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_SUPERVISION_BOARD),
) -> Any:
    """Open items of every unit by light, severity and age, what is overdue and how long closing
    took. Each count is the length of the list `GET /supervision-items` under the same filters
    (`light`, `severity`, `overdue`, `issued_gte`, `issued_lte`)."""
    wanted = BoardFilter(responsible_unit, closed_since or date(2000, 1, 1), updated_since)
    return await service.read_board(session, principal, page, wanted)
